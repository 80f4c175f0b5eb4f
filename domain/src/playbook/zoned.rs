//! Days and times of a rule, to be computed with the rules of its zone at that date.

use super::read::{Unreadable, words, written};
use chrono::NaiveTime;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

words! {
    /// A day of the week.
    pub enum Weekday {
        Monday = "monday",
        Tuesday = "tuesday",
        Wednesday = "wednesday",
        Thursday = "thursday",
        Friday = "friday",
        Saturday = "saturday",
        Sunday = "sunday",
    }
}

impl From<Weekday> for chrono::Weekday {
    fn from(day: Weekday) -> Self {
        match day {
            Weekday::Monday => Self::Mon,
            Weekday::Tuesday => Self::Tue,
            Weekday::Wednesday => Self::Wed,
            Weekday::Thursday => Self::Thu,
            Weekday::Friday => Self::Fri,
            Weekday::Saturday => Self::Sat,
            Weekday::Sunday => Self::Sun,
        }
    }
}

/// A time of day on the wall clock of the rule's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum TimeOfDay {
    At(NaiveTime),
    /// When the working day ends, as the calendar says.
    EndOfDay,
}

const TIME: &str = "a time from “00:00” to “23:59”, or “end of day”";

impl FromStr for TimeOfDay {
    type Err = Unreadable;
    fn from_str(text: &str) -> Result<Self, Unreadable> {
        if text == "end of day" {
            return Ok(Self::EndOfDay);
        }
        let sound = text.len() == 5 && text.as_bytes().get(2) == Some(&b':');
        NaiveTime::parse_from_str(text, "%H:%M")
            .ok()
            .filter(|_| sound)
            .map(Self::At)
            .ok_or_else(|| Unreadable::new(text, TIME))
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(time) => write!(f, "{}", time.format("%H:%M")),
            Self::EndOfDay => f.write_str("end of day"),
        }
    }
}

written!(TimeOfDay, TIME, "^([01][0-9]|2[0-3]):[0-5][0-9]$|^end of day$");

/// A day of every year, such as `12-25`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct YearDay {
    pub month: u8,
    pub day: u8,
}

const YEAR_DAY: &str = "a month and a day such as “12-25”";

impl FromStr for YearDay {
    type Err = Unreadable;
    fn from_str(text: &str) -> Result<Self, Unreadable> {
        let read = || {
            let (month, day) = text.split_once('-').filter(|_| text.len() == 5)?;
            let (month, day) = (month.parse().ok()?, day.parse().ok()?);
            // 2024 has a 29 February.
            chrono::NaiveDate::from_ymd_opt(2024, u32::from(month), u32::from(day)).map(|_| Self { month, day })
        };
        read().ok_or_else(|| Unreadable::new(text, YEAR_DAY))
    }
}

impl fmt::Display for YearDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

written!(YearDay, YEAR_DAY, "^[0-9]{2}-[0-9]{2}$");

/// The name of a time zone by IANA. Only its form is checked here; whoever computes with it knows the zones.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(String);

const ZONE: &str = "an IANA time zone such as “UTC” or “Europe/London”";

impl Zone {
    pub fn utc() -> Self {
        Self("UTC".to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Zone {
    type Err = Unreadable;
    fn from_str(text: &str) -> Result<Self, Unreadable> {
        let part = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_alphabetic())
                && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+'))
        };
        let sound = text.len() <= 40 && text.split('/').all(part) && (text == "UTC" || text.contains('/'));
        if sound { Ok(Self(text.to_owned())) } else { Err(Unreadable::new(text, ZONE)) }
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

written!(Zone, ZONE, "^(UTC|[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z][A-Za-z0-9_+-]*)+)$");
