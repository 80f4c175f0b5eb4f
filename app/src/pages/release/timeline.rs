//! What happened to a release, the newest first; every event has an address of its own.

use super::model::Line;
use crate::{
    components::{Markup, Rows, Tone},
    icons::Icon,
};
use leptos::prelude::*;

/// The last events, each with who did it.
#[derive(Debug, Clone)]
pub struct Told {
    pub lines: Vec<(Line, String)>,
    pub more: bool,
}

#[component]
pub fn Timeline(told: Told) -> impl IntoView {
    let rows = told.lines.iter().map(|(line, by)| event(line, by)).collect();
    let earlier = told.more.then(|| {
        view! { <p class="meta">"Only the last 50 events are shown here; the audit holds all."</p> }
    });
    view! {
        <section id="timeline" data-live="release" aria-labelledby="timeline-title">
            <div class="section-head"><h2 id="timeline-title">"Timeline"</h2></div>
            <Rows rows class="timeline"/>
            {earlier}
        </section>
    }
}

fn event(line: &Line, by: &str) -> Markup {
    let icon = match line.tone {
        Tone::Passed => Icon::CHECK,
        Tone::Failed => Icon::X,
        Tone::Waits => Icon::HAND,
        Tone::Running => Icon::PENCIL,
        Tone::Planned | Tone::Warning => Icon::GIT_COMMIT_HORIZONTAL,
    };
    let markup = Markup::new()
        .html("<li class=\"event ")
        .html(line.tone.class())
        .html("\" id=\"e")
        .text(line.seq)
        .html("\"><span class=\"mark\">")
        .icon(icon)
        .html("</span><span><b>")
        .text(by)
        .html("</b> ")
        .text(&line.what)
        .html("</span><a href=\"#e")
        .text(line.seq)
        .html("\">")
        .time(line.at)
        .html("</a>");
    let markup = if line.words.is_empty() {
        markup
    } else {
        markup.html("<blockquote>").text(&line.words).html("</blockquote>")
    };
    markup.html("</li>")
}
