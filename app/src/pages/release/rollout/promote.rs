//! The form that brings a release into an environment, and before it what will happen.

use super::model::{Offer, Place, Stages};
use crate::{
    components::Markup,
    forms::{Form, Submit, TextField},
    icons::Icon,
    pages::rollout::plan,
};
use domain::playbook::StrategyKind;
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub(super) fn Promote(stages: Arc<Stages>, place: Place) -> impl IntoView {
    let env = place.id.env.to_string();
    let next = stages.next.as_ref() == Some(&place.id.env);
    let reasons = reasons(&stages, &place);
    let blocked = !reasons.is_empty();
    let why: Vec<_> =
        reasons.into_iter().map(|why| view! { <li class="aside">{Icon::BAN.view()} <span>{why}</span></li> }).collect();
    let gates = (!place.unmet.is_empty()).then(|| view! { <p><a href="#gates">"To the gates"</a></p> });
    let connect = (place.driver.is_none() && stages.administers).then(|| {
        let href = format!("/{}/settings#env-{env}", place.id.product);
        view! { <p><a href=href>"Connect it in the settings"</a></p> }
    });
    let mut about = vec![("product", place.id.product.to_string()), ("version", stages.id.version.to_string())];
    about.push(("env", env.clone()));
    let digest = stages.digest.to_string();
    let happens = happens(&stages, &place).view();
    let several = place.offers.iter().filter(|offer| offer.plan.is_ok()).count() > 1;
    let offers: Vec<_> = place.offers.iter().map(|offer| strategy(offer, &env, several).view()).collect();
    let canary = place.offers.iter().find(|o| o.strategy.kind == StrategyKind::Canary && o.plan.is_ok());
    let share = canary.filter(|_| place.running.is_some()).map(|offer| match &offer.strategy.start {
        Some(range) => format!("{} to {}", range.from, range.to),
        None => "1 % to 50 %".to_owned(),
    });
    let button = format!("Promote to {env}");
    let class = if next { "primary" } else { "" };
    // The one that comes next stands open; others are folded away.
    view! {
        <details class="fold promote" id=format!("promote-{env}") open=next>
            <summary>{Icon::ROCKET.view()} {format!(" Promote to {env}")}</summary>
            <Form to="/do/promote" about class="promotion">
                {happens}
                {(!offers.is_empty()).then(|| view! { <fieldset class="field"><legend>"How"</legend>{offers}</fieldset> })}
                {share.map(|range| view! { <FirstShare range/> })}
                <input type="hidden" name="digest" value=digest/>
                <ul class="reasons">{why}</ul>
                {gates}
                {connect}
                <Submit label=button icon=Icon::ROCKET class blocked/>
            </Form>
        </details>
    }
}

#[component]
fn FirstShare(range: String) -> impl IntoView {
    let hint = format!("For a canary, in percent: {range}. Left empty, it begins as planned.");
    view! { <TextField name="initial_traffic" label="First share" optional=true hint/> }
}

/// Why it cannot start now; nothing when it can.
fn reasons(stages: &Stages, place: &Place) -> Vec<String> {
    let env = &place.id.env;
    let mut reasons = Vec::new();
    if let Some(rollout) = &place.under_way {
        let way = if rollout.goes_back() { "The way back from" } else { "The rollout of" };
        reasons.push(format!("{way} {} is under way there; it has {env} to itself.", rollout.version));
        return reasons;
    }
    if let Some(stopped) = &stages.stopped {
        reasons.push(format!("All automation is stopped: {}", stopped.reason));
    }
    if let Some(hold) = &place.hold {
        reasons.push(format!("{env} is held: {}. Resume it first.", hold.reason));
    }
    if place.driver.is_none() {
        reasons.push(format!("Nothing is connected that could move versions in {env}. An administrator can help."));
    } else if !place.offers.iter().any(|offer| offer.plan.is_ok()) {
        let why = place.offers.iter().find_map(|offer| offer.plan.as_ref().err());
        reasons.push(why.map_or_else(|| "The playbook offers no strategy here.".to_owned(), ToString::to_string));
    }
    reasons.extend(place.unmet.iter().map(|(title, why)| format!("“{title}” is not met: {why}")));
    reasons
}

/// What goes where, from what, and where the way back leads. One `<div>`.
fn happens(stages: &Stages, place: &Place) -> Markup {
    let markup =
        Markup::new().html("<div class=\"happens\"><h4>What will happen</h4><p><code>").text(&stages.id.version);
    let markup = markup.html("</code> goes to ").text(&place.id.env);
    let markup = match &place.running {
        Some(run) => markup
            .html(", where <code>")
            .text(&run.version)
            .html("</code> runs. The way back leads to <code>")
            .text(&run.version)
            .html("</code>.</p>"),
        None => markup.html(", where nothing runs: there is no way back yet.</p>"),
    };
    markup.html("<p class=\"meta\">").text(&place.purpose).html("</p></div>")
}

/// One strategy to choose, with its steps. One `<div>`.
fn strategy(offer: &Offer, env: &str, several: bool) -> Markup {
    let strategy = &offer.strategy;
    let markup = Markup::new()
        .html("<div class=\"offer\"><label class=\"check\"><input type=\"radio\" name=\"strategy\" value=\"");
    let markup = markup.text(&strategy.id).html("\"");
    let markup = if offer.chosen { markup.html(" checked") } else { markup };
    let markup = if offer.plan.is_err() { markup.html(" disabled") } else { markup };
    let markup = markup.html("><span><b>").text(&strategy.title).html("</b></span></label>");
    match &offer.plan {
        Err(why) => markup.html("<p class=\"meta\">").text(why).html("</p></div>"),
        Ok(steps) if offer.chosen || !several => plan(markup, steps).html("</div>"),
        Ok(steps) => {
            let markup = markup
                .html("<details class=\"fold\" id=\"plan-")
                .text(env)
                .html("-")
                .text(&strategy.id)
                .html("\"><summary>");
            let markup = markup.text(steps.len()).html(" steps</summary>");
            plan(markup, steps).html("</details></div>")
        }
    }
}
