//! Known issues in a list: how each stands, and the workaround at hand.

use crate::{
    components::{Markup, Tone},
    icons::Icon,
};
use domain::known_issue::{KnownIssue, State};
use std::sync::Arc;

/// The workaround is cut there; the whole of it is a click away.
const LONGEST: usize = 280;

/// How an issue stands, as icon, word and colour.
pub fn face(state: State) -> (Tone, Icon, &'static str) {
    match state {
        State::Open => (Tone::Warning, Icon::TRIANGLE_ALERT, "Open"),
        State::Fixed => (Tone::Passed, Icon::CIRCLE_CHECK, "Fixed"),
        State::Closed => (Tone::Planned, Icon::CIRCLE_SLASH, "Closed"),
    }
}

pub fn badge(markup: Markup, state: State) -> Markup {
    let (tone, icon, word) = face(state);
    let markup = markup.html("<span class=\"badge ").html(tone.class()).html("\">").icon(icon);
    markup.html("<span>").html(word).html("</span></span>")
}

/// All of them, each one `<li>`.
pub fn rows(markup: Markup, issues: &[Arc<KnownIssue>], with_product: bool) -> Markup {
    markup
        .html("<ul class=\"rows issues\">")
        .each(issues, |markup, issue| row(markup, issue, with_product))
        .html("</ul>")
}

fn row(markup: Markup, issue: &KnownIssue, with_product: bool) -> Markup {
    let details = &issue.details;
    let markup = markup.html("<li class=\"row issue\"><a class=\"row-main\" href=\"/").text(&issue.product);
    let markup = markup.html("/issues/").text(issue.id).html("\"><span class=\"title\">");
    let markup = badge(markup.text(&details.title).html("</span></a>"), issue.state());
    let markup = markup.html("<span class=\"meta\">").text(&details.severity).html("</span><span class=\"meta\">");
    let markup = if with_product { markup.text(&issue.product).html(" · ") } else { markup };
    let markup = versions(markup, issue).html("</span>");
    match &details.workaround {
        Some(workaround) => {
            let cut = workaround.chars().count() > LONGEST;
            let short: String = workaround.chars().take(LONGEST).collect();
            let markup = markup.html("<p class=\"workaround\"><b>Workaround:</b> ").text(short);
            markup.html(if cut { " …" } else { "" }).html("</p></li>")
        }
        None => markup.html("<p class=\"workaround none\">No workaround is known.</p></li>"),
    }
}

/// Which versions have it and which mend it.
pub fn versions(markup: Markup, issue: &KnownIssue) -> Markup {
    let affected = issue.details.affected.to_string();
    let markup = match affected.as_str() {
        "all" => markup.html("affects all versions"),
        range => markup.html("affects ").text(range),
    };
    if issue.fixes.is_empty() {
        return markup;
    }
    let fixes: Vec<String> = issue.fixes.keys().map(ToString::to_string).collect();
    markup.html(", fixed in ").text(domain::text::list(&fixes))
}
