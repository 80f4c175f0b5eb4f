//! The way back: its clock against the playbook's budgets, the matrix that helps to decide, and what to do when nothing
//! moves.

use super::{
    face::length,
    model::{Advice, Deployment},
};
use crate::{components::Markup, icons::Icon};
use domain::{
    playbook::{self, Deadline, Decision, Stop, Troubleshooting},
    rollout::{Clock, clock, is_stuck},
};

/// What the clock tells, in order, each with the stops of a playbook that give it a budget.
const PARTS: [(&str, &[Stop]); 5] = [
    ("Detection", &[Stop::Detected]),
    ("Decision", &[Stop::Decided]),
    ("Execution", &[Stop::Executed]),
    ("Verification", &[Stop::Verified]),
    ("In total", &[Stop::BackToNormal, Stop::RollbackVerified]),
];

/// None while it does not go back.
pub(super) fn clock_panel(told: &Deployment) -> Option<Markup> {
    let clock = clock(&told.rollout)?;
    let budgets = told.playbook.as_ref().map(|advice| advice.clocks.as_slice()).unwrap_or_default();
    let markup = Markup::new().html("<table class=\"clock\"><thead><tr><th scope=\"col\">Part</th>");
    let markup = markup.html("<th scope=\"col\">Took</th><th scope=\"col\">Budget</th></tr></thead><tbody>");
    let markup = markup.each(PARTS, |markup, (title, stops)| part(markup, title, stops, &clock, budgets, told));
    Some(markup.html("</tbody></table>"))
}

fn part(
    markup: Markup,
    title: &'static str,
    stops: &'static [Stop],
    clock: &Clock,
    budgets: &[playbook::Clock],
    told: &Deployment,
) -> Markup {
    let budget = budgets.iter().find(|budget| stops.contains(&budget.stops)).map(|budget| budget.within);
    let markup = markup.html("<tr><th scope=\"row\">").html(title).html("</th><td>");
    let took = stops.first().and_then(|stop| clock.part(*stop, told.now));
    let markup = match took {
        None => markup.html("<span class=\"meta\">not begun</span>"),
        Some((took, over)) => {
            // What still runs is told by when it began, which stays true while somebody looks at it.
            let markup = if over {
                markup.html("<b>").text(length(took.num_seconds())).html("</b>")
            } else {
                markup.html("runs since ").time(told.now - took)
            };
            match budget.filter(|budget| took > budget.delta()) {
                Some(_) => markup
                    .html(" <span class=\"badge failed\">")
                    .icon(Icon::TRIANGLE_ALERT)
                    .html("<span>over budget</span></span>"),
                None => markup,
            }
        }
    };
    let markup = markup.html("</td><td>");
    match budget {
        Some(budget) => markup.text(budget).html("</td></tr>"),
        None => markup.html("<span class=\"meta\">none</span></td></tr>"),
    }
}

/// None where the playbook has no matrix.
pub(super) fn matrix(told: &Deployment) -> Option<Markup> {
    let decisions = &told.playbook.as_ref()?.decisions;
    if decisions.is_empty() {
        return None;
    }
    let markup = Markup::new().html("<table class=\"clock\"><thead><tr><th scope=\"col\">Severity</th>");
    let markup = markup.html("<th scope=\"col\">Users met</th><th scope=\"col\">What to do</th></tr></thead><tbody>");
    Some(markup.each(decisions, decision).html("</tbody></table>"))
}

fn decision(markup: Markup, row: &Decision) -> Markup {
    let users = match (&row.impact, row.users_over, row.users_up_to) {
        (Some(words), ..) => words.clone(),
        (None, Some(over), Some(up_to)) => format!("{over} to {up_to}"),
        (None, Some(over), None) => format!("over {over}"),
        (None, None, Some(up_to)) => format!("up to {up_to}"),
        (None, None, None) => String::new(),
    };
    let by = match row.by {
        Deadline::Within(span) => format!("within {span}"),
        Deadline::NextCycle => "with the next cycle".to_owned(),
    };
    let action = row.action.name().replace('_', " ");
    let markup = markup.html("<tr><th scope=\"row\">").text(&row.severity).html("</th><td>").text(users);
    markup.html("</td><td>").text(action).html(" <span class=\"meta\">").text(by).html("</span></td></tr>")
}

/// Nothing has moved for long: what the playbook says to look at. None otherwise.
pub(super) fn stuck(told: &Deployment) -> Option<Markup> {
    if !is_stuck(&told.rollout, told.now) {
        return None;
    }
    let markup = Markup::new()
        .html("<div class=\"stuck\"><p class=\"aside warning\">")
        .icon(Icon::TRIANGLE_ALERT)
        .html("<span><b>No progress since ")
        .time(told.rollout.last_progress())
        .html(".</b> Pause it or roll back if you are not sure.</span></p>");
    let advice = told.playbook.as_ref();
    let goes_back = told.rollout.goes_back();
    let fits = |trouble: &&Troubleshooting| {
        let id = trouble.id.to_string();
        trouble.after.is_some() || id.contains(if goes_back { "rollback" } else { "deploy" })
    };
    let troubles: Vec<&Troubleshooting> = advice.iter().flat_map(|a: &&Advice| &a.troubles).filter(fits).collect();
    let markup = if troubles.is_empty() {
        markup.html("<p>Look at the log below, at the driver’s own pages, and at the network between.</p>")
    } else {
        markup.each(troubles, trouble)
    };
    Some(markup.html("</div>"))
}

fn trouble(markup: Markup, trouble: &Troubleshooting) -> Markup {
    let markup = markup.html("<h3>").text(&trouble.title).html("</h3><p>").text(&trouble.symptom).html("</p>");
    let markup = markup.html("<dl class=\"facts\"><dt>Look at</dt><dd>").text(trouble.look_at.join("; "));
    let markup = markup.html("</dd><dt>What helps</dt><dd>").text(trouble.fixes.join("; ")).html("</dd>");
    let markup = match &trouble.escalate {
        Some(role) => markup.html("<dt>Then</dt><dd>").text(role.words()).html(" takes over</dd>"),
        None => markup,
    };
    markup.html("</dl>")
}
