//! What stands before every environment, whatever the playbook says: holds, cancellation, approval, closed days.

use super::stage::{GATE, Stage, author, env, gate, lead, manager, qa, somebody};
use crate::{
    Class,
    gate::{Act, State, next_environment, unmet},
    playbook::{Condition, Gate, Needs},
    release::{Command, Verdict},
};

fn ids(stage: &Stage, name: &str) -> Vec<String> {
    stage.all(name).iter().map(|status| status.id.to_string()).collect()
}

fn hold(reason: &str) -> Command {
    Command::Hold { env: env("production"), reason: reason.to_owned() }
}

fn lift(hold: u32, reason: &str) -> Command {
    Command::Lift { hold, reason: reason.to_owned() }
}

#[test]
fn a_playbook_without_gates_still_asks_for_approval_and_an_open_day() {
    let mut stage = Stage::asking(Needs::Backup);
    assert_eq!(ids(&stage, "production"), ["approvals", "calendar", GATE]);
    assert!(ids(&stage, "staging").is_empty());
    assert_eq!(stage.one("approvals").state, State::Unmet);
    assert_eq!(stage.one("calendar").state, State::Met);
    stage.must(stage.decision("product_manager", None, Verdict::Approve), &manager());
    stage.must(stage.decision("engineering_lead", None, Verdict::Approve), &lead());
    assert_eq!(stage.one("approvals").state, State::Met);
}

#[test]
fn a_playbook_that_asks_is_not_asked_twice() {
    let stage = Stage::asking(Needs::TypeApprovals);
    assert_eq!(ids(&stage, "production"), ["calendar", GATE]);
    let stage = Stage::asking(Needs::Calendar(vec![crate::playbook::CalendarPart::Freeze]));
    assert_eq!(ids(&stage, "production"), ["approvals", GATE]);
    let mut nobody = Stage::asking(Needs::TypeApprovals);
    nobody.release.contents.approvals_needed.clear();
    assert_eq!(ids(&nobody, "production"), ["calendar", GATE]);
}

#[test]
fn a_condition_is_no_way_around_approval_and_no_id_stands_twice() {
    let conditional = Gate { when: Some(Condition::HighRisk), ..gate("approvals", Needs::TypeApprovals) };
    let mut stage = Stage::with(conditional);
    stage.must(super::stage::traits(&[(Condition::HighRisk, false)]), &author());
    assert_eq!(stage.one("approvals").state, State::NotApplicable);
    assert_eq!(stage.one("approvals_of_type").state, State::Unmet);
    let other = gate("calendar", Needs::Backup);
    let stage = Stage::with(other);
    assert_eq!(ids(&stage, "production"), ["approvals", "calendar_of_all", "calendar"]);
}

#[test]
fn a_hold_stands_before_its_environment_until_it_is_lifted() {
    let mut stage = Stage::asking(Needs::Backup);
    stage.must(hold("The figures look odd."), &somebody(9, &["leadership"]));
    let status = stage.one("hold_1");
    assert_eq!((status.state, status.act), (State::Unmet, Act::Lift { hold: 1 }));
    assert!(status.why.contains("The figures look odd.") && status.proofs[0].by.is_some());
    assert!(!ids(&stage, "staging").contains(&"hold_1".to_owned()), "another environment");
    stage.must(hold("Me, too."), &qa());
    assert!(ids(&stage, "production").starts_with(&["hold_1".to_owned(), "hold_2".to_owned()]));
    // Neither by support, who may only look and tick, nor without a reason by those who may.
    let refusal = stage.take(lift(1, "Fine."), &somebody(8, &["support"])).expect_err("somebody else's");
    assert_eq!(refusal.class, Class::Forbidden);
    assert_eq!(stage.take(lift(1, ""), &lead()).expect_err("silent").field.as_deref(), Some("reason"));
    assert_eq!(stage.take(lift(7, "Fine."), &lead()).expect_err("no such hold").class, Class::NotFound);
    stage.must(lift(1, "They are fine."), &lead());
    assert_eq!(stage.take(lift(1, "Again."), &lead()).expect_err("lifted").class, Class::Conflict);
    stage.must(lift(2, ""), &qa());
    assert_eq!(ids(&stage, "production"), ["approvals", "calendar", GATE]);
}

#[test]
fn who_may_hold() {
    let mut stage = Stage::asking(Needs::Backup);
    let mut looker = somebody(9, &["support"]);
    looker.permissions = [crate::access::Permission::View].into();
    stage.must(hold("Anyone may."), &looker);
    stage.playbook.approval.anyone_may_hold = false;
    assert_eq!(stage.take(hold("Anyone may."), &looker).expect_err("not here").class, Class::Forbidden);
    looker.permissions.insert(crate::access::Permission::Hold);
    stage.must(hold("Now they may."), &looker);
    assert_eq!(stage.take(hold(" "), &looker).expect_err("silent").field.as_deref(), Some("reason"));
    let moon = Command::Hold { env: env("moon"), reason: "Cold.".to_owned() };
    assert_eq!(stage.take(moon, &looker).expect_err("nowhere").field.as_deref(), Some("env"));
}

#[test]
fn a_hold_cannot_be_waived() {
    let mut stage = Stage::asking(Needs::Backup);
    stage.must(hold("Wait."), &qa());
    let refusal = stage.take(stage.waiver("hold_1"), &super::stage::security()).expect_err("no gate of the playbook");
    assert_eq!(refusal.field.as_deref(), Some("gates"));
}

#[test]
fn what_was_cancelled_goes_nowhere_and_takes_nothing() {
    let mut stage = Stage::asking(Needs::Backup);
    stage.must(Command::Cancel { reason: "Withdrawn.".to_owned() }, &author());
    assert_eq!(stage.one("open").state, State::Unmet);
    assert_eq!(stage.all("staging")[0].id.as_str(), "open");
    let after = [
        hold("Wait."),
        super::stage::sent("freeze"),
        super::stage::artifacts('a'),
        stage.waiver(GATE),
        stage.decision("product_manager", None, Verdict::Approve),
        Command::Plan { at: Some(stage.now) },
        Command::RequestApproval,
        Command::Report(crate::release::Report::Branch { up_to_date: true }),
    ];
    let all = somebody(9, &["engineer", "product_manager", "security"]);
    for command in after {
        let refusal = stage.take(command.clone(), &all).expect_err("closed");
        assert_eq!(refusal.class, Class::Conflict, "{command:?}");
    }
}

#[test]
fn where_it_goes_next() {
    let stay = crate::playbook::Stayed { environment: env("staging"), soak: None };
    let mut stage = Stage::asking(Needs::DeployedIn(stay));
    let next = |stage: &Stage| stage.scene(|scene| next_environment(scene).map(ToString::to_string));
    assert_eq!(next(&stage).as_deref(), Some("staging"), "a gate waits for it");
    let version = stage.release.id.version.to_string();
    stage.runs_in("staging", &version, crate::environment::Outcome::Succeeded);
    assert_eq!(next(&stage).as_deref(), Some("production"));
    stage.runs_in("production", &version, crate::environment::Outcome::Failed);
    assert_eq!(next(&stage).as_deref(), Some("production"));
    stage.runs_in("production", &version, crate::environment::Outcome::Succeeded);
    assert_eq!(next(&stage), None);
    let plain = Stage::asking(Needs::Backup);
    assert_eq!(next(&plain).as_deref(), Some("production"), "nothing asks for staging");
    let in_the_way = plain.scene(|scene| unmet(scene, &env("production")));
    assert_eq!(in_the_way.len(), 2);
}

#[test]
fn gates_of_other_types_and_environments_do_not_stand() {
    let other = Gate { types: vec!["hotfix".parse().expect("a type")], ..gate(GATE, Needs::Backup) };
    assert!(!ids(&Stage::with(other), "production").contains(&GATE.to_owned()));
    let staging = Gate { environments: vec![env("staging")], ..gate(GATE, Needs::Backup) };
    let stage = Stage::with(staging);
    assert_eq!(ids(&stage, "staging"), [GATE]);
    assert!(!ids(&stage, "production").contains(&GATE.to_owned()));
}
