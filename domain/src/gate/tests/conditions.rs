//! Gates that stand under a condition, are set aside, or are waived in an emergency.

use super::stage::{GATE, Stage, author, lead, manager, qa, security, somebody, title, traits};
use crate::{
    Class,
    gate::{Act, State, applies},
    playbook::{Condition, MigrationStep, Needs, SignOff},
    release::{Command, Edit, Migration, Report},
};
use chrono::TimeDelta;

fn review() -> Needs {
    Needs::SignOff(SignOff { roles: vec!["qa_engineer".parse().expect("a role")], about: "Sound.".to_owned() })
}

#[test]
fn nobody_knows_whether_it_is_so_and_the_gate_stands() {
    let mut stage = Stage::when(Condition::UserFacing, review());
    stage.unmet("Nobody has said whether this release changes anything for users");
    assert_eq!(stage.gate().act, Act::Declare { condition: Condition::UserFacing });
    stage.must(traits(&[(Condition::UserFacing, false)]), &author());
    stage.is(State::NotApplicable, "declared not to be so");
    stage.must(traits(&[(Condition::UserFacing, true)]), &author());
    stage.unmet("Waits for the qa engineer");
    stage.must(stage.signs("qa_engineer"), &qa());
    stage.met("Given");
    // To declare otherwise is an edit: it voids what was agreed to before.
    stage.must(traits(&[(Condition::UserFacing, true), (Condition::Sensitive, true)]), &author());
    stage.unmet("Waits for the qa engineer");
}

#[test]
fn what_is_settled_gate_by_gate_stands_until_it_is() {
    for condition in [Condition::IfApplicable, Condition::IfNeeded] {
        let mut stage = Stage::when(condition, Needs::Backup);
        stage.unmet("No backup");
        let refusal = stage.take(traits(&[(condition, false)]), &author()).expect_err("not as a whole");
        assert_eq!((refusal.class, refusal.field.as_deref()), (Class::Invalid, Some("traits")));
        stage.release.contents.traits.insert(condition, false);
        stage.unmet("No backup");
        stage.must(Stage::aside(GATE, Some("There is no database.")), &author());
        stage.is(State::NotApplicable, "There is no database.");
        assert_eq!(stage.gate().proofs[0].by, author().actor.person());
        stage.must(title("Other words"), &author());
        stage.is(State::NotApplicable, "There is no database.");
        stage.must(Stage::aside(GATE, None), &author());
        stage.unmet("No backup");
        stage.reported(Report::Backup { note: "Taken.".to_owned() });
        stage.met("Taken.");
    }
}

#[test]
fn only_conditional_gates_are_set_aside_and_only_with_a_reason() {
    let mut stage = Stage::asking(Needs::Backup);
    let refusal = stage.take(Stage::aside(GATE, Some("Not now.")), &author()).expect_err("it always stands");
    assert_eq!((refusal.class, refusal.field.as_deref()), (Class::Invalid, Some("gate")));
    let mut stage = Stage::when(Condition::IfApplicable, Needs::Backup);
    let refusal = stage.take(Stage::aside(GATE, Some(" ")), &author()).expect_err("no reason");
    assert_eq!(refusal.field.as_deref(), Some("reason"));
    let refusal = stage.take(Stage::aside("nothing", Some("Not now.")), &author()).expect_err("no gate");
    assert_eq!(refusal.field.as_deref(), Some("gate"));
    let leadership = somebody(9, &["leadership"]);
    let refusal = stage.take(Stage::aside(GATE, Some("Not now.")), &leadership).expect_err("may not");
    assert_eq!(refusal.class, Class::Forbidden);
    stage.unmet("No backup");
}

#[test]
fn whether_others_must_look_is_for_others_to_say_and_of_what_it_is_now() {
    let mut stage = Stage::when(Condition::Sensitive, review());
    let mut stand_in = somebody(9, &["engineering_lead"]);
    stand_in.roles[0].for_absent = author().actor.person();
    let mut by_token = security();
    by_token.token_issuer = author().actor.person();
    for who in [author(), somebody(9, &["support"]), stand_in, by_token] {
        let refusal = stage.take(Stage::aside(GATE, Some("Only words.")), &who).expect_err("not theirs to say");
        assert_eq!(refusal.class, Class::Forbidden);
    }
    stage.must(Stage::aside(GATE, Some("Only words.")), &qa());
    stage.is(State::NotApplicable, "Only words.");
    stage.must(title("More than words"), &author());
    stage.unmet("Nobody has said whether");
    stage.must(title(""), &author());
    stage.unmet("Nobody has said whether");
    stage.must(Stage::aside(GATE, Some("Still only words.")), &qa());
    stage.is(State::NotApplicable, "Still only words.");
    // Anyone who ticks may say that others must look after all.
    stage.must(Stage::aside(GATE, None), &author());
    stage.unmet("Nobody has said whether");
}

#[test]
fn what_is_there_to_be_seen_outweighs_what_is_said() {
    let mut stage = Stage::when(Condition::Migrations, Needs::Migrations);
    stage.unmet("brings migrations");
    stage.must(traits(&[(Condition::Migrations, false), (Condition::Flags, false)]), &author());
    stage.is(State::NotApplicable, "declared");
    let expand = Migration { name: "1".to_owned(), step: MigrationStep::Expand, change: None, applied: true };
    stage.reported(Report::Migrations { steps: vec![expand] });
    stage.met("1 migrations");
    assert_eq!(applies(Condition::Migrations, &stage.release), Some(true));
    assert_eq!(applies(Condition::Flags, &stage.release), Some(false));
    let flags = Some([("checkout".to_owned(), true.into())].into_iter().collect());
    stage.must(Command::Edit(Edit { flags, ..Edit::default() }), &author());
    assert_eq!(applies(Condition::Flags, &stage.release), Some(true));
    assert_eq!(applies(Condition::MajorRelease, &stage.release), Some(false));
    stage.must(traits(&[(Condition::MajorRelease, true), (Condition::LowRisk, true)]), &author());
    assert_eq!(applies(Condition::MajorRelease, &stage.release), Some(false), "the number says it");
    assert_eq!(applies(Condition::HighRisk, &stage.release), Some(false), "low is not high");
    stage.release.contents.bump = crate::release::Bump::Major;
    assert_eq!(applies(Condition::BreakingChange, &stage.release), Some(true));
    assert_eq!(applies(Condition::MajorRelease, &stage.release), Some(true));
}

#[test]
fn every_condition_is_unknown_settled_or_told_by_the_contents() {
    let stage = Stage::asking(Needs::Backup);
    for condition in Condition::ALL {
        let known = matches!(condition, Condition::Flags | Condition::MajorRelease);
        assert_eq!(applies(*condition, &stage.release).is_some(), known, "{condition}");
        let told = Stage::when(*condition, Needs::Backup).gate();
        assert_eq!(told.state, if known { State::NotApplicable } else { State::Unmet }, "{condition}");
    }
}

#[test]
fn a_waiver_stands_for_a_while_for_one_environment_and_for_what_was_seen() {
    let mut stage = Stage::asking(Needs::Backup);
    stage.must(stage.waiver(GATE), &security());
    stage.is(State::Waived, "Customers cannot pay. (No backup has been reported.)");
    assert_eq!(stage.gate().proofs[0].by, security().actor.person());
    stage.pass(TimeDelta::minutes(119));
    stage.is(State::Waived, "Customers cannot pay.");
    stage.pass(TimeDelta::minutes(1));
    stage.unmet("No backup");
    stage.must(stage.waiver(GATE), &security());
    stage.must(title("Other words"), &author());
    stage.unmet("No backup");
    stage.must(title(""), &author());
    stage.unmet("No backup");
    // What is met is met, waived or not.
    stage.must(stage.waiver(GATE), &security());
    stage.reported(Report::Backup { note: "Taken.".to_owned() });
    stage.met("Taken.");
    // One for staging does not open production.
    let mut both = super::stage::gate(GATE, Needs::Backup);
    both.environments.push(super::stage::env("staging"));
    let mut stage = Stage::with(both);
    let Command::BreakGlass { gates, reason, until, seen, .. } = stage.waiver(GATE) else { unreachable!("glass") };
    stage.must(Command::BreakGlass { env: super::stage::env("staging"), gates, reason, until, seen }, &security());
    stage.unmet("No backup");
    assert_eq!(stage.all("staging")[0].state, State::Waived);
}

#[test]
fn an_unknown_condition_can_be_waived_too() {
    let mut stage = Stage::when(Condition::Sensitive, review());
    stage.must(stage.waiver(GATE), &security());
    stage.is(State::Waived, "Nobody has said whether");
}

#[test]
fn breaking_glass_needs_its_permission_a_reason_and_an_end() {
    let mut stage = Stage::asking(Needs::Backup);
    for who in [qa(), manager(), lead()] {
        let refusal = stage.take(stage.waiver(GATE), &who).expect_err("may not");
        assert_eq!(refusal.class, Class::Forbidden);
    }
    let now = stage.now;
    let mut wrong = |change: &dyn Fn(&mut String, &mut crate::Timestamp, &mut Vec<crate::playbook::GateId>)| {
        let Command::BreakGlass { env, mut gates, mut reason, mut until, seen } = stage.waiver(GATE) else {
            unreachable!("glass")
        };
        change(&mut reason, &mut until, &mut gates);
        let refusal = stage.take(Command::BreakGlass { env, gates, reason, until, seen }, &security());
        refusal.expect_err("wrong").field
    };
    assert_eq!(wrong(&|reason, _, _| reason.clear()).as_deref(), Some("reason"));
    assert_eq!(wrong(&|_, until, _| *until = now).as_deref(), Some("until"));
    assert_eq!(wrong(&|_, until, _| *until = now + TimeDelta::hours(25)).as_deref(), Some("until"));
    assert_eq!(wrong(&|_, _, gates| gates.clear()).as_deref(), Some("gates"));
    assert_eq!(wrong(&|_, _, gates| gates.push("approvals".parse().expect("id"))).as_deref(), Some("gates"));
    let outdated = stage.waiver(GATE);
    stage.must(title("Other words"), &author());
    let refusal = stage.take(outdated, &security()).expect_err("stale");
    assert_eq!((refusal.class, refusal.changed), (Class::Conflict, vec!["title".to_owned()]));
}

#[test]
fn authors_waive_what_machines_say_and_not_what_others_must_say() {
    let mut stage = Stage::asking(Needs::Backup);
    stage.must(stage.waiver(GATE), &author());
    stage.is(State::Waived, "Customers");
    let mut stand_in = somebody(9, &["security"]);
    stand_in.roles[0].for_absent = author().actor.person();
    let mut by_token = security();
    by_token.token_issuer = author().actor.person();
    for needs in [review(), Needs::TypeApprovals] {
        let mut stage = Stage::asking(needs);
        for who in [author(), stand_in.clone(), by_token.clone()] {
            let refusal = stage.take(stage.waiver(GATE), &who).expect_err("their own work");
            assert_eq!(refusal.class, Class::Forbidden);
            assert!(refusal.who_can_help.is_some());
        }
        stage.must(stage.waiver(GATE), &security());
        stage.is(State::Waived, "Customers");
    }
}
