//! Two years with fifty rules, timed; the limit holds in optimised builds only.

use crate::written::{utc, voyage};
use domain::calendar::{Calendar, Kind, Period, RuleDraft};
use std::time::{Duration, Instant};

const ZONES: [&str; 5] =
    ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Europe/Berlin", "America/Santiago"];
const KINDS: [Kind; 5] = [Kind::Train, Kind::Blackout, Kind::Maintenance, Kind::Holiday, Kind::Freeze];
const RULES: [&str; 5] = [
    "FREQ=WEEKLY;BYDAY=FR",
    "FREQ=DAILY",
    "FREQ=WEEKLY;INTERVAL=4;BYDAY=SU",
    "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25",
    "FREQ=MONTHLY;BYDAY=-1TH",
];

/// Fifty rules of all kinds, or fifty that all happen daily.
fn fifty(daily: bool) -> Calendar {
    let rules = (0..50).map(|n| {
        let (zone, kind) = (ZONES[n % 5], KINDS[(n + n / 5) % 5]);
        let mut draft = RuleDraft::new(format!("rule-{n}").parse().expect("id"), kind, &format!("Rule number {n}"));
        draft.starts = Some("2024-01-01".parse().expect("date"));
        draft.at = Some(format!("{:02}:30", n % 24).parse().expect("time"));
        draft.zone = Some(zone.parse().expect("zone"));
        draft.lasts = Some("2h".to_owned());
        draft.rrule = Some((if daily { "FREQ=DAILY" } else { RULES[(n + n / 5) % 5] }).parse().expect("rrule"));
        draft.days_before = (kind == Kind::Holiday).then_some(2);
        draft.check().expect("a rule")
    });
    Calendar::new(rules).expect("a calendar")
}

fn best_of(n: usize, mut work: impl FnMut()) -> Duration {
    (0..n)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .min()
        .unwrap_or_default()
}

#[test]
fn two_years_with_fifty_rules() {
    let (calendar, daily) = (fifty(false), fifty(true));
    let period = Period::new(utc("2026-06-01 00:00"), utc("2028-06-01 00:00")).expect("period");
    let asked = voyage("minor").ready(utc("2026-06-01 00:00"));
    let count = calendar.occurrences(&period).len();
    let timed = [
        ("occurrences", best_of(5, || drop(calendar.occurrences(&period)))),
        ("open stretches", best_of(5, || drop(calendar.open_during(&asked, &period)))),
        ("conflicts", best_of(5, || drop(calendar.conflicts(&period)))),
        ("next ten openings", best_of(5, || drop(calendar.openings(&asked, utc("2026-06-01 00:00"), 10)))),
        ("state now", best_of(5, || drop(calendar.state_at(&asked, utc("2026-06-01 00:00"))))),
        ("all of it rebuilt", best_of(5, || drop(fifty(false).occurrences(&period)))),
        ("occurrences of daily rules", best_of(5, || drop(daily.occurrences(&period)))),
    ];
    println!("{count} occurrences of 50 rules in 2 years");
    for (what, took) in timed {
        println!("{what}: {:.3} ms", took.as_secs_f64() * 1000.0);
        // The worst case is told, not judged: it takes what the machine has left.
        if !cfg!(debug_assertions) && !what.contains("daily") {
            assert!(took < Duration::from_millis(20), "{what} took {took:?}");
        }
    }
    assert!(count > 5000);
}
