//! What a page may do in the browser: run what this response names, and talk to this host.

use http::{HeaderValue, header};
use leptos::{nonce::use_nonce, prelude::use_context};
use leptos_axum::ResponseOptions;

/// Sends the policy with the page under way; its nonce stands in every script tag of that page and in no other.
pub(super) fn announce() {
    let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) else { return };
    if let Some(value) = policy(&nonce) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, value);
    }
}

/// `'self'` is for browsers that do not know `'strict-dynamic'`; the others pass it over.
pub(super) fn policy(nonce: &str) -> Option<HeaderValue> {
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).ok()
}
