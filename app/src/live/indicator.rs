//! The connection, as the top bar shows it.

use super::{LinkState, live};
use crate::icons::Icon;
use leptos::prelude::*;

#[component]
pub fn LiveIndicator() -> impl IntoView {
    let live = live();
    let tone = move || match live.link.get() {
        LinkState::Connecting => "link connecting",
        LinkState::Live => "link live",
        LinkState::Reconnecting => "link reconnecting",
        LinkState::Stale { .. } => "link stale",
    };
    let words = move || match live.link.get() {
        LinkState::Connecting => "",
        LinkState::Live => "Live",
        LinkState::Reconnecting => "Reconnecting …",
        LinkState::Stale { .. } => "Stale",
    };
    view! { <span class=tone>{Icon::WIFI_OFF.view()} <span>{words}</span></span> }
}
