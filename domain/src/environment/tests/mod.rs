//! Given what ran, when something is deployed, then it is known what runs, since when, and where a rollback goes.

mod monitoring;

use super::*;
use crate::{
    access::{Actor, Authority},
    release::Version,
};

fn id() -> EnvironmentId {
    EnvironmentId { product: "shop".parse().unwrap(), env: "staging".parse().unwrap() }
}

fn at(minute: u32) -> crate::Timestamp {
    format!("2026-11-20T10:{minute:02}:00Z").parse().unwrap()
}

fn version(text: &str) -> Version {
    text.parse().unwrap()
}

fn after(steps: &[(&str, Outcome, u32)]) -> Environment {
    let mut state = None;
    for (text, outcome, minute) in steps {
        let event = Event::Deployed { version: version(text), outcome: *outcome, url: None, against: vec![] };
        state = Some(evolve(&id(), state, &event, Actor::System, at(*minute)));
    }
    state.unwrap()
}

#[test]
fn what_succeeded_runs_and_ends_what_ran_before() {
    let env = after(&[("1.0.0", Outcome::Succeeded, 1), ("1.1.0", Outcome::Succeeded, 5)]);
    assert_eq!(env.running().unwrap().version, version("1.1.0"));
    assert_eq!(env.runs_of(&version("1.0.0")).next().unwrap().until, Some(at(5)));
    assert_eq!(env.previous(), Some(&version("1.0.0")));
}

#[test]
fn what_failed_does_not_run_but_is_remembered() {
    let env = after(&[("1.0.0", Outcome::Succeeded, 1), ("1.1.0", Outcome::Failed, 5)]);
    assert_eq!(env.running().unwrap().version, version("1.0.0"));
    assert_eq!(env.attempt(&version("1.1.0")).unwrap().outcome, Outcome::Failed);
}

#[test]
fn the_same_version_again_runs_on() {
    let env = after(&[("1.0.0", Outcome::Succeeded, 1), ("1.0.0", Outcome::Succeeded, 5)]);
    assert_eq!(env.running().unwrap().since, at(1));
    assert_eq!(env.runs.len(), 1);
}

#[test]
fn nobody_without_the_permission_records_a_deployment() {
    let nobody = Authority::none(Actor::System);
    let command = Command::Adopt { version: version("1.0.0") };
    let given = Given { by: &nobody, known: true, unmet: &[], triggers: &[] };
    let refusal = decide(&Environment::new(id()), command, given).unwrap_err();
    assert_eq!(refusal.class, crate::Class::Forbidden);
}

#[test]
fn an_unknown_version_is_adopted_not_reported() {
    let by = Authority::system();
    let given = Given { by: &by, known: false, unmet: &[], triggers: &[] };
    let report = Command::Report { version: version("9.0.0"), outcome: Outcome::Succeeded, url: None };
    let refusal = decide(&Environment::new(id()), report, given).unwrap_err();
    assert_eq!(refusal.field.as_deref(), Some("version"));
}
