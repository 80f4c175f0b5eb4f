//! One playbook, whole.

use super::{
    moving::Followers,
    read::{self, EditionLine, PlaybookView},
};
use crate::{
    components::{When, answered},
    forms::{Form, Submit, TextField},
    icons::Icon,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn PlaybookPage() -> impl IntoView {
    let name = use_params_map().with_untracked(|params| params.get("name")).unwrap_or_default();
    let revision = use_query_map().with_untracked(|query| query.get("revision")).unwrap_or_default();
    let reading = async move { crate::failure::answer(read::playbook(&name, &revision)) };
    answered(reading, |view| view! { <Page view/> }.into_any())
}

#[component]
fn Page(view: PlaybookView) -> impl IntoView {
    let PlaybookView { name, title, summary, shown, newest, chapters, administers, .. } = view.clone();
    let contents: Vec<_> = chapters
        .contents
        .iter()
        .map(|(address, title)| view! { <li><a href=format!("#{address}")>{*title}</a></li> })
        .collect();
    let old = (shown.revision != newest).then(|| {
        view! {
            <p class="changed">
                {Icon::FILE_CLOCK.view()}
                <span>"This is revision " {shown.revision.to_string()} ". "
                <a href=format!("/playbooks/{name}")>"Revision " {newest.to_string()}</a> " is the newest. "
                <a href=format!("/playbooks/{name}/revisions?from={}&to={newest}", shown.revision)>"What changed"</a></span>
            </p>
        }
    });
    let edit = administers.then(|| {
        view! { <a class="button" href=format!("/admin/playbooks/{name}")>{Icon::PENCIL.view()} <span>"Edit"</span></a> }
    });
    let copy = administers.then(|| view! { <Copy name=name.clone()/> });
    view! {
        <Title text=title.clone()/>
        <p class="crumbs"><a href="/playbooks">"Playbooks"</a> {Icon::CHEVRON_RIGHT.view()} <code>{name.clone()}</code></p>
        <div class="page-head">
            <h1>{title}</h1>
            <div class="actions">
                <a class="button" href=format!("/playbooks/{name}/revisions")>"Revisions"</a>
                {edit}
            </div>
        </div>
        <p class="lead">{summary}</p>
        <p class="meta"><Edition edition=shown/></p>
        {old}
        <nav class="card contents" aria-label="Contents"><ul>{contents}</ul></nav>
        {chapters.body.view()}
        <Followers view/>
        {copy}
    }
}

/// Which revision, by whom, when.
#[component]
pub fn Edition(edition: EditionLine) -> impl IntoView {
    let EditionLine { revision, by, at } = edition;
    let by = by.map_or_else(|| "came with Pilothouse".to_owned(), |by| format!("published by {by}"));
    view! { <span>"Revision " {revision.to_string()} ", " {by} " "</span> <When at/> }
}

#[component]
fn Copy(name: String) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="copy">
            <h2 id="copy">"Make it your own"</h2>
            <p class="hint">"A copy begins with all that this playbook says, and can be changed without touching it."</p>
            <Form to="/do/copy_playbook" about=vec![("from", name)]>
                <TextField name="name" label="Name of the copy" hint="1 to 40 of a–z, 0–9, “-” and “_”, such as our-trains."/>
                <Submit label="Copy" icon=Icon::COPY class=""/>
            </Form>
        </section>
    }
}
