//! The calendar: trains with their cut-offs, freezes, maintenance, what contradicts what, and one's own feed of it.

mod dates;
mod days;
mod functions;
mod model;
pub mod rotations;
pub mod rule;
mod sections;
mod words;

pub use functions::{
    OpenFeed, OverrideTurn, RemoveWindow, SaveWindow, SetRotation, open_feed, override_turn, remove_window,
    save_window, set_rotation,
};
pub use model::{CalendarView, SeeCalendar, see_calendar};

use crate::{
    components::{Empty, answered},
    icons::Icon,
};
use dates::View;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use sections::{Conflicts, Duties, Feeds, Rules};

#[component]
pub fn CalendarPage() -> impl IntoView {
    let (view, from, product) = use_query_map().with_untracked(|query| {
        let text = |name: &str| query.get(name).unwrap_or_default();
        (text("view"), text("from"), text("product"))
    });
    let shown = View::named(&view);
    view! {
        <Title text="Calendar"/>
        {answered(see_calendar(view, from, product), move |told| view! { <Told told shown/> }.into_any())}
    }
}

/// The address of the page with these choices.
fn address(view: View, from: chrono::NaiveDate, product: &str) -> String {
    let product = if product.is_empty() { String::new() } else { format!("&product={product}") };
    format!("/calendar?view={}&from={from}{product}", view.name())
}

#[component]
fn Told(told: CalendarView, shown: View) -> impl IntoView {
    let CalendarView {
        product,
        products,
        zone,
        from,
        today,
        days,
        conflicts,
        rules,
        may_set,
        may_set_here,
        duties,
        person,
        feeds,
    } = told;
    let new = may_set.then(|| {
        let href = if may_set_here { format!("/calendar/new?product={product}") } else { "/calendar/new".to_owned() };
        view! { <a class="button primary" href=href>{Icon::PLUS.view()} <span>"New rule"</span></a> }
    });
    let views: Vec<_> = View::ALL
        .into_iter()
        .map(|other| {
            let here = (other == shown).then_some("page");
            view! { <li><a class="button" href=address(other, from, &product) aria-current=here>{other.words()}</a></li> }
        })
        .collect();
    let nothing = days.iter().all(|day| day.entries.is_empty());
    let (before, after) = (shown.step(from, false), shown.step(from, true));
    let (to_before, to_today, to_after) =
        (address(shown, before, &product), address(shown, today, &product), address(shown, after, &product));
    let written = days::days(shown, from, today, &days).view();
    let empty = nothing.then(|| {
        view! { <Empty title="Nothing stands here" text="No train, no freeze and no maintenance in this time."/> }
    });
    let title = shown.title(from);
    view! {
        <div class="page-head"><h1>"Calendar"</h1> {new}</div>
        <div class="calendar-bar">
            <nav aria-label="Views"><ul class="views">{views}</ul></nav>
            <Products products product=product.clone() shown from/>
        </div>
        <section aria-labelledby="calendar-title">
            <div class="calendar-head">
                <h2 id="calendar-title">{title}</h2>
                <span class="meta">"Days begin in " {zone}</span>
                <nav class="paging" aria-label="Times">
                    <a class="button" rel="prev" href=to_before>"Earlier"</a>
                    <a class="button" href=to_today>"Today"</a>
                    <a class="button" rel="next" href=to_after>"Later"</a>
                </nav>
            </div>
            {empty}
            {written}
        </section>
        <Conflicts conflicts/>
        <Duties duties product/>
        <Rules rules/>
        <Feeds person feeds/>
    }
}

#[component]
fn Products(products: Vec<(String, String)>, product: String, shown: View, from: chrono::NaiveDate) -> impl IntoView {
    let options: Vec<_> = products
        .into_iter()
        .map(|(slug, name)| {
            let selected = slug == product;
            view! { <option value=slug selected=selected>{name}</option> }
        })
        .collect();
    view! {
        <form class="filters" method="get" action="/calendar" aria-label="Choose a product">
            <input type="hidden" name="view" value=shown.name()/>
            <input type="hidden" name="from" value=from.to_string()/>
            <label><span>"Product"</span> <select name="product"><option value="">"All"</option>{options}</select></label>
            <button type="submit" class="button">"Show"</button>
        </form>
    }
}
