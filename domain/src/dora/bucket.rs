//! Days, ISO weeks and months on the wall of a stated zone, as the stretches of time that figures are cut into.

use crate::{Timestamp, calendar::Stretch};
use serde::{Deserialize, Serialize};

/// How finely a chart is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Width {
    Day,
    /// From Monday, as ISO 8601 counts weeks.
    Week,
    Month,
}

/// One column of a chart. The server cuts them; the browser knows no zones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// `2026-03-29`, `2020-W53`, `2026-03`.
    pub name: String,
    /// From midnight to midnight on the zone's wall.
    pub whole: Stretch,
    /// What of it lies in the period that was asked for.
    pub within: Stretch,
}

impl Bucket {
    /// The period cuts it, or it is not over: not to be compared with whole ones.
    pub fn is_partial(&self, now: Timestamp) -> bool {
        self.within != self.whole || now < self.whole.ends
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod cut {
    use super::{Bucket, Width};
    use crate::{
        Refusal, Timestamp,
        calendar::{Stretch, ZoneName},
    };
    use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime};

    /// More columns than this nobody can read; three years of days.
    pub const MOST_BUCKETS: usize = 1_200;

    impl Width {
        /// Cuts a period at the midnights of a zone. Days that the zone skipped altogether have no bucket.
        pub fn cut(self, window: Stretch, zone: &ZoneName) -> Result<Vec<Bucket>, Refusal> {
            let midnight = |date: NaiveDate| zone.instant(date.and_time(NaiveTime::MIN));
            let mut date = self.first_day(zone.wall(window.starts)?.0.date());
            let mut starts = midnight(date)?;
            let mut buckets = Vec::new();
            while starts < window.ends {
                let (name, next) = (self.name(date), self.next(date));
                let ends = if next > date { midnight(next)? } else { Timestamp::MAX_UTC };
                let within = Stretch { starts: starts.max(window.starts), ends: ends.min(window.ends) };
                if within.starts < within.ends {
                    buckets.push(Bucket { name, whole: Stretch { starts, ends }, within });
                }
                if buckets.len() > MOST_BUCKETS {
                    let allowed =
                        format!("a bucket that cuts the period into at most {MOST_BUCKETS}; take a longer one");
                    return Err(Refusal::invalid("bucket", format!("more than {MOST_BUCKETS} of them"), allowed));
                }
                (date, starts) = (next, ends);
            }
            Ok(buckets)
        }

        fn first_day(self, date: NaiveDate) -> NaiveDate {
            match self {
                Self::Day => date,
                Self::Week => {
                    let monday = u64::from(date.weekday().num_days_from_monday());
                    date.checked_sub_days(Days::new(monday)).unwrap_or(date)
                }
                Self::Month => date.with_day(1).unwrap_or(date),
            }
        }

        /// The same date at the end of all dates.
        fn next(self, date: NaiveDate) -> NaiveDate {
            let next = match self {
                Self::Day => date.checked_add_days(Days::new(1)),
                Self::Week => date.checked_add_days(Days::new(7)),
                Self::Month => date.checked_add_months(Months::new(1)),
            };
            next.unwrap_or(date)
        }

        fn name(self, date: NaiveDate) -> String {
            match self {
                Self::Day => date.format("%Y-%m-%d").to_string(),
                Self::Week => date.format("%G-W%V").to_string(),
                Self::Month => date.format("%Y-%m").to_string(),
            }
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
pub use cut::MOST_BUCKETS;
