//! A digest: short enough to compare by eye, whole for those who need it.

use leptos::prelude::*;

#[component]
pub fn DigestText(#[prop(into)] digest: String) -> impl IntoView {
    let (kind, hex) = match digest.split_once(':') {
        Some((kind, hex)) => (format!("{kind}:"), hex.to_owned()),
        None => (String::new(), digest.clone()),
    };
    let short: String = hex.chars().take(12).collect();
    view! {
        <details class="digest">
            <summary><code>{kind}{short}</code><span class="sr">" (whole digest)"</span></summary>
            <code class="whole">{digest}</code>
        </details>
    }
}
