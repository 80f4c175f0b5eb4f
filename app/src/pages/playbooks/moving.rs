//! Who follows a playbook: products with the revision for new releases, and open releases that can be moved.

use super::{
    differing::meaning,
    read::{Follower, OpenRelease, PlaybookView},
};
use crate::{
    components::{Badge, Markup},
    forms::{Form, Submit},
};
use leptos::prelude::*;

#[component]
pub fn Followers(view: PlaybookView) -> impl IntoView {
    let PlaybookView { name, newest, administers, followers, open, .. } = view;
    let products: Vec<_> = followers
        .into_iter()
        .map(|follower| view! { <Product follower playbook=name.clone() newest administers/> })
        .collect();
    let products = if products.is_empty() {
        view! { <p>"No product that you see follows it."</p> }.into_any()
    } else {
        view! { <ul class="rows">{products}</ul> }.into_any()
    };
    let releases: Vec<_> = open.into_iter().map(|release| view! { <Release release newest/> }).collect();
    let releases = if releases.is_empty() {
        view! { <p>"No open release that you see follows it."</p> }.into_any()
    } else {
        view! { <ul class="consequences">{releases}</ul> }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="followers">
            <h2 id="followers">"Who follows it"</h2>
            {products}
        </section>
        <section class="card" aria-labelledby="open-releases">
            <h2 id="open-releases">"Open releases"</h2>
            <p class="hint">"Moving a release to a newer revision makes every decision on it void: what was approved has changed."</p>
            {releases}
        </section>
    }
}

#[component]
fn Product(follower: Follower, playbook: String, newest: u32, administers: bool) -> impl IntoView {
    let Follower { slug, name, revision } = follower;
    let about = vec![("product", slug.clone()), ("playbook", playbook), ("revision", newest.to_string())];
    let follow = (administers && revision != newest).then(|| {
        view! {
            <Form to="/do/follow_playbook" about quiet=true>
                <Submit label=format!("Follow revision {newest}") class="small"/>
            </Form>
        }
    });
    view! {
        <li class="row">
            <span class="row-main"><a href=format!("/releases?product={slug}")>{name}</a></span>
            <span class="meta">"new releases use revision " {revision.to_string()}</span>
            {follow}
        </li>
    }
}

#[component]
fn Release(release: OpenRelease, newest: u32) -> impl IntoView {
    let OpenRelease { standing, may_move, told } = release;
    let id = told.release.clone();
    let behind = told.revision.0 != newest;
    let form = (behind && may_move && told.blocked.is_empty()).then(|| {
        let about = vec![
            ("product", id.product.to_string()),
            ("version", id.version.to_string()),
            ("revision", newest.to_string()),
        ];
        view! {
            <Form to="/do/move_release" about quiet=true>
                <Submit label=format!("Move to revision {newest}") class="small"/>
            </Form>
        }
    });
    let means = behind.then(|| meaning(Markup::new().html("<div>"), &told).html("</div>").view());
    view! {
        <li>
            <p class="actions">
                <a href=format!("/{}/releases/{}", id.product, id.version)>{id.to_string()}</a>
                <span>{told.title.clone()}</span>
                <Badge standing/>
                <span class="meta">"revision " {told.revision.to_string()}</span>
            </p>
            {means}
            {form}
        </li>
    }
}
