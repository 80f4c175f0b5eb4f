//! The facts of `agentmesh`: trunk, promotion gates, migrations, kill switches, objectives.

use super::{Fact, lookup::*};
use crate::{playbook::*, release::Bump};

pub(super) const FACTS: &[Fact] = &[
    ("head carries version, date, owner", |p| {
        let head = p.head.as_ref().unwrap();
        !head.version.is_empty() && !head.owner.is_empty() && head.date.to_string().len() == 10
    }),
    ("trunk: main is protected", |p| {
        p.branch("trunk").name.as_str() == "main" && p.branch("trunk").protection.len() == 3
    }),
    ("trunk: CI green", |p| p.branch("trunk").protection.contains(&Protection::ChecksGreen)),
    ("trunk: at least 1 approval", |p| {
        p.branch("trunk").approvals == Some(1) && p.gate("review").needs == Needs::Reviews(1)
    }),
    ("trunk: branch up to date", |p| {
        p.branch("trunk").protection.contains(&Protection::UpToDate)
            && p.gate("up_to_date").needs == Needs::BranchUpToDate
    }),
    ("trunk: Conventional Commits", |p| {
        p.branch("trunk").protection.contains(&Protection::ConventionalCommits)
            && p.gate("commits").needs == Needs::ConventionalCommits
    }),
    ("commits: feat → minor", |p| raises(p, CommitType::Feat, Bump::Minor)),
    ("commits: fix → patch", |p| raises(p, CommitType::Fix, Bump::Patch)),
    ("commits: breaking → major", |p| commits(p).breaking == Some(Bump::Major)),
    ("commits: docs, style, refactor, perf, test, chore, ci, build, revert", |p| {
        use CommitType::{Build, Chore, Ci, Docs, Perf, Refactor, Revert, Style, Test};
        commits(p).silent == [Docs, Style, Refactor, Perf, Test, Chore, Ci, Build, Revert]
    }),
    ("commits: form type(optional scope): description", |p| {
        commits(p).form.as_deref() == Some("type(optional scope): description")
    }),
    ("commits: optional body, footers", |p| {
        commits(p).optional.contains(&CommitPart::Body) && commits(p).optional.contains(&CommitPart::Footers)
    }),
    ("release automatic from a PR to main", |p| p.pipeline("automatic").starts == [PipelineTrigger::PullRequest]),
    ("CI validates build, tests, migrations, version and changelog, code-host release", |p| {
        stages(p.pipeline("automatic")) == ["build", "tests", "migrations", "version", "release"]
    }),
    ("merge triggers production, as a switch", |p| {
        p.environment("production").switchable_to == Some(Trigger::OnMerge)
            && p.pipeline("production").starts == [PipelineTrigger::MergeToMain]
    }),
    ("release manual by workflow dispatch with patch/minor/major", |p| {
        p.pipeline("manual").starts == [PipelineTrigger::Dispatch]
            && p.pipeline("manual").title.contains("patch, minor or major")
    }),
    ("manual release: same validation", |p| {
        stages(p.pipeline("manual")) == stages(p.pipeline("automatic")) && p.pipelines.len() == 3
    }),
    ("preview: every PR", |p| p.environment("preview").trigger == Some(Trigger::OnPullRequest)),
    ("preview: one shared URL", |p| p.environment("preview").shared_address),
    ("production: manual promotion after merge", |p| {
        p.environment("production").trigger == Some(Trigger::ManualPromotion)
    }),
    ("production needs all CI checks", |p| {
        matches!(&p.gate("ci_checks").needs, Needs::Checks(names)
            if says(names, &["build", "test", "migration-status", "version", "changelog"]))
    }),
    ("production needs the migration gate", |p| p.gate("migrations").needs == Needs::Migrations),
    ("production needs the SLO within budget", |p| p.gate("slo_budget").needs == Needs::SloBudget),
    ("production needs manual approval", |p| {
        p.gate("approval").needs == Needs::TypeApprovals && p.types.iter().all(|t| !t.approvals.is_empty())
    }),
    ("EMC: expand with nullable columns, views", |p| {
        stage(p, 0, MigrationStep::Expand) && says(&emc(p).stages[0].does, &["nullable columns", "views"])
    }),
    ("EMC: migrate by backfill in chunks", |p| {
        stage(p, 1, MigrationStep::Migrate) && says(&emc(p).stages[1].does, &["backfill in chunks"])
    }),
    ("EMC: contract drops after verification", |p| {
        stage(p, 2, MigrationStep::Contract) && mentions(&emc(p).stages[2].does, "after verification")
    }),
    ("CI reports pending migrations", |p| emc(p).rules.contains(&MigrationRule::PendingReported)),
    ("backfill runs if needed", |p| emc(p).stages[1].when == Some(Condition::NeedsBackfill)),
    ("integrity verified", |p| emc(p).rules.contains(&MigrationRule::IntegrityVerified)),
    ("only then deploy", |p| emc(p).rules.contains(&MigrationRule::BeforeDeployment)),
    ("contract may not ship with its expand", |p| emc(p).rules.contains(&MigrationRule::ContractApart)),
    ("migrations carry EMC comments", |p| emc(p).rules.contains(&MigrationRule::Annotated)),
    ("rollback of the deployment: previous or named", |p| {
        steps(p.procedure("deployment_rollback"), &["previous", "named"])
    }),
    ("rollback of the database: status, mark rolled back, restore", |p| {
        steps(p.procedure("database_rollback"), &["status", "mark", "restore"])
    }),
    ("rollback by flag: disable, or maintenance with message", |p| {
        steps(p.procedure("flag_rollback"), &["disable", "maintenance"])
            && mentions(&step(p.procedure("flag_rollback"), "maintenance").does, "message")
    }),
    ("vercel --prod --rollback", |p| argv(p.command("rollback_previous")) == "vercel --prod --rollback"),
    ("vercel --prod --confirm URL", |p| argv(p.command("rollback_named")) == "vercel --prod --confirm {{url}}"),
    ("pnpm run db:status", |p| argv(p.command("db_status")) == "pnpm run db:status"),
    ("npx prisma migrate resolve --rolled-back NAME", |p| {
        argv(p.command("db_mark")) == "npx prisma migrate resolve --rolled-back {{name}}"
    }),
    ("pnpm run dr:check --restore", |p| argv(p.command("db_restore")) == "pnpm run dr:check --restore"),
    ("flags by updating config_flags (enabled, message)", |p| {
        let store = p.flags.as_ref().unwrap().store.as_ref().unwrap();
        store.table == "config_flags" && says(&store.fields, &["enabled", "message"])
    }),
    ("kill switch: API off, all endpoints", |p| {
        p.kill_switch("api").effect == KillEffect::ApiOff && p.kill_switch("api").reach == "All endpoints"
    }),
    ("kill switch: database writes off", |p| p.kill_switch("database_writes").effect == KillEffect::DatabaseWritesOff),
    ("kill switch: maintenance page with message", |p| {
        p.kill_switch("maintenance").effect == KillEffect::MaintenanceMode
            && p.kill_switch("maintenance").message.is_some()
    }),
    ("incident: assess → communicate → mitigate → resolve → post-mortem", |p| {
        steps(p.procedure("incident"), &["assess", "communicate", "mitigate", "resolve", "post_mortem"])
    }),
    ("incident: communicate by status page, stakeholders", |p| {
        says(&step(p.procedure("incident"), "communicate").does, &["status page", "stakeholders"])
    }),
    ("incident: mitigate by kill switch or rollback", |p| {
        mentions(&step(p.procedure("incident"), "mitigate").does, "kill switch or rollback")
    }),
    ("status page: public", |p| p.status_page.as_ref().unwrap().public),
    ("status page: updated by automation", |p| p.status_page.as_ref().unwrap().automated),
    ("status page: notifies by Slack, email, webhook", |p| {
        let kinds: Vec<_> =
            p.status_page.as_ref().unwrap().notifies.iter().map(|c| p.channel(c.as_str()).kind).collect();
        kinds == [ChannelKind::Slack, ChannelKind::Email, ChannelKind::Webhook]
    }),
    ("record: tag, generated changelog", |p| kept(p, &["tag", "changelog"]) && p.changelog.as_ref().unwrap().generated),
    ("record: bundle report and migration summary", |p| kept(p, &["bundle_report", "migration_summary"])),
    ("record: build SHA, schema hash, environment matrix", |p| {
        kept(p, &["build_sha", "schema_hash", "environment_matrix"])
    }),
    ("record: front-end output, compiled back end", |p| kept(p, &["front_end", "back_end"])),
    ("record: migrations and schemas", |p| kept(p, &["migrations", "schemas"])),
    ("record: performance report", |p| kept(p, &["performance_report"])),
    ("record: deployment and database logs", |p| kept(p, &["deployment_logs", "database_logs"])),
    ("audit trail: git, CI logs, deployment logs, SLO metrics and alerts", |p| {
        says(&p.record.as_ref().unwrap().audit, &["git", "CI logs", "deployment logs", "SLO metrics", "alerts"])
    }),
    ("pre gates: tests, scan, performance, migration status, flags", |p| {
        let list = p.list("pre");
        ["tests", "scan", "performance", "migrations", "flags"].iter().all(|item| list.item(item).is_some())
    }),
    ("pre gate: scan clean", |p| matches!(p.gate("security_scan").needs, Needs::SecurityScan(_))),
    ("pre gate: performance within SLO", |p| p.gate("performance").needs == Needs::Benchmarks),
    ("pre gate: flags configured", |p| p.gate("flags").needs == Needs::FlagsConfigured),
    ("post: health, SLO stable, error rates, performance, feedback", |p| {
        items(p.list("post"), &["health", "slo", "errors", "performance", "feedback"])
    }),
    ("post: health and SLO are seen by the system", |p| {
        p.list("post").item("health").unwrap().verified_by == Some(Verified::HealthGood)
            && p.list("post").item("slo").unwrap().verified_by == Some(Verified::SloWithinBudget)
    }),
    ("roll back on SLO violation", |p| leads_back(p.trigger("slo_violation"), false)),
    ("roll back on high error rate", |p| leads_back(p.trigger("high_error_rate"), false)),
    ("roll back on degradation", |p| leads_back(p.trigger("degradation"), false)),
    ("roll back on security issue", |p| leads_back(p.trigger("security_issue"), false)),
    ("roll back on complaints", |p| leads_back(p.trigger("complaints"), false)),
    ("SLO: availability 99.95 %", |p| p.slo("availability").target == limit(">= 99.95 %")),
    ("SLO: p95 < 300 ms", |p| p.slo("p95").target == limit("< 300 ms")),
    ("SLO: error rate < 0.1 %", |p| p.slo("error_rate").target == limit("< 0.1 %")),
    ("SLO: success > 99.9 %", |p| p.slo("success_rate").target == limit("> 99.9 %")),
    ("alerts: critical → PagerDuty + Slack #alerts", |p| {
        routed(p, AlertLevel::Critical, &["pager", "alerts"])
            && p.channel("pager").title == "PagerDuty"
            && p.channel("alerts").address.as_deref() == Some("#alerts")
    }),
    ("alerts: warning → Slack #devops", |p| {
        routed(p, AlertLevel::Warning, &["devops"]) && p.channel("devops").address.as_deref() == Some("#devops")
    }),
    ("alerts: info → Slack #releases", |p| {
        routed(p, AlertLevel::Info, &["releases"]) && p.channel("releases").address.as_deref() == Some("#releases")
    }),
    ("practice: low-traffic windows", |p| {
        p.calendar.traffic == Some(Traffic::LowPreferred) && p.principle("low_traffic").text.contains("few people")
    }),
    ("practice: coordinate", |p| p.principle("coordinate").text.contains("Agree")),
    ("practice: rollback plan", |p| p.principle("rollback_plan").text.contains("way back")),
    ("practice: test in preview", |p| {
        p.principle("test_in_preview").text.contains("preview") && p.list("pre").item("preview").is_some()
    }),
    ("practice: announce ahead", |p| {
        p.principle("announce_ahead").text.contains("ahead")
            && p.message("announcement").due == Some(Due::Before(span("24 h")))
    }),
    ("practice: brief support", |p| {
        p.principle("brief_support").text.contains("support")
            && p.message("announcement").audience.contains(&Audience::Support)
    }),
    ("practice: keep runbooks current", |p| p.document("runbooks").occasion == DocumentOccasion::EveryRelease),
    ("practice: keep known issues current", |p| p.document("known_issues").occasion == DocumentOccasion::EveryRelease),
    ("practice: keep lessons current", |p| p.document("lessons").occasion == DocumentOccasion::AfterRetrospective),
    ("practice: update docs", |p| p.principle("update_docs").text.contains("ocumentation")),
    ("practice: watch social media", |p| {
        p.principle("watch_social_media").text.contains("social media")
            && mentions(&p.list("post").item("feedback").unwrap().parts, "social media")
    }),
    ("practice: keep troubleshooting guides", |p| {
        p.principle("troubleshooting_current").text.contains("troubleshooting")
    }),
    ("troubleshooting: migration failure, dry run first", |p| {
        p.trouble("migration_failure").fixes[0].contains("dry first")
            && helps(p, "migration_failure", &["db_status", "migrate_dry", "migrate"])
    }),
    ("pnpm run migrate:emc and its dry run", |p| {
        argv(p.command("migrate")) == "pnpm run migrate:emc"
            && argv(p.command("migrate_dry")) == "pnpm run migrate:emc:dry"
    }),
    ("troubleshooting: build failure", |p| helps(p, "build_failure", &["install", "build", "build_package"])),
    ("pnpm run build, of one package too", |p| {
        argv(p.command("build")) == "pnpm run build"
            && argv(p.command("build_package")) == "pnpm run build --filter={{package}}"
    }),
    ("pnpm install --frozen-lockfile", |p| argv(p.command("install")) == "pnpm install --frozen-lockfile"),
    ("troubleshooting: deployment failure by list, logs, env variables", |p| {
        helps(p, "deployment_failure", &["list_deployments", "deployment_logs", "list_env"])
            && says(&p.trouble("deployment_failure").look_at, &["list", "logs", "environment variables"])
    }),
    ("vercel ls", |p| argv(p.command("list_deployments")) == "vercel ls"),
    ("vercel logs URL", |p| argv(p.command("deployment_logs")) == "vercel logs {{url}}"),
    ("vercel env ls", |p| argv(p.command("list_env")) == "vercel env ls"),
    ("dashboard: Grafana system", |p| p.dashboard("system").tool == "Grafana"),
    ("dashboard: Vercel deployments", |p| p.dashboard("deployments").tool == "Vercel"),
    ("dashboard: Supabase database", |p| p.dashboard("database").tool == "Supabase"),
    ("dashboard: GitHub CI", |p| p.dashboard("ci").tool == "GitHub"),
    ("help: docs site, support address, #devops, #releases, issue label", |p| {
        p.help.iter().map(|h| h.channel.as_str()).eq(["docs", "support_mail", "devops", "releases", "issues"])
    }),
    ("help: issue label release", |p| {
        p.channel("issues").kind == ChannelKind::Issues && p.channel("issues").address.as_deref() == Some("release")
    }),
];

fn commits(p: &Playbook) -> &Commits {
    p.commits.as_ref().unwrap()
}

fn raises(p: &Playbook, commit: CommitType, bump: Bump) -> bool {
    commits(p).bumps.contains(&CommitBump { commit, bump })
}

fn emc(p: &Playbook) -> &Migrations {
    p.migrations.as_ref().unwrap()
}

fn stage(p: &Playbook, index: usize, step: MigrationStep) -> bool {
    emc(p).stages.len() == 3 && emc(p).stages[index].step == step
}

fn kept(p: &Playbook, wanted: &[&str]) -> bool {
    let record = p.record.as_ref().unwrap();
    wanted.iter().all(|id| record.attachments.iter().any(|a| a.id.as_str() == *id))
}

fn routed(p: &Playbook, level: AlertLevel, wanted: &[&str]) -> bool {
    let route = p.alert_routes.iter().find(|r| r.level == level).unwrap();
    route.to.iter().map(ChannelId::as_str).eq(wanted.iter().copied())
}

fn helps(p: &Playbook, trouble: &str, commands: &[&str]) -> bool {
    p.trouble(trouble).commands.iter().map(CommandId::as_str).eq(commands.iter().copied())
}
