//! Running the installation: people, products, playbooks.

pub mod editor;
pub mod people;
pub mod person;
pub mod playbooks;
pub mod products;

use crate::{icons::Icon, pages::settings::switch::SwitchOfAll};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn AdminPage() -> impl IntoView {
    let doors = [
        (
            "/admin/people",
            Icon::USERS,
            "People and roles",
            "Invite people, grant roles, make links, disable and erase.",
        ),
        ("/admin/products", Icon::PACKAGE, "Products", "What is released, and under which playbook."),
        (
            "/admin/playbooks",
            Icon::BOOK_OPEN,
            "Playbooks",
            "Edit a team’s procedure, preview what that changes, publish it.",
        ),
        ("/me", Icon::KEY_ROUND, "My tokens", "API tokens for scripts and CI. Those of others are on their page."),
        ("/audit", Icon::FINGERPRINT, "Audit", "Every event, chained, with export and checkpoint."),
    ];
    let doors: Vec<_> = doors
        .into_iter()
        .map(|(href, icon, title, text)| {
            view! {
                <li class="product">
                    <h2>{icon.view()} <a href=href>{title}</a></h2>
                    <p class="meta">{text}</p>
                </li>
            }
        })
        .collect();
    view! {
        <Title text="Admin"/>
        <h1>"Admin"</h1>
        <ul class="products">{doors}</ul>
        <SwitchOfAll/>
    }
}
