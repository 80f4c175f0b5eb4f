//! The facts of `octoacme`: rollback, incidents, notes, rules, figures.

use super::{Fact, lookup::*};
use crate::playbook::*;

pub(super) const FACTS: &[Fact] = &[
    ("roll back: critical function broken for most users", |p| {
        leads_back(p.trigger("critical_function_broken"), false)
            && p.trigger("critical_function_broken").title.contains("most users")
    }),
    ("roll back: data corruption or loss", |p| leads_back(p.trigger("data_loss"), false)),
    ("roll back: severe degradation", |p| leads_back(p.trigger("severe_degradation"), false)),
    ("roll back: new security vulnerability", |p| leads_back(p.trigger("new_vulnerability"), false)),
    ("roll back: cascade failure", |p| leads_back(p.trigger("cascade_failure"), false)),
    ("rollback in five steps", |p| {
        steps(p.procedure("rollback"), &["declare", "execute", "verify", "communicate", "after"])
    }),
    ("rollback 1: on-call, commander, channel, timeline", |p| {
        says(&step(p.procedure("rollback"), "declare").does, &["on-call", "commander", "channel", "timeline"])
    }),
    ("rollback 2: written procedure, last known-good, smoke tests, error rates", |p| {
        says(
            &step(p.procedure("rollback"), "execute").does,
            &["written procedure and confirm", "last known-good", "smoke tests", "error rates"],
        )
    }),
    ("rollback 3: critical flows, reported issues, data, monitor", |p| {
        says(&step(p.procedure("rollback"), "verify").does, &["critical flows", "reported", "data", "watching"])
    }),
    ("rollback 3: monitor 30–60 min", |p| {
        let clock = p.clock("rollback_verification");
        step(p.procedure("rollback"), "verify").takes == Some(range("30 min", "60 min"))
            && clock.rollback
            && clock.stops == Stop::RollbackVerified
            && clock.at_least == Some(span("30 min"))
            && clock.within == span("60 min")
    }),
    ("rollback 4: stakeholders, status page, support, timeline", |p| {
        says(
            &step(p.procedure("rollback"), "communicate").does,
            &["stakeholders", "status page", "support", "timeline"],
        )
    }),
    ("rollback 4: status page if customer-facing", |p| {
        mentions(&step(p.procedure("rollback"), "communicate").does, "status page if customers notice")
    }),
    ("rollback 5: root cause, fix, blameless post-mortem, procedure update", |p| {
        says(
            &step(p.procedure("rollback"), "after").does,
            &["root cause", "fix the issues", "blameless post-mortem", "procedure up to date"],
        )
    }),
    ("SEV-1: outage or data loss, most users, no workaround, now", |p| {
        let severity = p.severity("sev_1");
        severity.means.contains("Outage")
            && severity.users == "Most users"
            && severity.workaround == Some(false)
            && severity.respond == Response::Immediate
    }),
    ("SEV-2: major function, many users, 1 h", |p| {
        let severity = p.severity("sev_2");
        severity.means.contains("major function")
            && severity.users == "Many users"
            && severity.respond == Response::Within(span("1 h"))
    }),
    ("SEV-3: minor, some users, workaround, 4 h", |p| {
        let severity = p.severity("sev_3");
        severity.means.contains("minor")
            && severity.users == "Some users"
            && severity.workaround == Some(true)
            && severity.respond == Response::Within(span("4 h"))
    }),
    ("incident: trigger, assess, execute, restore, after", |p| {
        steps(p.procedure("incident"), &["trigger", "assess", "execute", "restore", "after"])
    }),
    ("incident: on-call, channel, commander, timeline", |p| {
        says(&step(p.procedure("incident"), "trigger").does, &["on-call", "channel", "commander", "timeline"])
    }),
    ("incident: fix forward or roll back", |p| {
        mentions(&step(p.procedure("incident"), "execute").does, "fix forward by an accelerated hotfix, or roll back")
    }),
    ("incident: stakeholder update every 30–60 min", |p| {
        let clock = p.clock("stakeholder_updates");
        clock.repeats
            && clock.at_least == Some(span("30 min"))
            && clock.within == span("60 min")
            && clock.stops == Stop::Updated
    }),
    ("incident: monitor 24–48 h after restoring", |p| {
        step(p.procedure("incident"), "restore").takes == Some(range("24 h", "48 h"))
    }),
    ("incident: restoration announced", |p| {
        p.message("restored").moment == Moment::Resolved
            && mentions(&step(p.procedure("incident"), "restore").does, "announce")
    }),
    ("incident: report, retrospective, actions, runbooks, learnings shared", |p| {
        says(&step(p.procedure("incident"), "after").does, &["report", "retrospective", "actions", "runbooks", "share"])
    }),
    ("incident: retrospective within 48 h", |p| {
        let clock = p.clock("incident_retrospective");
        p.retrospective("incident").within == Some(span("48 h"))
            && clock.within == span("48 h")
            && clock.stops == Stop::RetrospectiveHeld
    }),
    ("role: incident commander", |p| p.role("incident_commander").duty.contains("incident")),
    ("notes: title of name or number, and date", |p| {
        let notes = p.notes.as_ref().unwrap();
        notes.dated && notes.title.has(Variable::Version) && notes.title.has(Variable::Headline)
    }),
    ("notes: fourteen sections in order", |p| {
        let ids = p.notes.as_ref().unwrap().sections.iter().map(|s| s.id.as_str());
        ids.eq([
            "summary",
            "features",
            "improvements",
            "fixes",
            "breaking",
            "deprecations",
            "known_issues",
            "security",
            "performance",
            "technical",
            "testing",
            "rollback",
            "credits",
            "feedback",
        ])
    }),
    ("notes: summary of 2–3 sentences", |p| says(&section(p, "summary").asks, &["2 to 3 sentences"])),
    ("notes: numbered migration steps and estimated time", |p| {
        section(p, "breaking").numbered && says(&section(p, "breaking").asks, &["migration steps", "estimated time"])
    }),
    ("notes: deprecations with alternative and removal date", |p| {
        says(&section(p, "deprecations").asks, &["alternative", "removal date"])
    }),
    ("notes: known issues with description, workaround, tracking link", |p| {
        says(&section(p, "known_issues").asks, &["description", "workaround", "tracking link"])
    }),
    ("notes: security updates with CVE", |p| says(&section(p, "security").asks, &["CVE"])),
    ("notes: migrations, config, downtime, flags, dependencies from→to", |p| {
        says(
            &section(p, "technical").asks,
            &["migrations", "configuration", "downtime", "flags", "dependencies from and to"],
        )
    }),
    ("notes: flag states", |p| mentions(&section(p, "technical").asks, "flags and their state")),
    ("notes: downtime duration", |p| mentions(&section(p, "technical").asks, "downtime and how long")),
    ("notes: unit and integration pass rates, QA scope and result, performance", |p| {
        says(
            &section(p, "testing").asks,
            &["unit pass rate", "integration pass rate", "QA scope and result", "performance"],
        )
    }),
    ("notes: rollback plan with time estimate and runbook link", |p| {
        says(&section(p, "rollback").asks, &["plan", "time estimate", "runbook link"])
    }),
    ("notes: feedback by tracker and question channel", |p| {
        says(&section(p, "feedback").asks, &["tracker", "question channel"])
    }),
    ("tracker and question channel are known", |p| {
        p.help.iter().map(|h| h.channel.as_str()).eq(["tracker", "questions"])
    }),
    ("notes: careful with undisclosed vulnerabilities", |p| {
        mentions(&p.notes.as_ref().unwrap().rules, "not public yet")
    }),
    ("stakeholders told at least 48 h ahead", |p| {
        p.gate("notice").needs == Needs::Notice(span("48 h"))
            && p.calendar.notice == Some(span("48 h"))
            && p.message("stakeholder_notice").due == Some(Due::Before(span("48 h")))
    }),
    ("go/no-go criteria explicit", |p| p.approval.explicit_criteria),
    ("the team may delay a release: any member may hold", |p| {
        p.approval.anyone_may_hold && p.principle("quality_may_delay").text.contains("Anyone")
    }),
    ("hotfix: abbreviated, never skipped", |p| {
        p.kind("hotfix").process == Some(Process::Abbreviated)
            && p.principle("hotfix_never_skipped").text.contains("never")
    }),
    ("hotfix: at least review, automated tests, staging", |p| {
        p.kind("hotfix").floor == [Part::Review, Part::AutomatedTests, Part::Staging]
    }),
    ("hotfix: the floor is held by gates", |p| {
        let kind = &p.kind("hotfix").id;
        ["review", "ci_checks", "staging"].iter().all(|gate| {
            let gate = p.gate(gate);
            gate.environments.iter().any(|e| gate.stands(e, kind))
        })
    }),
    ("hotfix: state urgency and scope", |p| {
        mentions(&p.kind("hotfix").asks, "urgent") && mentions(&p.kind("hotfix").asks, "what does it touch")
    }),
    ("hotfix: always hold a retrospective", |p| p.retrospective("hotfix").occasion == Occasion::Hotfix),
    ("hotfix: record how it escaped", |p| {
        p.retrospective("hotfix").fields.iter().any(|f| f.id.as_str() == "escape")
            && mentions(&p.kind("hotfix").asks, "escape")
    }),
    ("principle: predictable cadence", |p| p.principle("predictable_cadence").text.contains("rhythm")),
    ("principle: time-boxed trains", |p| p.principle("time_boxed_trains").text.contains("on time")),
    ("principle: small batches", |p| p.principle("small_batches").text.contains("Small batches")),
    ("principle: flags decouple activation", |p| p.principle("flags_decouple").text.contains("flags")),
    ("principle: notes speak of user impact", |p| p.principle("notes_user_impact").text.contains("users")),
    ("principle: deadlines never cut testing", |p| {
        p.principle("deadlines_never_cut_testing").text.contains("test less")
    }),
    ("metrics: the DORA four", |p| {
        let dora: Vec<_> = p.metrics.iter().filter(|m| m.dora).map(|m| m.id.as_str()).collect();
        dora == ["deployment_frequency", "lead_time", "change_failure_rate", "time_to_restore"]
    }),
    ("metric: release duration, start → verified in production", |p| {
        p.metric("release_duration").about.as_ref().unwrap().contains("verified in production")
    }),
    ("metric: rollback rate", |p| p.metric("rollback_rate").measures == Measure::Share),
    ("metric: time to rollback", |p| p.metric("time_to_rollback").measures == Measure::Lasting),
    ("metric: issues in the first 48 h", |p| p.metric("early_issues").within == Some(span("48 h"))),
    ("metric: coverage", |p| p.metric("coverage").measures == Measure::Coverage),
    ("metric: escaped defects", |p| p.metric("escaped_defects").measures == Measure::Count),
    ("metric: scan pass rate", |p| p.metric("scan_pass_rate").measures == Measure::Share),
    ("metric: impact on latency, error rate, throughput", |p| {
        p.metric("latency_impact").measures == Measure::Latency
            && p.metric("error_impact").measures == Measure::ErrorShare
            && p.metric("throughput_impact").measures == Measure::Throughput
    }),
];
