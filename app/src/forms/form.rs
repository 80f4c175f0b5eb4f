//! The form itself.

use super::{FormState, Phase};
use crate::{
    components::RefusalText,
    live::{self, Live},
};
use leptos::{context::Provider, prelude::*};

/// A form for the server function at the path `to`. `about` names what it concerns, in hidden fields. After success
/// `done` gets the answer's JSON, unless the server function sends the browser to another page.
#[component]
pub fn Form(
    to: &'static str,
    #[prop(optional)] about: Vec<(&'static str, String)>,
    #[prop(optional, into)] class: String,
    #[prop(optional)] done: Option<Callback<String>>,
    /// Says nothing about its progress: what it does is seen at once.
    #[prop(optional)]
    quiet: bool,
    children: Children,
) -> impl IntoView {
    let state = FormState::new(to, &about);
    let (id, shared) = (state.id.to_string(), state.clone());
    let on_submit = {
        let state = state.clone();
        move |event: leptos::ev::SubmitEvent| sent(&event, to, &state, done)
    };
    let hidden: Vec<_> =
        about.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect();
    let live = live::live();
    let against_all = {
        let state = state.clone();
        move || state.against_all().map(|refusal| view! { <RefusalText refusal/> })
    };
    let phase =
        (!quiet).then(|| view! { <p class="form-phase" role="status">{move || progress(state.phase.get(), live)}</p> });
    view! {
        <form id=id class=class action=to method="post" novalidate on:submit=on_submit>
            {hidden}
            <Provider value=shared>{children()}</Provider>
            <div class="form-alert" role="alert">{against_all}</div>
            {phase}
        </form>
    }
}

/// Requested → Accepted → Observed: sent, recorded, and seen in the stream that every open page follows.
fn progress(phase: Phase, live: Live) -> Option<&'static str> {
    match phase {
        Phase::Idle => None,
        Phase::Requested => Some("Requested …"),
        Phase::Accepted(seq) if seq > 0 && live.seen.get() >= seq => Some("Observed"),
        Phase::Accepted(_) => Some("Accepted"),
    }
}

#[cfg(target_arch = "wasm32")]
use super::submit::submit as sent;

/// Where nothing lives in the browser, the browser itself sends the form.
#[cfg(not(target_arch = "wasm32"))]
fn sent(_: &leptos::ev::SubmitEvent, _: &'static str, _: &FormState, _: Option<Callback<String>>) {}
