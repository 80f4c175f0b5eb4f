//! The facts of `sarvanom`: types, channels, canary, rollback, clocks, governance, calendar.

use super::{Fact, lookup::*};
use crate::playbook::*;

pub(super) const FACTS: &[Fact] = &[
    ("head: version 1.0", |p| p.head.as_ref().unwrap().version == "1.0"),
    ("head: dated 2025-09-09", |p| p.head.as_ref().unwrap().date.to_string() == "2025-09-09"),
    ("head: owner Engineering Team", |p| p.head.as_ref().unwrap().owner == "Engineering Team"),
    ("hotfix: straight to production, minimal tests", |p| {
        p.kind("hotfix").process == Some(Process::Direct)
            && p.kind("hotfix").parts == [Part::MinimalTests, Part::Production]
    }),
    ("hotfix: senior engineer and security team", |p| approvers(p.kind("hotfix")) == ["senior_engineer", "security"]),
    ("hotfix: < 4 h from identification", |p| {
        let clock = p.clock("hotfix");
        clock.within == span("4 h") && clock.starts == Start::Identification && clock.stops == Stop::InProduction
    }),
    ("hotfix: critical and security fixes", |p| says(&p.kind("hotfix").covers, &["critical fixes", "security fixes"])),
    ("feature: full canary", |p| {
        p.kind("feature").process == Some(Process::FullCycle)
            && p.kind("feature").strategy.as_ref().unwrap().as_str() == "canary"
    }),
    ("feature: product team and engineering team", |p| {
        approvers(p.kind("feature")) == ["product_manager", "engineering_lead"]
    }),
    ("feature: 1–2 weeks", |p| takes(p, "feature").range == range("1 week", "2 weeks")),
    ("feature: the clock runs from feature completion", |p| takes(p, "feature").since == Start::FeatureComplete),
    ("feature: features", |p| says(&p.kind("feature").covers, &["features"])),
    ("major: extended canary, comprehensive tests", |p| {
        p.kind("major").parts == [Part::ExtendedCanary, Part::ComprehensiveTests]
            && p.kind("major").strategy.as_ref().unwrap().as_str() == "extended_canary"
    }),
    ("major: engineering leadership and product leadership", |p| {
        approvers(p.kind("major")) == ["engineering_leadership", "product_leadership"]
    }),
    ("major: 2–4 weeks", |p| takes(p, "major").range == range("2 weeks", "4 weeks")),
    ("major: the clock runs from development completion", |p| takes(p, "major").since == Start::DevelopmentComplete),
    ("major: architecture", |p| says(&p.kind("major").covers, &["architecture"])),
    ("majors planned ahead", |p| p.principle("majors_planned_ahead").text.contains("planned")),
    ("development: develop, automatic on merge", |p| {
        let env = p.environment("development");
        env.branch.as_deref() == Some("develop") && env.trigger == Some(Trigger::OnMerge)
    }),
    ("development: internal team", |p| says(&p.environment("development").used_by, &["internal team"])),
    ("development: integration", |p| p.environment("development").purpose.contains("Integration")),
    ("staging: release/v2, manual approval", |p| {
        let env = p.environment("staging");
        env.branch.as_deref() == Some("release/v2") && env.trigger == Some(Trigger::ManualApproval)
    }),
    ("staging: internal and selected beta users", |p| {
        says(&p.environment("staging").used_by, &["internal team", "selected beta users"])
    }),
    ("staging: pre-production validation", |p| p.environment("staging").purpose.contains("Pre-production validation")),
    ("production: main, canary with rollback", |p| {
        let env = p.environment("production");
        env.branch.as_deref() == Some("main")
            && env.strategies[0].as_str() == "canary"
            && env.rollback == Some(RollbackMode::AutomaticAndManual)
    }),
    ("production: everyone", |p| says(&p.environment("production").used_by, &["everyone"])),
    ("production: release", |p| p.environment("production").purpose.contains("Release")),
    ("pre-deployment: quality of five", |p| {
        group(p.list("pre_deployment"), "Quality", &["tests", "review", "scan", "benchmarks", "docs"])
    }),
    ("pre-deployment: infrastructure of five", |p| {
        group(
            p.list("pre_deployment"),
            "Infrastructure",
            &["migrations", "env", "secrets", "monitoring", "rollback_plan"],
        )
    }),
    ("pre-deployment: communication of four", |p| {
        group(p.list("pre_deployment"), "Communication", &["notes", "stakeholders", "support", "users"])
    }),
    ("secrets rotated if needed", |p| when(p.list("pre_deployment"), "secrets") == Some(Condition::IfNeeded)),
    ("migrations tested", |p| when(p.list("pre_deployment"), "migrations") == Some(Condition::Migrations)),
    ("canary 5 % 30 min, 25 % 1 h, 50 % 2 h, 100 %", |p| {
        phases(p.strategy("canary")) == ["5 % 30 min", "25 % 1 h", "50 % 2 h", "100 %"]
    }),
    ("the extended canary goes the same steps, longer", |p| {
        let (full, extended) = (p.strategy("canary"), p.strategy("extended_canary"));
        full.phases.iter().zip(&extended.phases).all(|(a, b)| {
            a.weight == b.weight && a.hold.map_or(0, Span::seconds) * 2 == b.hold.map_or(0, Span::seconds)
        })
    }),
    ("promote: error rate < 0.1 percentage points above baseline", |p| {
        promotes(p, "promote_errors", "< 0.1 pp over baseline")
    }),
    ("promote: response time < 10 % worse", |p| promotes(p, "promote_response_time", "< 10 % over baseline")),
    ("promote: no significant throughput drop", |p| {
        p.trigger("throughput_drop").effect == Effect::BlockPromotion
            && p.trigger("throughput_drop").seen_by == Observer::Judge
    }),
    ("promote: no critical user feedback", |p| p.trigger("critical_feedback").effect == Effect::BlockPromotion),
    ("success: metrics within thresholds", |p| {
        p.list("canary_success").item("metrics").unwrap().verified_by == Some(Verified::ThresholdsKept)
    }),
    ("success: core functions right", |p| {
        p.list("canary_success").item("functions").unwrap().text.contains("Core functions")
    }),
    ("success: satisfaction not down", |p| {
        p.list("canary_success").item("satisfaction").unwrap().text.contains("no less content")
    }),
    ("success: business metrics not down", |p| {
        p.list("canary_success").item("business").unwrap().text.contains("not down")
    }),
    ("roll back: error rate > 1 % for 5 consecutive min", |p| {
        rolls_back(p.threshold("roll_back_errors"), "> 1 %", Some("5 min"), true)
    }),
    ("roll back: response time > 50 % worse for 10 min", |p| {
        rolls_back(p.threshold("roll_back_response_time"), "> 50 % over baseline", Some("10 min"), true)
    }),
    ("roll back: any service unavailable", |p| leads_back(p.trigger("service_unavailable"), true)),
    ("roll back: any data-integrity issue", |p| leads_back(p.trigger("data_integrity"), true)),
    ("manual rollback in six steps", |p| {
        steps(p.procedure("rollback"), &["stop", "assess", "decide", "revert", "verify", "notify"])
    }),
    ("clock: detection < 2 min", |p| part(p, "detection", "2 min", Stop::Detected)),
    ("clock: decision < 5 min", |p| part(p, "decision", "5 min", Stop::Decided)),
    ("clock: execution < 10 min", |p| part(p, "execution", "10 min", Stop::Executed)),
    ("clock: verification < 15 min", |p| part(p, "verification", "15 min", Stop::Verified)),
    ("clock: total < 30 min, judged on its own", |p| {
        let parts = ["detection", "decision", "execution", "verification"];
        let sum: u32 = parts.iter().map(|id| p.clock(id).within.seconds()).sum();
        part(p, "total", "30 min", Stop::BackToNormal) && sum > p.clock("total").within.seconds()
    }),
    ("governance: at least 2 approvals of the code", |p| p.gate("reviews").needs == Needs::Reviews(2)),
    ("governance: security review when sensitive", |p| review(p, "security_review", "security", Condition::Sensitive)),
    ("governance: performance review when performance-critical", |p| {
        review(p, "performance_review", "senior_engineer", Condition::PerformanceCritical)
    }),
    ("governance: product review when user-facing", |p| {
        review(p, "product_review", "product_manager", Condition::UserFacing)
    }),
    ("calendar: regular every 2 weeks on Tuesday", |p| train(p, "regular", "2 weeks", "feature")),
    ("calendar: hotfix any day", |p| only(&p.calendar.any_day, &["hotfix"])),
    ("calendar: major every 6 weeks", |p| train(p, "major", "6 weeks", "major")),
    ("calendar: maintenance every 4 weeks, Sunday 02:00–04:00 UTC", |p| {
        let window = &p.calendar.maintenance[0];
        window.every == period("4 weeks")
            && window.day == Weekday::Sunday
            && (window.from, window.to) == (at("02:00"), at("04:00"))
            && window.zone == Some(Zone::utc())
    }),
];

fn takes<'a>(p: &'a Playbook, kind: &str) -> &'a Duration {
    p.kind(kind).takes.as_ref().unwrap()
}

fn promotes(p: &Playbook, threshold: &str, wanted: &str) -> bool {
    p.threshold(threshold).purpose == Purpose::Promote && p.threshold(threshold).limit == limit(wanted)
}

fn part(p: &Playbook, clock: &str, within: &str, stops: Stop) -> bool {
    let clock = p.clock(clock);
    clock.rollback && clock.within == span(within) && clock.stops == stops
}

fn review(p: &Playbook, gate: &str, role: &str, condition: Condition) -> bool {
    let gate = p.gate(gate);
    gate.when == Some(condition)
        && matches!(&gate.needs, Needs::SignOff(s) if s.roles.iter().any(|r| r.as_str() == role))
}

fn train(p: &Playbook, id: &str, every: &str, kind: &str) -> bool {
    let train = p.calendar.trains.iter().find(|t| t.id.as_str() == id).unwrap();
    train.every == period(every) && train.day == Weekday::Tuesday && only(&train.types, &[kind])
}
