//! A checked stretch of time for which a calendar is asked.

use super::occurrence::Stretch;
use crate::{Refusal, Timestamp};
use chrono::Datelike;

/// The longest period that one question may span.
pub const LONGEST_PERIOD_DAYS: i64 = 5 * 366;

/// From one instant to a later one, at most five years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    from: Timestamp,
    to: Timestamp,
}

impl Period {
    pub fn new(from: Timestamp, to: Timestamp) -> Result<Self, Refusal> {
        for (field, at) in [("from", from), ("to", to)] {
            if !(1..=9999).contains(&at.year()) {
                return Err(Refusal::invalid(field, format!("the year {}", at.year()), "the years 1 to 9999"));
            }
        }
        let allowed =
            || format!("after {}, at most {LONGEST_PERIOD_DAYS} days later", from.format("%Y-%m-%dT%H:%M:%SZ"));
        let span = to.signed_duration_since(from);
        if span <= chrono::Duration::zero() || span > chrono::Duration::days(LONGEST_PERIOD_DAYS) {
            return Err(Refusal::invalid("to", to.format("%Y-%m-%dT%H:%M:%SZ").to_string(), allowed()));
        }
        Ok(Self { from, to })
    }

    pub fn from(&self) -> Timestamp {
        self.from
    }

    pub fn to(&self) -> Timestamp {
        self.to
    }

    pub fn stretch(&self) -> Stretch {
        Stretch { starts: self.from, ends: self.to }
    }
}
