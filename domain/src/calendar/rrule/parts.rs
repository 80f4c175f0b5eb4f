//! The parts of a repetition and which combinations make sense.

use crate::{Refusal, Timestamp};
use chrono::{NaiveDate, Weekday};
use std::num::NonZeroU16;

/// What one step of the repetition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Frequency {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// A weekday, or the n-th one of the month or year: `FR`, `1MO`, `-1SU`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ByDay {
    /// Never zero; negative counts from the end.
    pub(super) nth: Option<i8>,
    pub(super) day: Weekday,
}

/// When the repetition ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ends {
    Never,
    /// After so many occurrences, exceptions counted.
    After(NonZeroU16),
    /// With the last occurrence that begins no later.
    Until(Until),
}

/// A date on the rule's own calendar, or an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Until {
    Date(NaiveDate),
    Instant(Timestamp),
}

/// A checked repetition: read it from text, or build the weekly one that trains use.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Rrule {
    pub(super) frequency: Frequency,
    pub(super) interval: u16,
    pub(super) by_day: Vec<ByDay>,
    /// Sorted; negative counts from the month's end.
    pub(super) by_month_day: Vec<i8>,
    pub(super) by_month: Vec<u8>,
    pub(super) ends: Ends,
    pub(super) week_start: Weekday,
}

/// The largest INTERVAL, so that a slip of the finger does not plan the next century.
const LONGEST_INTERVAL: u16 = 1000;

impl Rrule {
    /// Every `interval` weeks on one weekday.
    pub fn weekly(interval: u16, day: Weekday) -> Result<Self, Refusal> {
        let mut rule = Self::of(Frequency::Weekly);
        rule.interval = interval;
        rule.by_day = vec![ByDay { nth: None, day }];
        rule.checked()
    }

    pub(super) fn of(frequency: Frequency) -> Self {
        Self {
            frequency,
            interval: 1,
            by_day: Vec::new(),
            by_month_day: Vec::new(),
            by_month: Vec::new(),
            ends: Ends::Never,
            week_start: Weekday::Mon,
        }
    }

    pub fn frequency(&self) -> Frequency {
        self.frequency
    }

    pub fn interval(&self) -> u16 {
        self.interval
    }

    pub fn ends(&self) -> Ends {
        self.ends
    }

    /// The weekday, when the rule is “every n weeks on that one day”.
    pub fn single_weekday(&self) -> Option<Weekday> {
        match (self.frequency, self.by_day.as_slice()) {
            (Frequency::Weekly, [one]) => Some(one.day),
            _ => None,
        }
    }

    pub(super) fn checked(mut self) -> Result<Self, Refusal> {
        let refuse = |found: String, allowed: &str| Err(Refusal::invalid("rrule", found, allowed));
        if !(1..=LONGEST_INTERVAL).contains(&self.interval) {
            return refuse(format!("INTERVAL={}", self.interval), "INTERVAL of 1 to 1000");
        }
        let most = match self.frequency {
            Frequency::Daily | Frequency::Weekly => 0,
            Frequency::Yearly if self.by_month.is_empty() => 53,
            Frequency::Monthly | Frequency::Yearly => 5,
        };
        for day in &self.by_day {
            match day.nth {
                Some(nth) if most == 0 => {
                    return refuse(
                        format!("BYDAY={nth}{}", day.day),
                        "weekdays without a number, when daily or weekly",
                    );
                }
                Some(nth) if nth == 0 || i16::from(nth).abs() > most => {
                    return refuse(
                        format!("BYDAY={nth}{}", day.day),
                        "numbers from 1 or -1 to 5 within a month, 53 within a year",
                    );
                }
                _ => {}
            }
        }
        if self.frequency == Frequency::Weekly && !self.by_month_day.is_empty() {
            return refuse("BYMONTHDAY with FREQ=WEEKLY".to_owned(), "BYMONTHDAY with DAILY, MONTHLY or YEARLY");
        }
        self.by_month_day.sort_unstable();
        self.by_month_day.dedup();
        self.by_month.sort_unstable();
        self.by_month.dedup();
        self.by_day.sort_by_key(|d| (d.day.num_days_from_monday(), d.nth));
        self.by_day.dedup();
        Ok(self)
    }
}
