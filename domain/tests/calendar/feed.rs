//! The feed is what RFC 5545 asks for: CRLF, folded at 75 octets, escaped, one stable UID per thing.

use crate::written::{calendar, period, utc};
use domain::calendar::{Entry, Feed};
use std::collections::{BTreeMap, BTreeSet};

const RULES: &str = r#"
[[calendar]]
id = "train"
kind = "train"
title = "Train; for „shop“, and \\ more – with a title that is long enough to be folded 🚂🚂🚂🚂🚂🚂"
starts = "2027-03-01"
weekday = "Fri"
at = "12:00"
zone = "Europe/London"
lasts = "2h"
cut_off = { days_before = 1, at = "18:00" }

[[calendar]]
id = "easter"
kind = "holiday"
title = "Easter"
starts = "2027-03-28"
zone = "America/Santiago"
lasts = "2d"
days_before = 2
"#;

fn feed(rules: &str, stamp: &str) -> String {
    let occurrences = calendar(rules).occurrences(&period("2027-03-01 00:00", "2027-05-01 00:00"));
    Feed::new("Shop, production", "ship.example.org")
        .expect("a feed")
        .write(occurrences.iter().map(Entry::from), utc(stamp))
}

/// Events as property maps, after unfolding.
fn events(text: &str) -> Vec<BTreeMap<String, String>> {
    let unfolded = text.replace("\r\n ", "");
    let blocks = unfolded.split("BEGIN:VEVENT\r\n").skip(1);
    let properties = |block: &str| {
        let lines = block.lines().take_while(|l| *l != "END:VEVENT").map(str::to_owned).collect::<Vec<_>>();
        lines.iter().filter_map(|l| l.split_once(':')).map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
    };
    blocks.map(properties).collect()
}

#[test]
fn lines_end_in_crlf_and_hold_at_most_75_octets() {
    let text = feed(RULES, "2027-02-01 00:00");
    assert!(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:") && text.ends_with("END:VCALENDAR\r\n"));
    assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])));
    assert!(text.contains("\r\n "), "something is folded");
}

#[test]
fn text_is_escaped_and_survives_folding() {
    let events = events(&feed(RULES, "2027-02-01 00:00"));
    let train = events.iter().find(|e| e["UID"] == "train-20270305@ship.example.org").expect("a train");
    assert_eq!(
        train["SUMMARY"],
        r"Train\; for „shop“\, and \\ more – with a title that is long enough to be folded 🚂🚂🚂🚂🚂🚂"
    );
    assert_eq!((train["DTSTART"].as_str(), train["DTEND"].as_str()), ("20270305T120000Z", "20270305T140000Z"));
    assert_eq!(train["DTSTAMP"], "20270201T000000Z");
    assert_eq!(train["DESCRIPTION"], "Fri 2027-03-05 12:00 to Fri 2027-03-05 14:00 (Europe/London)");
    let summer = events.iter().find(|e| e["UID"] == "train-20270402@ship.example.org").expect("a train");
    assert_eq!(summer["DTSTART"], "20270402T110000Z", "the clocks have changed");
    let before = events.iter().find(|e| e["UID"] == "easter-20270328-before@ship.example.org").expect("days before");
    assert_eq!(before["SUMMARY"], "Before Easter");
    assert!(before["DESCRIPTION"].ends_with(r"(America/Santiago)\nNothing ships in this time."));
}

#[test]
fn uids_are_unique_and_stay_when_times_move() {
    let uids = |text: &str| events(text).into_iter().map(|e| e["UID"].clone()).collect::<Vec<_>>();
    let one = uids(&feed(RULES, "2027-02-01 00:00"));
    assert_eq!(one.iter().collect::<BTreeSet<_>>().len(), one.len());
    let moved = RULES.replace("12:00", "15:00").replace("Easter", "Spring").replace("Europe/London", "Europe/Berlin");
    assert_eq!(uids(&feed(&moved, "2027-02-02 00:00")).into_iter().collect::<BTreeSet<_>>(), one.into_iter().collect());
}

#[test]
fn the_same_question_gives_the_same_bytes_and_an_empty_one_is_still_a_calendar() {
    assert_eq!(feed(RULES, "2027-02-01 00:00"), feed(RULES, "2027-02-01 00:00"));
    let empty = Feed::new("Nothing", "ship.example.org").expect("a feed").write([], utc("2027-02-01 00:00"));
    assert!(empty.contains("BEGIN:VTIMEZONE") && events(&empty).is_empty());
}

#[test]
fn line_breaks_and_control_characters_never_break_a_line() {
    let entry = Entry {
        key: "x\r\nBEGIN:VEVENT".into(),
        starts: utc("2027-02-01 00:00"),
        ends: utc("2027-02-01 01:00"),
        title: "a\r\nb\nc\rd\u{0}e\u{85}".into(),
        detail: "\t".repeat(400),
        category: "a,b".into(),
    };
    let text = Feed::new("x\r\ny", "ship.example.org").expect("a feed").write([entry], utc("2027-02-01 00:00"));
    assert_eq!(text.matches("\r\nBEGIN:VEVENT\r\n").count(), 1);
    assert_eq!(events(&text)[0]["SUMMARY"], r"a\nb\nc\nde");
    assert_eq!(events(&text)[0]["CATEGORIES"], r"a\,b");
}

#[test]
fn a_host_that_could_break_a_uid_is_refused() {
    for host in ["", "a b", "a\r\nb", "a@b"] {
        assert_eq!(Feed::new("x", host).expect_err(host).field.as_deref(), Some("host"));
    }
}
