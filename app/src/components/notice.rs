//! Something shown once: what happened, and perhaps a secret to copy now.

use crate::{forms::Notice, icons::Icon};
use leptos::prelude::*;

#[component]
pub fn NoticeBox(notice: Notice) -> impl IntoView {
    let Notice { title, text, secret, .. } = notice;
    let secret = secret.map(|secret| view! { <Secret secret/> });
    view! {
        <section class="notice" role="status">
            <h2>{Icon::CIRCLE_CHECK.view()} <span>{title}</span></h2>
            <p>{text}</p>
            {secret}
        </section>
    }
}

/// A path below this installation becomes the whole address where scripts run.
#[component]
fn Secret(secret: String) -> impl IntoView {
    let path = secret.starts_with('/').then(|| secret.clone());
    view! {
        <p class="secret">
            <code data-address=path>{secret.clone()}</code>
            <button type="button" class="button copy-wide live-only" data-copy=secret>
                {Icon::COPY.view()} <span>"Copy"</span>
            </button>
        </p>
    }
}
