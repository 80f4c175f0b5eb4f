//! Gates that wait for people: sign-offs, quorums, the approvals of the type.

use super::stage::{GATE, Stage, author, env, gate, lead, manager, qa, role, security, somebody, title};
use crate::{
    Class,
    gate::{Act, State, places},
    playbook::{Gate, Needs, Quorum, SignOff},
    release::{Command, Decision, Verdict},
};

fn sign_off(roles: &[&str]) -> Needs {
    Needs::SignOff(SignOff { roles: roles.iter().map(|r| role(r)).collect(), about: "It works.".to_owned() })
}

fn quorum(roles: &[&str], quorum: Option<u8>) -> Quorum {
    Quorum { roles: roles.iter().map(|r| role(r)).collect(), quorum }
}

#[test]
fn one_of_the_roles_signs() {
    let mut stage = Stage::asking(sign_off(&["qa_engineer", "product_manager"]));
    stage.unmet("Waits for the qa engineer or product manager");
    assert_eq!(stage.gate().act, Act::Sign { roles: vec![role("qa_engineer"), role("product_manager")] });
    stage.must(stage.signs("qa_engineer"), &qa());
    stage.met("Given by qa engineer");
    assert_eq!(stage.gate().proofs.len(), 1);
    stage.must(title("Other words"), &author());
    stage.unmet("Waits for");
}

#[test]
fn a_refused_sign_off_stands_in_the_way_and_says_why() {
    let mut stage = Stage::asking(sign_off(&["qa_engineer", "product_manager"]));
    stage.must(stage.signs("product_manager"), &manager());
    stage.must(stage.decision("qa_engineer", Some(GATE), Verdict::Reject), &qa());
    stage.unmet("Refused by the qa engineer: Seen.");
    stage.must(stage.signs("qa_engineer"), &qa());
    stage.met("Given by");
}

#[test]
fn a_sign_off_of_a_gate_says_nothing_of_the_release_and_the_other_way_round() {
    let mut stage = Stage::asking(sign_off(&["product_manager"]));
    stage.must(stage.decision("product_manager", None, Verdict::Approve), &manager());
    stage.unmet("Waits for");
    stage.must(stage.decision("engineering_lead", None, Verdict::Approve), &lead());
    assert_eq!(stage.release.state(), crate::release::State::Approved);
    stage.must(stage.decision("product_manager", Some(GATE), Verdict::Reject), &manager());
    stage.unmet("Refused");
    assert_eq!(stage.release.state(), crate::release::State::Approved, "the release itself is still agreed to");
    assert_eq!(stage.one("approvals").state, State::Met);
}

#[test]
fn a_sign_off_is_for_one_environment() {
    let both = Gate { environments: vec![env("staging"), env("production")], ..gate(GATE, sign_off(&["qa_engineer"])) };
    let mut stage = Stage::with(both);
    let Command::Decide(decision) = stage.signs("qa_engineer") else { unreachable!("a decision") };
    stage.must(Command::Decide(Decision { env: env("staging"), ..decision }), &qa());
    assert_eq!(stage.all("staging")[0].state, State::Met);
    stage.unmet("Waits for");
}

#[test]
fn only_the_roles_of_the_gate_sign_and_only_gates_that_ask_are_answered() {
    let mut stage = Stage::asking(sign_off(&["qa_engineer"]));
    let refusal = stage.take(stage.signs("product_manager"), &manager()).expect_err("not asked");
    assert_eq!((refusal.class, refusal.field.as_deref()), (Class::Invalid, Some("role")));
    let refusal = stage.take(stage.signs("qa_engineer"), &manager()).expect_err("does not hold it");
    assert_eq!(refusal.class, Class::Forbidden);
    let refusal =
        stage.take(stage.decision("qa_engineer", Some("other"), Verdict::Approve), &qa()).expect_err("no such gate");
    assert_eq!(refusal.field.as_deref(), Some("gate"));
    let mut stage = Stage::asking(Needs::Backup);
    let refusal = stage.take(stage.signs("qa_engineer"), &qa()).expect_err("asks nobody");
    assert_eq!(refusal.field.as_deref(), Some("gate"));
    let refusal = stage.take(stage.signs("qa_engineer"), &somebody(9, &["support"])).expect_err("no say at all");
    assert_eq!(refusal.class, Class::Forbidden);
}

#[test]
fn the_author_signs_only_where_the_playbook_lets_them() {
    let mut stage = Stage::asking(sign_off(&["engineering_lead"]));
    let refusal = stage.take(stage.signs("engineering_lead"), &author()).expect_err("their own work");
    assert_eq!(refusal.class, Class::Forbidden);
    stage.playbook.approval.author_may_approve_in = vec![env("staging")];
    stage.take(stage.signs("engineering_lead"), &author()).expect_err("elsewhere only");
    stage.playbook.approval.author_may_approve_in = vec![env("production")];
    stage.must(stage.signs("engineering_lead"), &author());
    stage.met("Given by engineering lead");
    // The release itself is approved by others wherever it goes.
    stage.take(stage.decision("engineering_lead", None, Verdict::Approve), &author()).expect_err("their own work");
}

#[test]
fn a_quorum_counts_people_and_roles_once() {
    let roles = ["qa_engineer", "product_manager", "engineering_lead"];
    let mut stage = Stage::asking(Needs::Approval(quorum(&roles, Some(2))));
    stage.unmet("0 of 2 given");
    stage.must(stage.signs("qa_engineer"), &qa());
    stage.unmet("1 of 2 given; waits for 1 of product manager and engineering lead");
    stage.must(stage.signs("qa_engineer"), &somebody(20, &["qa_engineer"]));
    stage.unmet("1 of 2 given");
    let many = somebody(2, &["qa_engineer", "product_manager", "engineering_lead"]);
    let refusal = stage.take(stage.signs("product_manager"), &many).expect_err("the same person again");
    assert_eq!(refusal.class, Class::Conflict);
    stage.unmet("1 of 2 given");
    stage.must(stage.signs("engineering_lead"), &lead());
    stage.met("Given by qa engineer and engineering lead");
    let asked = stage.playbook.gates[0].clone();
    let found = stage.scene(|scene| places(scene, &asked, &env("production"), &roles.map(role), 2));
    assert!(found.iter().all(|place| place.filled.is_some()));
}

#[test]
fn without_a_number_all_roles_must_agree_and_the_business_likewise() {
    for needs in [
        Needs::Approval(quorum(&["qa_engineer", "product_manager"], None)),
        Needs::BusinessApproval(quorum(&["qa_engineer", "product_manager"], None)),
    ] {
        let mut stage = Stage::asking(needs);
        stage.must(stage.signs("product_manager"), &manager());
        stage.unmet("1 of 2 given; waits for 1 of qa engineer");
        stage.must(stage.signs("qa_engineer"), &qa());
        stage.met("Given by product manager and qa engineer");
    }
}

#[test]
fn the_approvals_of_the_type() {
    let mut stage = Stage::asking(Needs::TypeApprovals);
    stage.unmet("It is a draft");
    assert_eq!(stage.gate().act, Act::AskForApproval);
    stage.must(Command::RequestApproval, &author());
    stage.unmet("0 of 2 given; waits for the product manager and engineering lead");
    assert_eq!(stage.gate().act, Act::Approve);
    stage.must(stage.decision("product_manager", None, Verdict::Approve), &manager());
    stage.must(stage.decision("engineering_lead", None, Verdict::Reject), &lead());
    stage.unmet("Rejected by the engineering lead: Seen.");
    stage.must(stage.decision("engineering_lead", None, Verdict::Approve), &lead());
    stage.met("2 of 2 given");
    assert_eq!(stage.gate().proofs.len(), 2);
    stage.must(title("Other words"), &author());
    stage.unmet("0 of 2 given");
}

#[test]
fn a_type_that_needs_nobody_still_leaves_the_draft() {
    let mut stage = Stage::asking(Needs::TypeApprovals);
    stage.release.contents.approvals_needed.clear();
    stage.unmet("It is a draft");
    stage.must(Command::RequestApproval, &author());
    stage.met("needs no approval");
}

#[test]
fn nobody_stands_in_for_the_author() {
    let mut stage = Stage::asking(sign_off(&["engineering_lead", "security"]));
    for who in ["engineering_lead", "security"] {
        let mut stand_in = somebody(9, &[who]);
        stand_in.roles[0].for_absent = author().actor.person();
        let refusal = stage.take(stage.signs(who), &stand_in).expect_err("stands in for the author");
        assert_eq!(refusal.class, Class::Forbidden);
    }
    let mut by_token = security();
    by_token.token_issuer = author().actor.person();
    assert_eq!(stage.take(stage.signs("security"), &by_token).expect_err("issued").class, Class::Forbidden);
    stage.must(stage.signs("security"), &security());
}
