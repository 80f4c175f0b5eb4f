//! What happens to local times that the clocks skip or show twice.

use crate::written::{calendar, period, starts, utc, voyage};
use domain::calendar::{Calendar, Moment, Part, Rule, RuleDraft};

fn window(zone: &str, at: &str, end: &str) -> Calendar {
    calendar(&format!(
        "[[calendar]]\nid = \"w\"\nkind = \"blackout\"\ntitle = \"W\"\nstarts = \"2027-01-01\"\nrrule = \"FREQ=DAILY\"\nat = \"{at}\"\nzone = \"{zone}\"\n{end}"
    ))
}

/// The window that a date has, as UTC clock times, and whether it was moved.
fn on(calendar: &Calendar, date: &str) -> Option<(String, String, bool)> {
    let from = utc(&format!("{date} 00:00")) - chrono::Duration::days(1);
    let period = domain::calendar::Period::new(from, from + chrono::Duration::days(3)).expect("period");
    let found = calendar.occurrences(&period).into_iter().find(|o| o.date.to_string() == date)?;
    let time = |t: domain::Timestamp| t.format("%H:%M").to_string();
    Some((time(found.starts), time(found.ends), found.moved))
}

#[test]
fn a_time_that_does_not_exist_moves_forward_by_the_gap() {
    let berlin = window("Europe/Berlin", "02:30", "lasts = \"1h\"");
    assert_eq!(on(&berlin, "2027-03-27"), Some(("01:30".into(), "02:30".into(), false)));
    assert_eq!(on(&berlin, "2027-03-28"), Some(("01:30".into(), "02:30".into(), true)), "03:30 on the wall");
    assert_eq!(on(&berlin, "2027-03-29"), Some(("00:30".into(), "01:30".into(), false)));
    let howe = window("Australia/Lord_Howe", "02:10", "lasts = \"1h\"");
    assert_eq!(on(&howe, "2027-10-03"), Some(("15:40".into(), "16:40".into(), true)), "the gap is half an hour");
}

#[test]
fn a_time_that_exists_twice_is_the_first() {
    let new_york = window("America/New_York", "01:30", "lasts = \"1h\"");
    assert_eq!(on(&new_york, "2027-11-06"), Some(("05:30".into(), "06:30".into(), false)));
    assert_eq!(
        on(&new_york, "2027-11-07"),
        Some(("05:30".into(), "06:30".into(), false)),
        "summer time’s half past one"
    );
    assert_eq!(on(&new_york, "2027-11-08"), Some(("06:30".into(), "07:30".into(), false)));
}

#[test]
fn a_midnight_that_does_not_exist_is_where_the_day_begins() {
    let santiago = window("America/Santiago", "00:00", "lasts = \"1d\"");
    assert_eq!(on(&santiago, "2027-09-05"), Some(("04:00".into(), "03:00".into(), true)), "a day of 23 hours");
    assert_eq!(on(&santiago, "2027-09-04"), Some(("04:00".into(), "04:00".into(), false)));
}

#[test]
fn hours_elapse_and_end_times_stand_on_the_wall() {
    let elapsed = window("Europe/London", "00:30", "lasts = \"4h\"");
    let wall = window("Europe/London", "00:30", "ends_at = \"04:30\"");
    assert_eq!(on(&elapsed, "2027-03-28"), Some(("00:30".into(), "04:30".into(), false)), "05:30 on the wall");
    assert_eq!(on(&wall, "2027-03-28"), Some(("00:30".into(), "03:30".into(), false)), "three hours");
    assert_eq!(on(&elapsed, "2027-10-31"), Some(("23:30".into(), "03:30".into(), false)), "03:30 on the wall");
    assert_eq!(on(&wall, "2027-10-31"), Some(("23:30".into(), "04:30".into(), false)), "five hours");
}

#[test]
fn what_the_clocks_jump_over_wholly_does_not_happen_and_what_they_cut_begins_at_the_jump() {
    let inside = window("Europe/Berlin", "02:10", "ends_at = \"02:50\"");
    assert_eq!(on(&inside, "2027-03-28"), Some(("01:10".into(), "01:50".into(), true)), "both ends move");
    let to_the_edge = window("Europe/Berlin", "02:10", "ends_at = \"03:00\"");
    assert_eq!(on(&to_the_edge, "2027-03-28"), None);
    let across = window("Europe/Berlin", "02:30", "ends_at = \"03:15\"");
    assert_eq!(on(&across, "2027-03-28"), Some(("01:00".into(), "01:15".into(), true)));
}

#[test]
fn a_zone_that_skips_a_whole_date_moves_it_to_the_next() {
    let apia = calendar(
        "[[calendar]]\nid = \"w\"\nkind = \"freeze\"\ntitle = \"W\"\nstarts = \"2011-12-30\"\nat = \"12:00\"\nzone = \"Pacific/Apia\"\nlasts = \"1h\"",
    );
    let found = apia.occurrences(&period("2011-12-29 00:00", "2012-01-02 00:00"));
    assert_eq!((found.len(), found[0].starts, found[0].moved), (1, utc("2011-12-30 22:00"), true));
    assert_eq!(found[0].local_starts.to_string(), "2011-12-31 12:00:00");
}

#[test]
fn the_simulator_shows_ten_openings_across_the_clock_change() {
    let draft = r#"{"id":"train","kind":"train","title":"Train","starts":"2027-03-01","weekday":"Fri",
        "at":"12:00","zone":"Europe/London","lasts":"2h","cut_off":{"days_before":1,"at":"18:00"}}"#;
    let rule: Rule = serde_json::from_str::<RuleDraft>(draft).expect("a draft").check().expect("a rule");
    let simulation =
        Calendar::default().simulate(rule, &voyage("minor"), utc("2027-03-03 00:00"), 10).expect("it fits");
    assert_eq!(simulation.openings.len(), 10);
    assert_eq!(simulation.openings_now.len(), 1, "without a train it is open at once");
    let told: Vec<_> =
        simulation.openings.iter().map(|o| (o.starts, o.offset_minutes, o.clocks_changed)).take(5).collect();
    let expected = [
        (utc("2027-03-05 12:00"), 0, false),
        (utc("2027-03-12 12:00"), 0, false),
        (utc("2027-03-19 12:00"), 0, false),
        (utc("2027-03-26 12:00"), 0, false),
        (utc("2027-04-02 11:00"), 60, true),
    ];
    assert_eq!(told, expected);
    assert!(simulation.openings.iter().all(|o| o.local_starts.time().to_string() == "12:00:00"));
}

#[test]
fn a_utc_train_does_not_move_and_a_local_cut_off_keeps_its_wall_time() {
    let rules = "[[calendar]]\nid = \"t\"\nkind = \"train\"\ntitle = \"T\"\nstarts = \"2027-03-01\"\nweekday = \"Mon\"\nat = \"09:00\"\nzone = \"Europe/Berlin\"\nlasts = \"1h\"\ncut_off = { days_before = 3, at = \"18:00\" }";
    let freezes = calendar(rules).occurrences(&period("2027-03-16 00:00", "2027-04-01 00:00"));
    let freezes: Vec<_> = freezes.iter().filter(|o| o.part == Part::CodeFreeze).map(|o| (o.starts, o.ends)).collect();
    let expected =
        [(utc("2027-03-19 17:00"), utc("2027-03-22 08:00")), (utc("2027-03-26 17:00"), utc("2027-03-29 07:00"))];
    assert_eq!(freezes, expected);
    assert_eq!(
        starts(&calendar(&rules.replace("Europe/Berlin", "UTC")), "minor", "2027-03-27 00:00", 1),
        ["Mon 2027-03-29 09:00"]
    );
}

#[test]
fn moments_in_hours_elapse_and_moments_in_days_keep_the_wall_time() {
    let rules = "[[calendar]]\nid = \"t\"\nkind = \"train\"\ntitle = \"T\"\nstarts = \"2027-03-01\"\nweekday = \"Sun\"\nat = \"12:00\"\nzone = \"Europe/London\"\nlasts = \"1h\"";
    let departure = calendar(rules).departure(&voyage("minor"), utc("2027-03-28 11:00"));
    let due = |moment: &str| {
        let moment: Moment = moment.parse().expect(moment);
        assert_eq!(moment.to_string().parse::<Moment>().expect("the same"), moment);
        departure.due(moment).expect("a zone").expect("a time").due
    };
    assert_eq!(due("T-24h"), utc("2027-03-27 11:00"));
    assert_eq!(due("D-1"), utc("2027-03-27 12:00"));
    assert_eq!(due("D-1 18:00"), utc("2027-03-27 18:00"));
    assert_eq!(due("D+7"), utc("2027-04-04 11:00"));
}
