//! The facts of `octoacme`: types, readiness, lists by moment.

use super::{Fact, lookup::*};
use crate::{playbook::*, release::Bump};
use Condition::{BreakingChange, IfApplicable, IfNeeded, LowRisk, SignificantTrafficChange, UiChange};

pub(super) const FACTS: &[Fact] = &[
    ("head carries version, date, owner", |p| {
        let head = p.head.as_ref().unwrap();
        !head.version.is_empty() && !head.owner.is_empty() && head.date.to_string().len() == 10
    }),
    ("process reviewed after each major", |p| p.head.as_ref().unwrap().review == Some(ReviewRule::AfterEveryMajor)),
    ("patch: critical production problem, security, incident; single fix", |p| {
        says(&p.kind("patch").covers, &["critical production problem", "security", "incident", "single fix"])
    }),
    ("patch: fast-tracked review and tests", |p| {
        let patch = p.kind("patch");
        patch.process == Some(Process::FastTrack)
            && patch.parts.contains(&Part::Review)
            && patch.parts.contains(&Part::AutomatedTests)
    }),
    ("patch: may skip cadence", |p| p.kind("patch").may_skip_cadence),
    ("patch: needs an incident retrospective", |p| {
        let held = p.retrospective("incident");
        held.occasion == Occasion::Incident
            && only(&held.types, &["patch"])
            && p.kind("patch").parts.contains(&Part::Retrospective)
    }),
    ("minor: compatible, performance, non-breaking API, batched fixes", |p| {
        says(&p.kind("minor").covers, &["compatible", "performance", "break nothing", "batched fixes"])
    }),
    ("minor: weekly, bi-weekly or sprint cadence", |p| {
        let cadence = p.kind("minor").cadence.as_ref().unwrap();
        cadence.every == [period("1 week"), period("2 weeks")] && cadence.sprint
    }),
    ("minor: cohesive notes", |p| p.kind("minor").parts.contains(&Part::CohesiveNotes)),
    ("minor: standard review", |p| {
        p.kind("minor").process == Some(Process::Standard) && p.kind("minor").parts.contains(&Part::Review)
    }),
    ("major: breaking, architectural, removal, significant functionality", |p| {
        says(&p.kind("major").covers, &["breaking", "architecture", "deprecated", "significant functionality"])
            && p.kind("major").bump == Bump::Major
    }),
    ("major: planned", |p| p.kind("major").process == Some(Process::Planned)),
    ("major: migration guide, extended test, stakeholder plan, maybe customer coordination", |p| {
        p.kind("major").parts
            == [Part::MigrationGuide, Part::ExtendedQa, Part::StakeholderPlan, Part::CustomerCoordination]
    }),
    ("readiness in five groups", |p| {
        p.list("readiness").groups() == ["Code", "Documentation", "Testing", "Operational", "Communication"]
    }),
    (
        "readiness is a gate before production",
        |p| matches!(&p.gate("readiness").needs, Needs::Checklist(list) if list.as_str() == "readiness"),
    ),
    ("code: criteria, merged, freeze, CI, scan, reviews, bugs", |p| {
        group(p.list("readiness"), "Code", &["criteria", "merged", "freeze", "ci_green", "scan", "reviews", "bugs"])
    }),
    ("code: acceptance criteria met", |p| ready(p, "criteria").text.contains("Acceptance criteria")),
    ("code: merged to the release branch", |p| {
        ready(p, "merged").text.contains("release branch") && !p.branches.is_empty()
    }),
    ("code: freeze in effect", |p| ready(p, "freeze").verified_by == Some(Verified::FreezeInEffect)),
    ("code: CI green", |p| ready(p, "ci_green").verified_by == Some(Verified::ChecksGreen)),
    ("code: scan without high or critical", |p| {
        ready(p, "scan").verified_by == Some(Verified::ScanClean)
            && p.gate("security_scan").needs == Needs::SecurityScan(vec![Gravity::Critical, Gravity::High])
    }),
    ("code: required reviews", |p| ready(p, "reviews").verified_by == Some(Verified::ReviewsDone)),
    ("code: no known critical or high bugs", |p| ready(p, "bugs").text.contains("critical or high bug")),
    ("documentation: notes, API docs, user docs, migration guide, known issues", |p| {
        group(
            p.list("readiness"),
            "Documentation",
            &["notes", "api_docs", "user_docs", "migration_guide", "known_issues"],
        )
    }),
    ("documentation: notes drafted and reviewed", |p| ready(p, "notes").text.contains("drafted and reviewed")),
    ("documentation: API docs if applicable", |p| ready(p, "api_docs").when == Some(IfApplicable)),
    ("documentation: migration guide when breaking", |p| ready(p, "migration_guide").when == Some(BreakingChange)),
    ("documentation: known issues", |p| ready(p, "known_issues").verified_by == Some(Verified::KnownIssuesPresent)),
    ("testing: seven items", |p| {
        let wanted = ["automated", "manual_qa", "smoke", "performance", "security", "accessibility", "cross_browser"];
        group(p.list("readiness"), "Testing", &wanted)
    }),
    ("testing: automated green", |p| ready(p, "automated").verified_by == Some(Verified::ChecksGreen)),
    ("testing: manual QA signed off", |p| ready(p, "manual_qa").verified_by == Some(Verified::SignOffGiven)),
    ("testing: smoke tests prepared and documented", |p| ready(p, "smoke").text.contains("prepared and documented")),
    ("testing: performance if applicable", |p| ready(p, "performance").when == Some(IfApplicable)),
    ("testing: security always", |p| ready(p, "security").when.is_none()),
    ("testing: accessibility on UI change", |p| ready(p, "accessibility").when == Some(UiChange)),
    ("testing: cross-browser and device, if applicable", |p| {
        ready(p, "cross_browser").when == Some(IfApplicable)
            && says(&ready(p, "cross_browser").parts, &["browsers", "devices"])
    }),
    ("operational: seven items", |p| {
        let wanted = ["runbook", "rollback_plan", "monitoring", "migrations", "config", "flags", "capacity"];
        group(p.list("readiness"), "Operational", &wanted)
    }),
    ("operational: rollback plan tested", |p| {
        p.gate("rollback_plan").needs == Needs::RollbackPlan(RollbackPlan { tested: true })
    }),
    ("operational: monitoring and alerts", |p| ready(p, "monitoring").text.contains("Monitoring and alerts")),
    ("operational: migrations if applicable", |p| ready(p, "migrations").when == Some(IfApplicable)),
    ("operational: config changes documented", |p| ready(p, "config").text.contains("Configuration changes")),
    ("operational: flags if applicable", |p| ready(p, "flags").when == Some(IfApplicable)),
    ("operational: capacity only for a significant traffic change", |p| {
        ready(p, "capacity").when == Some(SignificantTrafficChange)
    }),
    ("communication: stakeholders, support, customers, window, on-call", |p| {
        group(p.list("readiness"), "Communication", &["stakeholders", "support", "customers", "window", "on_call"])
    }),
    ("communication: stakeholders notified", |p| {
        ready(p, "stakeholders").message.as_ref().unwrap().as_str() == "stakeholder_notice"
    }),
    ("communication: support briefed", |p| ready(p, "support").role.as_ref().unwrap().as_str() == "support"),
    ("communication: customer message if applicable", |p| ready(p, "customers").when == Some(IfApplicable)),
    ("communication: window scheduled and communicated", |p| {
        ready(p, "window").verified_by == Some(Verified::WindowSet)
    }),
    ("communication: on-call confirmed", |p| ready(p, "on_call").verified_by == Some(Verified::OnCallKnown)),
    ("T−24 h: notes, readiness, window, on-call, rollback plan, dashboards, channels", |p| {
        let list = p.list("day_before");
        list.due == Some(Due::Before(span("24 h")))
            && items(list, &["notes", "readiness", "window", "on_call", "rollback_plan", "dashboards", "channels"])
    }),
    ("channels are Slack, email, status page", |p| {
        says(&p.list("day_before").item("channels").unwrap().parts, &["Slack", "email", "status page"])
    }),
    ("T−1 h: reminder, team, access, backup, flags, staging smoke", |p| {
        let list = p.list("hour_before");
        list.due == Some(Due::Before(span("1 h")))
            && items(list, &["reminder", "team", "access", "backup", "flags", "smoke"])
    }),
    ("T−1 h: backup if applicable", |p| when(p.list("hour_before"), "backup") == Some(IfApplicable)),
    ("T−1 h: flags if applicable", |p| when(p.list("hour_before"), "flags") == Some(IfApplicable)),
    ("the backup is a gate", |p| p.gate("backup").needs == Needs::Backup),
    ("staging: deploy, smoke twice, config, monitoring, migrations, sign-off", |p| {
        let wanted = ["deploy", "automated_smoke", "manual_smoke", "config", "monitoring", "migrations", "sign_off"];
        items(p.list("staging"), &wanted) && p.list("staging").moment == Moment::Staging
    }),
    ("staging: manual smoke of critical flows", |p| {
        p.list("staging").item("manual_smoke").unwrap().text.contains("Critical flows")
    }),
    ("staging: sign-off by QA or PM before production", |p| {
        let Needs::SignOff(sign_off) = &p.gate("staging_sign_off").needs else { return false };
        sign_off.roles.iter().map(crate::slug::RoleId::as_str).eq(["qa_engineer", "product_manager"])
    }),
    ("production: start, watch, stages, errors and logs, performance, migrations, config", |p| {
        items(p.list("production"), &["start", "watch", "stages", "errors", "performance", "migrations", "config"])
    }),
    ("production: pipeline preferred", |p| {
        p.list("production").item("start").unwrap().text.contains("by the pipeline if at all possible")
    }),
    ("production: each stage completes", |p| {
        p.list("production").item("stages").unwrap().verified_by == Some(Verified::StagesComplete)
    }),
    ("verification within 30 min: eight items", |p| {
        let wanted =
            ["smoke", "critical_flows", "key_features", "errors", "logs", "alerts", "migrations", "rollback_test"];
        within(p.list("verification").due.as_ref(), "30 min") && items(p.list("verification"), &wanted)
    }),
    ("verification: rollback test if low-risk", |p| when(p.list("verification"), "rollback_test") == Some(LowRisk)),
    ("migrations if applicable in all three lists", |p| {
        ["staging", "production", "verification"]
            .iter()
            .all(|list| when(p.list(list), "migrations") == Some(IfApplicable))
    }),
    ("communication within 1 h: announce, notes to support, status page, team channel, issues", |p| {
        let list = p.list("communication");
        within(list.due.as_ref(), "1 h")
            && items(list, &["announce", "support_notes", "status_page", "team_channel", "issues"])
    }),
    ("communication: status page if applicable", |p| {
        when(p.list("communication"), "status_page") == Some(IfApplicable)
    }),
    ("monitoring 24–48 h: six items", |p| {
        let list = p.list("monitoring");
        list.due == Some(Due::Between(range("24 h", "48 h")))
            && items(list, &["health", "feedback", "success", "degradation", "minor_issues", "retrospective"])
    }),
    ("monitoring: success metrics come from the project charter", |p| {
        p.list("monitoring").item("success").unwrap().text.contains("project charter")
    }),
    ("monitoring: retrospective if needed", |p| when(p.list("monitoring"), "retrospective") == Some(IfNeeded)),
];

fn ready<'a>(p: &'a Playbook, item: &str) -> &'a Item {
    p.list("readiness").item(item).unwrap()
}
