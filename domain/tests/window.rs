//! Given what is set in a calendar, when somebody changes it, then it is so, or they are told why not.

use domain::{
    Class, Refusal, Timestamp,
    access::{Actor, Authority, Permission},
    calendar::{Kind, Override, Rotation, Rule, RuleDraft},
    person::{PersonId, Reach},
    window::{Command, Event, MOST_RULES_SET, Windows, decide, evolve},
};
use uuid::Uuid;

fn at() -> Timestamp {
    Timestamp::from_timestamp_nanos(1_760_000_000_000_000_000)
}

fn by(permissions: &[Permission]) -> Authority {
    let mut by = Authority::none(Actor::System);
    by.permissions = permissions.iter().copied().collect();
    by
}

fn shop() -> Reach {
    Reach::Product("shop".parse().expect("a slug"))
}

fn freeze(id: &str, title: &str) -> Box<Rule> {
    let mut draft = RuleDraft::new(id.parse().expect("an id"), Kind::Freeze, title);
    draft.starts = Some("2027-03-22".parse().expect("a date"));
    draft.zone = Some("Europe/London".parse().expect("a zone"));
    draft.lasts = Some("5d".to_owned());
    Box::new(draft.check().expect("a rule"))
}

fn save(id: &str) -> Command {
    Command::SaveRule { rule: freeze(id, "Audit week"), reason: " The auditors come. ".to_owned() }
}

fn remove(id: &str, reason: &str) -> Command {
    Command::RemoveRule { rule: id.parse().expect("an id"), reason: reason.to_owned() }
}

fn decided(state: &Windows, reach: &Reach, command: Command, by: &Authority) -> Result<Vec<Event>, Refusal> {
    decide(state, reach, command, by, |_| Ok(()))
}

/// The state after a command that is accepted.
fn after(state: Windows, command: Command) -> Windows {
    let events = decided(&state, &shop(), command, &by(&[Permission::Promote])).expect("accepted");
    events.iter().fold(state, |state, event| evolve(state, event, Actor::System, at()).expect("sound"))
}

#[test]
fn a_rule_is_saved_changed_and_removed() {
    let state = after(Windows::default(), save("w-1"));
    let saved = &state.rules[&"w-1".parse().expect("an id")];
    assert_eq!((saved.reason.as_str(), saved.at, saved.by), ("The auditors come.", at(), Actor::System));
    // The same again is nothing new; another text takes its place.
    assert_eq!(decided(&state, &shop(), save("w-1"), &by(&[Permission::Promote])), Ok(vec![]));
    let change = Command::SaveRule { rule: freeze("w-1", "Audit fortnight"), reason: "It takes longer.".to_owned() };
    let state = after(state, change);
    assert_eq!(state.rules.len(), 1);
    let state = after(state, remove("w-1", "They left."));
    assert_eq!(state, Windows::default());
}

#[test]
fn who_promotes_or_administers_sets_rules_of_a_product_and_who_administers_everywhere() {
    let none = Windows::default();
    let class = |reach: &Reach, permission| {
        decided(&none, reach, save("w-1"), &by(&[Permission::View, permission])).err().map(|no| no.class)
    };
    for permission in Permission::ALL {
        let may = matches!(permission, Permission::Promote | Permission::Administer);
        assert_eq!(class(&shop(), permission), (!may).then_some(Class::Forbidden), "{permission}");
        let may = permission == Permission::Administer;
        assert_eq!(class(&Reach::Everywhere, permission), (!may).then_some(Class::Forbidden), "{permission}");
    }
}

#[test]
fn a_reason_is_needed_and_there_is_an_end_to_rules() {
    let state = after(Windows::default(), save("w-1"));
    let refused =
        |state: &Windows, command| decided(state, &shop(), command, &by(&[Permission::Promote])).expect_err("refused");
    assert_eq!(refused(&state, remove("w-1", "")).field.as_deref(), Some("reason"));
    assert_eq!(refused(&state, remove("w-2", "x")).class, Class::NotFound);
    let full = (0..MOST_RULES_SET).fold(Windows::default(), |state, n| after(state, save(&format!("w-{n}"))));
    assert_eq!(refused(&full, save("one-more")).field.as_deref(), Some("rules"));
    let no = decide(&state, &shop(), save("w-3"), &by(&[Permission::Promote]), |_| Err(Refusal::not_found("zone")));
    assert_eq!(no.expect_err("does not fit").class, Class::NotFound);
}

#[test]
fn turns_are_overridden_once_for_each_date() {
    let person = |n: u128| PersonId(Uuid::from_u128(n));
    let json = format!(
        r#"{{"id":"release_captain","members":["{}","{}"],"starts":"2027-03-15","weekday":"Mon","at":"09:00","zone":"UTC"}}"#,
        person(1),
        person(2)
    );
    let rotation: Rotation = serde_json::from_str(&json).expect("a rotation");
    let turn = |from: &str, to: &str| Command::OverrideTurn {
        rotation: "release_captain".parse().expect("an id"),
        turn: Override { from: from.parse().expect("a date"), to: to.parse().expect("a date"), holder: person(2) },
        reason: "A day off.".to_owned(),
    };
    let captain = by(&[Permission::Promote]);
    let nobody = decided(&Windows::default(), &shop(), turn("2027-03-16", "2027-03-17"), &captain);
    assert_eq!(nobody.expect_err("nothing set").class, Class::NotFound);
    let state = after(Windows::default(), Command::SetRotation { rotation });
    let state = after(state, turn("2027-03-16", "2027-03-17"));
    let taken = decided(&state, &shop(), turn("2027-03-17", "2027-03-18"), &captain).expect_err("taken");
    assert_eq!(taken.field.as_deref(), Some("overrides"));
    let state = after(state, turn("2027-03-18", "2027-03-18"));
    assert_eq!(state.rotations.values().next().expect("one").draft().overrides.len(), 2);
}
