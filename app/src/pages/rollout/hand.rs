//! The six steps of a way back by hand, each with what the system knows of it and where it is done; ticked as the record
//! shows that they are.

use super::{face::length, model::Deployment};
use crate::{components::Markup, icons::Icon};
use domain::{
    playbook::{Message, Moment, Procedure},
    release::ReleaseId,
    rollout::{Action, End, Purpose, Rollout, Step, StepState, clock},
};

/// How far a step is, as far as anybody can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stand {
    Open,
    Now,
    Done,
    Failed,
}

/// Title, what it is for, the ids by which playbooks know it, and what is known of it.
type Duty = (&'static str, &'static str, &'static [&'static str], fn(&Deployment) -> (Stand, Markup));

const DUTIES: [Duty; 6] = [
    ("Stop", "Nothing gets worse meanwhile.", &["stop"], stop),
    ("Assess", "What is broken, since when, and is it this release?", &["assess"], assess),
    ("Scope", "What goes back, and how far?", &["scope", "decide"], scope),
    ("Revert", "The version that ran before takes over.", &["revert", "execute", "roll_back"], revert),
    ("Verify", "Does it work again?", &["verify"], verify),
    ("Notify", "Those who were met, and those who wait for the release.", &["notify"], notify),
];

/// One `<div>`.
pub(super) fn by_hand(told: &Deployment) -> Markup {
    let procedures = told.playbook.as_ref().map(|advice| advice.procedures.as_slice()).unwrap_or_default();
    let markup = Markup::new().html("<div><ol class=\"walk\">").each(DUTIES, |markup, (title, asks, ids, known)| {
        let (stand, knows) = known(told);
        let (class, icon, word) = match stand {
            Stand::Open => ("planned", Icon::CIRCLE_DASHED, "not done yet"),
            Stand::Now => ("running", Icon::LOADER, "at work"),
            Stand::Done => ("passed", Icon::CIRCLE_CHECK, "done"),
            Stand::Failed => ("failed", Icon::OCTAGON_X, "failed"),
        };
        let markup =
            markup.html("<li class=\"duty ").html(class).html("\">").icon(icon).html("<div><p><b>").html(title);
        let markup =
            markup.html("</b><span class=\"sr\">, ").html(word).html("</span> <span class=\"meta\">").html(asks);
        let markup = written(markup.html("</span></p>"), procedures, ids);
        markup.html("<p>").and(knows).html("</p></div></li>")
    });
    let whole = procedures.iter().filter(|procedure| !procedure.steps.is_empty());
    let name = told.playbook.as_ref().map(|advice| advice.name.as_str()).unwrap_or_default();
    whole.fold(markup.html("</ol>"), |markup, one| procedure(markup, name, one)).html("</div>")
}

/// What the playbook's own procedures say about a duty, in its words.
fn written(markup: Markup, procedures: &[Procedure], ids: &[&str]) -> Markup {
    let fits = |step: &&domain::playbook::Step| ids.contains(&step.id.as_str()) && !step.does.is_empty();
    match procedures.iter().flat_map(|procedure| &procedure.steps).find(fits) {
        Some(step) => markup.html("<p class=\"meta\">Playbook: ").text(step.does.join("; ")).html("</p>"),
        None => markup,
    }
}

/// The whole of a playbook's procedure, folded away.
fn procedure(markup: Markup, playbook: &str, procedure: &Procedure) -> Markup {
    markup
        .html("<details class=\"fold\" id=\"procedure-")
        .text(&procedure.id)
        .html("\"><summary>The playbook: ")
        .text(&procedure.title)
        .html("</summary><ol class=\"plan\">")
        .each(&procedure.steps, |markup, step| {
            let markup = markup.html("<li><b>").text(&step.title).html("</b>");
            let markup = match &step.takes {
                Some(takes) => {
                    markup.html(" <span class=\"meta\">").text(takes.from).html(" to ").text(takes.to).html("</span>")
                }
                None => markup,
            };
            markup.html(" ").text(step.does.join("; ")).html("</li>")
        })
        .html("</ol><p><a href=\"/playbooks/")
        .text(playbook)
        .html("\">To the playbook</a></p></details>")
}

fn stop(told: &Deployment) -> (Stand, Markup) {
    let (rollout, words) = (&told.rollout, Markup::new());
    if rollout.goes_back() {
        let words = words.html("Nothing more comes in: it turned back");
        let words = match &rollout.turned {
            Some(turn) => words.html(" (").time(turn.at).html(")"),
            None => words,
        };
        return (Stand::Done, words.html("."));
    }
    if let Some(pause) = &rollout.paused {
        let words = words.html("Paused by ").text(told.name(pause.by)).html(" (").time(pause.at).html(")");
        return (Stand::Done, words.html(": shares stay as they are."));
    }
    if told.stopped.is_some() {
        return (Stand::Done, words.html("All automation is stopped: nothing moves but a way back."));
    }
    if rollout.is_over() {
        return (Stand::Done, words.html("Nothing is under way."));
    }
    let words = words.html("<a href=\"#controls\">Pause it</a>, or <a href=\"/").text(&rollout.place.product);
    let words = words.html("/settings#automation\">stop all automation</a> of the product.");
    let others = Markup::new().html("Somebody who may promote pauses it.");
    (Stand::Open, if told.may_promote { words } else { others })
}

fn assess(told: &Deployment) -> (Stand, Markup) {
    let rollout = &told.rollout;
    let words = match &rollout.judged {
        Some(judged) => Markup::new().html("The judge, ").time(judged.at).html(": “").text(&judged.said).html("” "),
        None if rollout.monitored => Markup::new().html("The judge has said nothing yet. "),
        None => Markup::new().html("No judge compares the two versions here; dashboards and people do. "),
    };
    let matrix = told.playbook.as_ref().is_some_and(|advice| !advice.decisions.is_empty());
    let words = if matrix { words.html("<a href=\"#matrix\">What to do about which fault</a>.") } else { words };
    let decided = rollout.turned.as_ref().map(|turn| (turn.at, turn.by, turn.reason.as_str()));
    let decided = decided.or((rollout.purpose == Purpose::Rollback).then_some((
        rollout.started_at,
        rollout.started_by,
        rollout.reason.as_str(),
    )));
    let Some((at, by, reason)) = decided else { return (Stand::Open, words) };
    let words = words.html(" Decided by ").text(told.name(by)).html(" (").time(at).html(")");
    // Where the judge decided, its words stand there already.
    let said = reason.is_empty() || rollout.judged.as_ref().is_some_and(|judged| judged.said == reason);
    (Stand::Done, if said { words.html(".") } else { words.html(": “").text(reason).html("”") })
}

fn scope(told: &Deployment) -> (Stand, Markup) {
    let rollout = &told.rollout;
    let back = rollout.goes_back();
    let (gone, target) = gone_and_target(rollout);
    let words = Markup::new().html("<code>").text(&rollout.place.product).html("</code>, ").text(&rollout.place.env);
    let words = match (gone, target) {
        (Some(gone), Some(target)) => words.html(": ").text(gone).html(" gives way to ").text(target).html("."),
        (Some(gone), None) => words.html(": ").text(gone).html(" goes; nothing ran before that could take over."),
        (None, _) => words.html("."),
    };
    let words = match rollout.actual.filter(|_| !back && !rollout.is_over()) {
        Some(share) => words.html(" It meets ").text(share).html(" of the traffic now."),
        None => words,
    };
    let words = words.html(" Only the version goes back: flags and data stay as they are.");
    let words = match told.gone.as_ref().and_then(|gone| gone.plan.as_ref()) {
        Some(plan) => words.html(" The release’s own plan: “").text(plan).html("”"),
        None => words,
    };
    (if back { Stand::Done } else { Stand::Open }, words)
}

fn revert(told: &Deployment) -> (Stand, Markup) {
    let rollout = &told.rollout;
    if let Some(step) = step_back(rollout, |action| action == Action::RollBack) {
        return stands(step);
    }
    let words = Markup::new();
    if let Some((End::Failed, _)) = rollout.ended {
        return (Stand::Failed, words.html("Nothing ran before that it could go back to."));
    }
    if rollout.goes_back() {
        return (Stand::Done, words.html("Nothing had moved that could be taken back."));
    }
    let words = match (told.may_promote, rollout.is_over(), told.has_release) {
        (false, ..) => words.html("Somebody who may promote rolls it back."),
        (true, false, _) => words.html("<a href=\"#abort\">Roll back</a>: whatever is under way gives way to it."),
        (true, true, true) => words
            .html("<a href=\"/")
            .text(&rollout.place.product)
            .html("/releases/")
            .text(&rollout.version)
            .html("#roll-back-")
            .text(&rollout.place.env)
            .html("\">Roll back on the release’s page</a>."),
        (true, true, false) => words.html("It is over, and its release is no longer there."),
    };
    (Stand::Open, words)
}

fn verify(told: &Deployment) -> (Stand, Markup) {
    if let Some(step) = step_back(&told.rollout, |action| action == Action::Verify) {
        let (stand, words) = stands(step);
        if stand != Stand::Open {
            return (stand, words);
        }
    }
    if told.checks {
        return (
            Stand::Open,
            Markup::new().html("The commands and the address set for the environment are tried by themselves."),
        );
    }
    let words = Markup::new().html("No command and no address is set here that would show it: look yourself. ");
    let words = words.html("<a href=\"/").text(&told.rollout.place.product).html("/settings#env-");
    (Stand::Open, words.text(&told.rollout.place.env).html("\">Set one</a>"))
}

fn notify(told: &Deployment) -> (Stand, Markup) {
    let fits = |message: &&Message| matches!(message.moment, Moment::RollingBack | Moment::Incident | Moment::Resolved);
    let messages: Vec<&Message> = told.playbook.iter().flat_map(|advice| &advice.messages).filter(fits).collect();
    let since = clock(&told.rollout).map(|clock| clock.detected_at);
    let sent = |message: &Message| {
        since.and_then(|since| {
            told.gone.iter().flat_map(|gone| &gone.sent).find(|sent| sent.message == message.id && sent.at >= since)
        })
    };
    if messages.is_empty() {
        let words = "The playbook has no words for it. Tell those who were told that the release comes.";
        return (Stand::Open, Markup::new().html(words));
    }
    // What has to be said while it goes back; that it is over is said last.
    let first = |message: &&&Message| message.moment == Moment::RollingBack;
    let all = messages.iter().any(|message| sent(message).is_some())
        && messages.iter().filter(first).all(|message| sent(message).is_some());
    let page = gone_and_target(&told.rollout).0.filter(|_| told.gone.is_some());
    let words = messages.iter().enumerate().fold(Markup::new(), |words, (n, message)| {
        let words = if n > 0 { words.html("; ") } else { words };
        let words = match page {
            Some(version) => {
                let id = ReleaseId { product: told.rollout.place.product.clone(), version: version.clone() };
                let words = words.html("<a href=\"/").text(&id.product).html("/releases/").text(&id.version);
                words.html("#message-").text(&message.id).html("\">").text(&message.title).html("</a>")
            }
            None => words.text(&message.title),
        };
        let audience: Vec<String> = message.audience.iter().map(|audience| audience.name().replace('_', " ")).collect();
        let words = words.html(", by the ").text(message.sender.words()).html(" to ").text(audience.join(", "));
        match sent(message) {
            Some(sent) => words.html(" (sent ").time(sent.at).html(")"),
            None => words,
        }
    });
    (if all { Stand::Done } else { Stand::Open }, words.html("."))
}

/// The version that goes, and the one that takes over.
fn gone_and_target(rollout: &Rollout) -> (Option<&domain::release::Version>, Option<&domain::release::Version>) {
    match rollout.purpose {
        Purpose::Rollback => (rollout.from.as_ref(), Some(&rollout.version)),
        Purpose::Promotion => (Some(&rollout.version), rollout.from.as_ref()),
    }
}

/// The step of the way back with this action.
fn step_back(rollout: &Rollout, fits: impl Fn(Action) -> bool) -> Option<&Step> {
    let back = |step: &&Step| step.back || rollout.purpose == Purpose::Rollback;
    rollout.steps.iter().filter(back).find(|step| fits(step.planned.action))
}

fn stands(step: &Step) -> (Stand, Markup) {
    let stand = match step.state {
        StepState::Planned | StepState::Skipped => Stand::Open,
        StepState::Intended | StepState::Running => Stand::Now,
        StepState::Done => Stand::Done,
        StepState::Failed | StepState::Unknown => Stand::Failed,
    };
    let words = match (step.started_at, step.finished_at) {
        (Some(from), Some(to)) => {
            Markup::new().html("Took ").text(length((to - from).num_seconds())).html(", until ").time(to).html(".")
        }
        (Some(from), None) => Markup::new().html("At work since ").time(from).html("."),
        _ => Markup::new().html("Comes next, by itself."),
    };
    (stand, if step.said.is_empty() { words } else { words.html(" ").text(&step.said) })
}
