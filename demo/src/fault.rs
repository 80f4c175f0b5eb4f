//! What can be made to go wrong, at start or while it runs.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, clap::Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Fault {
    /// Share of requests that fail, 0 to 1.
    #[arg(long, default_value_t = 0.0)]
    pub error_rate: f64,
    /// Time that every request takes, in milliseconds.
    #[arg(long, default_value_t = 5)]
    pub latency_ms: u64,
    /// Says that it is unhealthy.
    #[arg(long)]
    pub unhealthy: bool,
    /// Ends the process at the next request.
    #[arg(long)]
    pub crash: bool,
}

impl Default for Fault {
    fn default() -> Self {
        Self { error_rate: 0.0, latency_ms: 5, unhealthy: false, crash: false }
    }
}

impl Fault {
    pub fn check(&self) -> Result<(), String> {
        if !(0.0..=1.0).contains(&self.error_rate) {
            return Err(format!("error_rate: found {}; allowed is 0 to 1", self.error_rate));
        }
        if self.latency_ms > 60_000 {
            return Err(format!("latency_ms: found {}; allowed is 0 to 60000", self.latency_ms));
        }
        Ok(())
    }

    /// Whether the `nth` request fails: spread evenly, so that the share holds over short stretches too.
    pub fn strikes(&self, nth: u64) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "a demo serves far fewer than 2^52 requests")]
        let (now, next) = (nth as f64 * self.error_rate, (nth + 1) as f64 * self.error_rate);
        next.floor() > now.floor()
    }
}

#[cfg(test)]
mod tests {
    use super::Fault;

    #[test]
    fn the_share_of_failures_is_the_one_asked_for() {
        for (rate, expected) in [(0.0, 0), (0.02, 20), (0.5, 500), (1.0, 1_000)] {
            let fault = Fault { error_rate: rate, ..Fault::default() };
            assert_eq!((0..1_000).filter(|n| fault.strikes(*n)).count(), expected, "at {rate}");
        }
    }

    #[test]
    fn nonsense_is_refused_by_name() {
        let fault = Fault { error_rate: 1.5, ..Fault::default() };
        assert!(fault.check().expect_err("more than all").contains("error_rate"));
    }
}
