//! A “no” in place of a page.

use super::RefusalText;
use domain::{Class, Refusal};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

/// The refusal in place of a page.
#[component]
pub fn RefusalPage(refusal: Refusal) -> impl IntoView {
    let title = match refusal.class {
        Class::Unauthenticated => "Sign in to see this",
        Class::Forbidden => "Not yours to see",
        Class::NotFound => "Not found",
        Class::Invalid => "This address cannot be understood",
        Class::Throttled => "Too many tries",
        Class::Conflict | Class::Blocked | Class::Unavailable => "Not possible now",
    };
    let location = use_location();
    let sign_in = refusal.class == Class::Unauthenticated;
    let next = if sign_in {
        let back = format!("/sign-in?next={}", location.pathname.get_untracked());
        view! { <a class="button primary" href=back>"Sign in"</a> }.into_any()
    } else {
        view! { <a class="button" href="/">"Go to Overview"</a> }.into_any()
    };
    view! {
        <Title text=title/>
        <section class="page-refusal">
            <h1>{title}</h1>
            <RefusalText refusal/>
            <p>{next}</p>
        </section>
    }
}
