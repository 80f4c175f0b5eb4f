//! Lengths of time as people write them: `30 min`, `2 h`, `4 weeks`; and periods of the calendar: `1 quarter`.

use super::read::{Unreadable, record, written};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A number and the word after it; `1 week` and `2 weeks` are the same word.
pub(super) fn split(text: &str) -> Option<(u32, &str)> {
    let (number, word) = text.split_once(' ')?;
    let sound = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    Some((number.parse().ok().filter(|n| sound && (1..=100_000).contains(n))?, word))
}

/// A fixed length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Span {
    amount: u32,
    unit: SpanUnit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum SpanUnit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
}

impl Span {
    pub(super) const fn minutes(amount: u32) -> Self {
        Self { amount, unit: SpanUnit::Minute }
    }

    pub fn seconds(self) -> u32 {
        let each = match self.unit {
            SpanUnit::Second => 1,
            SpanUnit::Minute => 60,
            SpanUnit::Hour => 3_600,
            SpanUnit::Day => 86_400,
            SpanUnit::Week => 604_800,
        };
        self.amount.saturating_mul(each)
    }

    pub fn delta(self) -> TimeDelta {
        TimeDelta::seconds(i64::from(self.seconds()))
    }
}

impl PartialOrd for Span {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.seconds().cmp(&other.seconds()))
    }
}

const SPAN: &str = "a length of time such as “30 s”, “30 min”, “2 h”, “1 day”, “4 weeks”";

impl FromStr for Span {
    type Err = Unreadable;
    fn from_str(text: &str) -> Result<Self, Unreadable> {
        let (amount, word) = split(text).ok_or_else(|| Unreadable::new(text, SPAN))?;
        let unit = match word {
            "s" => SpanUnit::Second,
            "min" => SpanUnit::Minute,
            "h" => SpanUnit::Hour,
            "day" | "days" => SpanUnit::Day,
            "week" | "weeks" => SpanUnit::Week,
            _ => return Err(Unreadable::new(text, SPAN)),
        };
        let span = Self { amount, unit };
        // Ten years: longer than anything that is planned.
        if span.seconds() > 315_360_000 { Err(Unreadable::new(text, SPAN)) } else { Ok(span) }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match (self.unit, self.amount) {
            (SpanUnit::Second, _) => "s",
            (SpanUnit::Minute, _) => "min",
            (SpanUnit::Hour, _) => "h",
            (SpanUnit::Day, 1) => "day",
            (SpanUnit::Day, _) => "days",
            (SpanUnit::Week, 1) => "week",
            (SpanUnit::Week, _) => "weeks",
        };
        write!(f, "{} {word}", self.amount)
    }
}

written!(Span, SPAN, "^[0-9]+ (s|min|h|days?|weeks?)$");

record! {
    /// From one length of time to another.
    pub struct SpanRange {
        /// The shorter.
        pub from: Span,
        /// The longer.
        pub to: Span,
    }
    check SpanRange::ascends;
}

impl SpanRange {
    fn ascends(&self, value: &super::read::Value<'_>, reader: &mut super::read::Reader) {
        if self.from > self.to {
            reader.contradiction(value, "to", format!("is shorter than {}, which it begins with", self.from));
        }
    }
}

/// A period of the calendar, whose length depends on when it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Period {
    pub amount: u32,
    pub unit: PeriodUnit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PeriodUnit {
    Day,
    Week,
    Month,
    Quarter,
}

const PERIOD: &str = "a period such as “1 day”, “2 weeks”, “1 month”, “1 quarter”";

impl FromStr for Period {
    type Err = Unreadable;
    fn from_str(text: &str) -> Result<Self, Unreadable> {
        let (amount, word) = split(text).filter(|(n, _)| *n <= 400).ok_or_else(|| Unreadable::new(text, PERIOD))?;
        let unit = match word {
            "day" | "days" => PeriodUnit::Day,
            "week" | "weeks" => PeriodUnit::Week,
            "month" | "months" => PeriodUnit::Month,
            "quarter" | "quarters" => PeriodUnit::Quarter,
            _ => return Err(Unreadable::new(text, PERIOD)),
        };
        Ok(Self { amount, unit })
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.unit {
            PeriodUnit::Day => "day",
            PeriodUnit::Week => "week",
            PeriodUnit::Month => "month",
            PeriodUnit::Quarter => "quarter",
        };
        write!(f, "{} {word}{}", self.amount, if self.amount == 1 { "" } else { "s" })
    }
}

written!(Period, PERIOD, "^[0-9]+ (day|week|month|quarter)s?$");
