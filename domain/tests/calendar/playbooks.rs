//! Given each playbook's schedule, when a release asks, then it sails as the playbook says.

use crate::written::{calendar, period, starts, utc, voyage};
use domain::calendar::{Calendar, ConflictKind, Kind, Part, Roster, Rotation, State, Why};

const ORCA: &str = r#"
[[calendar]]
id = "friday_train"
kind = "train"
title = "Friday train"
except_types = ["hotfix", "patch"]
envs = ["production"]
starts = "2026-10-02"
weekday = "Fri"
every_weeks = 1
at = "12:00"
zone = "UTC"
lasts = "2h"
cut_off = { days_before = 1, at = "18:00" }

[[calendar]]
id = "christmas"
kind = "holiday"
title = "Christmas"
starts = "2026-12-25"
zone = "UTC"
lasts = "2d"
rrule = "FREQ=YEARLY"
days_before = 2

[[calendar]]
id = "all_hands"
kind = "company_event"
title = "All-hands"
starts = "2026-11-13"
at = "11:30"
zone = "UTC"
ends_at = "13:00"

[[calendar]]
id = "database_move"
kind = "maintenance"
title = "Planned database move"
starts = "2026-11-20"
at = "08:00"
zone = "UTC"
lasts = "12h"
"#;

const SARVANOM: &str = r#"
[[calendar]]
id = "regular"
kind = "train"
title = "Regular release"
types = ["feature"]
starts = "2027-01-05"
weekday = "Tue"
every_weeks = 2
at = "09:00"
zone = "UTC"
lasts = "8h"

[[calendar]]
id = "major"
kind = "train"
title = "Major release"
types = ["major"]
starts = "2027-01-12"
weekday = "Tue"
every_weeks = 6
at = "09:00"
zone = "UTC"
lasts = "8h"

[[calendar]]
id = "maintenance"
kind = "maintenance"
title = "Maintenance"
starts = "2027-01-10"
weekday = "Sun"
every_weeks = 4
at = "02:00"
zone = "UTC"
ends_at = "04:00"
"#;

#[test]
fn orca_sails_every_friday_at_noon_but_not_around_holidays_events_and_maintenance() {
    // Given P1's calendar, when openings are asked from a Monday in November,
    let found = starts(&calendar(ORCA), "minor", "2026-11-02 09:00", 9);
    // then the all-hands shortens one departure, the maintenance takes one, and Christmas with 2 days before another.
    let expected = [
        "Fri 2026-11-06 12:00",
        "Fri 2026-11-13 13:00",
        "Fri 2026-11-27 12:00",
        "Fri 2026-12-04 12:00",
        "Fri 2026-12-11 12:00",
        "Fri 2026-12-18 12:00",
        "Fri 2027-01-01 12:00",
        "Fri 2027-01-08 12:00",
        "Fri 2027-01-15 12:00",
    ];
    assert_eq!(found, expected);
}

#[test]
fn orca_a_release_completed_after_the_thursday_freeze_waits_for_the_next_train() {
    let calendar = calendar(ORCA);
    let ready = |at: &str| calendar.next_opening(&voyage("minor").ready(utc(at)), utc("2026-11-05 12:00"));
    assert_eq!(ready("2026-11-05 18:00"), Some(utc("2026-11-06 12:00")));
    assert_eq!(ready("2026-11-05 18:01"), Some(utc("2026-11-13 13:00")));
    let late = voyage("minor").ready(utc("2026-11-05 19:00"));
    let State::Closed { by, until } = calendar.state_at(&late, utc("2026-11-06 12:30")) else { panic!("it is open") };
    assert_eq!((by.len(), by[0].why), (1, Why::MissedCutOff));
    assert_eq!((by[0].until, until), (Some(utc("2026-11-13 12:00")), Some(utc("2026-11-13 13:00"))));
}

#[test]
fn orca_freezes_code_from_thursday_evening_and_says_so() {
    let calendar = calendar(ORCA);
    let frozen = |at: &str| calendar.code_freeze_at(&voyage("minor"), utc(at));
    assert!(frozen("2026-11-05 17:59").is_none());
    let freeze = frozen("2026-11-05 18:00").expect("a freeze");
    assert_eq!(
        (freeze.part, freeze.starts, freeze.ends),
        (Part::CodeFreeze, utc("2026-11-05 18:00"), utc("2026-11-06 12:00"))
    );
    assert!(frozen("2026-11-06 12:00").is_none());
    let week = calendar.occurrences(&period("2026-11-02 00:00", "2026-11-09 00:00"));
    assert_eq!(
        week.iter().map(|o| (o.kind, o.part)).collect::<Vec<_>>(),
        [(Kind::Train, Part::CodeFreeze), (Kind::Train, Part::Itself)]
    );
}

#[test]
fn orca_a_hotfix_ships_any_time_but_in_a_closed_window() {
    let calendar = calendar(ORCA);
    assert!(calendar.state_at(&voyage("hotfix"), utc("2026-11-04 03:00")).is_open());
    let State::Closed { by, until } = calendar.state_at(&voyage("hotfix"), utc("2026-12-23 00:00")) else {
        panic!("it is open")
    };
    assert_eq!((by[0].kind, by[0].why, until), (Kind::Holiday, Why::DaysBefore, Some(utc("2026-12-27 00:00"))));
    assert!(calendar.state_at(&voyage("hotfix"), utc("2026-12-22 23:59")).is_open());
}

#[test]
fn orca_conflicts_name_the_trains_that_cannot_sail() {
    let found = calendar(ORCA).conflicts(&period("2026-11-01 00:00", "2027-01-01 00:00"));
    let kinds: Vec<_> = found.iter().map(|c| (c.kind, c.starts.format("%m-%d").to_string())).collect();
    let expected = [
        (ConflictKind::TrainShortened, "11-13".to_owned()),
        (ConflictKind::TrainBlocked, "11-20".to_owned()),
        (ConflictKind::TrainBlocked, "12-25".to_owned()),
    ];
    assert_eq!(kinds, expected);
    assert_eq!(
        found[1].sentence,
        "“Friday train” on 2026-11-20 at 12:00 (UTC) cannot depart: closed by “Planned database move” (maintenance)."
    );
}

#[test]
fn orca_checklists_are_due_thursday_evening_friday_noon_and_monday_morning() {
    let departure = calendar(ORCA).departure(&voyage("minor"), utc("2026-11-06 12:00"));
    let due = |moment: &str| departure.due(moment.parse().expect(moment)).expect("a zone").map(|d| d.due);
    assert_eq!(due("freeze"), Some(utc("2026-11-05 18:00")));
    assert_eq!(due("T"), Some(utc("2026-11-06 12:00")));
    assert_eq!(due("T+2h"), Some(utc("2026-11-06 14:00")));
    assert_eq!(due("D+3 10:00"), Some(utc("2026-11-09 10:00")));
    // A hotfix takes no train: its freeze has no time.
    let hotfix = calendar(ORCA).departure(&voyage("hotfix"), utc("2026-11-06 12:00"));
    assert_eq!(hotfix.due("freeze".parse().expect("moment")).expect("a zone"), None);
}

#[test]
fn orca_the_captain_changes_every_monday() {
    let rotation: Rotation = toml::from_str(
        r#"
        id = "release_captain"
        members = ["00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"]
        starts = "2026-10-30"
        weekday = "Mon"
        at = "09:00"
        zone = "Europe/London"
        "#,
    )
    .expect("a rotation");
    let roster = Roster::new(rotation).expect("a zone");
    let holder = |at: &str| roster.holder_at(utc(at)).map(|turn| turn.holder.0.as_u128());
    assert_eq!(holder("2026-11-02 08:59"), None);
    assert_eq!(holder("2026-11-02 09:00"), Some(1));
    assert_eq!(holder("2026-11-09 09:00"), Some(2));
    assert_eq!(holder("2026-11-16 09:00"), Some(1));
}

#[test]
fn octoacme_asks_for_two_days_of_notice_and_lists_moments() {
    let calendar =
        calendar("[[calendar]]\nid = \"notice\"\nkind = \"notice\"\ntitle = \"Stakeholders told\"\nhours = 48");
    let told = voyage("minor").told(utc("2026-11-03 15:20"));
    assert_eq!(calendar.next_opening(&told, utc("2026-11-03 16:00")), Some(utc("2026-11-05 15:20")));
    let State::Closed { by, .. } = calendar.state_at(&told, utc("2026-11-05 15:19")) else { panic!("it is open") };
    assert_eq!(by[0].why, Why::Notice);
    assert!(calendar.state_at(&voyage("minor"), utc("2026-11-03 16:00")).is_open(), "not judged without a telling");

    let departure = calendar.departure(&voyage("minor"), utc("2026-11-05 15:20"));
    let due = |moment: &str| {
        let due = departure.due(moment.parse().expect(moment)).expect("a zone").expect("a time");
        (due.begins, due.due)
    };
    assert_eq!(due("T-24h"), (None, utc("2026-11-04 15:20")));
    assert_eq!(due("T-1h"), (None, utc("2026-11-05 14:20")));
    assert_eq!(due("T..T+30m"), (Some(utc("2026-11-05 15:20")), utc("2026-11-05 15:50")));
    assert_eq!(due("T..T+1h"), (Some(utc("2026-11-05 15:20")), utc("2026-11-05 16:20")));
    assert_eq!(due("T+24h..T+48h"), (Some(utc("2026-11-06 15:20")), utc("2026-11-07 15:20")));
}

#[test]
fn mesh_os_looks_back_after_days_and_weeks() {
    let departure = Calendar::default().departure(&voyage("minor"), utc("2026-11-05 15:20"));
    let due = |moment: &str| departure.due(moment.parse().expect(moment)).expect("a zone").expect("a time");
    assert_eq!(due("T..T+24h").due, utc("2026-11-06 15:20"));
    let week = due("D+1..D+7");
    assert_eq!((week.begins, week.due), (Some(utc("2026-11-06 15:20")), utc("2026-11-12 15:20")));
    let month = due("W+1..W+4");
    assert_eq!((month.begins, month.due), (Some(utc("2026-11-12 15:20")), utc("2026-12-03 15:20")));
}

#[test]
fn sarvanom_sails_every_second_tuesday_and_majors_every_sixth_week() {
    let calendar = calendar(SARVANOM);
    let regular = starts(&calendar, "feature", "2027-01-01 00:00", 3);
    assert_eq!(regular, ["Tue 2027-01-05 09:00", "Tue 2027-01-19 09:00", "Tue 2027-02-02 09:00"]);
    let major = starts(&calendar, "major", "2027-01-01 00:00", 3);
    assert_eq!(major, ["Tue 2027-01-12 09:00", "Tue 2027-02-23 09:00", "Tue 2027-04-06 09:00"]);
    assert!(calendar.state_at(&voyage("hotfix"), utc("2027-01-07 23:00")).is_open(), "a hotfix ships any day");
}

#[test]
fn sarvanom_keeps_everybody_in_port_every_fourth_sunday_from_two_to_four() {
    let calendar = calendar(SARVANOM);
    let windows = calendar.occurrences(&period("2027-01-01 00:00", "2027-04-30 00:00"));
    let windows: Vec<_> = windows.iter().filter(|o| o.kind == Kind::Maintenance).map(|o| (o.starts, o.ends)).collect();
    let expected = ["2027-01-10", "2027-02-07", "2027-03-07", "2027-04-04"];
    assert_eq!(windows, expected.map(|d| (utc(&format!("{d} 02:00")), utc(&format!("{d} 04:00")))));
    let hotfix = voyage("hotfix");
    assert!(calendar.state_at(&hotfix, utc("2027-02-07 01:59")).is_open());
    assert_eq!(calendar.next_opening(&hotfix, utc("2027-02-07 02:00")), Some(utc("2027-02-07 04:00")));
}

#[test]
fn agentmesh_opens_in_low_traffic_windows_only() {
    let calendar = calendar(
        r#"
        [[calendar]]
        id = "quiet"
        kind = "opening"
        title = "Low traffic"
        envs = ["production"]
        starts = "2027-01-04"
        rrule = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH"
        at = "22:00"
        zone = "Europe/Berlin"
        ends_at = "05:00"
        "#,
    );
    let production = voyage("minor");
    assert_eq!(calendar.next_opening(&production, utc("2027-01-04 12:00")), Some(utc("2027-01-04 21:00")));
    assert!(calendar.state_at(&production, utc("2027-01-05 03:59")).is_open());
    let State::Closed { by, until } = calendar.state_at(&production, utc("2027-01-05 04:00")) else {
        panic!("it is open")
    };
    assert_eq!((by[0].why, until), (Why::OutsideOpening, Some(utc("2027-01-05 21:00"))));
    // Friday to Sunday are busy.
    assert_eq!(calendar.next_opening(&production, utc("2027-01-08 12:00")), Some(utc("2027-01-11 21:00")));
    let mut preview = production.clone();
    preview.env = "preview".parse().expect("an environment");
    assert!(calendar.state_at(&preview, utc("2027-01-05 12:00")).is_open());
}
