//! What stands below the days: conflicts, who is on, the rules that people set, one's own feeds.

use super::{
    days,
    model::{ConflictLine, DutyLine, FeedLine, RuleLine},
};
use crate::{
    components::When,
    forms::{Form, Submit, TextField},
    icons::Icon,
};
use domain::calendar::Part;
use leptos::prelude::*;

#[component]
pub fn Conflicts(conflicts: Vec<ConflictLine>) -> impl IntoView {
    if conflicts.is_empty() {
        return ().into_any();
    }
    let count = conflicts.len();
    let lines: Vec<_> = conflicts
        .into_iter()
        .map(|ConflictLine { sentence, concerns, at }| {
            view! {
                <li class="row warning conflict-line">
                    {Icon::TRIANGLE_ALERT.view()}
                    <span class="row-main">{sentence}</span>
                    <span class="meta">{concerns}</span>
                    <span class="meta when"><When at/></span>
                </li>
            }
        })
        .collect();
    view! {
        <section aria-labelledby="conflicts">
            <div class="section-head"><h2 id="conflicts">"Conflicts"</h2> <span class="count">{count}</span></div>
            <ul class="rows">{lines}</ul>
        </section>
    }
    .into_any()
}

#[component]
pub fn Duties(duties: Vec<DutyLine>, product: String) -> impl IntoView {
    if product.is_empty() {
        return ().into_any();
    }
    let none =
        duties.is_empty().then(|| view! { <li class="row"><span class="meta">"No duty goes round here."</span></li> });
    let lines: Vec<_> = duties
        .into_iter()
        .map(|DutyLine { title, holder, until }| {
            let until = until.map(|at| view! { <span class="meta">"hands over " <When at/></span> });
            let holder = holder.unwrap_or_else(|| "nobody yet".to_owned());
            view! { <li class="row"><span class="row-main"><b>{title}</b> " " {holder}</span> {until}</li> }
        })
        .collect();
    view! {
        <section aria-labelledby="duties">
            <div class="section-head">
                <h2 id="duties">"On now"</h2>
                <a href=format!("/calendar/rotations?product={product}")>"Rotations"</a>
            </div>
            <ul class="rows">{lines} {none}</ul>
        </section>
    }
    .into_any()
}

#[component]
pub fn Rules(rules: Vec<RuleLine>) -> impl IntoView {
    if rules.is_empty() {
        return ().into_any();
    }
    let lines: Vec<_> = rules.into_iter().map(|rule| view! { <Rule rule/> }).collect();
    view! {
        <section aria-labelledby="rules">
            <div class="section-head"><h2 id="rules">"Set by people"</h2></div>
            <ul class="rows">{lines}</ul>
        </section>
    }
    .into_any()
}

#[component]
fn Rule(rule: RuleLine) -> impl IntoView {
    let RuleLine { id, product, kind, title, when, reason, by, at, over, may_remove } = rule;
    let (_, icon, word) = days::look(kind, Part::Itself);
    let label = format!("Remove {title}");
    let away = may_remove.then(|| {
        view! {
            <details class="removal">
                <summary>"Remove"</summary>
                <Form to="/do/remove_window" about=vec![("rule", id)]>
                    <TextField name="reason" label="Reason" hint="It stands in the record."/>
                    <Submit label class="danger"/>
                </Form>
            </details>
        }
    });
    view! {
        <li class="row rule">
            {icon.view()}
            <span class="row-main"><b>{title}</b> " " <span class="meta">{word} " · " {product} {over.then_some(" · over")}</span></span>
            <span class="meta rule-when">{when}</span>
            <span class="meta">"“" {reason} "” " {by} " " <When at/></span>
            {away}
        </li>
    }
}

#[component]
pub fn Feeds(person: String, feeds: Vec<FeedLine>) -> impl IntoView {
    let lines: Vec<_> = feeds
        .into_iter()
        .map(|FeedLine { id, made }| {
            let short: String = id.chars().take(8).collect();
            let about = vec![("person", person.clone()), ("token", id)];
            view! {
                <li class="row">
                    <span class="row-main">"Feed " <code>{short.clone()}</code></span>
                    <span class="meta">"made " <When at=made/></span>
                    <Form to="/do/revoke_token" about><Submit label=format!("Revoke {short}") class="plain"/></Form>
                </li>
            }
        })
        .collect();
    let list = (!lines.is_empty()).then(|| view! { <ul class="rows">{lines}</ul> });
    view! {
        <section class="card" aria-labelledby="feeds">
            <h2 id="feeds">"In your own calendar"</h2>
            <p>"An iCal address for your calendar program, with what you see here and your own turns. Whoever knows it reads it: keep it to yourself, and revoke it when it got about."</p>
            {list}
            <Form to="/do/open_feed"><Submit label="Make an iCal address" icon=Icon::LINK/></Form>
        </section>
    }
}
