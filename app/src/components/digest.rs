//! A digest: short enough to compare by eye, whole for those who need it.

use super::Markup;
use leptos::prelude::*;

#[component]
pub fn DigestText(#[prop(into)] digest: String) -> impl IntoView {
    Markup::new().digest(&digest).view()
}
