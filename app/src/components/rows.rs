//! A list of rows, each known by what it shows: rows that did not change keep their place, focus and all.

use super::Markup;
use leptos::{
    prelude::*,
    tachys::{html::InertElement, view::keyed::keyed},
};

/// Each row is one `<li>`.
#[component]
pub fn Rows(rows: Vec<Markup>, #[prop(default = "rows")] class: &'static str) -> impl IntoView {
    let rows: Vec<String> = rows.into_iter().map(Markup::into_string).collect();
    let rows = keyed(rows, String::clone, |_, row| (|_: usize| {}, InertElement::new(row)));
    view! { <ul class=class>{rows}</ul> }
}
