//! What happened to a release, the newest first; every event has an address of its own.

use super::model::{Line, ReleaseView};
use crate::{
    components::{Markup, Rows, Tone},
    icons::Icon,
};
use leptos::prelude::*;

#[component]
pub fn Timeline(view: RwSignal<ReleaseView>) -> impl IntoView {
    let rows = move || {
        let rows = view.with(|view| view.events.iter().map(|line| event(view, line)).collect());
        view! { <Rows rows class="timeline"/> }
    };
    let earlier = move || {
        view.with(|view| view.earlier_events)
            .then(|| view! { <p class="meta">"Only the last 50 events are shown here; the audit holds all."</p> })
    };
    view! {
        <section aria-labelledby="timeline-title">
            <div class="section-head"><h2 id="timeline-title">"Timeline"</h2></div>
            {rows}
            {earlier}
        </section>
    }
}

fn event(view: &ReleaseView, line: &Line) -> Markup {
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
        .text(view.actor(line.actor))
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
