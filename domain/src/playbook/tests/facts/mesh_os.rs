//! The facts of `mesh-os`: versions, environments, strategies, limits, decisions, vulnerabilities.

use super::{Fact, lookup::*};
use crate::{playbook::*, release::Bump};

pub(super) const FACTS: &[Fact] = &[
    ("head: version 1.0.0", |p| p.head.as_ref().unwrap().version == "1.0.0"),
    ("head: dated 2025-10-30", |p| p.head.as_ref().unwrap().date.to_string() == "2025-10-30"),
    ("head: owner Release Management Team", |p| p.head.as_ref().unwrap().owner == "Release Management Team"),
    (
        "head: next review 2025-11-30",
        |p| matches!(p.head.as_ref().unwrap().review, Some(ReviewRule::On(date)) if date.to_string() == "2025-11-30"),
    ),
    ("pre-release list: eight items", |p| {
        items(
            p.list("pre_release"),
            &["tests", "review", "docs", "changelog", "security", "benchmarks", "compliance", "stakeholders"],
        )
    }),
    ("pre-release: tests are unit, integration, E2E", |p| {
        says(&p.list("pre_release").item("tests").unwrap().parts, &["unit", "integration", "E2E"])
    }),
    ("pre-release: review approved", |p| verified(p, "review", Verified::ReviewsDone)),
    ("pre-release: changelog", |p| verified(p, "changelog", Verified::ChangelogPresent)),
    ("pre-release: docs", |p| p.list("pre_release").item("docs").unwrap().proof == Some(Proof::Link)),
    ("pre-release: scan without critical findings", |p| verified(p, "security", Verified::ScanClean)),
    ("pre-release: benchmarks met", |p| p.list("pre_release").item("benchmarks").unwrap().text.contains("Benchmarks")),
    ("pre-release: compliance checks", |p| {
        p.list("pre_release").item("compliance").unwrap().text.contains("Compliance")
    }),
    ("pre-release: stakeholders notified", |p| verified(p, "stakeholders", Verified::MessageSent)),
    ("version: patch x.x.X, 5.0.0 → 5.0.1", |p| example(p, Bump::Patch, "x.x.X", "5.0.0", "5.0.1")),
    ("version: minor x.X.0, 5.0.1 → 5.1.0", |p| example(p, Bump::Minor, "x.X.0", "5.0.1", "5.1.0")),
    ("version: major X.0.0, 5.1.0 → 6.0.0", |p| example(p, Bump::Major, "X.0.0", "5.1.0", "6.0.0")),
    ("create by bump or by explicit version", |p| {
        p.versioning.as_ref().unwrap().create_by == [CreateBy::Bump, CreateBy::ExplicitVersion]
    }),
    ("verb: create by bump", |p| own(p, "create_by_bump", "pilothouse create {{bump}}")),
    ("verb: create by version", |p| own(p, "create_by_version", "pilothouse create --version={{version}}")),
    ("verb: deploy with strategy and initial traffic", |p| {
        let typed =
            "pilothouse deploy {{version}} {{environment}} --strategy={{strategy}} --initial-traffic={{percentage}}";
        own(p, "deploy", typed)
    }),
    ("verb: rollback", |p| own(p, "rollback", "pilothouse rollback {{environment}} {{version}}")),
    ("verb: status", |p| own(p, "status", "pilothouse status {{version}}")),
    ("verb: verify-backup", |p| own(p, "verify_backup", "pilothouse verify-backup {{file}}")),
    ("status also shows rollback progress", |p| p.command("status").title.contains("how far a rollback is")),
    ("three environments in order", |p| {
        p.environments.iter().map(|e| e.name.as_str()).eq(["development", "staging", "production"])
    }),
    ("development: automatic on merge to main", |p| {
        let env = p.environment("development");
        env.trigger == Some(Trigger::OnMerge) && env.branch.as_deref() == Some("main")
    }),
    ("development: requires nothing", |p| {
        p.environment("development").purpose.contains("integration") && gates(p, "development").is_empty()
    }),
    ("development: automatic rollback on failure", |p| mode(p, "development", RollbackMode::AutomaticOnFailure)),
    ("staging: manual", |p| p.environment("staging").trigger == Some(Trigger::Manual)),
    ("staging: requires tests, review, QA sign-off", |p| gates(p, "staging") == ["tests", "review", "qa_sign_off"]),
    (
        "staging: tests are unit, integration, e2e",
        |p| matches!(&p.gate("tests").needs, Needs::Checks(names) if says(names, &["unit", "integration", "e2e"])),
    ),
    (
        "staging: QA sign-off by QA",
        |p| matches!(&p.gate("qa_sign_off").needs, Needs::SignOff(s) if s.roles[0].as_str() == "qa_engineer"),
    ),
    ("staging: automatic rollback on failure", |p| mode(p, "staging", RollbackMode::AutomaticOnFailure)),
    ("production: manual approval", |p| p.environment("production").trigger == Some(Trigger::ManualApproval)),
    (
        "production: requires successful staging deployment",
        |p| matches!(&p.gate("staging").needs, Needs::DeployedIn(s) if s.environment.as_str() == "staging"),
    ),
    (
        "production: requires business approval",
        |p| matches!(&p.gate("business_approval").needs, Needs::BusinessApproval(q) if q.needed() == 1),
    ),
    ("production: requires change-management ticket", |p| p.gate("change_ticket").needs == Needs::ChangeTicket),
    (
        "production: requires communication sent",
        |p| matches!(&p.gate("communication").needs, Needs::Communication(m) if m[0].as_str() == "briefing"),
    ),
    ("production: manual decision, automatic execution", |p| mode(p, "production", RollbackMode::ManualDecision)),
    ("purpose of development: continuous integration", |p| {
        p.environment("development").purpose == "Continuous integration."
    }),
    ("purpose of staging: pre-production validation", |p| {
        p.environment("staging").purpose == "Pre-production validation."
    }),
    ("purpose of production: live customers", |p| p.environment("production").purpose == "Live customers."),
    ("rolling is the default", |p| {
        p.strategy("rolling").default && p.strategy("rolling").kind == StrategyKind::Rolling
    }),
    ("rolling: one instance at a time", |p| p.strategy("rolling").batch == Some(1)),
    ("rolling: zero downtime", |p| p.strategy("rolling").traits == [Trait::ZeroDowntime]),
    ("rolling: best for most releases", |p| best(p, "rolling", "Most releases")),
    ("rolling: no extra resources, simple, quick rollback", |p| {
        says(&p.strategy("rolling").advantages, &["no extra resources", "simple", "quick rollback"])
    }),
    ("rolling: slow, mixed versions", |p| says(&p.strategy("rolling").disadvantages, &["slow", "mixed versions"])),
    ("blue-green: validated, switches at once, instant back", |p| {
        p.strategy("blue_green").traits
            == [Trait::ValidatedBeforeSwitch, Trait::SwitchesAtOnce, Trait::InstantSwitchBack]
    }),
    ("blue-green: needs 2 × resources", |p| p.strategy("blue_green").resources == Some(2)),
    ("blue-green: best for critical releases", |p| best(p, "blue_green", "Critical releases")),
    ("blue-green: instant rollback, full test, clean separation", |p| {
        says(
            &p.strategy("blue_green").advantages,
            &["instant rollback", "full test before the switch", "clean separation"],
        )
    }),
    ("blue-green: double resources, complex, hard migrations", |p| {
        says(
            &p.strategy("blue_green").disadvantages,
            &["double resources", "complex infrastructure", "hard migrations"],
        )
    }),
    ("canary: start 5–10 %", |p| {
        p.strategy("canary").start == Some(StartRange { from: percent("5 %"), to: percent("10 %") })
    }),
    ("canary: 10 → 25 → 50 → 100 %", |p| phases(p.strategy("canary")) == ["10 %", "25 %", "50 %", "100 %"]),
    ("canary: data-driven", |p| p.strategy("canary").traits == [Trait::DataDriven]),
    ("canary: best for high risk", |p| best(p, "canary", "High-risk")),
    ("canary: small blast radius, real-world validation, data-driven", |p| {
        says(&p.strategy("canary").advantages, &["small blast radius", "real-world validation", "data-driven"])
    }),
    ("canary: complex routing, slow, needs flags", |p| {
        says(&p.strategy("canary").disadvantages, &["complex routing", "slow", "flags"])
    }),
    ("all three may be chosen for production", |p| p.environment("production").strategies.len() == 3),
    ("roll back: health checks fail > 2 min", |p| {
        let trigger = p.trigger("health_checks");
        leads_back(trigger, true) && trigger.lasting == Some(span("2 min")) && trigger.seen_by == Observer::HealthCheck
    }),
    ("roll back: error rate > 5 %", |p| rolls_back(p.threshold("roll_back_errors"), "> 5 %", None, true)),
    ("roll back: p95 > 2 × baseline", |p| rolls_back(p.threshold("roll_back_p95"), "> 2 x baseline", None, true)),
    ("roll back: any critical alert", |p| leads_back(p.trigger("critical_alert"), true)),
    ("roll back: > 10 % of agents unhealthy", |p| rolls_back(p.threshold("roll_back_agents"), "> 10 %", None, true)),
    ("matrix: critical, > 50 % of users, at once, 5 min", |p| {
        let row = p.row("critical");
        row.users_over == Some(percent("50 %"))
            && row.action == Action::RollBack
            && row.by == Deadline::Within(span("5 min"))
    }),
    ("matrix: high, 10–50 %, assess then roll back, 15 min", |p| {
        let row = p.row("high");
        (row.users_over, row.users_up_to) == (Some(percent("10 %")), Some(percent("50 %")))
            && row.action == Action::AssessThenRollBack
            && row.by == Deadline::Within(span("15 min"))
    }),
    ("matrix: medium, < 10 %, hotfix or roll back, 1 h", |p| {
        let row = p.row("medium");
        row.users_up_to == Some(percent("10 %"))
            && row.action == Action::HotfixOrRollBack
            && row.by == Deadline::Within(span("1 h"))
    }),
    ("matrix: low, minimal, fix in next release, next cycle", |p| {
        let row = p.row("low");
        row.impact.as_deref() == Some("Minimal")
            && row.action == Action::FixInNextRelease
            && row.by == Deadline::NextCycle
    }),
    ("check: git status porcelain is empty", |p| {
        checked(p, "git_status", "git status --porcelain", Expectation::EmptyOutput)
    }),
    ("check: tests all pass", |p| checked(p, "run_tests", "npm test", Expectation::AllPass)),
    ("check: build succeeds", |p| checked(p, "build", "npm run build", Expectation::Success)),
    ("check: dependency audit without critical", |p| checked(p, "audit", "npm audit", Expectation::NoCritical)),
    ("the four checks are a list before deployment", |p| {
        p.list("commands").items.len() == 4 && p.list("commands").items.iter().all(|i| i.command.is_some())
    }),
    ("validation for 30 min", |p| p.watch.as_ref().unwrap().lasting == span("30 min")),
    ("validation: success rate > 99.9 % / < 99 %", |p| validated(p, "validate_success", "> 99.9 %", "< 99 %")),
    ("validation: p95 < 500 ms / > 1000 ms", |p| validated(p, "validate_p95", "< 500 ms", "> 1000 ms")),
    ("validation: error rate < 0.1 % / > 1 %", |p| validated(p, "validate_errors", "< 0.1 %", "> 1 %")),
    ("validation: CPU < 80 % / > 90 %", |p| validated(p, "validate_cpu", "< 80 %", "> 90 %")),
    ("validation: memory < 85 % / > 95 %", |p| validated(p, "validate_memory", "< 85 %", "> 95 %")),
    ("validation: agent health > 95 % / < 90 %", |p| validated(p, "validate_agents", "> 95 %", "< 90 %")),
    ("endpoint /health: basic", |p| p.endpoint("/health").tells.contains("Basic")),
    ("endpoint /status: detailed", |p| p.endpoint("/status").tells.contains("Detailed")),
    ("endpoint /metrics: Prometheus", |p| p.endpoint("/metrics").tells.contains("Prometheus")),
    ("endpoint /ready: readiness", |p| p.endpoint("/ready").tells.contains("Readiness")),
];

fn verified(p: &Playbook, item: &str, by: Verified) -> bool {
    p.list("pre_release").item(item).unwrap().verified_by == Some(by)
}

fn example(p: &Playbook, bump: Bump, notation: &str, from: &str, to: &str) -> bool {
    p.versioning.as_ref().unwrap().examples.iter().any(|e| {
        e.bump == bump
            && e.notation.as_deref() == Some(notation)
            && e.from.to_string() == from
            && e.to.to_string() == to
    })
}

fn own(p: &Playbook, command: &str, typed: &str) -> bool {
    p.command(command).kind == CommandKind::Own && argv(p.command(command)) == typed
}

fn gates<'a>(p: &'a Playbook, environment: &str) -> Vec<&'a str> {
    let stands = |g: &&Gate| g.environments.iter().any(|e| e.as_str() == environment);
    p.gates.iter().filter(stands).map(|g| g.id.as_str()).collect()
}

fn mode(p: &Playbook, environment: &str, mode: RollbackMode) -> bool {
    p.environment(environment).rollback == Some(mode)
}

fn best(p: &Playbook, strategy: &str, words: &str) -> bool {
    p.strategy(strategy).best_for.as_ref().unwrap().contains(words)
}

fn checked(p: &Playbook, command: &str, typed: &str, expects: Expectation) -> bool {
    let command = p.command(command);
    command.kind == CommandKind::Check && argv(command) == typed && command.expects == Some(expects)
}

fn validated(p: &Playbook, threshold: &str, target: &str, alert: &str) -> bool {
    let threshold = p.threshold(threshold);
    threshold.purpose == Purpose::Validate && threshold.limit == limit(target) && threshold.alert == Some(limit(alert))
}
