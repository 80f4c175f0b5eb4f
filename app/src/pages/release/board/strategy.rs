//! How the release is to be rolled out: what the playbook offers, what speaks for each, and which one was chosen.

use super::model::Board;
use crate::{
    components::Markup,
    forms::{Form, Submit},
    icons::Icon,
};
use domain::{access::Permission, playbook::Strategy};
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub fn Strategies(board: Arc<Board>) -> impl IntoView {
    if board.strategies.is_empty() {
        return ().into_any();
    }
    let offered: Vec<_> = board
        .strategies
        .iter()
        .map(|strategy| view! { <Offered board=board.clone() strategy=strategy.clone()/> })
        .collect();
    view! {
        <h3>"How it is rolled out"</h3>
        <p class="meta">"Part of what is approved: another choice lets everybody decide anew."</p>
        <ul class="strategies">{offered}</ul>
    }
    .into_any()
}

#[component]
fn Offered(board: Arc<Board>, strategy: Strategy) -> impl IntoView {
    let chosen = board.strategy.as_ref() == Some(&strategy.id);
    let mut says = Markup::new().html("<div class=\"item-says\"><p><b>").text(&strategy.title).html("</b>");
    if chosen {
        says = says.html(" <span class=\"badge running\">").icon(Icon::CHECK).html("<span>chosen</span></span>");
    }
    says = says.html("</p>");
    if let Some(about) = &strategy.about {
        says = says.html("<p>").text(about).html("</p>");
    }
    if !strategy.phases.is_empty() {
        let phases: Vec<String> = strategy
            .phases
            .iter()
            .map(|phase| match phase.hold {
                Some(hold) => format!("{} for {hold}", phase.weight),
                None => phase.weight.to_string(),
            })
            .collect();
        says = says.html("<p class=\"meta\">").text(phases.join(" → ")).html("</p>");
    }
    says = says.html("<dl class=\"facts\">");
    let joined = |words: &[String]| words.join("; ");
    let facts = [
        ("Best for", strategy.best_for.clone().unwrap_or_default()),
        ("Advantages", joined(&strategy.advantages)),
        ("Disadvantages", joined(&strategy.disadvantages)),
    ];
    for (name, words) in facts.into_iter().filter(|(_, words)| !words.is_empty()) {
        says = says.html("<dt>").html(name).html("</dt><dd>").text(words).html("</dd>");
    }
    let says = says.html("</dl></div>").view();
    let choose = (board.open && board.may(Permission::Author) && !chosen).then(|| {
        let mut about = board.about();
        about.push(("strategy", strategy.id.to_string()));
        let digest = board.digest.to_string();
        view! {
            <Form to="/do/choose_strategy" about class="inline">
                <input type="hidden" name="digest" value=digest/>
                <Submit label=format!("Choose {}", strategy.title) class="small"/>
            </Form>
        }
    });
    view! { <li class="item">{says} {choose}</li> }
}
