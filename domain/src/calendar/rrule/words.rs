//! A repetition in plain words: “every 2 weeks on Tuesday”.

use super::parts::{ByDay, Ends, Frequency, Rrule, Until};
use chrono::{Month, Weekday};

impl Rrule {
    /// A sentence part for people; the text form says the same to machines.
    pub fn words(&self) -> String {
        let unit = match self.frequency {
            Frequency::Daily => "day",
            Frequency::Weekly => "week",
            Frequency::Monthly => "month",
            Frequency::Yearly => "year",
        };
        let mut words = match self.interval {
            1 => format!("every {unit}"),
            n => format!("every {n} {unit}s"),
        };
        if !self.by_day.is_empty() {
            words.push_str(" on ");
            words.push_str(&listed(self.by_day.iter().map(|d| day(*d))));
        }
        if !self.by_month_day.is_empty() {
            let joint = if self.by_day.is_empty() { " on " } else { " that is " };
            words.push_str(joint);
            words.push_str(&listed(self.by_month_day.iter().map(|d| month_day(*d))));
        }
        if !self.by_month.is_empty() {
            words.push_str(" in ");
            let names = self.by_month.iter().filter_map(|m| Month::try_from(*m).ok());
            words.push_str(&listed(names.map(|m| m.name().to_owned())));
        }
        let end = match self.ends {
            Ends::Never => String::new(),
            Ends::After(count) => format!(", {count} times"),
            Ends::Until(Until::Date(date)) => format!(", until {date}"),
            Ends::Until(Until::Instant(at)) => format!(", until {}", at.format("%Y-%m-%d %H:%M UTC")),
        };
        words + &end
    }
}

fn listed(items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.collect();
    match items.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => items.concat(),
    }
}

fn day(by: ByDay) -> String {
    let name = match by.day {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    };
    match by.nth {
        None => name.to_owned(),
        Some(-1) => format!("the last {name}"),
        Some(nth) if nth < 0 => format!("the {} last {name}", ordinal(nth)),
        Some(nth) => format!("the {} {name}", ordinal(nth)),
    }
}

fn month_day(day: i8) -> String {
    match day {
        -1 => "the last day".to_owned(),
        day if day < 0 => format!("the {} last day", ordinal(day)),
        day => format!("the {}", ordinal(day)),
    }
}

fn ordinal(n: i8) -> String {
    let n = n.unsigned_abs();
    let ending = match (n % 100, n % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}
