//! What surrounds every page of somebody signed in: top bar, navigation, content.

use crate::{
    components::NoticeBox,
    forms::{Form, LastForm, Submit},
    icons::Icon,
    live::LiveIndicator,
    viewer::{Viewer, viewer},
};
use leptos::prelude::*;
use leptos_router::{
    components::{A, Outlet, Redirect},
    hooks::use_location,
};

/// The frame around the routed page; without a session it leads to signing in.
#[component]
pub fn Skeleton() -> impl IntoView {
    let Some(viewer) = viewer() else {
        let next = use_location().pathname.get_untracked();
        let to = if next == "/" { "/sign-in".to_owned() } else { format!("/sign-in?next={next}") };
        return view! { <Redirect path=to/> }.into_any();
    };
    view! {
        <a class="skip" href="#content">"Skip to content"</a>
        <TopBar viewer=viewer.clone()/>
        <Navigation viewer/>
        <main id="content" tabindex="-1">
            <LastFormBanner/>
            <Outlet/>
        </main>
    }
    .into_any()
}

#[component]
fn TopBar(viewer: Viewer) -> impl IntoView {
    let Viewer { id, name, products, more_products, waiting, .. } = viewer;
    let switch = (!products.is_empty()).then(|| view! { <ProductSwitch products more=more_products/> });
    let inbox =
        if waiting == 1 { "1 release waits for you".to_owned() } else { format!("{waiting} releases wait for you") };
    let count = if waiting > 99 { "99+".to_owned() } else { waiting.to_string() };
    view! {
        <header class="topbar">
            <a class="brand" href="/">{Icon::SHIP_WHEEL.view()} <span>"Pilothouse"</span></a>
            {switch}
            <span class="spacer"></span>
            <LiveIndicator/>
            <a class="inbox" class:waits=move || { waiting > 0 } href="/#waiting" aria-label=inbox>
                {Icon::INBOX.view()} <span aria-hidden="true">{count}</span>
            </a>
            <button type="button" class="person" popovertarget="person-menu" aria-label=format!("Menu of {name}")>
                {Icon::USER.view()} <span>{name.clone()}</span>
            </button>
            <div id="person-menu" class="menu" popover="auto">
                <p class="menu-title">{name}</p>
                <a href="/me" data-person=id.to_string()>{Icon::KEY_ROUND.view()} <span>"Me and my tokens"</span></a>
                <Form to="/do/sign_out">
                    <Submit label="Sign out" icon=Icon::LOG_OUT class="plain"/>
                </Form>
            </div>
        </header>
    }
}

#[component]
fn ProductSwitch(products: Vec<(domain::slug::ProductSlug, String)>, more: bool) -> impl IntoView {
    let links: Vec<_> = products
        .into_iter()
        .map(|(slug, name)| view! { <li><a href=format!("/releases?product={slug}")>{name}</a></li> })
        .collect();
    let words = if more { "All products …" } else { "All releases" };
    view! {
        <button type="button" class="switch" popovertarget="product-menu">
            {Icon::PACKAGE.view()} <span>"Products"</span> {Icon::CHEVRON_DOWN.view()}
        </button>
        <nav id="product-menu" class="menu" popover="auto" aria-label="Products">
            <ul>{links} <li><a href="/releases">{words}</a></li></ul>
        </nav>
    }
}

#[component]
fn Navigation(viewer: Viewer) -> impl IntoView {
    let rest = viewer.administers.then(|| {
        view! {
            <li><A href="/audit">{Icon::FINGERPRINT.view()} <span>"Audit"</span></A></li>
            <li><A href="/admin">{Icon::SETTINGS.view()} <span>"Admin"</span></A></li>
        }
    });
    view! {
        <nav class="navigation" aria-label="Main">
            <ul>
                <li><A href="/" exact=true>{Icon::LAYOUT_DASHBOARD.view()} <span>"Overview"</span></A></li>
                <li><A href="/releases">{Icon::ROCKET.view()} <span>"Releases"</span></A></li>
                {rest}
            </ul>
        </nav>
    }
}

/// What the last form said, where no form on this page claims it: a notice to read once.
#[component]
fn LastFormBanner() -> impl IntoView {
    let last = expect_context::<LastForm>().0;
    move || {
        last.get().and_then(|flash| flash.notice).map(|notice| {
            view! { <NoticeBox notice/> }
        })
    }
}
