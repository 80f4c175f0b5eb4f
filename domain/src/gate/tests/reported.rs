//! Gates that look at reports: no data is not healthy, bad news is told, good news opens.

use super::stage::{GATE, Stage, artifacts, author, qa, reports, security, title, traits};
use crate::{
    Class,
    gate::{Act, State},
    playbook::{Condition, Evidence, Gravity, MigrationStep, Migrations, Needs, Proof, RollbackPlan, Verified},
    release::{CheckState, Command, Edit, Migration, Report},
};
use std::collections::BTreeMap;

fn check(name: &str, state: CheckState) -> Report {
    Report::Check { name: name.to_owned(), state, url: Some("https://ci.example.org/1".to_owned()), commit: None }
}

fn scan(tool: &str, findings: &[(Gravity, u32)]) -> Report {
    Report::Scan { tool: tool.to_owned(), findings: findings.iter().copied().collect(), url: None }
}

fn step(name: &str, step: MigrationStep, change: Option<&str>, applied: bool) -> Migration {
    Migration { name: name.to_owned(), step, change: change.map(str::to_owned), applied }
}

#[track_caller]
fn wants(stage: &Stage, what: &str) {
    assert_eq!(stage.gate().act, Act::Report { about: what.to_owned() });
}

#[test]
fn checks_are_unmet_until_each_has_passed() {
    let mut stage = Stage::asking(Needs::Checks(vec!["unit".to_owned(), "lint".to_owned()]));
    stage.unmet("unit has not been reported; lint has not been reported");
    wants(&stage, "check");
    stage.reported(check("unit", CheckState::Passed));
    stage.unmet("lint has not been reported");
    stage.reported(check("lint", CheckState::Running));
    stage.unmet("lint is running");
    stage.reported(check("lint", CheckState::Failed));
    stage.unmet("lint failed");
    stage.reported(check("lint", CheckState::Passed));
    stage.met("unit and lint passed");
    let proofs = stage.gate().proofs;
    assert_eq!(proofs.iter().map(|p| p.words.as_str()).collect::<Vec<_>>(), ["check unit", "check lint"]);
    assert!(proofs.iter().all(|p| p.url.is_some() && p.by.is_some()));
    stage.reported(check("another", CheckState::Failed));
    stage.met("passed");
}

#[test]
fn what_was_reported_of_earlier_artifacts_no_longer_counts() {
    let mut stage = Stage::asking(Needs::Checks(vec!["unit".to_owned()]));
    // Before anything was listed: it speaks of what is listed first, and of that only.
    stage.reported(check("unit", CheckState::Passed));
    stage.must(artifacts('a'), &author());
    stage.met("passed");
    stage.must(title("Other words"), &author());
    stage.met("passed");
    stage.must(artifacts('b'), &author());
    stage.unmet("earlier artifacts");
    // The very same words again are news now.
    stage.reported(check("unit", CheckState::Passed));
    stage.met("passed");
    stage.must(Command::Edit(Edit { artifacts: Some(vec![]), ..Edit::default() }), &author());
    stage.unmet("earlier artifacts");
}

#[test]
fn scans_and_benchmarks_go_with_the_artifacts_too() {
    let mut stage = Stage::asking(Needs::SecurityScan(vec![Gravity::Critical]));
    stage.must(artifacts('a'), &author());
    stage.reported(scan("scanner", &[]));
    stage.met("Nothing critical was found");
    stage.must(artifacts('b'), &author());
    stage.unmet("scanner looked at earlier artifacts");
    let mut stage = Stage::asking(Needs::Benchmarks);
    stage.must(artifacts('a'), &author());
    stage.reported(Report::Benchmarks { met: true, note: String::new(), url: None });
    stage.met("met");
    stage.must(artifacts('b'), &author());
    stage.unmet("earlier artifacts");
}

#[test]
fn reviews_are_counted_against_the_type_or_the_gate() {
    let mut stage = Stage::asking(Needs::Reviews(2));
    stage.unmet("No review has been reported; it needs 2");
    wants(&stage, "reviews");
    stage.reported(Report::Reviews { approved: 1, url: None });
    stage.unmet("1 of 2");
    stage.reported(Report::Reviews { approved: 2, url: None });
    stage.met("2 of 2");
    stage.playbook.types.iter_mut().for_each(|t| t.reviewers = Some(3));
    stage.unmet("2 of 3");
}

#[test]
fn the_branch_and_its_commits() {
    let mut stage = Stage::asking(Needs::BranchUpToDate);
    stage.unmet("Nobody reported");
    wants(&stage, "branch");
    stage.reported(Report::Branch { up_to_date: false });
    stage.unmet("lacks changes");
    stage.reported(Report::Branch { up_to_date: true });
    stage.met("holds everything");
    let mut stage = Stage::asking(Needs::ConventionalCommits);
    stage.unmet("No commits have been reported");
    wants(&stage, "commits");
    stage.reported(Report::Commits { total: 3, nonconforming: vec!["wip".to_owned()] });
    stage.unmet("1 of 3 commits do not follow the convention: wip");
    stage.reported(Report::Commits { total: 3, nonconforming: vec![] });
    stage.met("All 3");
}

#[test]
fn a_ticket_a_backup_and_the_way_back() {
    let mut stage = Stage::asking(Needs::ChangeTicket);
    stage.unmet("No change ticket");
    wants(&stage, "ticket");
    let ticket = |url: &str| Report::Ticket { id: "CHG-1".to_owned(), url: url.to_owned() };
    let refusal = stage.take(reports(ticket("javascript:alert(1)")), &author()).expect_err("no address");
    assert_eq!(refusal.field.as_deref(), Some("url"));
    assert_eq!(stage.take(reports(ticket("")), &author()).expect_err("no link").class, Class::Invalid);
    stage.reported(ticket("https://tickets.example.org/CHG-1"));
    stage.met("CHG-1");

    let mut stage = Stage::asking(Needs::Backup);
    stage.unmet("No backup");
    wants(&stage, "backup");
    let empty = Report::Backup { note: " ".to_owned() };
    assert_eq!(stage.take(reports(empty), &author()).expect_err("no word").field.as_deref(), Some("note"));
    stage.reported(Report::Backup { note: "Last night's".to_owned() });
    stage.met("Last night's");

    let plan = |tested| Report::RollbackPlan { plan: "Deploy 1.0.0.".to_owned(), tested };
    for must_be_tested in [false, true] {
        let mut stage = Stage::asking(Needs::RollbackPlan(RollbackPlan { tested: must_be_tested }));
        stage.unmet("Nobody wrote down the way back");
        wants(&stage, "rollback_plan");
        stage.reported(plan(false));
        if must_be_tested {
            stage.unmet("has not been tried");
        } else {
            stage.met("Written down");
        }
        stage.reported(plan(true));
        stage.met("tried");
    }
}

#[test]
fn the_error_budget_must_be_known_and_not_be_used_up() {
    let mut stage = Stage::asking(Needs::SloBudget);
    stage.unmet("Nobody reported");
    wants(&stage, "slo_budget");
    let left = |text: &str| Report::SloBudget { left: text.parse().expect("a share") };
    stage.reported(left("0 %"));
    stage.unmet("used up");
    stage.reported(left("0.001 %"));
    stage.met("0.001 %");
}

#[test]
fn a_contract_is_refused_with_its_expand() {
    use MigrationStep::{Contract, Expand, Migrate};
    let steps = |steps: Vec<Migration>| Report::Migrations { steps };
    let mut stage = Stage::asking(Needs::Migrations);
    stage.unmet("Nobody reported which migrations");
    wants(&stage, "migrations");
    stage.reported(steps(vec![]));
    stage.met("no migrations");
    stage.reported(steps(vec![step("1", Expand, Some("names"), true), step("2", Contract, Some("names"), false)]));
    stage.unmet("2 takes away what an expand of this very release brings");
    // Without names of what they belong to, they may belong together.
    stage.reported(steps(vec![step("1", Expand, None, true), step("2", Contract, Some("names"), false)]));
    stage.unmet("2 takes away");
    stage.reported(steps(vec![step("1", Expand, Some("names"), true), step("2", Contract, Some("prices"), false)]));
    stage.met("2 migrations, in order");
    stage.reported(steps(vec![step("1", Expand, None, false), step("2", Migrate, None, true)]));
    stage.unmet("2 is applied, though an earlier one is not");
    stage.reported(steps(vec![step("1", Expand, None, true), step("2", Migrate, None, true)]));
    stage.met("in order");
    let long = steps(vec![step("1", Expand, Some(&"x".repeat(300)), true)]);
    assert_eq!(stage.take(reports(long), &author()).expect_err("too long").field.as_deref(), Some("change"));
    // A rule of the playbook makes no difference to what must be reported.
    stage.playbook.migrations = None::<Migrations>;
    stage.met("in order");
}

#[test]
fn declared_to_bring_no_migrations_it_need_not_report_any() {
    let mut stage = Stage::asking(Needs::Migrations);
    stage.must(traits(&[(Condition::Migrations, false)]), &author());
    stage.met("no migrations");
    let contract = step("1", MigrationStep::Contract, None, true);
    let expand = step("0", MigrationStep::Expand, None, true);
    stage.reported(Report::Migrations { steps: vec![expand, contract] });
    stage.unmet("takes away");
}

#[test]
fn flags_are_set_up_when_there_are_any() {
    let mut stage = Stage::asking(Needs::FlagsConfigured);
    stage.met("It changes no flags");
    let flags = Some([("checkout".to_owned(), true.into())].into_iter().collect());
    stage.must(Command::Edit(Edit { flags, ..Edit::default() }), &author());
    stage.unmet("Nobody said that its flags are set up");
    wants(&stage, "flags_configured");
    stage.reported(Report::FlagsConfigured { note: String::new() });
    stage.met("set up");
}

#[test]
fn a_scan_is_unmet_by_what_the_gate_names_only() {
    let mut stage = Stage::asking(Needs::SecurityScan(vec![Gravity::Critical, Gravity::High]));
    stage.unmet("No scan has been reported");
    wants(&stage, "scan");
    stage.reported(scan("a", &[(Gravity::High, 2), (Gravity::Low, 40)]));
    stage.unmet("a found 2 high");
    stage.reported(scan("a", &[(Gravity::High, 0), (Gravity::Medium, 3)]));
    stage.met("Nothing critical or high");
    // Every tool that ever spoke must be content.
    stage.reported(scan("b", &[(Gravity::Critical, 1)]));
    stage.unmet("b found 1 critical");
    stage.reported(scan("b", &[]));
    stage.met("Nothing");
    assert_eq!(stage.gate().proofs.len(), 2);
}

#[test]
fn every_artifact_is_signed() {
    let mut stage = Stage::asking(Needs::SignedArtifacts);
    stage.unmet("no artifacts that could be signed");
    let signature = || {
        let (artifact, signer) = ("image".to_owned(), "ci@example.org".to_owned());
        Report::Signature { artifact, signer, url: None }
    };
    let refusal = stage.take(reports(signature()), &author()).expect_err("of nothing");
    assert_eq!(refusal.field.as_deref(), Some("artifact"));
    stage.must(artifacts('a'), &author());
    stage.unmet("Without a signature: image");
    wants(&stage, "signature");
    stage.reported(signature());
    stage.met("All artifacts are signed");
    stage.must(artifacts('b'), &author());
    stage.unmet("Without a signature: image");
    stage.reported(signature());
    stage.met("signed");
}

#[test]
fn every_piece_of_evidence_is_there() {
    let piece = |id: &str, verified_by, proof| Evidence {
        id: id.parse().expect("an id"),
        title: format!("The {id}"),
        verified_by,
        proof,
    };
    let mut stage = Stage::asking(Needs::Evidence);
    stage.playbook.evidence = vec![
        piece("scan", Some(Verified::ScanClean), None),
        piece("letter", None, Some(Proof::Link)),
        piece("minutes", None, Some(Proof::Note)),
    ];
    stage.unmet("Missing: The scan; The letter; The minutes");
    wants(&stage, "evidence");
    stage.reported(scan("a", &[]));
    stage.unmet("Missing: The letter; The minutes");
    let attach = |id: &str, note: &str, url: Option<&str>| Report::Evidence {
        id: id.parse().expect("an id"),
        note: note.to_owned(),
        url: url.map(str::to_owned),
    };
    for (wrong, field) in
        [(attach("poem", "x", None), "id"), (attach("letter", "x", None), "url"), (attach("minutes", "", None), "note")]
    {
        assert_eq!(stage.take(reports(wrong), &qa()).expect_err("wrong").field.as_deref(), Some(field));
    }
    stage.must(reports(attach("letter", "", Some("https://example.org/letter"))), &qa());
    stage.unmet("Missing: The minutes");
    stage.must(reports(attach("minutes", "They agreed.", None)), &qa());
    stage.met("Every piece");
    assert_eq!(stage.gate().proofs.len(), 2, "what the system sees needs no attachment");
}

#[test]
fn benchmarks_say_what_is_missing() {
    let mut stage = Stage::asking(Needs::Benchmarks);
    stage.unmet("No benchmarks");
    wants(&stage, "benchmarks");
    let run = |met| Report::Benchmarks { met, note: "p99 is 900 ms".to_owned(), url: None };
    stage.reported(run(false));
    stage.unmet("p99 is 900 ms");
    stage.reported(run(true));
    stage.met("met");
}

#[test]
fn who_may_say_what() {
    let mut stage = Stage::asking(Needs::Checks(vec!["unit".to_owned()]));
    let support = super::stage::somebody(9, &["support"]);
    let refusal = stage.take(reports(check("unit", CheckState::Passed)), &support).expect_err("a machine's word");
    assert_eq!(refusal.class, Class::Forbidden);
    stage.must(reports(Report::Backup { note: "Taken.".to_owned() }), &support);
    let leadership = super::stage::somebody(9, &["leadership"]);
    let refusal = stage.take(reports(Report::Backup { note: "Taken.".to_owned() }), &leadership).expect_err("no tick");
    assert_eq!(refusal.class, Class::Forbidden);
}

#[test]
fn reports_are_bounded() {
    let mut stage = Stage::asking(Needs::Checks(vec!["unit".to_owned()]));
    for n in 0..300 {
        stage.reported(check(&format!("check {n}"), CheckState::Passed));
    }
    let refusal = stage.take(reports(check("one more", CheckState::Passed)), &author()).expect_err("too many");
    assert_eq!(refusal.class, Class::Invalid);
    stage.reported(check("check 7", CheckState::Failed));
    let events = stage.release.events;
    stage.reported(check("check 7", CheckState::Failed));
    assert_eq!(stage.release.events, events, "the same again is no news");
}

#[test]
fn what_no_one_waives_stays_unmet_for_every_need_that_is_reported() {
    let all = [
        Needs::Checks(vec!["unit".to_owned()]),
        Needs::Reviews(1),
        Needs::BranchUpToDate,
        Needs::ConventionalCommits,
        Needs::ChangeTicket,
        Needs::SloBudget,
        Needs::Migrations,
        Needs::SecurityScan(vec![Gravity::High]),
        Needs::SignedArtifacts,
        Needs::Backup,
        Needs::RollbackPlan(RollbackPlan { tested: true }),
        Needs::Benchmarks,
    ];
    for needs in all {
        let mut stage = Stage::asking(needs.clone());
        assert_eq!(stage.gate().state, State::Unmet, "{needs:?}: no data is not healthy");
        stage.must(stage.waiver(GATE), &security());
        assert_eq!(stage.gate().state, State::Waived, "{needs:?}");
        let unknown: BTreeMap<_, _> = [(Condition::Flags, true)].into();
        assert_ne!(stage.release.contents.traits, unknown);
    }
}
