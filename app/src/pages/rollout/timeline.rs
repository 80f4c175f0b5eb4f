//! What happened to a rollout, the newest first; every event has an address of its own.

use super::model::{Deployment, Line};
use crate::{components::Markup, icons::Icon};
use domain::rollout::{Cause, End, Ending, Event, Opinion, Purpose, Rollout};

/// One `<ol>`.
pub(super) fn timeline(told: &Deployment) -> Markup {
    Markup::new()
        .html("<ol class=\"timeline\">")
        .each(&told.lines, |markup, line| event(markup, line, &told.rollout))
        .html("</ol>")
}

fn event(markup: Markup, line: &Line, rollout: &Rollout) -> Markup {
    let (icon, class, what, words) = told(&line.event, rollout);
    let markup = markup
        .html("<li class=\"event ")
        .html(class)
        .html("\" id=\"e")
        .text(line.seq)
        .html("\"><span class=\"mark\">")
        .icon(icon)
        .html("</span><span><b>")
        .text(&line.by)
        .html("</b> ")
        .text(what)
        .html("</span><a href=\"#e")
        .text(line.seq)
        .html("\">")
        .time(line.at)
        .html("</a>");
    let markup = if words.is_empty() { markup } else { markup.html("<blockquote>").text(words).html("</blockquote>") };
    markup.html("</li>")
}

/// Icon, class of the colour, what follows the name, and their own words.
fn told<'a>(event: &'a Event, rollout: &Rollout) -> (Icon, &'static str, String, &'a str) {
    let named = |n: u32| rollout.step(n).map_or_else(|| format!("step {n}"), |step| format!("“{}”", step.planned.name));
    match event {
        Event::Started { purpose: Purpose::Promotion, version, reason, .. } => {
            (Icon::ROCKET, "running", format!("promoted {version} to {}", rollout.place.env), reason)
        }
        Event::Started { purpose: Purpose::Rollback, version, reason, .. } => {
            (Icon::UNDO_2, "rolled-back", format!("rolled {} back to {version}", rollout.place.env), reason)
        }
        Event::StepIntended { step, .. } => (Icon::LOADER, "running", format!("began {}", named(*step)), ""),
        Event::StepAccepted { step, said, .. } => {
            (Icon::LOADER, "running", format!("was told that {} is at work", named(*step)), said)
        }
        Event::StepEnded { step, ending, said, .. } => {
            let (icon, class, word) = match ending {
                Ending::Done => (Icon::CHECK, "passed", "finished"),
                Ending::NotDone => (Icon::REFRESH_CW, "warning", "will try again:"),
                Ending::Failed => (Icon::X, "failed", "failed at"),
                Ending::Unknown => (Icon::HAND, "waits", "does not know what became of"),
            };
            (icon, class, format!("{word} {}", named(*step)), said)
        }
        Event::Promoted { fully: false, reason, .. } => {
            (Icon::CHECK, "running", "moved one step on".to_owned(), reason)
        }
        Event::Promoted { fully: true, reason, .. } => {
            (Icon::ROCKET, "running", "moved all the way on".to_owned(), reason)
        }
        Event::Paused { reason, .. } => (Icon::HAND, "waits", "paused it".to_owned(), reason),
        Event::Resumed { reason, .. } => (Icon::CHECK, "running", "resumed it".to_owned(), reason),
        Event::Judged { opinion, said, .. } => {
            let (icon, class, word) = match opinion {
                Opinion::Promote => (Icon::CIRCLE_CHECK, "passed", "good"),
                Opinion::Hold => (Icon::HAND, "waits", "not clear"),
                Opinion::RollBack => (Icon::OCTAGON_X, "failed", "bad"),
            };
            (icon, class, format!("judged it: {word}"), said)
        }
        Event::TurnedBack { cause, reason, .. } => {
            let why = match cause {
                Cause::Person => "rolled it back",
                Cause::Judge => "rolled it back because it was judged bad",
                Cause::Step => "rolled it back because a step failed",
            };
            (Icon::UNDO_2, "rolled-back", why.to_owned(), reason)
        }
        Event::Parked { step, why, .. } => (Icon::HAND, "waits", format!("parked it at {}", named(*step)), why),
        Event::Resolved { step, happened, reason, .. } => {
            let word = if *happened { "happened" } else { "did not happen" };
            (Icon::CHECK, "running", format!("said that {} {word}", named(*step)), reason)
        }
        Event::Ended { end, .. } => {
            let (icon, class, word) = match end {
                End::Live => (Icon::CIRCLE_CHECK, "passed", "saw it go live"),
                End::RolledBack => (Icon::UNDO_2, "rolled-back", "saw it rolled back"),
                End::Failed => (Icon::X, "failed", "gave it up"),
                End::Superseded => (Icon::FILE_CLOCK, "planned", "ended it: another way back took its place"),
            };
            (icon, class, word.to_owned(), "")
        }
    }
}
