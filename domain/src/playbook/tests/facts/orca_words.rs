//! The facts of `orca`: people, messages, notes, looking back, commands.

use super::{Fact, lookup::*};
use crate::playbook::*;

pub(super) const FACTS: &[Fact] = &[
    ("metric: deployment duration < 10 min", |p| p.metric("deployment_duration").target == Some(limit("< 10 min"))),
    ("metric: rollback rate < 5 % of releases", |p| p.metric("rollback_rate").target == Some(limit("< 5 %"))),
    ("metric: time to production, merged to deployed", |p| {
        p.metric("time_to_production").about.as_ref().unwrap().contains("From merge to deployment")
    }),
    ("metric: 0 P1 incidents after a release", |p| {
        p.metric("incidents").target == Some(limit("<= 0")) && p.metric("incidents").title.contains("P1")
    }),
    ("metric: MTTR < 30 min", |p| p.metric("mttr").target == Some(limit("< 30 min"))),
    ("a review every quarter", |p| p.reviews[0].every == period("1 quarter")),
    ("quarterly: too fast? by rollback rate", |p| question(p, "too_fast", "rollback_rate")),
    ("quarterly: too slow? by cycle time", |p| question(p, "too_slow", "time_to_production")),
    ("quarterly: breaking things? by incident rate", |p| question(p, "breaking", "incidents")),
    ("captain: owns start to end, coordinates, deploys, monitors, communicates", |p| {
        says(&p.role("release_captain").duties, &["start to end", "coordinates", "deploys", "monitors", "communicates"])
    }),
    ("captain: rotates weekly", |p| p.role("release_captain").rotation.as_ref().unwrap().every == period("1 week")),
    ("captain: volunteer or assigned", |p| {
        p.role("release_captain").rotation.as_ref().unwrap().by == [Choosing::Volunteer, Choosing::Assigned]
    }),
    ("captain: coordinates engineering, QA, PM", |p| {
        let who: Vec<_> = p.role("release_captain").coordinates.iter().map(crate::slug::RoleId::as_str).collect();
        who == ["engineer", "qa_engineer", "product_manager"]
    }),
    ("QA: smoke, exploratory, sign-off before production", |p| {
        says(&p.role("qa_engineer").duties, &["smoke", "exploratory", "sign-off before production"])
    }),
    (
        "QA's sign-off is a gate before production",
        |p| matches!(&p.gate("qa_sign_off").needs, Needs::SignOff(s) if s.roles[0].as_str() == "qa_engineer"),
    ),
    ("on-call: dashboards, alerts, executes rollback", |p| {
        says(&p.role("on_call").duties, &["dashboards", "alerts", "rollback"])
    }),
    ("on-call rotates weekly too", |p| p.role("on_call").rotation.as_ref().unwrap().every == period("1 week")),
    ("freeze message on Thu EOD in #engineering", |p| {
        weekly(p.message("freeze").due.as_ref(), Weekday::Thursday, "end of day")
            && sent_to(p.message("freeze"), "engineering")
    }),
    ("freeze message: version, PR link, deploy time", |p| {
        fills(p.message("freeze"), &[Variable::Version, Variable::PullRequest, Variable::DeployTime])
    }),
    (
        "the freeze message is a gate",
        |p| matches!(&p.gate("freeze_announced").needs, Needs::Communication(m) if m[0].as_str() == "freeze"),
    ),
    ("deploying message: notes link, captain", |p| {
        fills(p.message("deploying"), &[Variable::NotesLink, Variable::Captain])
    }),
    ("deploying message: ETA 10 min", |p| {
        p.message("deploying").body.has(Variable::Eta) && p.message("deploying").body.as_str().contains("10 min")
    }),
    ("one message right after deploying: success, metrics, notes link", |p| {
        let message = p.message("released");
        message.due == Some(Due::AtOnce)
            && fills(message, &[Variable::Metrics, Variable::NotesLink])
            && message.body.as_str().contains("successfully")
    }),
    ("that message says how long is watched", |p| p.message("released").body.has(Variable::WatchTime)),
    ("deployed message about 30 min after", |p| p.message("settled").due == Some(Due::After(span("30 min")))),
    ("deployed message: error rate, p95, status link", |p| {
        fills(p.message("settled"), &[Variable::ErrorRate, Variable::P95, Variable::StatusLink])
    }),
    ("external for major: blog", |p| external(p, "blog_post", "blog") && p.channel("blog").kind == ChannelKind::Blog),
    ("blog follows the deploy", |p| matches!(p.message("blog_post").due, Some(Due::After(_)))),
    ("external for major: opt-in customer email", |p| {
        external(p, "customer_email", "customer_mail") && p.channel("customer_mail").opt_in
    }),
    ("external for major: social, two networks", |p| {
        external(p, "social_post", "social") && p.channel("social").places == Some(2)
    }),
    ("external for major: landing page", |p| external(p, "landing_page", "landing_page")),
    ("notes sections in order", |p| {
        let ids = p.notes.as_ref().unwrap().sections.iter().map(|s| s.id.as_str());
        ids.eq(["new", "fixes", "performance", "security", "documentation", "migration", "ask"])
    }),
    ("notes title: product, version, headline", |p| {
        let title = &p.notes.as_ref().unwrap().title;
        [Variable::Product, Variable::Version, Variable::Headline].iter().all(|v| title.has(*v))
    }),
    ("notes carry the release date", |p| p.notes.as_ref().unwrap().dated),
    ("notes: performance before → after in %", |p| says(&section(p, "performance").asks, &["before", "after", "%"])),
    ("notes: no action required when compatible", |p| {
        let stock = section(p, "migration").stock.as_ref().unwrap();
        stock.when == Condition::Compatible && stock.text.contains("No action required")
    }),
    ("notes: ask by support address or #general", |p| says(&section(p, "ask").asks, &["support address", "#general"])),
    ("changelog in CHANGELOG.md", |p| changelog(p).file.as_str() == "CHANGELOG.md"),
    ("changelog sections of Keep a Changelog", |p| {
        use ChangelogSection::{Added, Changed, Deprecated, Fixed, Removed, Security};
        changelog(p).sections == [Added, Changed, Fixed, Security, Deprecated, Removed]
    }),
    ("changelog newest first", |p| changelog(p).newest_first),
    ("changelog dated", |p| changelog(p).dated),
    ("changelog headings [X.Y.Z] - YYYY-MM-DD", |p| {
        changelog(p).heading.as_ref().unwrap().as_str() == "[{{version}}] - {{date}}"
    }),
    ("changelog cites Keep a Changelog 1.0.0 and SemVer 2.0.0", |p| {
        says(&changelog(p).cites, &["Keep a Changelog 1.0.0", "SemVer 2.0.0"])
    }),
    ("retrospective for each release, successful ones too", |p| {
        p.retrospective("release").occasion == Occasion::EveryRelease
    }),
    ("retrospective within 1 week", |p| p.retrospective("release").within == Some(span("1 week"))),
    ("retrospective lasts 30 min", |p| p.retrospective("release").lasts == Some(span("30 min"))),
    ("retrospective: went well / improve / actions", |p| {
        let ids: Vec<_> = p.retrospective("release").fields.iter().map(|f| f.id.as_str()).collect();
        ["went_well", "improve", "actions"].iter().all(|id| ids.contains(id))
    }),
    ("retrospective: then runbooks, automation, alerts", |p| {
        says(&p.retrospective("release").then, &["runbooks", "automate", "alerts"])
    }),
    ("contact: captain immediate, @release-captain", |p| {
        answers(p.contact("captain"), "release_captain", Some("immediate")) && handle(p, "captain", "@release-captain")
    }),
    ("contact: on-call < 15 min, @oncall", |p| {
        answers(p.contact("on_call"), "on_call", Some("15 min")) && handle(p, "on_call", "@oncall")
    }),
    ("contact: engineering lead < 30 min, @eng-lead", |p| {
        answers(p.contact("engineering_lead"), "engineering_lead", Some("30 min"))
            && handle(p, "engineering_lead", "@eng-lead")
    }),
    ("contact: CTO < 1 h, @cto", |p| answers(p.contact("cto"), "cto", Some("1 h")) && handle(p, "cto", "@cto")),
    ("questions to #releases or the engineering address", |p| {
        let asked: Vec<_> = p.help.iter().map(|h| h.channel.as_str()).collect();
        asked == ["releases", "engineering_mail"] && p.channel("releases").address.as_deref() == Some("#releases")
    }),
    ("optional branch release/vX.Y.Z for majors", |p| {
        let branch = p.branch("release");
        branch.name.as_str() == "release/v{{version}}" && branch.optional && only(&branch.types, &["major"])
    }),
    ("commit chore(release): prepare vX.Y.Z", |p| {
        p.commits.as_ref().unwrap().prepare.as_ref().unwrap().as_str() == "chore(release): prepare v{{version}}"
    }),
    ("pull request titled release: vX.Y.Z", |p| pull(p).title.as_str() == "release: v{{version}}"),
    ("pull request squash-merged", |p| pull(p).merge == Some(Merge::Squash)),
    ("hotfix pull request titled hotfix: vX.Y.Z - what", |p| {
        pull(p).hotfix_title.as_ref().unwrap().as_str() == "hotfix: v{{version}} - {{what}}"
    }),
    ("pull request body sections", |p| {
        let ids = pull(p).sections.iter().map(|s| s.id.as_str());
        ids.eq(["features", "fixes", "performance", "breaking", "testing", "deployment", "documentation"])
    }),
    ("pull request: testing checklist of tests, smoke, load", |p| {
        pull_items(p, "testing") == ["tests", "smoke", "load"]
            && pull_section(p, "testing").items.iter().all(|i| i.tick)
    }),
    ("pull request: migrations, env variables, rollback target", |p| {
        pull_items(p, "deployment") == ["migrations", "env", "rollback"]
    }),
    ("pull request: rollback target is the previous version", |p| {
        pull_section(p, "deployment").items.iter().any(|i| i.text.contains("{{previous_version}}"))
    }),
    ("pull request: changelog, API docs, user docs", |p| {
        pull_items(p, "documentation") == ["changelog", "api_docs", "user_docs"]
    }),
    ("pull request: doc items are if applicable", |p| {
        pull_section(p, "documentation").items.iter().all(|i| i.when == Some(Condition::IfApplicable))
    }),
    ("command: version bump", |p| argv(p.command("bump_version")) == "npm version {{bump}}"),
    ("command: tag", |p| argv(p.command("tag")).starts_with("git tag -a v{{version}}")),
    ("command: deploy to staging", |p| argv(p.command("deploy_staging")) == "vercel --env=preview"),
    ("command: deploy to production", |p| argv(p.command("deploy_production")) == "vercel --prod"),
    ("command: or pnpm run deploy:production", |p| {
        p.command("deploy_production").or.iter().map(Template::as_str).eq(["pnpm", "run", "deploy:production"])
    }),
    ("command: deploy canary by percentage", |p| {
        argv(p.command("deploy_canary")) == "pnpm run deploy:canary --percentage={{percentage}}"
    }),
    ("command: smoke test on staging", |p| argv(p.command("smoke_test")) == "pnpm run smoke:test --env=staging"),
    ("command: load test on staging", |p| argv(p.command("load_test")) == "pnpm run load:test --env=staging"),
    ("command: rollback", |p| argv(p.command("rollback")) == "pnpm run release:rollback"),
    ("command: release on the code host", |p| {
        let typed = argv(p.command("publish_release"));
        typed.starts_with("gh release create v{{version}}") && typed.ends_with("--notes-file release-notes.md --latest")
    }),
    ("command: list production deployments", |p| argv(p.command("list_production")) == "vercel list --prod"),
    ("command: follow logs", |p| argv(p.command("follow_logs")) == "vercel logs --prod --follow"),
    ("runs on Vercel", |p| p.tool("vercel").title == "Vercel"),
];

fn question(p: &Playbook, id: &str, metric: &str) -> bool {
    p.reviews[0].questions.iter().any(|q| q.id.as_str() == id && q.metric.as_str() == metric)
}

fn external(p: &Playbook, message: &str, channel: &str) -> bool {
    sent_to(p.message(message), channel) && only(&p.message(message).types, &["major"])
}

fn changelog(p: &Playbook) -> &Changelog {
    p.changelog.as_ref().unwrap()
}

fn pull(p: &Playbook) -> &PullRequest {
    p.pull_request.as_ref().unwrap()
}

fn pull_section<'a>(p: &'a Playbook, id: &str) -> &'a PullRequestSection {
    pull(p).sections.iter().find(|s| s.id.as_str() == id).unwrap()
}

fn pull_items<'a>(p: &'a Playbook, id: &str) -> Vec<&'a str> {
    pull_section(p, id).items.iter().map(|i| i.id.as_str()).collect()
}

fn handle(p: &Playbook, contact: &str, handle: &str) -> bool {
    p.contact(contact).handle.as_deref() == Some(handle)
}
