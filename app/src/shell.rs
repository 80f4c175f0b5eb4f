//! The whole document around the application.

use crate::{App, viewer};
use leptos::{nonce::use_nonce, prelude::*, tachys::html::InertElement};
use leptos_meta::MetaTags;

/// What stands inside `<head>` in the `index.html` that Trunk wrote: styles, preloads and the start script, all with hashed
/// names. Scripts in it, and what is loaded for them ahead, get the nonce of each response: cut where that stands.
#[derive(Debug, Clone)]
pub struct Head(Vec<String>);

impl Head {
    pub fn new(head: &str) -> Self {
        const CUT: char = '\0';
        let marked = ["<script", "<link rel=\"modulepreload\""]
            .into_iter()
            .fold(head.replace(CUT, ""), |head, tag| head.replace(tag, &format!("{tag}{CUT}")));
        Self(marked.split(CUT).map(str::to_owned).collect())
    }

    pub(crate) fn with(&self, nonce: Option<&str>) -> String {
        self.0.join(&nonce.map(|nonce| format!(" nonce=\"{nonce}\"")).unwrap_or_default())
    }
}

pub fn shell(head: &Head) -> impl IntoView + use<> {
    let head = head.with(use_nonce().as_deref());
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

#[cfg(test)]
mod tests {
    use super::Head;

    #[test]
    fn scripts_and_what_is_loaded_for_them_carry_the_nonce_and_styles_do_not() {
        let head = "<link rel=\"stylesheet\"><link rel=\"modulepreload\" href=\"a\"><script>b</script>";
        let with = "<link rel=\"stylesheet\"><link rel=\"modulepreload\" nonce=\"n\" href=\"a\"><script nonce=\"n\">b</script>";
        assert_eq!(Head::new(head).with(Some("n")), with);
        assert_eq!(Head::new(head).with(None), head);
    }
}
