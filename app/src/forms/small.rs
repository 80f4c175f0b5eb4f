//! A form of a button or two, written as text: nothing of it lives in the browser.

use super::Flash;
use crate::components::{Markup, RefusalText};
use leptos::prelude::*;

/// For the server function at the path `to`; what was said against it the last time stands in it.
pub(crate) fn small_form(
    markup: Markup,
    to: &'static str,
    id: &'static str,
    last: Option<&Flash>,
    inside: impl FnOnce(Markup) -> Markup,
) -> Markup {
    let refusal = last.filter(|flash| flash.is_from(to, &[])).and_then(|flash| flash.refusal.clone());
    let refusal = refusal.map(|refusal| view! { <RefusalText refusal/> }.to_html()).unwrap_or_default();
    let markup = markup.html("<form id=\"").html(id).html("\" action=\"").html(to);
    inside(markup.html("\" method=\"post\" novalidate>"))
        .html("<div class=\"form-alert\" role=\"alert\">")
        .made(&refusal)
        .html("</div></form>")
}
