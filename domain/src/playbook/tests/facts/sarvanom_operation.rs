//! The facts of `sarvanom`: flags, automation, communication, documents, figures, contacts.

use super::{Fact, lookup::*};
use crate::playbook::*;

pub(super) const FACTS: &[Fact] = &[
    ("flags: release, experiment, kill switch, configuration", |p| {
        use FlagKind::{Configuration, Experiment, KillSwitch, Release};
        p.flags.as_ref().unwrap().kinds == [Release, Experiment, KillSwitch, Configuration]
    }),
    ("flags: central single source", |p| rule(p, FlagRule::SingleSource)),
    ("flags: take effect at once", |p| rule(p, FlagRule::EffectiveAtOnce)),
    ("flags: every change in the audit trail", |p| rule(p, FlagRule::Audited)),
    ("flags: role-based", |p| rule(p, FlagRule::RoleBased)),
    ("flags: server-side guard with a fallback path", |p| rule(p, FlagRule::ServerGuardWithFallback)),
    ("flags: front-end hook", |p| rule(p, FlagRule::FrontEndHook)),
    ("a kill switch for a feature", |p| p.kill_switch("feature").effect == KillEffect::FeatureOff),
    ("build pipeline on push and PR, GitHub Actions", |p| {
        let pipeline = p.pipeline("build");
        pipeline.starts == [PipelineTrigger::Push, PipelineTrigger::PullRequest]
            && pipeline.tool.as_deref() == Some("GitHub Actions")
    }),
    ("build pipeline: deps, tests, image", |p| stages(p.pipeline("build")) == ["dependencies", "tests", "image"]),
    ("build pipeline: Python 3.11", |p| p.pipeline("build").stages[0].title.contains("Python 3.11")),
    ("build pipeline: pip and npm install", |p| {
        argv(p.command("pip_install")).starts_with("pip install") && argv(p.command("npm_install")) == "npm install"
    }),
    ("build pipeline: pytest and npm test", |p| {
        argv(p.command("pytest")) == "pytest" && argv(p.command("npm_test")) == "npm test"
    }),
    ("build pipeline: image tagged by SHA", |p| p.command("build_image").argv.iter().any(|a| a.has(Variable::Sha))),
    ("deploy pipeline on main: staging → canary → monitor → production", |p| {
        p.pipeline("deploy").starts == [PipelineTrigger::MergeToMain]
            && stages(p.pipeline("deploy")) == ["staging", "canary", "monitor", "production"]
    }),
    ("deploy pipeline: the exit code of monitoring decides", |p| {
        p.pipeline("deploy").stages[2].waits_for_verdict
            && p.command("monitor_canary").expects == Some(Expectation::ExitCodeDecides)
    }),
    ("deploy pipeline: Kubernetes", |p| p.pipeline("deploy").tool.as_deref() == Some("Kubernetes")),
    ("kubectl apply -f k8s/staging/", |p| argv(p.command("apply_staging")) == "kubectl apply -f k8s/staging/"),
    ("kubectl apply -f k8s/canary/", |p| argv(p.command("apply_canary")) == "kubectl apply -f k8s/canary/"),
    ("kubectl apply -f k8s/production/", |p| argv(p.command("apply_production")) == "kubectl apply -f k8s/production/"),
    ("./scripts/monitor-canary.sh", |p| argv(p.command("monitor_canary")) == "./scripts/monitor-canary.sh"),
    ("CI can wait for the verdict as an exit code", |p| {
        p.command("wait").kind == CommandKind::Own && p.command("wait").expects == Some(Expectation::ExitCodeDecides)
    }),
    ("tests before: unit, integration, contract, performance", |p| {
        tested(p, TestTime::Before, &["unit", "integration", "contract", "performance"])
    }),
    ("tests after: smoke, health, journeys, performance", |p| {
        tested(p, TestTime::After, &["smoke", "health", "journeys", "performance_after"])
    }),
    ("performance tests are load and stress", |p| says(&p.suite("performance").covers, &["load", "stress"])),
    ("tests after deployment are a list", |p| {
        items(p.list("after_deployment"), &["smoke", "health", "journeys", "performance"])
    }),
    ("before, engineering: detail and timeline", |p| {
        says(&p.briefing("engineering_before").covers, &["detail", "timeline"])
    }),
    ("before, product: impact and user experience", |p| {
        says(&p.briefing("product_before").covers, &["impact", "user experience"])
    }),
    ("before, support: known issues and user messaging", |p| {
        says(&p.briefing("support_before").covers, &["known issues", "messages for users"])
    }),
    ("before, leadership: business impact and risk", |p| {
        says(&p.briefing("leadership_before").covers, &["business impact", "risk"])
    }),
    ("during: status, escalation, decision points", |p| {
        p.briefing("during").phase == BriefingPhase::During
            && says(&p.briefing("during").covers, &["status", "escalation", "decision points"])
    }),
    ("after: success, metrics summary, lessons", |p| {
        p.briefing("after").phase == BriefingPhase::After
            && says(&p.briefing("after").covers, &["success", "figures", "lessons"])
    }),
    ("external: notes, maintenance windows, issue updates, announcements", |p| {
        says(&p.briefing("external").covers, &["notes", "maintenance windows", "issue updates", "announcements"])
    }),
    ("external: a template for maintenance windows", |p| p.message("maintenance_window").body.has(Variable::Window)),
    ("external: a template for issue updates", |p| p.message("issue_update").body.has(Variable::NextUpdate)),
    ("external: a template for announcements", |p| p.message("announcement").body.has(Variable::NotesLink)),
    ("stakeholders: business impact, technical updates, risk assessment, roadmap", |p| {
        let covers = &p.briefing("stakeholders").covers;
        ["business impact", "technical updates", "risk assessment", "roadmap"].iter().all(|one| mentions(covers, one))
    }),
    ("stakeholders also: adoption, architecture, mitigation", |p| {
        let covers = &p.briefing("stakeholders").covers;
        ["adoption", "architecture", "mitigation"].iter().all(|one| mentions(covers, one))
    }),
    ("metric: deployments per week", |p| p.metric("deployments").title == "Deployments per week"),
    ("metric: lead time commit → production", |p| {
        p.metric("lead_time").about.as_ref().unwrap().contains("From commit to production")
    }),
    ("metric: MTTR", |p| p.metric("mttr").measures == Measure::Lasting),
    ("metric: change failure rate", |p| p.metric("change_failure_rate").measures == Measure::Share),
    ("metric: coverage", |p| p.metric("coverage").measures == Measure::Coverage),
    ("metric: bugs per deployment", |p| p.metric("bugs").title == "Bugs per deployment"),
    ("metric: performance regression", |p| p.metric("performance_regressions").concern == Concern::Quality),
    ("metric: satisfaction", |p| p.metric("satisfaction").concern == Concern::Users),
    ("metric: adoption", |p| p.metric("adoption").concern == Concern::Users),
    ("metric: engagement", |p| p.metric("engagement").concern == Concern::Users),
    ("metric: revenue", |p| p.metric("revenue").concern == Concern::Business),
    ("metric: tickets", |p| p.metric("tickets").measures == Measure::Count),
    ("tool: GitHub Actions", |p| p.tool("github_actions").title == "GitHub Actions"),
    ("tool: Kubernetes", |p| p.tool("kubernetes").title == "Kubernetes"),
    ("tool: ArgoCD", |p| p.tool("argocd").title == "ArgoCD"),
    ("tool: Prometheus", |p| p.tool("prometheus").title == "Prometheus"),
    ("tool: Grafana", |p| p.tool("grafana").title == "Grafana"),
    ("rollback means: quick, automated", |p| p.procedure("quick_rollback").one_command),
    ("rollback means: manual guide", |p| p.procedure("rollback").runbook),
    ("rollback means: database recovery", |p| p.procedure("database_recovery").kind == ProcedureKind::Rollback),
    ("rollback means: notification templates", |p| {
        p.message("rollback_notice").moment == Moment::RollingBack
            && p.message("rollback_done").moment == Moment::Resolved
    }),
    ("document: changelog per release", |p| p.document("changelog").occasion == DocumentOccasion::EveryRelease),
    ("document: API changes and migration guides", |p| {
        p.document("api_changes").occasion == DocumentOccasion::ApiChange
            && p.document("migration_guide").occasion == DocumentOccasion::ApiChange
    }),
    ("document: feature guides", |p| p.document("feature_guide").occasion == DocumentOccasion::EveryFeature),
    ("document: post-mortems", |p| p.document("post_mortem").occasion == DocumentOccasion::Incident),
    ("contact without a time: engineering lead", |p| answers(p.contact("engineering_lead"), "engineering_lead", None)),
    ("contact without a time: security", |p| answers(p.contact("security"), "security", None)),
    ("contact without a time: product manager", |p| answers(p.contact("product_manager"), "product_manager", None)),
    ("contact without a time: DevOps", |p| answers(p.contact("devops"), "devops", None)),
];

fn rule(p: &Playbook, rule: FlagRule) -> bool {
    p.flags.as_ref().unwrap().rules.contains(&rule)
}

fn tested(p: &Playbook, time: TestTime, wanted: &[&str]) -> bool {
    p.test_suites.iter().filter(|s| s.time == time).map(|s| s.id.as_str()).eq(wanted.iter().copied())
}
