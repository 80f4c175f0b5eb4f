//! A repetition as text: `FREQ=WEEKLY;INTERVAL=2;BYDAY=TU`, as RFC 5545 writes it.

use super::parts::{ByDay, Ends, Frequency, Rrule, Until};
use crate::Refusal;
use crate::calendar::clock_time::quoted;
use chrono::{NaiveDate, NaiveDateTime, Weekday};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, num::NonZeroU16, str::FromStr};

const PARTS: &str = "FREQ, INTERVAL, BYDAY, BYMONTHDAY, BYMONTH, COUNT, UNTIL, WKST, each at most once";
const DAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Mon),
    ("TU", Weekday::Tue),
    ("WE", Weekday::Wed),
    ("TH", Weekday::Thu),
    ("FR", Weekday::Fri),
    ("SA", Weekday::Sat),
    ("SU", Weekday::Sun),
];

fn no<T>(found: &str, allowed: &str) -> Result<T, Refusal> {
    Err(Refusal::invalid("rrule", quoted(found), allowed))
}

fn weekday(text: &str) -> Option<Weekday> {
    DAYS.iter().find(|(name, _)| *name == text).map(|(_, day)| *day)
}

/// A whole number without blanks; `+` is allowed where RFC 5545 allows it.
fn number<N: FromStr>(text: &str) -> Option<N> {
    (text.len() <= 5).then(|| text.parse().ok())?
}

fn by_day(value: &str) -> Result<ByDay, Refusal> {
    let parsed = || {
        let (nth, day) = value.split_at_checked(value.len().checked_sub(2)?)?;
        let day = weekday(day)?;
        let nth = if nth.is_empty() { None } else { Some(number::<i8>(nth)?) };
        Some(ByDay { nth, day })
    };
    parsed().map_or_else(|| no(value, "BYDAY such as “FR”, “1MO” or “-1SU”"), Ok)
}

fn until(value: &str) -> Result<Until, Refusal> {
    let date = || NaiveDate::parse_from_str(value, "%Y%m%d").ok().filter(|_| value.len() == 8).map(Until::Date);
    let instant = || {
        let parsed = NaiveDateTime::parse_from_str(value, "%Y%m%dT%H%M%SZ").ok().filter(|_| value.len() == 16);
        parsed.map(|at| Until::Instant(at.and_utc()))
    };
    date().or_else(instant).map_or_else(|| no(value, "UNTIL such as “20271231” or “20271231T120000Z”"), Ok)
}

fn list<T>(value: &str, each: impl Fn(&str) -> Result<T, Refusal>) -> Result<Vec<T>, Refusal> {
    if value.len() > 400 {
        return no(value, "a list of at most 400 characters");
    }
    value.split(',').map(each).collect()
}

impl Rrule {
    fn read(&mut self, key: &str, value: &str) -> Result<(), Refusal> {
        match key {
            "INTERVAL" => match number(value) {
                Some(interval) => self.interval = interval,
                None => return no(value, "INTERVAL of 1 to 1000"),
            },
            "COUNT" => match number::<NonZeroU16>(value).filter(|n| n.get() <= 10_000) {
                Some(count) if self.ends == Ends::Never => self.ends = Ends::After(count),
                Some(_) => return no("COUNT and UNTIL", "one of the two"),
                None => return no(value, "COUNT of 1 to 10000"),
            },
            "UNTIL" if self.ends == Ends::Never => self.ends = Ends::Until(until(value)?),
            "UNTIL" => return no("COUNT and UNTIL", "one of the two"),
            "BYDAY" => self.by_day = list(value, by_day)?,
            "BYMONTHDAY" => {
                self.by_month_day =
                    list(value, |day| match number::<i8>(day).filter(|d| matches!(d.unsigned_abs(), 1..=31)) {
                        Some(day) => Ok(day),
                        None => no(day, "BYMONTHDAY from 1 to 31, or -1 to -31 from the end"),
                    })?;
            }
            "BYMONTH" => {
                self.by_month = list(value, |month| match number::<u8>(month).filter(|m| matches!(m, 1..=12)) {
                    Some(month) => Ok(month),
                    None => no(month, "BYMONTH from 1 to 12"),
                })?;
            }
            "WKST" => match weekday(value) {
                Some(day) => self.week_start = day,
                None => return no(value, "WKST such as “MO” or “SU”"),
            },
            _ => return no(key, PARTS),
        }
        Ok(())
    }
}

impl FromStr for Rrule {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let upper = text.trim().to_ascii_uppercase();
        let body = upper.strip_prefix("RRULE:").unwrap_or(&upper);
        let mut seen: Vec<(&str, &str)> = Vec::new();
        for part in body.split(';') {
            let Some((key, value)) = part.split_once('=') else { return no(part, PARTS) };
            if seen.iter().any(|(other, _)| *other == key) {
                return no(part, PARTS);
            }
            seen.push((key, value));
        }
        let frequency = match seen.iter().find(|(key, _)| *key == "FREQ").map(|(_, value)| *value) {
            Some("DAILY") => Frequency::Daily,
            Some("WEEKLY") => Frequency::Weekly,
            Some("MONTHLY") => Frequency::Monthly,
            Some("YEARLY") => Frequency::Yearly,
            other => return no(other.unwrap_or("no FREQ"), "FREQ of DAILY, WEEKLY, MONTHLY or YEARLY"),
        };
        let mut rule = Self::of(frequency);
        for (key, value) in seen.into_iter().filter(|(key, _)| *key != "FREQ") {
            rule.read(key, value)?;
        }
        rule.checked()
    }
}

fn code(day: Weekday) -> &'static str {
    DAYS.iter().find(|(_, other)| *other == day).map_or("MO", |(name, _)| name)
}

impl fmt::Display for ByDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.nth {
            Some(nth) => write!(f, "{nth}{}", code(self.day)),
            None => f.write_str(code(self.day)),
        }
    }
}

fn joined<T: ToString>(items: &[T]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

impl fmt::Display for Rrule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let frequency = match self.frequency {
            Frequency::Daily => "DAILY",
            Frequency::Weekly => "WEEKLY",
            Frequency::Monthly => "MONTHLY",
            Frequency::Yearly => "YEARLY",
        };
        write!(f, "FREQ={frequency}")?;
        if self.interval != 1 {
            write!(f, ";INTERVAL={}", self.interval)?;
        }
        for (key, value) in [
            ("BYMONTH", joined(&self.by_month)),
            ("BYMONTHDAY", joined(&self.by_month_day)),
            ("BYDAY", joined(&self.by_day)),
        ] {
            if !value.is_empty() {
                write!(f, ";{key}={value}")?;
            }
        }
        if self.week_start != Weekday::Mon {
            write!(f, ";WKST={}", code(self.week_start))?;
        }
        match self.ends {
            Ends::Never => Ok(()),
            Ends::After(count) => write!(f, ";COUNT={count}"),
            Ends::Until(Until::Date(date)) => write!(f, ";UNTIL={}", date.format("%Y%m%d")),
            Ends::Until(Until::Instant(at)) => write!(f, ";UNTIL={}", at.format("%Y%m%dT%H%M%SZ")),
        }
    }
}

impl Serialize for Rrule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rrule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
