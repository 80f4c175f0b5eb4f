//! Playbooks as everybody reads them: the list, one whole, and what its revisions changed.

mod chapters;
mod differing;
mod functions;
mod moving;
mod page;
mod paper;
mod read;
mod revisions;
mod told;

pub use differing::{consequences, differences, lines};
pub use functions::{
    CopyPlaybook, FollowPlaybook, MoveRelease, PlaybookLine, SeePlaybooks, copy_playbook, follow_playbook,
    move_release, see_playbooks,
};
pub use page::PlaybookPage;
pub use revisions::RevisionsPage;

use crate::components::answered;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn PlaybooksPage() -> impl IntoView {
    view! {
        <Title text="Playbooks"/>
        <h1>"Playbooks"</h1>
        <p class="lead">"A playbook is a team’s release procedure. A release stays on the revision it was created with until somebody moves it."</p>
        {answered(see_playbooks(), |all| view! { <All all/> }.into_any())}
    }
}

#[component]
fn All(all: Vec<PlaybookLine>) -> impl IntoView {
    let all: Vec<_> = all
        .into_iter()
        .map(|PlaybookLine { name, title, summary, revision, products }| {
            let followed = match products {
                0 => "No product follows it.".to_owned(),
                1 => "1 product follows it.".to_owned(),
                n => format!("{n} products follow it."),
            };
            view! {
                <li class="product">
                    <h2>{crate::icons::Icon::BOOK_OPEN.view()} <a href=format!("/playbooks/{name}")>{title}</a></h2>
                    <p>{summary}</p>
                    <p class="meta"><code>{name}</code> " · revision " {revision.to_string()} " · " {followed}</p>
                </li>
            }
        })
        .collect();
    view! { <ul class="products">{all}</ul> }
}
