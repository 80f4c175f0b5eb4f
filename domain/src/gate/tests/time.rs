//! Gates that time opens: soak, notice, the calendar, vulnerability clocks.

use super::stage::{Stage, artifacts, author, env, manager, reports, sent, title};
use crate::{
    calendar::{Calendar, CutOff, Kind, RuleDraft},
    environment::{Event, Outcome},
    gate::{Act, State},
    playbook::{Audience, CalendarPart, Mend, Needs, Stayed, Vulnerability},
    release::{Command, Report, Verdict},
};
use chrono::TimeDelta;

fn stayed(soak: Option<&str>) -> Needs {
    let soak = soak.map(|text| text.parse().expect("a span"));
    Needs::DeployedIn(Stayed { environment: env("staging"), soak })
}

fn utc(text: &str) -> crate::Timestamp {
    text.parse().expect("a time")
}

#[test]
fn it_must_have_been_deployed_in_the_other_environment() {
    let mut stage = Stage::asking(stayed(None));
    stage.unmet("It has not been deployed to staging");
    assert_eq!(stage.gate().act, Act::Deploy { env: env("staging") });
    stage.runs_in("staging", "9.9.9", Outcome::Succeeded);
    stage.unmet("It has not been deployed");
    let version = stage.release.id.version.to_string();
    stage.runs_in("staging", &version, Outcome::Failed);
    stage.unmet("The last deployment of it to staging failed");
    stage.runs_in("staging", &version, Outcome::Succeeded);
    stage.met("It ran in staging");
    stage.pass(TimeDelta::hours(1));
    stage.runs_in("staging", &version, Outcome::Failed);
    stage.unmet("failed");
    // Somebody repaired it by hand and says so.
    stage.pass(TimeDelta::hours(1));
    stage.happens_in("staging", &Event::Adopted { version: "9.9.9".parse().expect("a version") });
    stage.pass(TimeDelta::hours(1));
    stage.happens_in("staging", &Event::Adopted { version: stage.release.id.version.clone() });
    stage.met("It ran in staging");
}

#[test]
fn it_must_have_run_there_long_enough() {
    let mut stage = Stage::asking(stayed(Some("24 h")));
    let version = stage.release.id.version.to_string();
    stage.runs_in("staging", &version, Outcome::Succeeded);
    stage.unmet("for less than 24 h so far");
    let status = stage.gate();
    assert_eq!((status.act, status.next_opening), (Act::Wait, Some(stage.now + TimeDelta::hours(24))));
    stage.pass(TimeDelta::hours(24) - TimeDelta::nanoseconds(1));
    stage.unmet("for less than 24 h");
    stage.pass(TimeDelta::nanoseconds(1));
    stage.met("for 24 h or longer");
    // Replaced afterwards, it has still been there.
    stage.runs_in("staging", "9.9.9", Outcome::Succeeded);
    stage.met("for 24 h or longer");
    let mut stage = Stage::asking(stayed(Some("24 h")));
    stage.runs_in("staging", &version, Outcome::Succeeded);
    stage.pass(TimeDelta::hours(23));
    stage.runs_in("staging", "9.9.9", Outcome::Succeeded);
    stage.pass(TimeDelta::hours(23));
    stage.unmet("It was replaced in staging before it had run there for 24 h");
    assert_eq!(stage.gate().act, Act::Deploy { env: env("staging") });
}

fn noticed() -> Stage {
    let mut stage = Stage::asking(Needs::Notice("48 h".parse().expect("a span")));
    stage.playbook.messages[0].audience.push(Audience::Stakeholders);
    stage
}

#[test]
fn stakeholders_must_have_known_long_enough() {
    let mut stage = noticed();
    stage.unmet("Stakeholders have not been told; they need 48 h of notice");
    let first = stage.playbook.messages[0].id.clone();
    assert_eq!(stage.gate().act, Act::Send { message: first.clone() });
    stage.must(sent("deploying"), &author());
    stage.unmet("have not been told");
    stage.must(sent(first.as_str()), &author());
    stage.unmet("told less than 48 h ago");
    let opens = stage.now + TimeDelta::hours(48);
    assert_eq!(stage.gate().next_opening, Some(opens));
    stage.pass(TimeDelta::hours(20));
    stage.must(sent(first.as_str()), &author());
    assert_eq!(stage.gate().next_opening, Some(opens), "the first time counts");
    stage.now = opens;
    stage.met("have known for 48 h");
}

#[test]
fn what_tells_of_an_incident_is_no_notice() {
    let mut stage = noticed();
    stage.playbook.messages[0].moment = crate::playbook::Moment::Incident;
    stage.must(sent("freeze"), &author());
    stage.pass(TimeDelta::hours(100));
    stage.unmet("have not been told");
    stage.playbook.messages.clear();
    stage.unmet("have not been told");
    assert_eq!(stage.gate().act, Act::Wait, "there is nothing that could be sent");
}

#[test]
fn messages_are_sent_each_one() {
    let mut stage = Stage::asking(Needs::Communication(vec![
        "freeze".parse().expect("a message"),
        "deploying".parse().expect("a message"),
    ]));
    stage.unmet("Not sent yet: ");
    assert_eq!(stage.gate().act, Act::Send { message: "freeze".parse().expect("a message") });
    stage.must(sent("freeze"), &author());
    stage.unmet("Not sent yet: ");
    assert_eq!(stage.gate().proofs.len(), 1);
    stage.must(sent("deploying"), &author());
    stage.met("Sent.");
    let refusal = stage.take(sent("blog_post"), &author()).expect_err("of another type");
    assert_eq!(refusal.field.as_deref(), Some("message"));
    let silent = Command::Send { message: "freeze".parse().expect("id"), channel: None, text: " ".to_owned() };
    assert_eq!(stage.take(silent, &author()).expect_err("silent").field.as_deref(), Some("text"));
    let elsewhere = Some("pigeon".parse().expect("a channel"));
    let odd = Command::Send { message: "freeze".parse().expect("id"), channel: elsewhere, text: "x".to_owned() };
    assert_eq!(stage.take(odd, &author()).expect_err("no channel").field.as_deref(), Some("channel"));
}

fn closed(kind: Kind, change: impl FnOnce(&mut RuleDraft)) -> Calendar {
    let mut draft = RuleDraft::new("rule".parse().expect("an id"), kind, "The rule");
    draft.starts = Some("2026-11-20".parse().expect("a date"));
    draft.at = Some("09:00".parse().expect("a time"));
    draft.zone = Some("UTC".parse().expect("a zone"));
    draft.lasts = Some("3h".to_owned());
    change(&mut draft);
    Calendar::new([draft.check().expect("a rule")]).expect("a calendar")
}

#[test]
fn the_calendar_closes_by_the_parts_that_the_gate_names() {
    use CalendarPart::{Blackout, Freeze, Maintenance, Train};
    let kinds = [
        (Kind::Freeze, Freeze),
        (Kind::Blackout, Blackout),
        (Kind::CompanyEvent, Blackout),
        (Kind::Holiday, Blackout),
        (Kind::Maintenance, Maintenance),
    ];
    for (kind, part) in kinds {
        for other in [Train, Freeze, Blackout, Maintenance] {
            let mut stage = Stage::asking(Needs::Calendar(vec![other]));
            stage.met("open");
            stage.calendar = closed(kind, |_| {});
            if other == part {
                stage.unmet("Closed: The rule (nothing ships meanwhile)");
                let status = stage.gate();
                assert_eq!((status.act, status.next_opening), (Act::Wait, Some(utc("2026-11-20T12:00:00Z"))));
                stage.now = utc("2026-11-20T11:59:59Z");
                stage.unmet("Closed");
                stage.now = utc("2026-11-20T12:00:00Z");
            }
            stage.met("open");
        }
    }
}

#[test]
fn production_is_closed_even_where_no_gate_heeds_the_calendar() {
    let mut stage = Stage::asking(Needs::Backup);
    stage.calendar = closed(Kind::Blackout, |_| {});
    let status = stage.one("calendar");
    assert_eq!((status.state, status.next_opening), (State::Unmet, Some(utc("2026-11-20T12:00:00Z"))));
    assert!(stage.all("staging").is_empty());
}

#[test]
fn a_train_leaves_with_what_was_ready_before_its_cut_off() {
    let train = || {
        closed(Kind::Train, |draft| {
            draft.at = Some("12:00".parse().expect("a time"));
            draft.rrule = Some("FREQ=WEEKLY;BYDAY=FR".parse().expect("a rule"));
            draft.cut_off = Some(CutOff { days_before: 1, at: "18:00".parse().expect("a time") });
        })
    };
    let mut stage = Stage::asking(Needs::Calendar(vec![CalendarPart::Train]));
    stage.calendar = train();
    stage.now = utc("2026-11-19T10:00:00Z");
    stage.unmet("no train leaves now");
    assert_eq!(stage.gate().next_opening, Some(utc("2026-11-20T12:00:00Z")));
    stage.must(Command::RequestApproval, &author());
    stage.now = utc("2026-11-20T12:30:00Z");
    stage.met("open");
    stage.now = utc("2026-11-20T10:00:00Z");
    assert_eq!(stage.gate().next_opening, Some(utc("2026-11-20T12:00:00Z")), "ready before the cut-off");
    // What changes after the cut-off was not ready then.
    stage.must(title("Other words"), &author());
    assert_eq!(stage.gate().next_opening, Some(utc("2026-11-27T12:00:00Z")));
    stage.now = utc("2026-11-20T12:30:00Z");
    stage.unmet("its cut-off was missed");
    // The same for what nobody asked about, and for what was approved without being asked.
    let mut late = Stage::asking(Needs::Calendar(vec![CalendarPart::Train]));
    late.calendar = train();
    late.now = utc("2026-11-20T12:30:00Z");
    late.unmet("its cut-off was missed");
    late.now = utc("2026-11-19T10:00:00Z");
    late.must(late.decision("product_manager", None, Verdict::Approve), &manager());
    late.now = utc("2026-11-20T12:30:00Z");
    late.met("open");
}

#[test]
fn shared_answers_are_those_that_the_calendar_gives_to_each() {
    use crate::gate::{Almanac, Openings as _};
    let calendar = closed(Kind::Train, |draft| {
        draft.at = Some("12:00".parse().expect("a time"));
        draft.rrule = Some("FREQ=DAILY".parse().expect("a rule"));
        draft.lasts = Some("30h".to_owned());
        draft.cut_off = Some(CutOff { days_before: 2, at: "18:00".parse().expect("a time") });
    });
    let kind = "minor".parse().expect("a type");
    let now = utc("2026-11-25T15:00:00Z");
    let almanac = Almanac::new(&calendar);
    for quarters in -4 * 24 * 5..=8 {
        let ready = now + TimeDelta::minutes(15 * quarters);
        let voyage = crate::calendar::Voyage {
            kind: crate::slug::TypeId::clone(&kind),
            env: env("production"),
            ready_at: Some(ready),
            told_at: None,
        };
        let shared = almanac.at(&kind, &env("production"), &[CalendarPart::Train], Some(ready), now);
        assert_eq!(shared, calendar.state_at(&voyage, now), "ready at {ready}");
    }
}

fn clocks() -> Stage {
    let mut stage = Stage::asking(Needs::VulnerabilityClock);
    let band = |id: &str, from: &str, to: &str, mend, everywhere: Option<&str>| Vulnerability {
        id: id.parse().expect("an id"),
        from: from.parse().expect("a score"),
        to: to.parse().expect("a score"),
        mend,
        tell_security: None,
        fixed_everywhere: everywhere.map(|text| text.parse().expect("a span")),
        process: None,
        disclose_after: false,
        backlog: false,
    };
    stage.playbook.vulnerabilities = vec![
        band("critical", "9.0", "10.0", Mend::EmergencyPatch, Some("4 h")),
        band("high", "7.0", "8.9", Mend::PatchWithin("24 h".parse().expect("a span")), None),
        band("other", "0.0", "6.9", Mend::NextScheduled, None),
    ];
    stage
}

#[test]
fn vulnerability_clocks_run_by_the_bands_of_the_playbook() {
    let mut stage = clocks();
    stage.met("no vulnerability with a clock");
    let now = stage.now;
    let known = |id: &str, score: &str, hours| Report::Vulnerability {
        id: id.to_owned(),
        score: score.parse().expect("a score"),
        known_at: now - TimeDelta::hours(hours),
    };
    stage.reported(known("CVE-3", "5.0", 10_000));
    stage.met("next planned release");
    stage.reported(known("CVE-2", "8.9", 23));
    stage.met("CVE-2 is due by 20 November 11:00 UTC");
    stage.reported(known("CVE-1", "9.0", 3));
    stage.met("is due by 20 November 11:00 UTC");
    stage.pass(TimeDelta::hours(1));
    stage.unmet("ran out on 20 November 11:00 UTC");
    stage.pass(TimeDelta::hours(-1));
    stage.reported(known("CVE-1", "9.0", 4));
    stage.unmet("The clock of CVE-1 ran out");
    let future = Report::Vulnerability {
        id: "CVE-4".to_owned(),
        score: "9.9".parse().expect("a score"),
        known_at: now + TimeDelta::hours(1),
    };
    assert_eq!(stage.take(reports(future), &author()).expect_err("not yet").field.as_deref(), Some("known_at"));
}

#[test]
fn plans_are_for_a_time_to_come() {
    let mut stage = Stage::asking(Needs::Backup);
    for wrong in [stage.now - TimeDelta::seconds(1), stage.now + TimeDelta::days(3_000)] {
        let refusal = stage.take(Command::Plan { at: Some(wrong) }, &author()).expect_err("no time to plan for");
        assert_eq!(refusal.field.as_deref(), Some("at"));
    }
    stage.must(Command::Plan { at: Some(stage.now) }, &author());
    let events = stage.release.events;
    stage.must(Command::Plan { at: Some(stage.now) }, &author());
    assert_eq!(stage.release.events, events);
    stage.must(Command::Plan { at: None }, &author());
    assert_eq!(stage.release.planned, None);
    stage.must(artifacts('a'), &author());
}
