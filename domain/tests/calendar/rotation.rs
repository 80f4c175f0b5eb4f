//! Captains take turns, hand over at the local time, and stand in for each other.

use crate::written::{period, utc};
use domain::calendar::{Roster, Rotation};

const CAPTAINS: &str = r#"{"id":"release_captain","members":["00000000-0000-0000-0000-000000000001",
    "00000000-0000-0000-0000-000000000002","00000000-0000-0000-0000-000000000003"],
    "starts":"2027-03-15","weekday":"Mon","at":"09:00","zone":"America/New_York",
    "overrides":[{"from":"2027-03-24","to":"2027-03-25","holder":"00000000-0000-0000-0000-000000000009"}]}"#;

fn roster() -> Roster {
    Roster::new(serde_json::from_str::<Rotation>(CAPTAINS).expect("a rotation")).expect("a zone")
}

#[test]
fn turns_go_round_with_a_stand_in_cut_out() {
    let turns = roster().turns(&period("2027-03-01 00:00", "2027-04-06 00:00"));
    let told: Vec<_> =
        turns.iter().map(|t| (t.holder.0.as_u128(), t.starts, t.ends, t.instead_of.map(|p| p.0.as_u128()))).collect();
    let expected = [
        (1, utc("2027-03-15 13:00"), utc("2027-03-22 13:00"), None),
        (2, utc("2027-03-22 13:00"), utc("2027-03-24 04:00"), None),
        (9, utc("2027-03-24 04:00"), utc("2027-03-26 04:00"), Some(2)),
        (2, utc("2027-03-26 04:00"), utc("2027-03-29 13:00"), None),
        (3, utc("2027-03-29 13:00"), utc("2027-04-05 13:00"), None),
        (1, utc("2027-04-05 13:00"), utc("2027-04-12 13:00"), None),
    ];
    assert_eq!(told, expected);
}

#[test]
fn at_every_hour_of_two_years_the_holder_is_that_of_the_turn() {
    let roster = roster();
    let turns = roster.turns(&period("2027-03-15 13:00", "2029-03-15 00:00"));
    assert!(turns.windows(2).all(|pair| pair[0].ends == pair[1].starts), "no gap and no overlap");
    let mut at = utc("2027-03-15 13:00");
    while at < utc("2029-03-15 00:00") {
        let turn = turns.iter().find(|t| t.starts <= at && at < t.ends).copied();
        assert_eq!(roster.holder_at(at), turn, "{at}");
        at += chrono::Duration::hours(7);
    }
    assert_eq!(roster.holder_at(utc("2027-03-15 12:59")), None);
}

#[test]
fn hand_over_keeps_its_wall_time_when_the_clocks_change() {
    let holder = |at: &str| roster().holder_at(utc(at)).map(|t| t.holder.0.as_u128());
    // 09:00 in New York is 14:00 UTC once winter has come; 34 weeks after the first hand-over.
    assert_eq!(holder("2027-11-08 13:59"), Some(1));
    assert_eq!(holder("2027-11-08 14:00"), Some(2));
}

#[test]
fn nonsense_is_refused_with_field_found_and_allowed() {
    let refused = |from: &str, to: &str| {
        let json = CAPTAINS.replace(from, to);
        assert_ne!(json, CAPTAINS);
        serde_json::from_str::<Rotation>(&json).expect_err("refused").to_string()
    };
    assert!(refused("\"at\":\"09:00\"", "\"at\":\"24:00\"").contains("“24:00”"));
    assert!(refused("\"to\":\"2027-03-25\"", "\"to\":\"2027-03-01\"").contains("2027-03-24 to 2027-03-01"));
    assert!(refused("\"weekday\":\"Mon\"", "\"weekday\":\"Mon\",\"every_weeks\":0").contains("every_weeks"));
    assert!(refused("\"starts\":\"2027-03-15\"", "\"starts\":\"0001-03-15\"").contains("1970 to 2199"));
    let nobody =
        CAPTAINS.replace(&CAPTAINS[CAPTAINS.find("[\"0").expect("list")..=CAPTAINS.find(']').expect("end")], "[]");
    assert!(serde_json::from_str::<Rotation>(&nobody).expect_err("refused").to_string().contains("0 people"));
}
