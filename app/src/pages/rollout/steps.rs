//! The stepper: every step of a rollout with what became of it.

use super::{
    face::{badge, face_of_step, length, watch_ends, weight},
    model::Deployment,
    verdict::lasts,
};
use crate::components::Markup;
use domain::rollout::{PlannedStep, Step, StepState};

/// A heading, the shares, and one `<ol>`.
pub(super) fn steps(told: &Deployment) -> Markup {
    let rollout = &told.rollout;
    let markup = Markup::new().html("<div><h2 id=\"steps-title\">Steps</h2>");
    let markup = weight(markup, rollout);
    let markup = match watch_ends(rollout) {
        Some(at) if !rollout.is_over() && rollout.paused.is_none() => {
            markup.html("<p class=\"meta\">The watch ends ").time(at).html(".</p>")
        }
        _ => markup,
    };
    let current = rollout.current().map(|(n, _)| n);
    let turned = rollout.steps.iter().position(|step| step.back);
    let rows = (1_u32..).zip(&rollout.steps).enumerate();
    let markup = markup.html("<ol class=\"steps\">").each(rows, |markup, (index, (n, step))| {
        let markup = if Some(index) == turned && index > 0 {
            markup
                .html("<li class=\"turn rolled-back\">")
                .icon(crate::icons::Icon::UNDO_2)
                .html("<b>The way back</b></li>")
        } else {
            markup
        };
        row(markup, n, step, current == Some(n) && !rollout.is_over())
    });
    markup.html("</ol></div>")
}

fn row(markup: Markup, n: u32, step: &Step, current: bool) -> Markup {
    let face = face_of_step(step.state);
    let markup = markup.html("<li id=\"step-").text(n).html("\" class=\"step ").html(face.1).html("\"");
    let markup = if current { markup.html(" aria-current=\"step\">") } else { markup.html(">") };
    let markup = markup.html("<p><span class=\"step-name\">").text(&step.planned.name).html("</span> ");
    let mut markup = badge(markup, face).html("</p>");
    if !step.said.is_empty() {
        markup = markup.html("<p class=\"step-said\">").text(&step.said).html("</p>");
    }
    let mut facts: Vec<Markup> = Vec::new();
    match (step.started_at, step.finished_at) {
        (Some(from), Some(to)) => {
            facts.push(Markup::new().html("started ").time(from));
            facts.push(Markup::new().html("took ").text(length((to - from).num_seconds())));
        }
        (Some(from), None) => facts.push(Markup::new().html("started ").time(from)),
        (None, _) => {}
    }
    if let Some(lasts) = lasts(step.planned.action).filter(|_| step.finished_at.is_none()) {
        facts.push(Markup::new().html("lasts ").text(lasts));
    }
    if step.attempts > 1 {
        facts.push(Markup::new().text(step.attempts).html(" attempts"));
    }
    if let Some(at) = step.not_before.filter(|_| step.state == StepState::Planned) {
        facts.push(Markup::new().html("tried again ").time(at));
    }
    if let Some(url) = &step.url {
        facts.push(Markup::new().html("<a rel=\"noreferrer\" href=\"").text(url).html("\">More about it</a>"));
    }
    if !facts.is_empty() {
        markup = markup.html("<p class=\"meta\">");
        for (n, fact) in facts.into_iter().enumerate() {
            markup = if n > 0 { markup.html(" · ") } else { markup }.and(fact);
        }
        markup = markup.html("</p>");
    }
    markup.html("</li>")
}

/// What would happen, before anything does.
pub(crate) fn plan(markup: Markup, steps: &[PlannedStep]) -> Markup {
    markup
        .html("<ol class=\"plan\">")
        .each(steps, |markup, step| markup.html("<li>").text(&step.name).html("</li>"))
        .html("</ol>")
}
