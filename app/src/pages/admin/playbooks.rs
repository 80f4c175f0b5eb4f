//! Playbooks for those who run the installation: each can be edited and copied.

use crate::{components::answered, icons::Icon, pages::playbooks::see_playbooks};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn PlaybooksPage() -> impl IntoView {
    view! {
        <Title text="Playbooks"/>
        <h1>"Playbooks"</h1>
        <p class="lead">"A playbook is a team’s release procedure. A release stays on the revision it was created with."</p>
        {answered(see_playbooks(), |all| {
            let rows: Vec<_> = all
                .into_iter()
                .map(|line| {
                    let (name, title) = (line.name, line.title);
                    view! {
                        <li class="row">
                            {Icon::BOOK_OPEN.view()}
                            <span class="row-main">
                                <a class="what" href=format!("/playbooks/{name}")>{title.clone()}</a>
                                <code>{name.clone()}</code>
                                <span class="title">{line.summary}</span>
                            </span>
                            <span class="meta">"revision " {line.revision.to_string()}</span>
                            <a class="button" href=format!("/playbooks/{name}#copy") aria-label=format!("Copy {title}")>"Copy"</a>
                            <a class="button" href=format!("/admin/playbooks/{name}") aria-label=format!("Edit {title}")>"Edit"</a>
                        </li>
                    }
                })
                .collect();
            view! { <ul class="rows">{rows}</ul> }.into_any()
        })}
    }
}
