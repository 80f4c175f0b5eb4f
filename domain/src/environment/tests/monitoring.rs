//! Given monitors and alarms, when they come and go, then each kind is there once, what fires is known once, and nobody
//! silences what is not theirs.

use super::*;
use crate::{
    Class, Refusal,
    access::{Permission, Via},
    person::PersonId,
    playbook::{Observation, parse},
    rollout::RolloutId,
};

fn triggers() -> Vec<Observation> {
    parse(include_str!("../../../../playbooks/sarvanom.toml")).unwrap().triggers
}

fn person(permissions: &[Permission]) -> Authority {
    let actor = Actor::Person(PersonId(uuid::Uuid::from_u128(1)), Via::Session);
    Authority { permissions: permissions.iter().copied().collect(), ..Authority::none(actor) }
}

fn does(state: &Environment, command: Command, by: &Authority) -> Result<Vec<Event>, Refusal> {
    let triggers = triggers();
    decide(state, command, Given { by, known: true, unmet: &[], triggers: &triggers })
}

/// The environment after what was asked for was done.
fn then(state: Environment, command: Command, by: &Authority) -> Environment {
    let events = does(&state, command, by).unwrap();
    assert!(!events.is_empty(), "something happens");
    events.iter().fold(state, |state, event| evolve(&id(), Some(state), event, by.actor, at(1)))
}

fn watching(kind: &str) -> Watching {
    Watching { kind: kind.to_owned(), settings: serde_json::Map::new(), secrets: vec!["password".to_owned()] }
}

fn watch(kind: &str) -> Command {
    Command::Watch(Box::new(watching(kind)))
}

fn alarm(key: &str, critical: bool, trigger: Option<&str>) -> Alarm {
    let trigger = trigger.map(|id| id.parse().unwrap());
    Alarm { key: key.to_owned(), name: "Orders add up".to_owned(), critical, trigger, said: "12 do not.".to_owned() }
}

fn raise(key: &str, critical: bool, trigger: Option<&str>) -> Command {
    Command::Raise(Box::new(alarm(key, critical, trigger)))
}

fn clear(key: &str) -> Command {
    Command::Clear { key: key.to_owned(), reason: "Mended".to_owned() }
}

fn unwatch(kind: &str) -> Command {
    Command::Unwatch { kind: kind.to_owned(), reason: "It moved".to_owned() }
}

fn new() -> Environment {
    Environment::new(id())
}

fn locked() -> Environment {
    Environment { lock: Some(RolloutId(uuid::Uuid::from_u128(7))), ..new() }
}

#[test]
fn a_kind_watches_once_and_another_beside_it() {
    let by = person(&[Permission::Administer]);
    let mut state = then(new(), watch("prometheus"), &by);
    state = then(state, watch("health"), &by);
    state = then(state, watch("prometheus"), &by);
    assert_eq!(state.monitors.keys().collect::<Vec<_>>(), ["health", "prometheus"]);
    state = then(state, unwatch("health"), &by);
    assert_eq!(state.monitors.keys().collect::<Vec<_>>(), ["prometheus"]);
    assert_eq!(does(&state, unwatch("health"), &by), Ok(vec![]));
}

#[test]
fn what_a_verdict_rests_on_stays_as_it_is_while_a_rollout_is_under_way() {
    let by = person(&[Permission::Administer]);
    for command in [watch("prometheus"), unwatch("prometheus")] {
        assert_eq!(does(&locked(), command, &by).unwrap_err().class, Class::Conflict);
    }
}

#[test]
fn monitors_are_for_administrators() {
    let by = person(&[Permission::Author, Permission::Promote]);
    for command in [watch("prometheus"), unwatch("prometheus")] {
        assert_eq!(does(&new(), command, &by).unwrap_err().class, Class::Forbidden);
    }
}

#[test]
fn an_alarm_told_again_is_no_news_and_neither_is_the_end_of_one_that_is_over() {
    let by = person(&[Permission::Author]);
    let state = then(locked(), raise("orders", false, Some("data_integrity")), &by);
    assert_eq!(state.alarms["orders"].by, by.actor.person());
    assert_eq!(does(&state, raise("orders", false, Some("data_integrity")), &by), Ok(vec![]));
    assert_eq!(does(&state, raise("orders", true, Some("data_integrity")), &by).unwrap().len(), 1, "it changed");
    let state = then(state, clear("orders"), &by);
    assert!(state.alarms.is_empty());
    assert_eq!(does(&state, clear("orders"), &by), Ok(vec![]));
}

#[test]
fn a_trigger_that_the_playbook_does_not_have_is_refused_with_those_that_it_has() {
    let by = person(&[Permission::Author]);
    for trigger in [Some("date_integrity"), None] {
        let refusal = does(&new(), raise("orders", false, trigger), &by).unwrap_err();
        assert_eq!(refusal.field.as_deref(), Some("trigger"));
        assert!(refusal.allowed.is_some_and(|allowed| allowed.contains("data_integrity")));
    }
    assert!(does(&new(), raise("orders", true, None), &by).is_ok(), "critical is enough");
}

#[test]
fn nobody_without_the_permission_raises_or_clears() {
    let by = person(&[Permission::View, Permission::Promote, Permission::Hold]);
    for command in [raise("orders", true, None), clear("orders")] {
        assert_eq!(does(&new(), command, &by).unwrap_err().class, Class::Forbidden);
    }
}

#[test]
fn what_monitoring_raised_is_not_for_authors_to_take_over_or_to_silence() {
    let key = "alertmanager:3b1c5e0f6a7d8e90";
    let state = then(new(), raise(key, true, None), &Authority::system());
    let author = person(&[Permission::Author]);
    assert_eq!(does(&state, raise(key, false, Some("data_integrity")), &author).unwrap_err().class, Class::Invalid);
    assert_eq!(does(&state, clear(key), &author).unwrap_err().class, Class::Forbidden);
    assert_eq!(does(&state, clear(key), &person(&[Permission::Author, Permission::Promote])).unwrap().len(), 1);
}

#[test]
fn with_alertmanager_goes_what_it_raised_and_nothing_else() {
    let state = then(new(), watch("alertmanager"), &Authority::system());
    let state = then(state, raise("alertmanager:3b1c", true, None), &Authority::system());
    let state = then(state, raise("orders", true, None), &person(&[Permission::Author]));
    let state = then(state, unwatch("alertmanager"), &Authority::system());
    assert_eq!(state.alarms.keys().collect::<Vec<_>>(), ["orders"]);
}

#[test]
fn alarms_and_their_texts_are_bounded() {
    let by = person(&[Permission::Author]);
    let full = (0..MOST_ALARMS).fold(new(), |state, n| then(state, raise(&format!("a{n}"), true, None), &by));
    assert_eq!(does(&full, raise("one-more", true, None), &by).unwrap_err().class, Class::Conflict);
    assert!(does(&full, raise("a7", true, Some("data_integrity")), &by).is_ok(), "one that is there already");
    for wrong in ["", "a b", "ä", "a/b", &"a".repeat(101)] {
        assert_eq!(does(&new(), raise(wrong, true, None), &by).unwrap_err().field.as_deref(), Some("key"), "{wrong}");
    }
    let long = Alarm { said: "x".repeat(1_001), ..alarm("a", true, None) };
    assert_eq!(does(&new(), Command::Raise(Box::new(long)), &by).unwrap_err().field.as_deref(), Some("said"));
}

#[test]
fn what_was_stored_before_there_were_monitors_still_reads() {
    let mut stored = serde_json::to_value(new()).unwrap();
    for field in ["monitors", "alarms"] {
        stored.as_object_mut().unwrap().remove(field);
    }
    assert_eq!(serde_json::from_value::<Environment>(stored).unwrap(), new());
}
