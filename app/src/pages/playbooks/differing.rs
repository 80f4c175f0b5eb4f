//! Differences as people read them: by noun, line by line, and for each open release.

use crate::components::Markup;
use domain::playbook::{Became, Consequence, Detail, Difference, Line, line_difference};

/// One `<ul>`.
pub fn differences<'a>(all: impl IntoIterator<Item = &'a Difference>) -> Markup {
    let all = all.into_iter().fold(Markup::new().html("<ul class=\"differences\">"), difference);
    all.html("</ul>")
}

fn difference(markup: Markup, difference: &Difference) -> Markup {
    let tone = match difference.became {
        Became::Added => "passed",
        Became::Removed => "failed",
        Became::Changed => "running",
    };
    let section = difference.section.replace('_', " ");
    let mut markup = markup.html("<li class=\"").html(tone).html("\"><p>").text(&section);
    if !difference.name.is_empty() {
        markup = markup.html(" <code>").text(&difference.name).html("</code>");
    }
    markup = markup.html(" <b>").html(difference.became.word()).html("</b></p>");
    if !difference.details.is_empty() {
        markup = difference.details.iter().fold(markup.html("<ul class=\"entries\">"), detail).html("</ul>");
    }
    markup.html("</li>")
}

fn detail(mut markup: Markup, detail: &Detail) -> Markup {
    markup = markup.html("<li>");
    if !detail.key.is_empty() {
        markup = markup.html("<span class=\"key\">").text(&detail.key).html("</span> ");
    }
    let nothing = "nothing".to_owned();
    markup = markup.html("<del>").text(detail.before.as_ref().unwrap_or(&nothing)).html("</del> → <ins>");
    markup.text(detail.after.as_ref().unwrap_or(&nothing)).html("</ins></li>")
}

/// One `<div>`: what went and what came, with a few lines around.
pub fn lines(before: &str, after: &str) -> Markup {
    let mut markup = Markup::new().html("<div class=\"lines\">");
    for hunk in line_difference(before, after) {
        markup = markup.html("<p class=\"meta\">From line ").text(hunk.line).html("</p><pre tabindex=\"0\">");
        for line in hunk.lines {
            markup = match line {
                Line::Kept(text) => markup.html("<span>  ").text(text),
                Line::Removed(text) => markup.html("<span class=\"failed\">− ").text(text),
                Line::Added(text) => markup.html("<span class=\"passed\">+ ").text(text),
            };
            markup = markup.html("\n</span>");
        }
        markup = markup.html("</pre>");
    }
    markup.html("</div>")
}

/// One `<ul>`: what would change for each release if it were moved.
pub fn consequences(all: &[Consequence]) -> Markup {
    let all = all.iter().fold(Markup::new().html("<ul class=\"consequences\">"), |markup, told| {
        let id = &told.release;
        let markup = markup.html("<li><p><a href=\"/").text(&id.product).html("/releases/").text(&id.version);
        let markup =
            markup.html("\">").text(id).html("</a> ").text(&told.title).html(" <span class=\"meta\">revision ");
        let markup = markup.text(told.revision).html("</span></p>");
        meaning(markup, told).html("</li>")
    });
    all.html("</ul>")
}

/// What moving means for one release.
pub fn meaning(markup: Markup, told: &Consequence) -> Markup {
    if !told.blocked.is_empty() {
        let why = told.blocked.join("; ");
        return markup.html("<p class=\"failed tone\">It could not be moved: ").text(why).html(".</p>");
    }
    let markup = match told.voids {
        0 => markup,
        1 => markup.html("<p class=\"warning tone\">1 decision would no longer count.</p>"),
        n => markup.html("<p class=\"warning tone\">").text(n).html(" decisions would no longer count.</p>"),
    };
    if told.differences().next().is_none() {
        return markup.html("<p class=\"meta\">Nothing that concerns it changes but the revision.</p>");
    }
    markup.and(differences(told.differences()))
}
