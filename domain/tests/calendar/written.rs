//! Short ways to write rules, instants and voyages in tests.

use domain::Timestamp;
use domain::calendar::{Calendar, Period, Rule, Voyage};

/// `2027-01-08 12:00` in UTC.
pub fn utc(text: &str) -> Timestamp {
    chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect(text).and_utc()
}

/// Rules in the TOML that playbooks use.
pub fn rules(toml: &str) -> Vec<Rule> {
    #[derive(serde::Deserialize)]
    struct File {
        calendar: Vec<Rule>,
    }
    toml::from_str::<File>(toml).expect("rules").calendar
}

pub fn calendar(toml: &str) -> Calendar {
    Calendar::new(rules(toml)).expect("a calendar")
}

pub fn voyage(kind: &str) -> Voyage {
    Voyage::new(kind.parse().expect(kind), "production".parse().expect("an environment"))
}

pub fn period(from: &str, to: &str) -> Period {
    Period::new(utc(from), utc(to)).expect("a period")
}

/// The starts of the next openings, as texts.
pub fn starts(calendar: &Calendar, kind: &str, from: &str, n: usize) -> Vec<String> {
    let openings = calendar.openings(&voyage(kind), utc(from), n);
    openings.iter().map(|o| o.starts.format("%a %Y-%m-%d %H:%M").to_string()).collect()
}
