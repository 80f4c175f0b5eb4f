//! The facts of `orca`: versions, types, calendar, lists, canary, limits.

use super::{Fact, lookup::*};
use crate::{playbook::*, release::Bump};

pub(super) const FACTS: &[Fact] = &[
    ("head: version 1.0.0", |p| p.head.as_ref().unwrap().version == "1.0.0"),
    ("head: dated 2025-10-31", |p| p.head.as_ref().unwrap().date.to_string() == "2025-10-31"),
    ("head: owner Engineering & Release Team", |p| p.head.as_ref().unwrap().owner == "Engineering & Release Team"),
    ("head: reviewed after every major", |p| p.head.as_ref().unwrap().review == Some(ReviewRule::AfterEveryMajor)),
    ("principle: weekly shipping", |p| p.principle("weekly_shipping").text.contains("week")),
    ("principle: canary for big changes", |p| p.principle("canary_for_big_changes").text.contains("big change")),
    ("principle: flags hide unfinished work", |p| p.principle("flags_hide_unfinished").text.contains("flag")),
    ("principle: blameless", |p| p.principle("blameless").text.contains("culprits")),
    ("versioning by SemVer", |p| p.versioning.as_ref().unwrap().scheme == Scheme::Semver),
    ("tags vX.Y.Z", |p| tag(p).name.as_str() == "v{{version}}"),
    ("tags are annotated", |p| tag(p).annotated),
    ("a release on the code host is marked latest", |p| tag(p).latest),
    ("tag message and release title carry a headline", |p| {
        tag(p).message.as_ref().unwrap().has(Variable::Headline)
            && tag(p).release_title.as_ref().unwrap().has(Variable::Headline)
    }),
    ("release body from release-notes.md", |p| tag(p).release_body.as_ref().unwrap().as_str() == "release-notes.md"),
    ("version in package.json", |p| p.versioning.as_ref().unwrap().file.as_deref() == Some("package.json")),
    ("patch: bug fix", |p| p.kind("patch").bump == Bump::Patch && p.kind("patch").when.contains("bug fix")),
    ("patch: as needed", |p| p.kind("patch").cadence.as_ref().unwrap().as_needed),
    ("patch: fast-track with simplified approval", |p| {
        p.kind("patch").process == Some(Process::FastTrack) && p.kind("patch").parts == [Part::SimplifiedApproval]
    }),
    ("minor: compatible features", |p| {
        p.kind("minor").bump == Bump::Minor && p.kind("minor").when.contains("Compatible features")
    }),
    ("minor: every 2–4 weeks", |p| {
        p.kind("minor").cadence.as_ref().unwrap().between == Some(range("2 weeks", "4 weeks"))
    }),
    ("minor: full cycle of QA, staging, canary", |p| {
        let minor = p.kind("minor");
        minor.process == Some(Process::FullCycle) && minor.parts == [Part::Qa, Part::Staging, Part::Canary]
    }),
    ("major: breaking", |p| p.kind("major").bump == Bump::Major && p.kind("major").when.contains("Breaking")),
    ("major: quarterly or as needed", |p| {
        let cadence = p.kind("major").cadence.as_ref().unwrap();
        cadence.every == [period("1 quarter")] && cadence.as_needed
    }),
    ("major: extended QA, migration guide, communication plan", |p| {
        p.kind("major").parts == [Part::ExtendedQa, Part::MigrationGuide, Part::CommunicationPlan]
    }),
    ("hotfix: critical production bug, now", |p| {
        p.kind("hotfix").when.contains("critical production bug") && p.kind("hotfix").cadence.as_ref().unwrap().at_once
    }),
    ("hotfix: yields a patch", |p| p.kind("hotfix").bump == Bump::Patch && !p.kind("hotfix").default_for_bump),
    ("hotfix: at least 1 reviewer", |p| {
        p.kind("hotfix").reviewers == Some(1) && p.gate("hotfix_review").needs == Needs::Reviews(1)
    }),
    ("hotfix: branch hotfix/vX.Y.Z from main", |p| {
        p.branch("hotfix").name.as_str() == "hotfix/v{{version}}" && p.branch("hotfix").from.as_deref() == Some("main")
    }),
    ("hotfix: pull request labelled hotfix", |p| p.kind("hotfix").labels == ["hotfix"]),
    ("hotfix: minimal change", |p| step_says(p, Moment::Preparation, "as little as")),
    ("hotfix: local test and build", |p| step_says(p, Moment::Preparation, "test and build locally")),
    ("hotfix: review asked for in #engineering", |p| {
        step_says(p, Moment::Preparation, "#engineering") && sent_to(p.message("hotfix_review"), "engineering")
    }),
    ("hotfix: staging smoke", |p| {
        step_says(p, Moment::Staging, "smoke") && p.kind("hotfix").floor.contains(&Part::StagingSmoke)
    }),
    ("hotfix: deploy", |p| step_says(p, Moment::Production, "deploy")),
    ("hotfix: patch bump", |p| step_says(p, Moment::Deployed, "patch number")),
    ("hotfix: tag", |p| step_says(p, Moment::Deployed, "tag")),
    ("hotfix: notify #engineering afterwards", |p| {
        let done = p.message("hotfix_done");
        sent_to(done, "engineering") && done.moment == Moment::Deployed && step_says(p, Moment::Deployed, "tell")
    }),
    ("hotfix SLA: in production at most 2 h after detection", |p| {
        let clock = p.clock("hotfix");
        clock.within == span("2 h")
            && clock.starts == Start::Detection
            && clock.stops == Stop::InProduction
            && only(&clock.types, &["hotfix"])
    }),
    ("Mon–Thu development", |p| {
        use Weekday::{Monday, Thursday, Tuesday, Wednesday};
        p.calendar.week[0].days == [Monday, Tuesday, Wednesday, Thursday] && p.calendar.week[0].what == "Development"
    }),
    ("Thu EOD code freeze", |p| cut_off(p, CutOffKind::Freeze, Weekday::Thursday, "end of day")),
    ("end of day is a time", |p| matches!(p.calendar.end_of_day, Some(TimeOfDay::At(_)))),
    ("Thu EOD staging deployment (the schedule wins over the checklist)", |p| {
        cut_off(p, CutOffKind::StagingDeployment, Weekday::Thursday, "end of day")
    }),
    ("Friday's item verifies the staging deployment", |p| {
        p.list("release_day").item("staging").unwrap().verified_by == Some(Verified::StagingDeployed)
    }),
    ("Fri morning QA on staging", |p| {
        cut_off(p, CutOffKind::QaBegins, Weekday::Friday, "08:00") && p.list("manual_qa").moment == Moment::Staging
    }),
    ("Fri 12:00 UTC production, every week", |p| {
        let train = &p.calendar.trains[0];
        train.day == Weekday::Friday
            && train.time == Some(at("12:00"))
            && train.every == period("1 week")
            && p.calendar.zone == Zone::utc()
    }),
    ("Friday because staff can watch", |p| mentions(&p.calendar.trains[0].reasons, "watch")),
    ("Friday because traffic is low", |p| mentions(&p.calendar.trains[0].reasons, "traffic is low")),
    ("Friday because the weekend absorbs hotfixes", |p| mentions(&p.calendar.trains[0].reasons, "weekend absorbs")),
    ("blackout: 2 days before a major holiday", |p| {
        let blackout = &p.calendar.blackouts[0];
        blackout.cause == Cause::MajorHoliday
            && blackout.days_before == Some(2)
            && p.calendar.holidays.iter().any(|h| h.major)
    }),
    ("blackout: company all-hands", |p| p.calendar.blackouts.iter().any(|b| b.cause == Cause::AllHands)),
    ("blackout: planned maintenance windows", |p| p.calendar.blackouts.iter().any(|b| b.cause == Cause::Maintenance)),
    (
        "the calendar is a gate before production",
        |p| matches!(&p.gate("calendar").needs, Needs::Calendar(parts) if parts.len() == 4),
    ),
    ("freeze forbids commits to main until done", |p| {
        p.branch("main").protection.contains(&Protection::FrozenDuringRelease)
            && p.message("freeze").body.as_str().contains("commit nothing to main")
    }),
    ("pre-release list on Thu EOD", |p| weekly(p.list("pre_release").due.as_ref(), Weekday::Thursday, "end of day")),
    ("pre-release list: eight items", |p| {
        items(
            p.list("pre_release"),
            &["merged", "ci_green", "version", "changelog", "notes", "migrations", "flags", "rollback_plan"],
        )
    }),
    ("pre-release: pull requests merged to main", |p| item_text(p, "pre_release", "merged").contains("merged to main")),
    ("pre-release: CI is lint, typecheck, test, build", |p| {
        let item = p.list("pre_release").item("ci_green").unwrap();
        item.parts == ["lint", "typecheck", "test", "build"] && item.verified_by == Some(Verified::ChecksGreen)
    }),
    (
        "CI checks are a gate by name",
        |p| matches!(&p.gate("ci_checks").needs, Needs::Checks(names) if *names == ["lint", "typecheck", "test", "build"]),
    ),
    ("pre-release: version bumped", |p| verified(p, "pre_release", "version", Verified::VersionSet)),
    ("pre-release: changelog updated", |p| verified(p, "pre_release", "changelog", Verified::ChangelogPresent)),
    ("pre-release: notes drafted", |p| verified(p, "pre_release", "notes", Verified::NotesPresent)),
    ("pre-release: migrations tested, if any", |p| {
        when(p.list("pre_release"), "migrations") == Some(Condition::Migrations)
    }),
    ("pre-release: flags configured", |p| verified(p, "pre_release", "flags", Verified::FlagsConfigured)),
    ("pre-release: rollback plan documented", |p| {
        verified(p, "pre_release", "rollback_plan", Verified::RollbackTargetKnown)
    }),
    ("release-day list on Fri 12:00", |p| weekly(p.list("release_day").due.as_ref(), Weekday::Friday, "12:00")),
    ("release-day list: eight items", |p| {
        items(
            p.list("release_day"),
            &["freeze", "staging", "smoke", "load", "approval", "deploy", "monitor", "announce"],
        )
    }),
    ("release day: freeze announced in #engineering", |p| {
        let item = p.list("release_day").item("freeze").unwrap();
        item.message.as_ref().unwrap().as_str() == "freeze"
            && p.channel("engineering").address.as_deref() == Some("#engineering")
    }),
    ("release day: smoke tests on staging within 30 min", |p| {
        p.list("release_day").item("smoke").unwrap().budget == Some(span("30 min"))
    }),
    ("release day: load tests on staging with k6", |p| {
        p.list("release_day").item("load").unwrap().tool.as_deref() == Some("k6") && p.tool("k6").about.contains("Load")
    }),
    ("release day: approval by PM and engineering lead", |p| {
        verified(p, "release_day", "approval", Verified::ApprovalsComplete)
            && approvers(p.kind("minor")) == ["product_manager", "engineering_lead"]
    }),
    ("release day: production deploy, canary for big changes", |p| {
        mentions(&p.list("release_day").item("deploy").unwrap().parts, "canary when the change is big")
    }),
    ("release day: monitor 1 h, error rate, latency, logs", |p| {
        let item = p.list("release_day").item("monitor").unwrap();
        item.budget == Some(span("1 h")) && says(&item.parts, &["error rate", "latency", "logs"])
    }),
    ("release day: announce in #general and #engineering", |p| {
        sent_to(p.message("announcement"), "general") && sent_to(p.message("announcement"), "engineering")
    }),
    ("post-release list on Fri 14:00", |p| weekly(p.list("post_release").due.as_ref(), Weekday::Friday, "14:00")),
    ("post-release list: six items", |p| {
        items(p.list("post_release"), &["tag", "publish_notes", "status_page", "customer_email", "docs", "post_mortem"])
    }),
    ("post-release: tag", |p| verified(p, "post_release", "tag", Verified::TagExists)),
    ("post-release: notes published", |p| verified(p, "post_release", "publish_notes", Verified::NotesPublished)),
    ("post-release: status page if user-facing", |p| {
        when(p.list("post_release"), "status_page") == Some(Condition::UserFacing)
    }),
    ("post-release: customer email if major", |p| {
        when(p.list("post_release"), "customer_email") == Some(Condition::MajorRelease)
    }),
    ("post-release: docs", |p| p.list("post_release").item("docs").unwrap().proof == Some(Proof::Link)),
    ("post-release: post-mortem booked for Mon 10:00", |p| {
        weekly(p.list("post_release").item("post_mortem").unwrap().due.as_ref(), Weekday::Monday, "10:00")
    }),
    ("manual QA on staging: login, agents, workflows, dashboard, key features", |p| {
        items(p.list("manual_qa"), &["login", "agents", "workflows", "dashboard", "key_features"])
            && p.list("manual_qa").role.as_str() == "qa_engineer"
    }),
    ("deploy: standard is the default", |p| {
        p.strategy("standard").default && p.strategy("standard").kind == StrategyKind::Standard
    }),
    ("canary: 5 % 30 min, 25 % 1 h, 100 %", |p| phases(p.strategy("canary")) == ["5 % 30 min", "25 % 1 h", "100 %"]),
    ("watch for 1 h", |p| p.watch.as_ref().unwrap().lasting == span("1 h")),
    ("watch: health polled every 30 s", |p| p.watch.as_ref().unwrap().poll == Some(span("30 s"))),
    ("watch: error rate < 1.5 %", |p| p.threshold("watch_errors").limit == limit("< 1.5 %")),
    ("watch: p95 < 700 ms", |p| p.threshold("watch_p95").limit == limit("< 700 ms")),
    ("watch: health checks pass", |p| p.trigger("health_checks").seen_by == Observer::HealthCheck),
    ("watch: no log spike", |p| p.trigger("log_spike").effect == Effect::Alert),
    ("watching means live logs, /health and Grafana", |p| {
        let looked = &p.watch.as_ref().unwrap().look_at;
        ["live logs", "/health", "grafana"].iter().all(|one| mentions(looked, one))
            && p.dashboard("grafana").tool == "Grafana"
    }),
    ("roll back: error rate > 5 %", |p| rolls_back(p.threshold("roll_back_errors"), "> 5 %", None, false)),
    ("roll back: p95 > 2 × baseline", |p| rolls_back(p.threshold("roll_back_p95"), "> 2 x baseline", None, false)),
    ("roll back: critical feature broken", |p| leads_back(p.trigger("critical_feature_broken"), false)),
    ("roll back: data-integrity issue", |p| leads_back(p.trigger("data_integrity"), false)),
    ("rollback by one command", |p| {
        p.procedure("rollback").one_command && p.procedure("rollback").kind == ProcedureKind::Rollback
    }),
    ("rollback links a runbook", |p| p.procedure("rollback").runbook),
];

fn tag(p: &Playbook) -> &Tagging {
    p.versioning.as_ref().unwrap().tag.as_ref().unwrap()
}

fn step_says(p: &Playbook, moment: Moment, words: &str) -> bool {
    p.kind("hotfix").steps.iter().any(|step| step.moment == moment && step.text.to_lowercase().contains(words))
}

fn cut_off(p: &Playbook, kind: CutOffKind, day: Weekday, time: &str) -> bool {
    p.calendar.trains[0].cut_offs.iter().any(|c| c.kind == kind && c.at == WeeklyTime { day, time: at(time) })
}

fn item_text<'a>(p: &'a Playbook, list: &str, item: &str) -> &'a str {
    &p.list(list).item(item).unwrap().text
}

fn verified(p: &Playbook, list: &str, item: &str, by: Verified) -> bool {
    p.list(list).item(item).unwrap().verified_by == Some(by)
}
