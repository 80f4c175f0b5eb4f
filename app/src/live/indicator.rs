//! The connection, as the top bar shows it, and the alarm when it is lost.

use super::{LinkState, link::updated, live};
use crate::icons::Icon;
use leptos::prelude::*;

#[component]
pub fn LiveIndicator() -> impl IntoView {
    let live = live();
    let ago = move || match (live.link.get(), live.now.get(), live.heard.get()) {
        (LinkState::Live, Some(now), Some(heard)) => format!(" · {}", updated(now, heard)),
        _ => String::new(),
    };
    view! {
        <span class=move || format!("{} live-only", live.link.get().class())>
            <span class="dot"></span> {Icon::WIFI_OFF.view()}
            <span><b>{move || live.link.get().word()}</b> <span class="ago">{ago}</span></span>
        </span>
    }
}

/// Below the top bar: nothing while all is well.
#[component]
pub fn LinkAlarm() -> impl IntoView {
    let link = live().link;
    let alarm = move || match link.get() {
        LinkState::Connecting | LinkState::Live | LinkState::Reconnecting => None,
        LinkState::SignedOut => Some(
            view! {
                {Icon::LOG_OUT.view()}
                <span>"Your session has ended. " <a href="/sign-in">"Sign in again"</a></span>
            }
            .into_any(),
        ),
        LinkState::Stale { .. } => Some(
            view! {
                {Icon::WIFI_OFF.view()}
                <span>"No connection to Pilothouse: what you see may be out of date. It keeps trying."</span>
            }
            .into_any(),
        ),
    };
    view! { <div class="link-lost" role="alert">{alarm}</div> }
}
