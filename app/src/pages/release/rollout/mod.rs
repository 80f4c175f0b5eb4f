//! The way of a release through the environments: what runs where, what is under way, and the buttons that move it.

mod model;
mod promote;

pub use model::Stages;

use crate::{
    components::Markup,
    forms::{Choice, Form, Submit, TextField},
    icons::Icon,
    pages::rollout::{Resume, badge, face, progress, waits, watch_ends, weight},
};
use domain::rollout::Rollout;
use leptos::prelude::*;
use model::Place;
use promote::Promote;
use std::sync::Arc;

#[component]
pub fn RolloutSection(stages: Stages) -> impl IntoView {
    let stages = Arc::new(stages);
    let graph = graph(&stages).view();
    let places: Vec<_> =
        stages.places.iter().map(|place| view! { <Card stages=stages.clone() place=place.clone()/> }).collect();
    let all = format!("/{}/deployments", stages.id.product);
    view! {
        <section
            id="rollout"
            class="card"
            data-live="rollout release environment calendar automation"
            data-in-place
            aria-labelledby="rollout-title"
        >
            <div class="section-head">
                <h2 id="rollout-title">"Rollout"</h2>
                <a class="count" href=all>"all deployments"</a>
            </div>
            {graph}
            {places}
        </section>
    }
}

/// What runs where, in the order of the playbook.
fn graph(stages: &Stages) -> Markup {
    let markup = Markup::new().html("<ol class=\"places\" aria-label=\"What runs where\">");
    markup.each(&stages.places, |markup, place| node(markup, stages, place)).html("</ol>")
}

fn node(markup: Markup, stages: &Stages, place: &Place) -> Markup {
    let own = place.holds(&stages.id.version);
    let markup = markup.html(if own { "<li class=\"place own\">" } else { "<li class=\"place\">" });
    let markup = markup.html("<h3>").text(&place.id.env).html("</h3>");
    let markup = match &place.running {
        Some(run) => {
            let markup = markup.html("<p><code>").text(&run.version).html("</code>");
            let markup = if own { markup.html(" <b>this version</b>") } else { markup };
            markup.html("</p><p class=\"meta\">since ").time(run.since).html("</p>")
        }
        None => markup.html("<p class=\"meta\">nothing runs there</p>"),
    };
    let markup = match &place.under_way {
        Some(rollout) => badge(markup, face(rollout.state())),
        None => markup,
    };
    let markup = if stages.next.as_ref() == Some(&place.id.env) && !own && place.under_way.is_none() {
        markup.html("<span class=\"badge running\">").icon(Icon::CHEVRON_RIGHT).html("<span>next</span></span>")
    } else {
        markup
    };
    let markup = if place.hold.is_some() {
        markup.html("<span class=\"badge waits\">").icon(Icon::HAND).html("<span>held</span></span>")
    } else {
        markup
    };
    let markup = if place.drift.is_some() {
        markup.html("<span class=\"badge warning\">").icon(Icon::TRIANGLE_ALERT).html("<span>drift</span></span>")
    } else {
        markup
    };
    markup.html("</li>")
}

/// One environment: what is under way there, what is in the way, and what can be done.
#[component]
fn Card(stages: Arc<Stages>, place: Place) -> impl IntoView {
    let version = &stages.id.version;
    let under_way = place.under_way.as_ref().map(|rollout| running(rollout, &stages).view());
    let drift = place.drift.as_ref().map(|drift| {
        Markup::new()
            .html("<p class=\"aside warning\">")
            .icon(Icon::TRIANGLE_ALERT)
            .html("<span><b>Changed from outside</b>, seen ")
            .time(drift.at)
            .html(": ")
            .text(&drift.found)
            .html(".</span></p>")
            .view()
    });
    let hold = place.hold.clone().filter(|_| place.under_way.is_none()).map(|hold| {
        if stages.may_promote {
            view! { <Resume place=place.id.clone() reason=hold.reason at=hold.at/> }.into_any()
        } else {
            let words = format!("{} is held: {}. Somebody who may promote resumes it.", place.id.env, hold.reason);
            view! { <p class="aside waits">{Icon::HAND.view()} <span>{words}</span></p> }.into_any()
        }
    });
    let own = place.under_way.as_ref().is_some_and(|rollout| &rollout.version == version && !rollout.goes_back());
    let goes_back = place.under_way.as_ref().is_some_and(Rollout::goes_back);
    let back = (stages.may_promote && (place.holds(version) || own) && !goes_back)
        .then(|| view! { <RollBack stages=stages.clone() place=place.clone()/> });
    let promote = (stages.may_promote && stages.open && !place.holds(version) && !own)
        .then(|| view! { <Promote stages=stages.clone() place=place.clone()/> });
    let shown = under_way.is_some() || drift.is_some() || hold.is_some() || back.is_some() || promote.is_some();
    shown.then(|| {
        let heading = place.id.env.to_string();
        view! {
            <div class="place-card">
                <h3>{heading}</h3>
                {under_way}
                {drift}
                {hold}
                {promote}
                {back}
            </div>
        }
    })
}

/// The rollout under way, in a few lines. One `<div>`.
fn running(rollout: &Rollout, stages: &Stages) -> Markup {
    let (done, all) = progress(rollout);
    let state = rollout.state();
    let markup = badge(Markup::new().html("<div class=\"under-way\"><p>"), face(state)).html(" <b>");
    let markup = markup.text(&rollout.version).html("</b> <span>").text(done).html(" of ").text(all);
    let markup = markup.html(" steps behind it</span>");
    let markup = match watch_ends(rollout) {
        Some(at) if rollout.paused.is_none() => {
            markup.html(" <span class=\"meta\">the watch ends ").time(at).html("</span>")
        }
        _ => markup,
    };
    let markup = weight(markup.html("</p>"), rollout);
    let markup = markup.html("<p><a class=\"button");
    let markup = if waits(rollout, stages.now) { markup.html(" primary") } else { markup };
    markup
        .html("\" href=\"/")
        .text(&rollout.place.product)
        .html("/deployments/")
        .text(rollout.id)
        .html("\">Look at it</a></p></div>")
}

/// Back to what ran before, with the reason filled in: the one form that nothing slows down.
#[component]
fn RollBack(stages: Arc<Stages>, place: Place) -> impl IntoView {
    let env = place.id.env.to_string();
    let version = stages.id.version.to_string();
    let before = match &place.under_way {
        Some(rollout) => rollout.from.clone(),
        None => place.earlier.first().cloned(),
    };
    let reason = if place.driver.is_none() {
        Some("Nothing is connected that could move versions there; an administrator connects it in the settings.")
    } else if before.is_none() && place.under_way.is_none() {
        Some("Nothing ran there before that it could go back to.")
    } else {
        None
    };
    if let Some(why) = reason {
        return view! {
            <p class="actions">
                <button type="button" class="button" disabled>{Icon::UNDO_2.view()} <span>"Roll back"</span></button>
                <span class="meta">{why}</span>
            </p>
        }
        .into_any();
    }
    let about = vec![("product", place.id.product.to_string()), ("env", env.clone())];
    let (id, held) =
        (format!("roll-back-{env}"), format!("{env} is held: nothing comes in until somebody resumes it."));
    let summary = format!(" Roll back {env}");
    let value = format!("{version} does not do well in {env}.");
    let target = before.map_or_else(|| "nothing: none ran before".to_owned(), |v| v.to_string());
    let title = format!("Roll {env} back to {target}?");
    let lost = format!("All traffic goes to {target}, and the instances of {version} end.");
    let others = (place.under_way.is_none() && place.earlier.len() > 1).then(|| {
        let mut options = vec![(String::new(), format!("{target}, which ran before"))];
        options.extend(place.earlier.iter().skip(1).map(|v| (v.to_string(), v.to_string())));
        options
    });
    view! {
        <details class="fold glass" id=id>
            <summary>{Icon::UNDO_2.view()} {summary}</summary>
            <Form to="/do/roll_back" about>
                <h4>{title}</h4>
                <ul class="entries">
                    <li>{lost}</li>
                    <li>"What runs then is checked."</li>
                    <li>{held}</li>
                </ul>
                {others.map(|options| view! { <Choice name="to" label="Back to" options/> })}
                <TextField name="reason" label="Reason" value/>
                <Submit label="Roll back" icon=Icon::UNDO_2 class="danger"/>
            </Form>
        </details>
    }
    .into_any()
}
