//! What surrounds every page of somebody signed in: top bar, navigation, content.

use crate::{
    components::{Markup, NoticeBox},
    forms::{Form, LastForm, Submit},
    icons::Icon,
    part::PartOfPage,
    status::{Status, status},
    theme::ThemeChoice,
    viewer::{Theme, Viewer, Visit},
};
use domain::{journal::Seq, slug::ProductSlug};
use leptos::prelude::*;
use leptos_router::{
    components::{Outlet, Redirect},
    hooks::use_location,
    location::Url,
};

/// The frame around the routed page; without a session it leads to signing in.
#[component]
pub fn Skeleton() -> impl IntoView {
    let Visit { viewer, seq, theme, demo, .. } = expect_context();
    let Some(viewer) = viewer else {
        let location = use_location();
        let (path, query) = (location.pathname.get_untracked(), location.search.get_untracked());
        let next = if query.is_empty() { path } else { format!("{path}?{query}") };
        let to = if next == "/" { "/sign-in".to_owned() } else { format!("/sign-in?next={}", written(&next)) };
        return view! { <Redirect path=to/> }.into_any();
    };
    let administers = viewer.administers;
    view! {
        {Icon::sprite()}
        <a class="skip" href="#content">"Skip to content"</a>
        <TopBar viewer seq theme demo/>
        <Navigation administers/>
        <main id="content" tabindex="-1">
            <LastFormBanner/>
            <Outlet/>
        </main>
    }
    .into_any()
}

/// An address as a value within another address.
fn written(address: &str) -> String {
    let plain = address.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-._~".contains(&b));
    if plain { address.to_owned() } else { Url::escape(address) }
}

#[component]
fn TopBar(viewer: Viewer, seq: Seq, theme: Theme, demo: bool) -> impl IntoView {
    let Viewer { id, name, products, more_products, waiting, .. } = viewer;
    let seed = Status { reader: id, seq, waiting };
    let switch = (!products.is_empty()).then(|| view! { <ProductSwitch products more=more_products/> });
    let ribbon = demo.then(|| view! { <span class="ribbon">"Demo data"</span> });
    view! {
        <header class="topbar">
            <a class="brand" href="/" aria-label="Pilothouse, to Overview">{Icon::SHIP_WHEEL.view()} <span>"Pilothouse"</span></a>
            {switch}
            {ribbon}
            <span class="spacer"></span>
            <PartOfPage seed part=status/>
            <button type="button" class="bar-button person" popovertarget="person-menu" aria-label=format!("Menu of {name}")>
                {Icon::USER.view()} <span>{name.clone()}</span> {Icon::CHEVRON_DOWN.view()}
            </button>
            <div id="person-menu" class="menu" popover="auto">
                <p class="menu-title">{name}</p>
                <a href="/me">{Icon::KEY_ROUND.view()} <span>"Me and my tokens"</span></a>
                <hr/>
                <ThemeChoice chosen=theme/>
                <hr/>
                <Form to="/do/sign_out" quiet=true>
                    <Submit label="Sign out" icon=Icon::LOG_OUT class="plain"/>
                </Form>
            </div>
        </header>
    }
}

#[component]
fn ProductSwitch(products: Vec<(ProductSlug, String)>, more: bool) -> impl IntoView {
    let links: Vec<_> = products
        .into_iter()
        .map(|(slug, name)| view! { <li><a href=format!("/releases?product={slug}")>{name}</a></li> })
        .collect();
    let words = if more { "All products …" } else { "All releases" };
    view! {
        <button type="button" class="bar-button" popovertarget="product-menu" aria-label="Products">
            {Icon::PACKAGE.view()} <span>"Products"</span> {Icon::CHEVRON_DOWN.view()}
        </button>
        <nav id="product-menu" class="menu" popover="auto" aria-label="Products">
            <ul>{links} <li><a href="/releases">{words}</a></li></ul>
        </nav>
    }
}

/// Only pages that exist, and only those that this person can ever use.
#[component]
fn Navigation(administers: bool) -> impl IntoView {
    let path = use_location().pathname.get_untracked();
    let mut pages = vec![
        ("/", Icon::LAYOUT_DASHBOARD, "Overview"),
        ("/releases", Icon::ROCKET, "Releases"),
        ("/calendar", Icon::CALENDAR_DAYS, "Calendar"),
    ];
    if administers {
        pages.extend([("/audit", Icon::FINGERPRINT, "Audit"), ("/admin", Icon::SETTINGS, "Admin")]);
    }
    let mut markup = Markup::new().html("<nav class=\"navigation\" aria-label=\"Main\"><ul>");
    for (href, icon, words) in pages {
        let here = match href {
            _ if path == href => " aria-current=\"page\"",
            // A page further inside, such as that of one release.
            "/releases" | "/calendar" | "/admin" if path.contains(href) => " aria-current=\"true\"",
            _ => "",
        };
        markup = markup.html("<li><a href=\"").html(href).html("\"").html(here).html(">");
        markup = markup.icon(icon).html("<span>").html(words).html("</span></a></li>");
    }
    markup.html("</ul></nav>").view()
}

/// What the last form said, where no form on this page claims it: a notice to read once.
#[component]
fn LastFormBanner() -> impl IntoView {
    let last = expect_context::<LastForm>().0;
    last.and_then(|flash| flash.notice).map(|notice| view! { <NoticeBox notice/> })
}
