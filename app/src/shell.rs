//! The whole document around the application.

use crate::{App, viewer};
use leptos::{nonce::use_nonce, prelude::*, tachys::html::InertElement};
use leptos_meta::MetaTags;

/// `head` is what stands inside `<head>` in the `index.html` that Trunk wrote: styles, preloads and the start script, all
/// with hashed names. Scripts in it, and what is loaded for them ahead, get the nonce of this response.
pub fn shell(head: &str) -> impl IntoView + use<> {
    let nonce = use_nonce().map(|nonce| format!(" nonce=\"{nonce}\"")).unwrap_or_default();
    let head = head
        .replace("<script", &format!("<script{nonce}"))
        .replace("<link rel=\"modulepreload\"", &format!("<link rel=\"modulepreload\"{nonce}"));
    let theme = viewer::theme().name();
    view! {
        <!DOCTYPE html>
        <html lang="en-GB" data-theme=theme>
            <head>
                {InertElement::new(head)}
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
