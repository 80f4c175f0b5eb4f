//! The revisions of a playbook, and what differs between two of them.

use super::{
    differing::{differences, lines},
    page::Edition,
    read::{self, EditionLine},
};
use crate::{asking::asking, components::answered, icons::Icon};
use control::Sight;
use domain::{Refusal, playbook};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

#[derive(Debug, Clone)]
struct RevisionsView {
    name: String,
    editions: Vec<EditionLine>,
    /// The two that are compared.
    compared: Option<Compared>,
}

#[derive(Debug, Clone)]
struct Compared {
    from: u32,
    to: u32,
    differences: Vec<playbook::Difference>,
    before: std::sync::Arc<str>,
    after: std::sync::Arc<str>,
}

#[component]
pub fn RevisionsPage() -> impl IntoView {
    let name = use_params_map().with_untracked(|params| params.get("name")).unwrap_or_default();
    let asked = use_query_map()
        .with_untracked(|query| (query.get("from").unwrap_or_default(), query.get("to").unwrap_or_default()));
    let reading = async move { crate::failure::answer(revisions(&name, &asked.0, &asked.1)) };
    answered(reading, |view| view! { <Page view/> }.into_any())
}

#[component]
fn Page(view: RevisionsView) -> impl IntoView {
    let RevisionsView { name, editions, compared } = view;
    let rows: Vec<_> = editions
        .into_iter()
        .map(|edition| {
            let revision = edition.revision;
            let before = (revision > 1).then(|| {
                let href = format!("/playbooks/{name}/revisions?from={}&to={revision}", revision - 1);
                view! { <a href=href>"What changed"</a> }
            });
            view! {
                <li class="row">
                    <span class="row-main"><Edition edition/></span>
                    {before}
                    <a href=format!("/playbooks/{name}?revision={revision}")>"Read"</a>
                </li>
            }
        })
        .collect();
    view! {
        <Title text=format!("Revisions of {name}")/>
        <p class="crumbs">
            <a href="/playbooks">"Playbooks"</a> {Icon::CHEVRON_RIGHT.view()}
            <a href=format!("/playbooks/{name}")>{name.clone()}</a>
        </p>
        <h1>"Revisions of " <code>{name}</code></h1>
        <ul class="rows">{rows}</ul>
        {compared.map(|compared| view! { <Comparison compared/> })}
    }
}

#[component]
fn Comparison(compared: Compared) -> impl IntoView {
    let Compared { from, to, differences: all, before, after } = compared;
    let said = if all.is_empty() {
        view! { <p>"They say the same."</p> }.into_any()
    } else {
        differences(&all).view().into_any()
    };
    view! {
        <section class="card" aria-labelledby="compared">
            <h2 id="compared">"From revision " {from.to_string()} " to " {to.to_string()}</h2>
            {said}
            <details><summary>"Line by line"</summary>{lines(&before, &after).view()}</details>
        </section>
    }
}

fn revisions(name: &str, from: &str, to: &str) -> Result<RevisionsView, Refusal> {
    let asking = asking()?;
    let sight = Sight::of(&asking.control, asking.actor);
    let (name, published) = read::published(&sight, name)?;
    let editions = published.revisions.iter().rev().map(|edition| read::line(&asking.control, edition)).collect();
    let compared = if from.is_empty() && to.is_empty() {
        None
    } else {
        let (from, to) = (read::edition(&published, from)?, read::edition(&published, to)?);
        Some(Compared {
            from: from.revision.0,
            to: to.revision.0,
            differences: playbook::differences(&from.playbook, &to.playbook),
            before: from.text.clone(),
            after: to.text.clone(),
        })
    };
    Ok(RevisionsView { name: name.to_string(), editions, compared })
}
