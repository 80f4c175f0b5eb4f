//! The page of one rollout: how it stands, what to do, every step, the way back, the log, and what happened.

use super::{
    back,
    charts::{Part, charts},
    controls::{Controls, Parked},
    hand,
    model::Deployment,
    steps::steps,
    timeline::timeline,
    verdict,
};
use crate::{
    components::{Markup, answered},
    failure::answer,
    icons::Icon,
};
use domain::rollout::Purpose;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

/// What the sections show changes with these.
const NOUNS: &str = "rollout environment automation";
/// Messages belong to the release.
const HAND: &str = "rollout environment automation release";

#[component]
pub fn DeploymentPage() -> impl IntoView {
    let (product, id) = use_params_map()
        .with_untracked(|params| (params.get("product").unwrap_or_default(), params.get("id").unwrap_or_default()));
    let (log, part) = use_query_map()
        .with_untracked(|query| (query.get("log").is_some(), Part::named(&query.get("latency").unwrap_or_default())));
    let told = async move { answer(Deployment::of(&product, &id, log, part).await) };
    answered(told, |told| view! { <Told told/> }.into_any())
}

#[component]
fn Told(told: Deployment) -> impl IntoView {
    let rollout = &told.rollout;
    let title = format!("{} to {}", rollout.version, rollout.place.env);
    let (head, says) = (verdict::head(&told).view(), verdict::verdict(&told).view());
    let stuck = back::stuck(&told).map(Markup::view);
    let stepper = steps(&told).view();
    let clock = back::clock_panel(&told).map(Markup::view);
    let matrix = back::matrix(&told).map(Markup::view);
    let by_hand = hand::by_hand(&told).view();
    let events = timeline(&told).view();
    let facts = facts(&told).view();
    let charts =
        charts(&told.charts, &format!("/{}/deployments/{}", rollout.place.product, rollout.id)).map(Markup::view);
    let log = log(&told);
    let no_clock = clock.is_none().then(|| {
        view! { <p class="meta">"It begins with the way back: detection, decision, execution, verification."</p> }
    });
    view! {
        <Title text=title/>
        <div id="deployment-head" class="release-head" data-live=NOUNS>{head}</div>
        <section id="verdict" data-live=NOUNS aria-label="How it stands">{says} {stuck}</section>
        <div class="columns">
            <div class="stack wide">
                <section id="parked" class="card optional-card" data-live=NOUNS data-in-place aria-label="A step that waits for you">
                    <Parked told=told.clone()/>
                </section>
                <section id="controls" class="card optional-card" data-live=NOUNS data-in-place aria-label="What you can do">
                    <Controls told=told.clone()/>
                </section>
                <section id="charts" class="card optional-card" data-live=NOUNS data-quiet aria-label="Canary against baseline">{charts}</section>
                <section id="steps" class="card" data-live=NOUNS aria-labelledby="steps-title">{stepper}</section>
                <section id="hand" class="card" data-live=HAND aria-labelledby="hand-title">
                    <h2 id="hand-title">"The way back in six steps"</h2>
                    {by_hand}
                </section>
                <section id="log" class="card" data-live=NOUNS aria-labelledby="log-title">{log}</section>
            </div>
            <div class="stack">
                <section id="facts" class="card" data-live=NOUNS aria-labelledby="facts-title">{facts}</section>
                <section id="clock" class="card" data-live=NOUNS aria-labelledby="clock-title">
                    <h2 id="clock-title">"Rollback clock"</h2>
                    {clock}
                    {no_clock}
                </section>
                {matrix.map(|matrix| view! {
                    <section id="matrix" class="card" aria-labelledby="matrix-title">
                        <h2 id="matrix-title">"What to do about a fault"</h2>
                        {matrix}
                    </section>
                })}
            </div>
        </div>
        <section id="timeline" data-live=NOUNS aria-labelledby="timeline-title">
            <div class="section-head"><h2 id="timeline-title">"Timeline"</h2></div>
            {events}
        </section>
    }
}

/// One `<div>`.
fn facts(told: &Deployment) -> Markup {
    let rollout = &told.rollout;
    let markup =
        Markup::new().html("<div><h2 id=\"facts-title\">Facts</h2><dl class=\"facts\"><dt>Environment</dt><dd>");
    let markup = markup.text(&rollout.place.env).html("</dd><dt>Started</dt><dd>").time(rollout.started_at);
    let markup = markup.html(" by ").text(told.name(rollout.started_by)).html("</dd><dt>Before it</dt><dd>");
    let markup = match &rollout.from {
        Some(from) => markup.html("<code>").text(from).html("</code>"),
        None => markup.html("nothing ran there"),
    };
    let markup = match &rollout.strategy {
        Some(strategy) => markup.html("</dd><dt>Strategy</dt><dd>").text(strategy.as_str().replace('_', " ")),
        None => markup,
    };
    let markup = markup.html("</dd><dt>Driver</dt><dd>").text(&rollout.driver);
    let markup = markup.html("</dd><dt>Goes back</dt><dd>").html(match (rollout.purpose, rollout.automatic) {
        (Purpose::Rollback, _) => "it is the way back",
        (_, true) => "by itself when a step fails or the judge says so",
        (_, false) => "when a person says so",
    });
    let markup =
        if rollout.reason.is_empty() { markup } else { markup.html("</dd><dt>Reason</dt><dd>").text(&rollout.reason) };
    let markup = match &rollout.digest {
        Some(digest) => markup.html("</dd><dt>Release digest</dt><dd>").digest(&digest.to_string()),
        None => markup,
    };
    markup.html("</dd></dl></div>")
}

/// The last lines, when somebody asks for them: the address says so, so that they are read anew with the rest.
fn log(told: &Deployment) -> AnyView {
    let rollout = &told.rollout;
    let page = format!("/{}/deployments/{}", rollout.place.product, rollout.id);
    let Some(lines) = &told.log else {
        return view! {
            <h2 id="log-title">"Log"</h2>
            <p><a class="button" href=format!("{page}?log=last#log")>{Icon::FILE_CLOCK.view()} <span>"Show the last lines"</span></a></p>
        }
        .into_any();
    };
    let body = match lines {
        Ok(lines) if lines.is_empty() => {
            view! { <p class="meta">"The driver keeps no log, or nothing was written yet."</p> }.into_any()
        }
        Ok(lines) => {
            let text = lines.join("\n");
            view! { <pre class="log" tabindex="0" role="region" aria-label="Last lines of the log">{text}</pre> }
                .into_any()
        }
        Err(why) => {
            view! { <p class="aside warning">{Icon::TRIANGLE_ALERT.view()} <span>{why.clone()}</span></p> }.into_any()
        }
    };
    view! {
        <h2 id="log-title">"Log"</h2>
        <details class="fold" id="log-lines" open>
            <summary>{format!("The last lines in {}", rollout.place.env)}</summary>
            {body}
        </details>
        <p class="actions">
            <a class="button small" href=format!("{page}?log=last#log")>{Icon::REFRESH_CW.view()} <span>"Read again"</span></a>
            <a class="button small" href=page>"Leave it away"</a>
        </p>
    }
    .into_any()
}
