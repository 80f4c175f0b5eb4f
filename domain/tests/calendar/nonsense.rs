//! Nonsense is refused with field, found and allowed, and nothing panics, whatever is asked.

use crate::random_rules::{Dice, WEEK};
use crate::written::{calendar, utc, voyage};
use chrono::{DateTime, NaiveDate};
use domain::Timestamp;
use domain::calendar::{
    Calendar, CutOff, Feed, Kind, Length, Minutes, Moment, Period, Repeats, Roster, Rotation, Rrule, Rule, RuleDraft,
    Schedule, ZoneName,
};

/// A sound rule with one part replaced; what is said about it.
fn said(from: &str, to: &str) -> (String, String) {
    let sound = r#"{"id":"x","kind":"train","title":"X","starts":"2027-01-08","at":"12:00","zone":"UTC","lasts":"2h","rrule":"FREQ=WEEKLY"}"#;
    assert!(serde_json::from_str::<Rule>(sound).is_ok());
    let json = sound.replace(from, to);
    assert_ne!(json, sound);
    let refusals = match serde_json::from_str::<RuleDraft>(&json) {
        Err(error) => return (String::new(), error.to_string()),
        Ok(draft) => draft.check().and_then(|rule| Calendar::new([rule])).expect_err(&json),
    };
    assert!(refusals.iter().all(|r| r.field.is_some() && r.found.is_some() && r.allowed.is_some()), "{refusals:?}");
    (refusals[0].field.clone().unwrap_or_default(), refusals[0].detail.clone())
}

#[test]
fn each_piece_of_nonsense_names_its_field() {
    for (from, to, field, detail) in [
        ("\"2h\"", "\"0h\"", "lasts", "“0h”"),
        ("\"2h\"", "\"0m\"", "lasts", "1 minute to 400 days"),
        ("\"2h\"", "\"0d\"", "lasts", "“0d”"),
        ("\"2h\"", "\"401d\"", "lasts", "“401d”"),
        ("\"2h\"", "\"-1h\"", "lasts", "“-1h”"),
        ("\"2h\"", "\"\"", "lasts", "“”"),
        ("\"2h\"", "\"h\"", "lasts", "“h”"),
        ("\"lasts\":\"2h\"", "\"ends_at\":\"12:00\",\"ends_after_days\":0", "ends_at", "12:00 on the same day"),
        ("\"lasts\":\"2h\"", "\"ends_at\":\"12:00\",\"ends_after_days\":401", "ends_after_days", "401"),
        ("\"lasts\":\"2h\",", "", "lasts", "nothing"),
        ("\"lasts\"", "\"ends_at\":\"13:00\",\"lasts\"", "ends_at", "one of the two"),
        ("2027-01-08", "0001-01-01", "starts", "1970 to 2199"),
        ("2027-01-08", "9999-12-31", "starts", "1970 to 2199"),
        ("\"zone\":\"UTC\",", "", "zone", "nothing"),
        ("\"at\":\"12:00\",", "", "at", "nothing"),
        ("\"title\":\"X\"", "\"title\":\" \"", "title", "nothing"),
        ("\"UTC\"", "\"Europe/Londn\"", "x.zone", "“Europe/Londn”"),
        ("\"UTC\"", "\"europe/london\"", "x.zone", "did you mean “Europe/London”?"),
        ("\"UTC\"", "\"Germany/Berlin\"", "x.zone", "did you mean “Europe/Berlin”?"),
        ("FREQ=WEEKLY", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "x.rrule", "happens at least once"),
        ("FREQ=WEEKLY", "FREQ=DAILY;UNTIL=20200101", "x.rrule", "happens at least once"),
        ("FREQ=WEEKLY\"", "FREQ=DAILY;COUNT=1\",\"except_dates\":[\"2027-01-08\"]", "x.rrule", "happens at least once"),
        ("\"train\"", "\"holiday\",\"days_before\":61", "days_before", "61 days before"),
        ("\"train\"", "\"freeze\",\"days_before\":2", "days_before", "only with kind “holiday”"),
        ("\"train\"", "\"train\",\"hours\":48", "hours", "only with kind “notice”"),
        ("\"train\"", "\"train\",\"closes\":true", "closes", "only with a window"),
        (
            "\"train\"",
            "\"freeze\",\"cut_off\":{\"days_before\":1,\"at\":\"18:00\"}",
            "cut_off",
            "only with kind “train”",
        ),
        ("\"train\"", "\"train\",\"cut_off\":{\"days_before\":0,\"at\":\"12:00\"}", "cut_off", "a time before 12:00"),
        ("\"train\"", "\"notice\"", "starts", "a notice has no schedule"),
        ("\"rrule\"", "\"weekday\":\"Fri\",\"rrule\"", "rrule", "one of the two"),
        ("\"rrule\":\"FREQ=WEEKLY\"", "\"every_weeks\":2", "weekday", "nothing"),
        ("\"rrule\":\"FREQ=WEEKLY\"", "\"weekday\":\"Fri\",\"every_weeks\":0", "every_weeks", "INTERVAL"),
        ("\"rrule\"", "\"types\":[\"a\"],\"except_types\":[\"b\"],\"rrule\"", "except_types", "one of the two"),
        ("\"12:00\"", "\"24:00\"", "", "“24:00”"),
        ("\"12:00\"", "\"9:00\"", "", "“9:00”"),
        ("\"UTC\"", "\"../etc\"", "", "“../etc”"),
        ("FREQ=WEEKLY", "FREQ=HOURLY", "", "DAILY, WEEKLY, MONTHLY or YEARLY"),
        ("FREQ=WEEKLY", "FREQ=WEEKLY;BYSETPOS=1", "", "“BYSETPOS”"),
        ("FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=0", "", "INTERVAL=0"),
        ("FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=1MO", "", "without a number"),
        ("FREQ=WEEKLY", "FREQ=MONTHLY;BYDAY=0MO", "", "BYDAY=0"),
        ("FREQ=WEEKLY", "FREQ=MONTHLY;BYDAY=6MO", "", "BYDAY=6"),
        ("FREQ=WEEKLY", "FREQ=MONTHLY;BYMONTHDAY=-128", "", "“-128”"),
        ("FREQ=WEEKLY", "FREQ=YEARLY;BYMONTH=13", "", "“13”"),
        ("FREQ=WEEKLY", "FREQ=DAILY;COUNT=0", "", "COUNT of 1"),
        ("FREQ=WEEKLY", "FREQ=DAILY;COUNT=1;UNTIL=20280101", "", "one of the two"),
        ("FREQ=WEEKLY", "FREQ=DAILY;FREQ=WEEKLY", "", "at most once"),
    ] {
        let (found, told) = said(from, to);
        assert_eq!(found, field, "{to}: {told}");
        assert!(told.contains(detail), "{to}: {told}");
    }
}

#[test]
fn all_refusals_come_at_once_and_ids_differ() {
    let draft = r#"{"id":"x","kind":"freeze","title":"","starts":"2027-01-08","lasts":"0h","hours":3}"#;
    let refusals = serde_json::from_str::<RuleDraft>(draft).expect("a draft").check().expect_err("nonsense");
    let fields: Vec<_> = refusals.iter().filter_map(|r| r.field.as_deref()).collect();
    assert_eq!(fields, ["hours", "title", "zone", "lasts"]);
    let rule: Rule = serde_json::from_str(r#"{"id":"x","kind":"notice","title":"X","hours":48}"#).expect("a rule");
    let twice = Calendar::new([rule.clone(), rule]).expect_err("the same id");
    assert_eq!(twice[0].field.as_deref(), Some("x.id"));
}

#[test]
fn periods_are_bounded() {
    let from = utc("2027-01-01 00:00");
    for to in [from, from - chrono::Duration::days(1), from + chrono::Duration::days(1831), Timestamp::MAX_UTC] {
        assert_eq!(Period::new(from, to).expect_err("refused").field.as_deref(), Some("to"));
    }
    assert_eq!(Period::new(Timestamp::MIN_UTC, from).expect_err("refused").field.as_deref(), Some("from"));
}

#[test]
fn a_rule_survives_being_written_and_read() {
    let mut dice = Dice(3);
    for _ in 0..2000 {
        let Ok(rule) = random_draft(&mut dice).check() else { continue };
        let json = serde_json::to_string(&rule).expect("json");
        assert_eq!(serde_json::from_str::<Rule>(&json).expect(&json), rule, "{json}");
    }
}

/// Any date of the years 1 to 9999, rather often a sensible one.
fn any_date(dice: &mut Dice) -> NaiveDate {
    let year = if dice.one_in(3) { dice.between(1, 9999) } else { dice.between(1970, 2199) };
    let year = i32::try_from(year).expect("year");
    NaiveDate::from_yo_opt(year, u32::try_from(dice.between(1, 365)).expect("day")).expect("date")
}

fn any_instant(dice: &mut Dice) -> Timestamp {
    match dice.between(1, 12) {
        1 => Timestamp::MAX_UTC,
        2 => Timestamp::MIN_UTC,
        3 => DateTime::from_timestamp(253_402_300_799, 999_999_999).expect("the last instant of 9999"),
        4 => DateTime::from_timestamp(-62_135_596_800, 0).expect("the first instant of year 1"),
        _ => {
            any_date(dice).and_hms_opt(0, 0, 0).expect("midnight").and_utc()
                + chrono::Duration::minutes(dice.between(0, 1439))
        }
    }
}

const ZONES: [&str; 8] = [
    "UTC",
    "Europe/London",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Africa/Monrovia",
    "No/Where",
];
const TEXTS: [&str; 12] = [
    "FREQ=DAILY",
    "FREQ=WEEKLY;BYDAY=MO,FR",
    "FREQ=MONTHLY;BYDAY=-1SU",
    "FREQ=YEARLY",
    "FREQ=YEARLY;BYDAY=53MO;INTERVAL=1000",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;COUNT=10000",
    "FREQ=MONTHLY;BYMONTHDAY=-31",
    "FREQ=DAILY;UNTIL=00010101",
    "FREQ=DAILY;UNTIL=99991231T235959Z",
    "FREQ=WEEKLY;INTERVAL=1000;WKST=SU",
    "FREQ=DAILY;COUNT=1",
    "FREQ=MONTHLY;INTERVAL=7;BYDAY=5FR",
];

fn random_draft(dice: &mut Dice) -> RuleDraft {
    let mut draft = RuleDraft::new("x".parse().expect("id"), dice.pick(&Kind::ALL), "X");
    let few = |dice: &mut Dice| u16::try_from(dice.pick(&[0, 1, 2, 5, 60, 61, 400, 401, 65535])).expect("small");
    let clock =
        |dice: &mut Dice| format!("{:02}:{:02}", dice.between(0, 23), dice.between(0, 59)).parse().expect("clock");
    let most = |dice: &mut Dice| !dice.one_in(12);
    draft.starts = most(dice).then(|| any_date(dice));
    draft.at = most(dice).then(|| clock(dice));
    draft.zone = most(dice).then(|| dice.pick(&ZONES).parse().expect("zone"));
    draft.lasts = dice
        .one_in(2)
        .then(|| dice.pick(&["1m", "2h", "1d", "400d", "9600h", "0h", "999999h", "x", "é", "1h1m", "24h"]).to_owned());
    draft.ends_at = (draft.lasts.is_none()).then(|| clock(dice));
    draft.ends_after_days = (draft.ends_at.is_some() && dice.one_in(2)).then(|| few(dice));
    draft.rrule = dice.one_in(2).then(|| dice.pick(&TEXTS).parse().expect("rrule"));
    if draft.rrule.is_none() && dice.one_in(2) {
        draft.weekday = Some(dice.pick(&WEEK));
        draft.every_weeks = Some(few(dice));
    }
    draft.cut_off =
        (draft.kind == Kind::Train && dice.one_in(2)).then(|| CutOff { days_before: few(dice), at: clock(dice) });
    draft.days_before = (draft.kind == Kind::Holiday).then(|| few(dice));
    if draft.kind == Kind::Notice {
        draft = RuleDraft::new("x".parse().expect("id"), Kind::Notice, "X");
        draft.hours = Some(few(dice));
    }
    draft
}

#[test]
fn nothing_panics_whatever_the_rules_and_whenever_the_question() {
    let mut dice = Dice(11);
    let mut calendars = 0;
    for _ in 0..3000 {
        let Ok(rule) = random_draft(&mut dice).check() else { continue };
        let Ok(calendar) = Calendar::new([rule.clone()]) else { continue };
        calendars += 1;
        let asked = voyage("minor").ready(any_instant(&mut dice)).told(any_instant(&mut dice));
        let at = any_instant(&mut dice);
        drop((calendar.state_at(&asked, at), calendar.frozen_at(&asked, at), calendar.code_freeze_at(&asked, at)));
        let openings = calendar.openings(&asked, at, usize::MAX);
        assert!(openings.len() <= 100);
        let departure = calendar.departure(&asked, at);
        for moment in ["freeze", "T-9600h", "T+400h", "D-400", "D+400 00:00", "W+57"] {
            let _ = departure.due(moment.parse().expect(moment)).expect("a zone");
        }
        let _ = calendar.simulate(rule, &asked, at, 10);
        if let Ok(period) = Period::new(at, any_instant(&mut dice)) {
            drop((calendar.occurrences(&period), calendar.conflicts(&period), calendar.open_during(&asked, &period)));
        }
    }
    assert!(calendars > 500, "only {calendars} sound calendars");
}

#[test]
fn nothing_panics_on_any_text() {
    let mut dice = Dice(5);
    let pieces = [
        "FREQ=",
        "DAILY",
        "WEEKLY",
        ";",
        "INTERVAL=",
        "BYDAY=",
        "-",
        "+",
        "1",
        "99999999999",
        "MO",
        ",",
        "é",
        "UNTIL=",
        "20270230",
        "T",
        "Z",
        "h",
        "m",
        "d",
        "D",
        "W",
        "..",
        " ",
        "12:00",
        ":",
        "\u{0}",
        "🚂",
        "COUNT=",
        "=",
    ];
    for _ in 0..20_000 {
        let text: String = (0..dice.between(0, 9)).map(|_| dice.pick(&pieces)).collect();
        let at = "12:00".parse().expect("clock");
        drop((
            text.parse::<Rrule>(),
            text.parse::<Moment>(),
            text.parse::<ZoneName>(),
            Length::parse("lasts", &text, at),
        ));
        drop((text.parse::<domain::calendar::ClockTime>(), Feed::new(&text, &text)));
    }
}

#[test]
fn rotations_answer_at_any_time() {
    let json = r#"{"id":"x","members":["00000000-0000-0000-0000-000000000001"],"starts":"2199-12-01","every_weeks":52,"weekday":"Sun","at":"00:00","zone":"Pacific/Apia"}"#;
    let roster = Roster::new(serde_json::from_str::<Rotation>(json).expect("a rotation")).expect("a zone");
    let mut dice = Dice(1);
    for _ in 0..500 {
        let _ = roster.holder_at(any_instant(&mut dice));
    }
    let nowhere = serde_json::from_str::<Rotation>(&json.replace("Pacific/Apia", "No/Where")).expect("well-formed");
    assert_eq!(Roster::new(nowhere).expect_err("refused").field.as_deref(), Some("zone"));
}

#[test]
fn a_schedule_between_two_local_times_rounds_outwards() {
    let at = |text: &str| chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").expect(text);
    let between = |from: &str, to: &str| Schedule::between(at(from), at(to), ZoneName::utc());
    let schedule = between("2027-01-01 10:00:30", "2027-01-03 09:59:30").expect("a schedule");
    assert_eq!(
        (schedule.at().to_string(), schedule.lasts().to_string()),
        ("10:00".into(), "until 10:00, 2 days later".into())
    );
    assert!(between("2027-01-01 10:00:00", "2027-01-01 10:00:00").is_err());
    assert!(between("2027-01-01 10:00:00", "2029-01-01 10:00:00").is_err());
    assert!(between("0001-01-01 10:00:00", "0001-01-02 10:00:00").is_err());
    let forever = Schedule::new(
        "2027-01-01".parse().expect("date"),
        "10:00".parse().expect("clock"),
        ZoneName::utc(),
        Length::Elapsed(Minutes::new(1).expect("a minute")),
        Some(Repeats {
            rule: "FREQ=DAILY".parse().expect("rrule"),
            except: (0..401).map(|n| at("2027-01-01 00:00:00").date() + chrono::Duration::days(n)).collect(),
        }),
    );
    assert_eq!(forever.expect_err("refused").field.as_deref(), Some("except_dates"));
    assert!(Minutes::new(0).is_none() && Minutes::new(u32::MAX).is_none());
}

#[test]
fn a_calendar_holds_five_hundred_rules_and_no_more() {
    let rules = |n: usize| {
        let rule = |i| format!("[[calendar]]\nid = \"r{i}\"\nkind = \"notice\"\ntitle = \"R\"\nhours = 1\n");
        crate::written::rules(&(0..n).map(rule).collect::<String>())
    };
    assert!(Calendar::new(rules(500)).is_ok());
    assert_eq!(Calendar::new(rules(501)).expect_err("refused")[0].field.as_deref(), Some("rules"));
    assert!(calendar("calendar = []").next_opening(&voyage("minor"), utc("2027-01-01 00:00")).is_some());
}
