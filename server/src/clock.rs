//! Real time, read in this one place.

use control::clock::Clock;
use domain::Timestamp;

/// The clock of the machine, in whole milliseconds.
#[derive(Debug, Default)]
pub struct SystemClock {
    /// How far this clock is from the machine's: other than zero in test builds only.
    shift: chrono::Duration,
}

impl SystemClock {
    /// A clock that now shows `now` and runs on from there.
    pub fn beginning_at(now: Option<Timestamp>) -> Self {
        Self { shift: now.map_or_else(chrono::Duration::zero, |now| now - machine()) }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let now = machine() + self.shift;
        Timestamp::from_timestamp_millis(now.timestamp_millis()).unwrap_or(now)
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
fn machine() -> Timestamp {
    chrono::Utc::now()
}
