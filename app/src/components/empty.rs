//! A place with nothing in it yet: it explains, and offers one action.

use leptos::prelude::*;

#[component]
pub fn Empty(
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    /// Address and words of the one thing to do.
    #[prop(optional)]
    action: Option<(String, &'static str)>,
) -> impl IntoView {
    let action = action.map(|(href, words)| view! { <p><a class="button" href=href>{words}</a></p> });
    view! {
        <div class="empty">
            <p class="empty-title">{title}</p>
            <p>{text}</p>
            {action}
        </div>
    }
}
