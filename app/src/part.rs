//! A part of a page that lives in the browser: rendered whole by the server like everything else, with what it is made of
//! beside it, so that the browser can make the same once more and take it over where it stands.

use serde::{Serialize, de::DeserializeOwned};

/// What a part is made of; it renders the same from this on both sides.
pub trait Seed: Serialize + DeserializeOwned + 'static {
    /// The part's name in the document: once per page.
    const NAME: &str;
}

#[cfg(not(target_arch = "wasm32"))]
pub use on_server::{PartOfPage, write};

#[cfg(not(target_arch = "wasm32"))]
mod on_server {
    use super::Seed;
    use crate::components::Markup;
    use leptos::{prelude::*, tachys::html::InertElement};

    /// Renders `part`, and `seed` beside it.
    #[component]
    pub fn PartOfPage<S: Seed>(seed: S, part: fn(S) -> AnyView) -> impl IntoView {
        let beside = InertElement::new(beside(&seed));
        view! {
            {beside}
            <div class="part" data-part=S::NAME>{part(seed)}</div>
        }
    }

    /// The same around a part that is rendered already.
    pub fn write<S: Seed>(markup: Markup, seed: &S, part: &str) -> Markup {
        let markup = markup.made(&beside(seed)).html("<div data-part=\"").html(S::NAME).html("\" class=\"part\">");
        markup.made(part).html("</div>")
    }

    fn beside<S: Seed>(seed: &S) -> String {
        // `<` must not end the script, whatever people have written.
        let json = serde_json::to_string(seed).unwrap_or_default().replace('<', "\\u003c");
        format!(r#"<script type="application/json" data-seed="{}">{json}</script>"#, S::NAME)
    }
}
