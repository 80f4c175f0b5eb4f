//! Days, weeks and months on the walls of zones: they follow on one another, and odd days are as long as they are.

use crate::random::{Chance, ZONES, start};
use domain::{
    Timestamp,
    calendar::{Stretch, ZoneName},
    dora::{Bucket, Lookback, MOST_BUCKETS, Width},
};

fn cut(width: Width, zone: &str, from: &str, to: &str) -> Vec<Bucket> {
    let at = |text: &str| -> Timestamp { text.parse().expect(text) };
    let zone: ZoneName = zone.parse().expect(zone);
    width.cut(Stretch { starts: at(from), ends: at(to) }, &zone).expect("few buckets")
}

fn hours(bucket: &Bucket) -> i64 {
    (bucket.whole.ends - bucket.whole.starts).num_hours()
}

#[test]
fn buckets_follow_on_one_another_and_cover_the_period() {
    for seed in 0..500 {
        let chance = &mut Chance::new(seed);
        let from = start() + chance.hours(9_000);
        let window = Stretch { starts: from, ends: from + chance.hours(3_000) + chrono::Duration::seconds(1) };
        let zone = ZONES[usize::try_from(seed % 6).expect("small")];
        for width in [Width::Day, Width::Week, Width::Month] {
            let buckets = width.cut(window, &zone.parse().expect(zone)).expect("few buckets");
            assert_eq!(buckets.first().map(|b| b.within.starts), Some(window.starts), "{zone} {width:?} seed {seed}");
            assert_eq!(buckets.last().map(|b| b.within.ends), Some(window.ends), "{zone} {width:?} seed {seed}");
            for pair in buckets.windows(2) {
                assert_eq!(pair[0].whole.ends, pair[1].whole.starts, "{zone} {width:?} seed {seed}");
                assert_eq!(pair[0].within.ends, pair[1].within.starts, "{zone} {width:?} seed {seed}");
            }
            let partial = buckets.iter().filter(|b| b.within != b.whole).count();
            assert!(partial <= 2, "only the edges are partial: {zone} {width:?} seed {seed}");
        }
    }
}

#[test]
fn days_on_which_clocks_change_have_23_or_25_hours() {
    let days = cut(Width::Day, "Europe/London", "2026-03-28T00:00:00Z", "2026-03-31T00:00:00Z");
    let told: Vec<(&str, i64)> = days.iter().map(|b| (b.name.as_str(), hours(b))).collect();
    assert_eq!(told[..3], [("2026-03-28", 24), ("2026-03-29", 23), ("2026-03-30", 24)]);
    let days = cut(Width::Day, "America/New_York", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z");
    assert_eq!(days.iter().map(|b| (b.name.as_str(), hours(b))).collect::<Vec<_>>(), [("2026-11-01", 25)]);
    // Half an hour at Lord Howe.
    let days = cut(Width::Day, "Australia/Lord_Howe", "2026-04-04T13:00:00Z", "2026-04-05T13:00:00Z");
    assert_eq!((days[0].whole.ends - days[0].whole.starts).num_minutes(), 24 * 60 + 30);
}

#[test]
fn a_day_without_midnight_begins_when_the_clocks_jump_and_one_with_two_at_the_first() {
    // Santiago's clocks jump from 00:00 to 01:00.
    let days = cut(Width::Day, "America/Santiago", "2026-09-05T12:00:00Z", "2026-09-07T00:00:00Z");
    assert_eq!(days[1].whole.starts, "2026-09-06T04:00:00Z".parse::<Timestamp>().expect("an instant"));
    assert_eq!(hours(&days[1]), 23);
    // Havana's go back from 01:00 to 00:00.
    let days = cut(Width::Day, "America/Havana", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z");
    assert_eq!((days[0].whole.starts.to_rfc3339(), hours(&days[0])), ("2026-11-01T04:00:00+00:00".to_owned(), 25));
}

#[test]
fn a_day_that_a_zone_skipped_has_no_bucket() {
    let days = cut(Width::Day, "Pacific/Apia", "2011-12-29T00:00:00Z", "2012-01-01T00:00:00Z");
    let names: Vec<&str> = days.iter().map(|b| b.name.as_str()).collect();
    assert_eq!(names, ["2011-12-28", "2011-12-29", "2011-12-31", "2012-01-01"]);
}

#[test]
fn weeks_are_named_by_their_iso_year() {
    let weeks = cut(Width::Week, "UTC", "2020-12-28T00:00:00Z", "2021-01-11T00:00:00Z");
    assert_eq!(weeks.iter().map(|b| b.name.as_str()).collect::<Vec<_>>(), ["2020-W53", "2021-W01"]);
    let weeks = cut(Width::Week, "UTC", "2024-12-30T00:00:00Z", "2025-01-06T00:00:00Z");
    assert_eq!(weeks.iter().map(|b| b.name.as_str()).collect::<Vec<_>>(), ["2025-W01"]);
}

#[test]
fn a_bucket_is_partial_at_the_edges_of_the_period_and_while_it_runs() {
    let months = cut(Width::Month, "Europe/London", "2026-01-15T00:00:00Z", "2026-03-31T23:00:00Z");
    let now = "2026-03-20T00:00:00Z".parse().expect("an instant");
    let later = "2026-04-20T00:00:00Z".parse().expect("an instant");
    assert_eq!(months.iter().map(|b| b.is_partial(now)).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(months.iter().map(|b| b.is_partial(later)).collect::<Vec<_>>(), [true, false, false]);
}

#[test]
fn a_period_with_too_many_days_is_refused() {
    let window = Stretch {
        starts: "1990-01-01T00:00:00Z".parse().expect("an instant"),
        ends: "2026-01-01T00:00:00Z".parse().expect("an instant"),
    };
    let no = Width::Day.cut(window, &ZoneName::utc()).expect_err("too many");
    assert_eq!(no.field.as_deref(), Some("bucket"));
    assert!(no.detail.contains(&MOST_BUCKETS.to_string()), "{no}");
    assert_eq!(Width::Month.cut(window, &ZoneName::utc()).expect("few").len(), 432);
}

/// The period, and the one before, as a person writes instants.
fn looked_back(text: &str, zone: &str) -> [String; 4] {
    let now: Timestamp = "2026-05-10T09:30:00Z".parse().expect("an instant");
    let lookback: Lookback = text.parse().expect(text);
    assert_eq!(lookback.to_string(), text, "as it stands in an address");
    let (window, before) = lookback.stretches(now, &zone.parse().expect(zone)).expect(text);
    [window.starts, window.ends, before.starts, before.ends].map(|at| at.format("%Y-%m-%dT%H:%M").to_string())
}

#[test]
fn periods_are_read_with_the_midnights_of_the_zone_and_compared_with_their_like() {
    let expected = [
        ("90d", "UTC", ["2026-02-09T09:30", "2026-05-10T09:30", "2025-11-11T09:30", "2026-02-09T09:30"]),
        ("2026-Q1", "UTC", ["2026-01-01T00:00", "2026-04-01T00:00", "2025-10-01T00:00", "2026-01-01T00:00"]),
        ("2026-Q2", "Europe/London", ["2026-03-31T23:00", "2026-06-30T23:00", "2026-01-01T00:00", "2026-03-31T23:00"]),
        ("ytd", "UTC", ["2026-01-01T00:00", "2026-05-10T09:30", "2025-01-01T00:00", "2025-05-10T09:30"]),
        ("ytd", "America/New_York", ["2026-01-01T05:00", "2026-05-10T09:30", "2025-01-01T05:00", "2025-05-10T09:30"]),
        (
            "2026-03-01..2026-03-31",
            "UTC",
            ["2026-03-01T00:00", "2026-03-31T00:00", "2026-01-30T00:00", "2026-03-01T00:00"],
        ),
    ];
    for (text, zone, stretches) in expected {
        assert_eq!(looked_back(text, zone), stretches.map(str::to_owned), "{text} in {zone}");
    }
    for text in
        ["", "d", "0d", "9999d", "2026-Q5", "2026-Q0", "26", "2026-03-01..2026-03-01", "..", "-5d", "2026-Q", "é"]
    {
        let no = text.parse::<Lookback>().expect_err(text);
        assert_eq!(no.field.as_deref(), Some("period"), "{text}");
    }
}
