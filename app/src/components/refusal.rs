//! A “no” that says why and who can help, in a line or two.

use crate::icons::Icon;
use domain::Refusal;
use leptos::prelude::*;

/// The refusal in a line or two.
#[component]
pub fn RefusalText(refusal: Refusal) -> impl IntoView {
    let wait = refusal.retry_after_seconds.map(|seconds| format!(" Try again in {seconds} s."));
    let help = refusal.who_can_help.map(|who| format!(" {who} can help."));
    view! {
        <p class="refusal">
            {Icon::OCTAGON_X.view()} <span>{refusal.detail}{wait}{help}</span>
        </p>
    }
}
