//! The facts of `mesh-os`: briefings, troubleshooting, contacts, follow-up, vulnerabilities, evidence, figures.

use super::{Fact, lookup::*};
use crate::playbook::*;

pub(super) const FACTS: &[Fact] = &[
    ("briefing of engineering", |p| {
        says(
            &p.briefing("engineering").covers,
            &["technical details", "breaking changes", "migration guides", "timeline and windows"],
        )
    }),
    ("briefing of product", |p| {
        says(&p.briefing("product").covers, &["features", "availability", "limits", "user-facing changes"])
    }),
    ("briefing of support", |p| {
        says(&p.briefing("support").covers, &["known issues", "workarounds", "FAQ", "escalation"])
    }),
    ("briefing of customers", |p| {
        says(&p.briefing("customers").covers, &["highlights", "capabilities", "downtime", "migration"])
    }),
    ("customers are briefed for majors only", |p| only(&p.briefing("customers").types, &["major"])),
    ("briefings come before the release", |p| {
        p.briefings.len() == 4 && p.briefings.iter().all(|b| b.phase == BriefingPhase::Before)
    }),
    ("announcement: subject with product and version", |p| {
        let subject = p.message("announcement").subject.as_ref().unwrap();
        subject.has(Variable::Product) && subject.has(Variable::Version)
    }),
    ("announcement: what's new, improvements, fixes", |p| {
        fills(p.message("announcement"), &[Variable::Features, Variable::Improvements, Variable::Fixes])
    }),
    ("announcement: changelog link, docs link, contact", |p| {
        fills(p.message("announcement"), &[Variable::ChangelogLink, Variable::DocsLink, Variable::Contact])
    }),
    ("announcement links CHANGELOG_vX.Y.Z.md", |p| {
        p.changelog.as_ref().unwrap().file.as_str() == "CHANGELOG_v{{version}}.md"
    }),
    ("announcement links a docs page per version", |p| {
        p.document("version_docs").occasion == DocumentOccasion::EveryVersion
    }),
    ("stuck: no progress for 10 min", |p| p.trouble("stuck").after == Some(span("10 min"))),
    ("stuck: look at logs, resources, network, pre-checks", |p| {
        says(&p.trouble("stuck").look_at, &["logs", "resources", "network", "checks before"])
    }),
    ("stuck: cancel and retry, free resources, firewall and DNS", |p| {
        says(&p.trouble("stuck").fixes, &["cancel and try again", "free resources", "firewall and DNS"])
    }),
    ("stuck: scale others down for a while", |p| mentions(&p.trouble("stuck").fixes, "scale others down for a while")),
    ("stuck: kubectl logs -f", |p| diagnoses(p, "pod_logs", "kubectl logs -f {{pod}}")),
    ("stuck: kubectl describe pod", |p| diagnoses(p, "describe_pod", "kubectl describe pod {{pod}}")),
    ("stuck: kubectl exec POD -- curl -I URL", |p| {
        diagnoses(p, "curl_from_pod", "kubectl exec {{pod}} -- curl -I {{url}}")
    }),
    ("health checks failing: /health 500 or time-out", |p| {
        let symptom = &p.trouble("health_checks").symptom;
        symptom.contains("/health") && symptom.contains("500") && symptom.contains("not in time")
    }),
    ("health checks failing: logs, database, dependencies, resources", |p| {
        says(&p.trouble("health_checks").look_at, &["logs", "database", "dependencies", "resources"])
    }),
    ("health checks failing: restart, scale, roll back", |p| {
        says(&p.trouble("health_checks").fixes, &["restart", "scale", "roll back"])
    }),
    ("rollback failed: fails or hangs", |p| p.trouble("rollback_failed").symptom.contains("fails or hangs")),
    ("rollback failed: backup integrity, target, log, resources", |p| {
        says(
            &p.trouble("rollback_failed").look_at,
            &["backup sound", "target version there", "rollback log", "resources"],
        )
    }),
    ("rollback failed: database by hand, disaster-recovery backup, escalate", |p| {
        says(&p.trouble("rollback_failed").fixes, &["database back by hand", "disaster-recovery backup", "escalate"])
    }),
    ("rollback failed: verify-backup", |p| p.trouble("rollback_failed").commands[0].as_str() == "verify_backup"),
    ("rollback failed: escalate to on-call", |p| {
        p.trouble("rollback_failed").escalate.as_ref().unwrap().as_str() == "on_call"
    }),
    ("contact: release manager immediate", |p| {
        answers(p.contact("release_manager"), "release_manager", Some("immediate"))
    }),
    ("contact: on-call immediate by PagerDuty", |p| {
        answers(p.contact("on_call"), "on_call", Some("immediate"))
            && p.contact("on_call").by.as_deref() == Some("PagerDuty")
    }),
    ("contact: engineering lead 15 min", |p| {
        answers(p.contact("engineering_lead"), "engineering_lead", Some("15 min"))
    }),
    ("contact: security for security issues", |p| p.contact("security").about.as_deref() == Some("Security issues")),
    ("contact: leadership for business impact", |p| {
        p.contact("leadership").about.as_deref() == Some("Business impact")
    }),
    ("0–24 h: deployments, metrics, errors and logs, alerts, status page", |p| {
        let list = p.list("first_day");
        within(list.due.as_ref(), "24 h") && items(list, &["deployments", "metrics", "errors", "alerts", "status_page"])
    }),
    ("1–7 d: feedback, tickets, performance, incident reports, docs", |p| {
        let list = p.list("first_week");
        list.due == Some(Due::Between(range("1 day", "7 days")))
            && items(list, &["feedback", "tickets", "performance", "incidents", "docs"])
    }),
    ("1–4 w: retrospective, lessons, playbook, next plan, metrics", |p| {
        let list = p.list("first_month");
        list.due == Some(Due::Between(range("1 week", "4 weeks")))
            && items(list, &["retrospective", "lessons", "playbook", "next_plan", "metrics"])
    }),
    ("retrospective: participants with role", |p| says(&field(p, "participants").asks, &["role"])),
    ("retrospective: timeline of created, staging, production, monitoring complete", |p| {
        says(&field(p, "timeline").asks, &["created", "staging", "production", "monitoring complete"])
    }),
    ("retrospective: timeline prefilled from the record", |p| {
        field(p, "timeline").prefilled == Some(Prefilled::Timeline)
    }),
    ("retrospective: went well", |p| field(p, "went_well").title == "Went well"),
    ("retrospective: improve", |p| field(p, "improve").title == "To improve"),
    ("retrospective: action items", |p| field(p, "actions").title == "Action items"),
    ("retrospective: duration vs 60 min, rollbacks, incidents", |p| {
        let shown: Vec<_> = field(p, "metrics").metrics.iter().map(MetricId::as_str).collect();
        shown == ["deployment_time", "rollback_rate", "incidents"]
            && p.metric("deployment_time").target == Some(limit("< 60 min"))
    }),
    ("retrospective: customer impact", |p| mentions(&field(p, "metrics").asks, "customer impact")),
    ("retrospective: incident count carries severity", |p| mentions(&field(p, "metrics").asks, "severity")),
    ("CVSS 9–10: emergency patch at once", |p| {
        band(p, "critical", "9.0", "10.0") && p.band("critical").mend == Mend::EmergencyPatch
    }),
    ("CVSS 9–10: security told within 1 h", |p| p.band("critical").tell_security == Some(span("1 h"))),
    ("CVSS 9–10: fixed in all environments within 4 h", |p| p.band("critical").fixed_everywhere == Some(span("4 h"))),
    ("CVSS 9–10: disclosed after", |p| p.band("critical").disclose_after),
    ("CVSS 7–8.9: patch within 24 h", |p| {
        band(p, "high", "7.0", "8.9") && p.band("high").mend == Mend::PatchWithin(span("24 h"))
    }),
    ("CVSS 7–8.9: security told within 4 h", |p| p.band("high").tell_security == Some(span("4 h"))),
    ("CVSS 7–8.9: hotfix process is the hotfix type", |p| {
        p.band("high").process.as_ref().unwrap().as_str() == "hotfix" && p.kind("hotfix").process.is_some()
    }),
    ("CVSS < 7: next scheduled release", |p| {
        band(p, "other", "0.0", "6.9") && p.band("other").mend == Mend::NextScheduled
    }),
    ("CVSS < 7: security backlog", |p| p.band("other").backlog),
    ("the vulnerability clock is a gate", |p| p.gate("vulnerability_clock").needs == Needs::VulnerabilityClock),
    ("evidence: scan without criticals", |p| {
        p.proof("security_scan").verified_by == Some(Verified::ScanClean)
            && matches!(&p.gate("security_scan").needs, Needs::SecurityScan(g) if *g == [Gravity::Critical])
    }),
    ("evidence: audit trail", |p| p.proof("audit_trail").verified_by == Some(Verified::AuditComplete)),
    ("evidence: change-management approval", |p| {
        p.proof("change_approval").verified_by == Some(Verified::ChangeTicketLinked)
    }),
    ("evidence: signed artifacts", |p| {
        p.proof("signed_artifacts").verified_by == Some(Verified::ArtifactsSigned)
            && p.gate("signed_artifacts").needs == Needs::SignedArtifacts
    }),
    ("evidence: audit-log entries", |p| p.proof("audit_log").title.contains("audit log")),
    ("every release must carry the evidence", |p| {
        p.gate("evidence").needs == Needs::Evidence && p.gate("evidence").types.is_empty()
    }),
    ("success: deployment success > 95 %", |p| target(p, "deployment_success", "> 95 %")),
    ("success: mean time to deploy < 60 min", |p| target(p, "deployment_time", "< 60 min")),
    ("success: rollback rate < 5 %", |p| target(p, "rollback_rate", "< 5 %")),
    ("success: fewer than 2 incidents per release", |p| target(p, "incidents", "< 2")),
    ("success: downtime 0 min", |p| target(p, "downtime", "<= 0") && p.metric("downtime").title.contains("minutes")),
    ("success: coverage > 80 %", |p| target(p, "coverage", "> 80 %")),
];

fn diagnoses(p: &Playbook, command: &str, typed: &str) -> bool {
    p.trouble("stuck").commands.iter().any(|c| c.as_str() == command) && argv(p.command(command)) == typed
}

fn field<'a>(p: &'a Playbook, id: &str) -> &'a Field {
    p.retrospective("release").fields.iter().find(|f| f.id.as_str() == id).unwrap()
}

fn band(p: &Playbook, id: &str, from: &str, to: &str) -> bool {
    p.band(id).from.to_string() == from && p.band(id).to.to_string() == to
}

fn target(p: &Playbook, metric: &str, wanted: &str) -> bool {
    p.metric(metric).target == Some(limit(wanted))
}
