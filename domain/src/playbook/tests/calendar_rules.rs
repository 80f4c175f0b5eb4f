//! Given each playbook's calendar, when its rules are asked for, then the engine sails as the source says.

use super::{BUNDLED, bundled, text};
use crate::{
    Timestamp,
    calendar::{Calendar, Kind, State, Voyage, Why},
    playbook::parse,
};

fn calendar(name: &str) -> Calendar {
    Calendar::new(bundled(name).calendar_rules()).unwrap_or_else(|refusals| panic!("{name}: {refusals:?}"))
}

fn utc(text: &str) -> Timestamp {
    chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect(text).and_utc()
}

fn voyage(kind: &str) -> Voyage {
    Voyage::new(kind.parse().expect(kind), "production".parse().expect("an environment"))
}

fn starts(calendar: &Calendar, kind: &str, from: &str, n: usize) -> Vec<String> {
    let openings = calendar.openings(&voyage(kind), utc(from), n);
    openings.iter().map(|o| o.starts.format("%a %m-%d %H:%M").to_string()).collect()
}

#[test]
fn every_bundled_calendar_gives_rules_and_none_is_lost() {
    let expected = [("orca", 3), ("mesh-os", 0), ("octoacme", 1), ("sarvanom", 3), ("agentmesh", 0)];
    for (name, rules) in expected {
        let playbook = bundled(name);
        let with_dates = &playbook.calendar;
        let parts = with_dates.trains.len() + with_dates.holidays.len() + with_dates.maintenance.len();
        assert_eq!(playbook.calendar_rules().len(), rules, "{name}");
        assert_eq!(rules, parts + usize::from(with_dates.notice.is_some()), "{name}");
        assert_eq!(calendar(name).rules().count(), rules, "{name}");
    }
    assert_eq!(BUNDLED.len(), expected.len());
}

#[test]
fn orca_leaves_on_fridays_at_noon_for_two_hours_with_the_code_frozen_since_thursday_evening() {
    let orca = calendar("orca");
    let found = starts(&orca, "minor", "2026-12-07 00:00", 4);
    // Christmas and New Year fall on Fridays.
    assert_eq!(found, ["Fri 12-11 12:00", "Fri 12-18 12:00", "Fri 01-08 12:00", "Fri 01-15 12:00"]);
    assert_eq!(orca.openings(&voyage("major"), utc("2026-12-07 00:00"), 1)[0].ends, Some(utc("2026-12-11 14:00")));
    let freeze = orca.code_freeze_at(&voyage("minor"), utc("2026-12-10 18:00")).expect("a freeze");
    assert_eq!((freeze.starts, freeze.ends), (utc("2026-12-10 18:00"), utc("2026-12-11 12:00")));
    let late = voyage("minor").ready(utc("2026-12-10 18:01"));
    assert_eq!(orca.next_opening(&late, utc("2026-12-10 18:01")), Some(utc("2026-12-18 12:00")));
}

#[test]
fn orca_stops_two_days_before_major_holidays_even_for_types_of_any_day() {
    let orca = calendar("orca");
    for kind in ["patch", "hotfix"] {
        assert!(orca.state_at(&voyage(kind), utc("2026-12-07 03:00")).is_open(), "{kind}: any day");
        assert!(orca.state_at(&voyage(kind), utc("2026-12-22 23:59")).is_open(), "{kind}");
        let State::Closed { by, until } = orca.state_at(&voyage(kind), utc("2026-12-23 00:00")) else {
            panic!("{kind} is open before Christmas")
        };
        assert_eq!((by[0].kind, by[0].why), (Kind::Holiday, Why::DaysBefore));
        assert_eq!(until, Some(utc("2026-12-26 00:00")));
    }
}

#[test]
fn octoacme_waits_48_hours_for_its_planned_types_and_holds_back_no_other() {
    let octoacme = calendar("octoacme");
    let told = |kind: &str| voyage(kind).told(utc("2026-11-03 15:20"));
    for kind in ["minor", "major"] {
        let opens = octoacme.next_opening(&told(kind), utc("2026-11-03 16:00"));
        assert_eq!(opens, Some(utc("2026-11-05 15:20")), "{kind}");
    }
    for kind in ["patch", "hotfix"] {
        assert!(octoacme.state_at(&told(kind), utc("2026-11-03 16:00")).is_open(), "{kind}");
    }
}

#[test]
fn sarvanom_leaves_on_its_tuesdays_and_keeps_maintenance_on_sunday_nights() {
    let sarvanom = calendar("sarvanom");
    let feature = starts(&sarvanom, "feature", "2027-01-01 00:00", 3);
    assert_eq!(feature, ["Tue 01-05 00:00", "Tue 01-19 00:00", "Tue 02-02 00:00"]);
    let major = starts(&sarvanom, "major", "2027-01-01 00:00", 3);
    // Every 6 weeks from 2026-01-13.
    assert_eq!(major, ["Tue 01-26 00:00", "Tue 03-09 00:00", "Tue 04-20 00:00"]);
    let hotfix = voyage("hotfix");
    assert!(sarvanom.state_at(&hotfix, utc("2027-01-07 23:00")).is_open(), "any day");
    // Every 4 weeks from 2026-01-04.
    assert_eq!(sarvanom.next_opening(&hotfix, utc("2027-01-31 02:00")), Some(utc("2027-01-31 04:00")));
    assert!(sarvanom.state_at(&hotfix, utc("2027-01-24 02:00")).is_open());
}

#[test]
fn rules_concern_the_environments_of_the_calendar_gate() {
    for (name, _) in BUNDLED {
        for rule in bundled(name).calendar_rules() {
            let envs: Vec<&str> = rule.scope().envs().iter().map(crate::slug::EnvName::as_str).collect();
            assert_eq!(envs, ["production"], "{name}: {}", rule.id());
        }
    }
}

#[test]
fn long_blackouts_odd_names_and_late_cut_offs_all_make_rules() {
    let with = |calendar: &str| {
        let whole = format!("{}\n{calendar}", text("mesh-os"));
        let playbook = parse(&whole).unwrap_or_else(|faults| panic!("{faults:?}"));
        let rules = playbook.calendar_rules();
        Calendar::new(rules).unwrap_or_else(|refusals| panic!("{refusals:?}"))
    };
    let long = with(
        "[[calendar.blackout]]\nid = \"pause\"\ntitle = \"Pause\"\ncause = \"one_off\"\nfrom = 2027-01-01\nto = 2029-01-01",
    );
    let closed = voyage("minor");
    assert!(!long.state_at(&closed, utc("2028-02-05 00:00")).is_open());
    assert_eq!(long.next_opening(&closed, utc("2027-01-01 00:00")), Some(utc("2029-01-02 00:00")));

    let holidays = with(
        "[[calendar.holiday]]\ntitle = \"Fête – é\"\non = \"02-29\"\nmajor = true\n[[calendar.holiday]]\ntitle = \"Fête – ü\"\ndate = 2027-03-01",
    );
    let ids: Vec<String> = holidays.rules().map(|rule| rule.id().to_string()).collect();
    assert_eq!(ids.len(), 2);
    assert_ne!(ids[0], ids[1]);
    assert!(holidays.rules().all(|rule| !rule.closes()), "no blackout speaks of holidays here");

    let train = with(
        "[[calendar.train]]\nid = \"late\"\ntitle = \"Late\"\nevery = \"3 weeks\"\nday = \"monday\"\ntime = \"09:00\"\nanchor = 2027-01-04\n\
         cut_off = [{ id = \"code\", title = \"Code\", kind = \"freeze\", at = { day = \"monday\", time = \"10:00\" } }]",
    );
    let rule = train.rules().next().expect("a train");
    assert_eq!(rule.cut_off().map(|c| c.days_before), Some(7), "the Monday before");
    assert_eq!(starts(&train, "minor", "2027-01-01 00:00", 2), ["Mon 01-04 09:00", "Mon 01-25 09:00"]);
    assert_eq!(starts(&train, "minor", "2026-12-01 00:00", 1), ["Mon 12-14 09:00"], "counted backwards as well");
}
