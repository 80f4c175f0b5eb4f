//! Something shown once: what happened, and perhaps a secret to copy now.

use crate::{forms::Notice, icons::Icon};
use leptos::prelude::*;

#[component]
pub fn NoticeBox(notice: Notice) -> impl IntoView {
    let Notice { title, text, secret } = notice;
    let secret = secret.map(|secret| view! { <Secret secret/> });
    view! {
        <section class="notice" role="status">
            <h2>{Icon::CIRCLE_CHECK.view()} <span>{title}</span></h2>
            <p>{text}</p>
            {secret}
        </section>
    }
}

/// A path below this installation becomes the whole address once the browser knows it.
#[component]
fn Secret(secret: String) -> impl IntoView {
    let shown = RwSignal::new(secret.clone());
    let copied = RwSignal::new(false);
    Effect::new(move |_| {
        if secret.starts_with('/')
            && let Ok(origin) = window().location().origin()
        {
            shown.set(format!("{origin}{secret}"));
        }
    });
    let copy = move |_| {
        let _ = window().navigator().clipboard().write_text(&shown.get_untracked());
        copied.set(true);
    };
    view! {
        <p class="secret">
            <code>{move || shown.get()}</code>
            <button type="button" class="button" on:click=copy>
                {Icon::COPY.view()} <span>{move || if copied.get() { "Copied" } else { "Copy" }}</span>
            </button>
        </p>
    }
}
