//! The period somebody looks at and the one it is compared with: `90d`, `2026-Q1`, `ytd`, `2026-01-01..2026-02-15`.

use crate::Refusal;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// As it stands in an address, so that a link gives the same view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Lookback {
    /// So many times 24 hours up to now, against as many before.
    Days(u16),
    /// Against the quarter before.
    Quarter { year: i32, quarter: u8 },
    /// Since 1 January, against the same dates of last year.
    YearToDate,
    /// From one date's midnight to another's, the last not included, against as long a time before.
    Dates { from: NaiveDate, to: NaiveDate },
}

const ALLOWED: &str = "“90d” (up to 3660 days), a quarter such as “2026-Q1”, “ytd”, or dates such as \
    “2026-01-01..2026-02-15” with the second later";

impl FromStr for Lookback {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let date = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        let read = || {
            if text == "ytd" {
                return Some(Self::YearToDate);
            }
            if let Some(days) = text.strip_suffix('d') {
                return days.parse().ok().filter(|days| (1..=3_660).contains(days)).map(Self::Days);
            }
            if let Some((year, quarter)) = text.split_once("-Q") {
                let (year, quarter) = (year.parse().ok()?, quarter.parse().ok()?);
                let sound = (1970..=9998).contains(&year) && (1..=4).contains(&quarter);
                return sound.then_some(Self::Quarter { year, quarter });
            }
            let (from, to) = text.split_once("..")?;
            let (from, to) = (date(from)?, date(to)?);
            (from < to).then_some(Self::Dates { from, to })
        };
        read().ok_or_else(|| {
            let shown: String = text.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect();
            Refusal::invalid("period", format!("“{shown}”"), ALLOWED)
        })
    }
}

impl TryFrom<String> for Lookback {
    type Error = Refusal;

    fn try_from(text: String) -> Result<Self, Refusal> {
        text.parse()
    }
}

impl From<Lookback> for String {
    fn from(lookback: Lookback) -> Self {
        lookback.to_string()
    }
}

impl fmt::Display for Lookback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(days) => write!(f, "{days}d"),
            Self::Quarter { year, quarter } => write!(f, "{year:04}-Q{quarter}"),
            Self::YearToDate => f.write_str("ytd"),
            Self::Dates { from, to } => write!(f, "{from}..{to}"),
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod stretches {
    use super::Lookback;
    use crate::{
        Refusal, Timestamp,
        calendar::{Stretch, ZoneName},
    };
    use chrono::{Datelike, Duration, Months, NaiveDate, NaiveTime};

    impl Lookback {
        /// The period and the one before, with midnights of the zone.
        pub fn stretches(self, now: Timestamp, zone: &ZoneName) -> Result<(Stretch, Stretch), Refusal> {
            let midnight = |date: NaiveDate| zone.instant(date.and_time(NaiveTime::MIN));
            Ok(match self {
                Self::Days(days) => {
                    let starts = now.checked_sub_signed(Duration::days(i64::from(days))).unwrap_or(now);
                    as_long_before(Stretch { starts, ends: now })
                }
                Self::Dates { from, to } => as_long_before(Stretch { starts: midnight(from)?, ends: midnight(to)? }),
                Self::Quarter { year, quarter } => {
                    let first = NaiveDate::from_ymd_opt(year, u32::from(quarter.clamp(1, 4)) * 3 - 2, 1)
                        .unwrap_or(NaiveDate::MIN);
                    let shifted = |months: i32| {
                        let by = Months::new(months.unsigned_abs());
                        if months < 0 { first.checked_sub_months(by) } else { first.checked_add_months(by) }
                    };
                    let starts = midnight(first)?;
                    let ends = midnight(shifted(3).unwrap_or(first))?;
                    let before = midnight(shifted(-3).unwrap_or(first))?;
                    (Stretch { starts, ends }, Stretch { starts: before, ends: starts })
                }
                Self::YearToDate => {
                    let local = zone.wall(now)?.0;
                    let first = |year: i32| midnight(NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(local.date()));
                    let then = local.checked_sub_months(Months::new(12)).unwrap_or(local);
                    let window = Stretch { starts: first(local.year())?, ends: now };
                    (window, Stretch { starts: first(local.year() - 1)?, ends: zone.instant(then)? })
                }
            })
        }
    }

    fn as_long_before(window: Stretch) -> (Stretch, Stretch) {
        let starts = window.starts.checked_sub_signed(window.ends - window.starts).unwrap_or(window.starts);
        (window, Stretch { starts, ends: window.starts })
    }
}
