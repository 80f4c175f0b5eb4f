//! What the system sees for itself: seen, not yet, or out of its sight, for each thing that a playbook can name.

use super::stage::{GATE, Stage, artifacts, author, env, gate, lead, manager, qa, sent};
use crate::{
    environment::{Event, Outcome},
    gate::{Sight, see},
    playbook::{Gravity, MigrationStep, Needs, SignOff, Verified},
    release::{CheckState, Command, Migration, Report, Verdict},
};

/// What is seen, in words and without them: both ways agree.
fn sight(stage: &Stage, verified: Verified) -> Sight {
    let freeze = "freeze".parse().expect("a message");
    for message in [None, Some(&freeze)] {
        let (told, plain) = stage
            .scene(|scene| (see(scene, verified, message), super::super::verified::sees(scene, verified, message)));
        let told = match told {
            Sight::Seen(_) => Some(true),
            Sight::NotYet(_) => Some(false),
            Sight::Blind => None,
        };
        assert_eq!(told, plain, "{verified}");
    }
    stage.scene(|scene| see(scene, verified, None))
}

#[track_caller]
fn seen(stage: &Stage, verified: Verified) {
    assert!(matches!(sight(stage, verified), Sight::Seen(how) if !how.is_empty()), "{verified}");
}

#[track_caller]
fn not_yet(stage: &Stage, verified: Verified) {
    assert!(matches!(sight(stage, verified), Sight::NotYet(why) if !why.is_empty()), "{verified}");
}

#[test]
fn what_no_part_of_the_house_reports_yet_is_out_of_sight() {
    use Verified::{
        ChangelogPresent, FreezeInEffect, HealthGood, KnownIssuesPresent, NoAlerts, NotesPresent, NotesPublished,
        RetrospectiveBooked, StagesComplete, TagExists, ThresholdsKept,
    };
    let stage = Stage::asking(Needs::Backup);
    for verified in [
        ChangelogPresent,
        FreezeInEffect,
        HealthGood,
        KnownIssuesPresent,
        NoAlerts,
        NotesPresent,
        NotesPublished,
        RetrospectiveBooked,
        StagesComplete,
        TagExists,
        ThresholdsKept,
    ] {
        assert_eq!(sight(&stage, verified), Sight::Blind, "{verified}");
    }
}

#[test]
fn nothing_is_seen_where_nothing_is_known() {
    let stage = Stage::asking(Needs::Backup);
    let sure = [Verified::VersionSet, Verified::AuditComplete, Verified::FlagsConfigured];
    for verified in Verified::ALL {
        let is_seen = matches!(sight(&stage, *verified), Sight::Seen(_));
        assert_eq!(is_seen, sure.contains(verified), "{verified}");
    }
}

#[test]
fn checks_reviews_and_sign_offs_are_those_of_the_gates() {
    let mut stage = Stage::asking(Needs::Checks(vec!["unit".to_owned()]));
    stage.playbook.gates.push(gate("reviews", Needs::Reviews(1)));
    let signed = SignOff { roles: vec!["qa_engineer".parse().expect("a role")], about: "Fine.".to_owned() };
    stage.playbook.gates.push(gate("sign", Needs::SignOff(signed)));
    let all = [Verified::ChecksGreen, Verified::ReviewsDone, Verified::SignOffGiven];
    for v in &all {
        not_yet(&stage, *v);
    }
    let unit = |state| Report::Check { name: "unit".to_owned(), state, url: None, commit: None };
    stage.reported(unit(CheckState::Failed));
    not_yet(&stage, Verified::ChecksGreen);
    stage.reported(unit(CheckState::Passed));
    stage.reported(Report::Reviews { approved: 1, url: None });
    stage.must(stage.decision("qa_engineer", Some("sign"), Verdict::Approve), &qa());
    for v in &all {
        seen(&stage, *v);
    }
    stage.playbook.gates.clear();
    for v in &all {
        assert_eq!(sight(&stage, *v), Sight::Blind, "nothing asks for it");
    }
}

#[test]
fn deployments_and_the_way_back() {
    let mut stage = Stage::asking(Needs::Backup);
    let version = stage.release.id.version.to_string();
    let (staging, production, back) =
        (Verified::StagingDeployed, Verified::ProductionDeployed, Verified::RollbackTargetKnown);
    for v in [staging, production, back] {
        not_yet(&stage, v);
    }
    stage.happens_in("production", &Event::Adopted { version: "0.0.9".parse().expect("a version") });
    assert_eq!(sight(&stage, back), Sight::Seen("A rollback goes to 0.0.9.".to_owned()));
    stage.runs_in("staging", &version, Outcome::Succeeded);
    stage.runs_in("production", &version, Outcome::Failed);
    seen(&stage, staging);
    not_yet(&stage, production);
    stage.runs_in("production", &version, Outcome::Succeeded);
    seen(&stage, production);
    assert_eq!(sight(&stage, back), Sight::Seen("A rollback goes to 0.0.9.".to_owned()));
    assert!(stage.scene(|scene| scene.runs_in(&env("production"))));
}

#[test]
fn approvals_migrations_scans_and_the_rest() {
    let mut stage = Stage::asking(Needs::SecurityScan(vec![Gravity::Critical]));
    not_yet(&stage, Verified::ApprovalsComplete);
    stage.must(stage.decision("product_manager", None, Verdict::Approve), &manager());
    not_yet(&stage, Verified::ApprovalsComplete);
    stage.must(stage.decision("engineering_lead", None, Verdict::Approve), &lead());
    seen(&stage, Verified::ApprovalsComplete);

    not_yet(&stage, Verified::MigrationsApplied);
    let step = |applied| Migration { name: "1".to_owned(), step: MigrationStep::Expand, change: None, applied };
    stage.reported(Report::Migrations { steps: vec![step(false)] });
    not_yet(&stage, Verified::MigrationsApplied);
    stage.reported(Report::Migrations { steps: vec![step(true)] });
    seen(&stage, Verified::MigrationsApplied);

    not_yet(&stage, Verified::ScanClean);
    let high = [(Gravity::High, 1)].into();
    stage.reported(Report::Scan { tool: "a".to_owned(), findings: high, url: None });
    seen(&stage, Verified::ScanClean);
    stage.playbook.gates = vec![gate(GATE, Needs::Backup)];
    not_yet(&stage, Verified::ScanClean);

    not_yet(&stage, Verified::OnCallKnown);
    stage.held.push("on_call".parse().expect("a role"));
    seen(&stage, Verified::OnCallKnown);
    stage.playbook.roles.clear();
    assert_eq!(sight(&stage, Verified::OnCallKnown), Sight::Blind);

    let about = |stage: &Stage, id: &str| {
        let id = id.parse().expect("a message");
        stage.scene(|scene| see(scene, Verified::MessageSent, Some(&id)))
    };
    assert!(matches!(about(&stage, "freeze"), Sight::NotYet(_)));
    stage.must(sent("freeze"), &author());
    assert!(matches!(about(&stage, "freeze"), Sight::Seen(_)));
    assert_eq!(sight(&stage, Verified::StatusPageUpdated), Sight::Blind, "perhaps by other means");

    not_yet(&stage, Verified::ArtifactsSigned);
    stage.must(artifacts('a'), &author());
    let signature = Report::Signature { artifact: "image".to_owned(), signer: "ci".to_owned(), url: None };
    stage.must(Command::Report(signature), &author());
    seen(&stage, Verified::ArtifactsSigned);
}
