//! A time of day on a local clock, to the minute: `12:00`.

use crate::Refusal;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Hour and minute on somebody's wall, 00:00 to 23:59; which instant it is depends on date and zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClockTime {
    minutes: u16,
}

impl ClockTime {
    pub const MIDNIGHT: Self = Self { minutes: 0 };

    /// `None` outside 00:00–23:59.
    pub const fn new(hour: u16, minute: u16) -> Option<Self> {
        if hour < 24 && minute < 60 { Some(Self { minutes: hour * 60 + minute }) } else { None }
    }

    /// The minute of a local time; seconds are dropped.
    pub fn of(local: NaiveDateTime) -> Self {
        let minutes = local.time().num_seconds_from_midnight() / 60;
        Self { minutes: u16::try_from(minutes).unwrap_or_default() }
    }

    pub fn on(self, date: NaiveDate) -> NaiveDateTime {
        let seconds = u32::from(self.minutes) * 60;
        date.and_time(NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).unwrap_or_default())
    }
}

impl FromStr for ClockTime {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let part = |digits: &str| match digits.len() {
            2 if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse::<u16>().ok(),
            _ => None,
        };
        text.split_once(':')
            .and_then(|(hour, minute)| Self::new(part(hour)?, part(minute)?))
            .ok_or_else(|| Refusal::invalid("time of day", quoted(text), "“00:00” to “23:59”"))
    }
}

/// What was found, in quotation marks and cut to a readable length.
pub(super) fn quoted(text: &str) -> String {
    let shown: String = text.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("“{shown}”")
}

impl TryFrom<String> for ClockTime {
    type Error = Refusal;

    fn try_from(text: String) -> Result<Self, Refusal> {
        text.parse()
    }
}

impl From<ClockTime> for String {
    fn from(time: ClockTime) -> Self {
        time.to_string()
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.minutes / 60, self.minutes % 60)
    }
}
