//! Checklists: how their items stand, who ticks them, when they are due.

use super::stage::{Stage, author, done, manager, qa, sent, somebody, traits};
use crate::{
    Class,
    gate::{Act, ItemState, due_at},
    playbook::{Checklist, Condition, Due, Item, Needs, Proof, TimeOfDay, Verified, WeeklyTime},
    release::{Command, Mark, Report},
};
use chrono::TimeDelta;

const LIST: &str = "list";

fn item(id: &str) -> Item {
    Item {
        id: id.parse().expect("an id"),
        text: format!("Do {id}"),
        group: None,
        parts: vec![],
        role: None,
        when: None,
        verified_by: None,
        proof: None,
        budget: None,
        due: None,
        command: None,
        message: None,
        tool: None,
    }
}

fn listed(items: Vec<Item>) -> Stage {
    let mut stage = Stage::asking(Needs::Checklist(LIST.parse().expect("an id")));
    let first = stage.playbook.checklists[0].clone();
    let list = Checklist { id: LIST.parse().expect("an id"), types: vec![], due: None, items, ..first };
    stage.playbook.checklists = vec![list];
    stage
}

impl Stage {
    /// The gate and the list say the same of what is open.
    #[track_caller]
    fn agrees(&self) {
        let open = self.lists().first().map_or(0, crate::gate::ListStatus::open);
        assert_eq!(self.gate().state == crate::gate::State::Met, open == 0);
    }
}

fn state(stage: &Stage, id: &str) -> (ItemState, Option<String>, bool) {
    stage.agrees();
    let lists = stage.lists();
    let found = lists[0].items.iter().find(|i| i.id.as_str() == id).expect("an item");
    (found.state, found.reason.clone(), found.watched)
}

#[test]
fn a_list_is_complete_when_everything_is_done_or_not_applicable() {
    let mut stage = listed(vec![item("one"), item("two"), item("three")]);
    stage.unmet("0 of 3 done; open: Do one and 2 others.");
    assert_eq!(stage.gate().act, Act::Tick { list: LIST.parse().expect("an id") });
    stage.marks(LIST, "one", done(None)).expect("ticked");
    stage.unmet("1 of 3 done; open: Do two and one other.");
    stage.marks(LIST, "two", Mark::NotApplicable { reason: "No users yet.".to_owned() }).expect("set aside");
    stage.unmet("2 of 3 done; open: Do three.");
    stage.marks(LIST, "three", done(Some("https://example.org"))).expect("ticked");
    stage.met("3 of 3 done or not applicable");
    let lists = stage.lists();
    assert!(lists[0].items.iter().all(|i| i.by == author().actor.person() && i.at == Some(stage.now)));
    assert_eq!(lists[0].items[1].reason.as_deref(), Some("No users yet."));
    assert_eq!(lists[0].items[2].evidence.as_deref(), Some("https://example.org"));
    stage.marks(LIST, "two", Mark::Open).expect("opened again");
    stage.unmet("2 of 3 done; open: Do two.");
    let events = stage.release.events;
    stage.marks(LIST, "two", Mark::Open).expect("nothing to do");
    stage.marks(LIST, "one", done(None)).expect("nothing to do");
    assert_eq!(stage.release.events, events);
}

#[test]
fn a_list_of_other_types_does_not_concern_it() {
    let mut stage = listed(vec![item("one")]);
    stage.playbook.checklists[0].types = vec!["hotfix".parse().expect("a type")];
    stage.met("does not concern releases of this type");
    assert!(stage.lists().is_empty());
    let refusal = stage.marks(LIST, "one", done(None)).expect_err("not theirs");
    assert_eq!(refusal.field.as_deref(), Some("list"));
}

#[test]
fn not_applicable_needs_a_reason_and_proof_must_be_there() {
    let proving = |id: &str, proof| Item { proof: Some(proof), ..item(id) };
    let mut stage =
        listed(vec![proving("link", Proof::Link), proving("note", Proof::Note), proving("upload", Proof::Upload)]);
    let refusal = stage.marks(LIST, "link", Mark::NotApplicable { reason: "  ".to_owned() }).expect_err("no reason");
    assert_eq!((refusal.class, refusal.field.as_deref()), (Class::Invalid, Some("reason")));
    for id in ["link", "note", "upload"] {
        for nothing in [None, Some(" ")] {
            let refusal = stage.marks(LIST, id, done(nothing)).expect_err("no evidence");
            assert_eq!(refusal.field.as_deref(), Some("evidence"), "{id}");
        }
    }
    assert_eq!(
        stage.marks(LIST, "link", done(Some("my desk"))).expect_err("no link").field.as_deref(),
        Some("evidence")
    );
    let long = "x".repeat(2_001);
    assert_eq!(stage.marks(LIST, "note", done(Some(&long))).expect_err("too long").field.as_deref(), Some("evidence"));
    stage.marks(LIST, "link", done(Some("https://example.org/run"))).expect("a link");
    stage.marks(LIST, "note", done(Some("By hand."))).expect("a note");
    stage.marks(LIST, "upload", Mark::NotApplicable { reason: "Nothing to show.".to_owned() }).expect("a reason");
    stage.met("3 of 3");
}

#[test]
fn unknown_lists_and_items_are_answered_with_the_known() {
    let mut stage = listed(vec![item("one")]);
    let refusal = stage.marks("nothing", "one", done(None)).expect_err("no list");
    assert_eq!((refusal.field.as_deref(), refusal.allowed.as_deref()), (Some("list"), Some("one of list")));
    let refusal = stage.marks(LIST, "nothing", done(None)).expect_err("no item");
    assert_eq!((refusal.field.as_deref(), refusal.allowed.as_deref()), (Some("item"), Some("one of one")));
    let mark =
        Command::Mark { list: LIST.parse().expect("an id"), item: "one".parse().expect("an id"), mark: done(None) };
    let refusal = stage.take(mark, &somebody(9, &["leadership"])).expect_err("may not tick");
    assert_eq!(refusal.class, Class::Forbidden);
}

#[test]
fn what_the_system_sees_it_ticks_itself_and_nobody_else() {
    let told = Item {
        verified_by: Some(Verified::MessageSent),
        message: Some("freeze".parse().expect("a message")),
        ..item("told")
    };
    let planned = Item { verified_by: Some(Verified::WindowSet), ..item("planned") };
    let blind = Item { verified_by: Some(Verified::NotesPublished), ..item("blind") };
    let mut stage = listed(vec![told, planned, blind]);
    assert!(matches!(state(&stage, "told"), (ItemState::Open, Some(why), true) if why.contains("Not sent yet")));
    let refusal = stage.marks(LIST, "told", done(None)).expect_err("watched");
    assert_eq!(refusal.class, Class::Conflict);
    assert!(refusal.detail.contains("Not sent yet"), "{}", refusal.detail);
    stage.must(sent("freeze"), &author());
    assert_eq!(state(&stage, "told"), (ItemState::Done, Some("Sent.".to_owned()), true));
    assert!(matches!(state(&stage, "planned"), (ItemState::Open, Some(_), true)));
    stage.must(Command::Plan { at: Some(stage.now + TimeDelta::hours(30)) }, &author());
    assert!(matches!(state(&stage, "planned"), (ItemState::Done, Some(how), true) if how.contains("21 November 2026")));
    // Where the system cannot look a person ticks.
    assert_eq!(state(&stage, "blind"), (ItemState::Open, None, false));
    stage.marks(LIST, "blind", done(None)).expect("ticked");
    stage.met("3 of 3");
    // What it watches can still not apply, with a reason.
    stage.must(Command::Plan { at: None }, &author());
    stage.unmet("2 of 3");
    stage.marks(LIST, "planned", Mark::NotApplicable { reason: "Goes at once.".to_owned() }).expect("a reason");
    stage.met("3 of 3");
}

#[test]
fn a_tick_from_before_does_not_hide_what_is_seen_now() {
    let watched = Item { verified_by: Some(Verified::BackupTaken), ..item("backup") };
    let mut stage = listed(vec![watched]);
    stage.reported(Report::Backup { note: "Taken.".to_owned() });
    stage.marks(LIST, "backup", done(None)).expect("it is done, whoever says so");
    stage.release.reports.clear();
    stage.unmet("0 of 1");
}

#[test]
fn items_under_a_condition() {
    let guide = Item { when: Some(Condition::BreakingChange), ..item("guide") };
    let maybe = Item { when: Some(Condition::IfApplicable), ..item("maybe") };
    let mut stage = listed(vec![guide, maybe]);
    stage.unmet("0 of 2");
    stage.must(traits(&[(Condition::BreakingChange, false)]), &author());
    assert!(matches!(state(&stage, "guide"), (ItemState::NotApplicable, Some(_), true)));
    stage.unmet("1 of 2 done; open: Do maybe.");
    stage.marks(LIST, "maybe", Mark::NotApplicable { reason: "No API.".to_owned() }).expect("a reason");
    stage.met("2 of 2");
    stage.must(traits(&[(Condition::BreakingChange, true)]), &author());
    stage.unmet("1 of 2 done; open: Do guide.");
}

#[test]
fn the_role_of_an_item_is_its_own_or_the_lists() {
    let own = Item { role: Some(super::stage::role("qa_engineer")), ..item("own") };
    let stage = listed(vec![own, item("theirs")]);
    let lists = stage.lists();
    let of_list = stage.playbook.checklists[0].role.clone();
    assert_eq!([&lists[0].items[0].role, &lists[0].items[1].role], [&super::stage::role("qa_engineer"), &of_list]);
    assert_eq!(lists[0].open(), 2);
    // Anyone who ticks may tick: the role says whose it is, not who else may help.
    let mut stage = stage;
    for who in [qa(), manager()] {
        let mark = Command::Mark {
            list: LIST.parse().expect("an id"),
            item: "theirs".parse().expect("an id"),
            mark: done(Some(&format!("{:?}", who.actor))),
        };
        stage.must(mark, &who);
    }
}

#[test]
fn due_times_are_reckoned_from_the_plan() {
    let mut stage = listed(vec![item("one")]);
    let span = |text: &str| text.parse().expect("a span");
    let weekly = |day: &str, time| {
        let day = serde_json::from_value(serde_json::json!(day)).expect("a day");
        Due::Weekly(WeeklyTime { day, time })
    };
    let noon = TimeOfDay::At("12:00:00".parse().expect("a time"));
    let cases = [
        (Due::Before(span("24 h")), "2026-11-26T09:00:00Z"),
        (Due::Within(span("30 min")), "2026-11-27T09:30:00Z"),
        (Due::After(span("1 week")), "2026-12-04T09:00:00Z"),
        (Due::Between(crate::playbook::SpanRange { from: span("24 h"), to: span("48 h") }), "2026-11-29T09:00:00Z"),
        (Due::AtOnce, "2026-11-27T09:00:00Z"),
        (weekly("thursday", noon), "2026-11-26T12:00:00Z"),
        (weekly("sunday", noon), "2026-11-29T12:00:00Z"),
        (weekly("monday", TimeOfDay::EndOfDay), "2026-11-23T23:59:00Z"),
    ];
    let due = |stage: &Stage, due: &Due| due_at(due, &stage.release, &stage.playbook);
    stage.playbook.calendar.end_of_day = None;
    assert!(cases.iter().all(|(d, _)| due(&stage, d).is_none()), "nothing is planned");
    // A Friday.
    let planned = "2026-11-27T09:00:00Z".parse().expect("a time");
    stage.must(Command::Plan { at: Some(planned) }, &author());
    for (d, expected) in &cases {
        assert_eq!(due(&stage, d), Some(expected.parse().expect("a time")), "{d:?}");
    }
    stage.playbook.calendar.end_of_day = Some(TimeOfDay::At("18:00:00".parse().expect("a time")));
    let evening = due(&stage, &weekly("monday", TimeOfDay::EndOfDay));
    assert_eq!(evening, Some("2026-11-23T18:00:00Z".parse().expect("a time")));
    stage.playbook.checklists[0].due = Some(Due::AtOnce);
    assert_eq!(stage.lists()[0].due, Some(planned));
}
