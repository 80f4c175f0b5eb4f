//! The ribbon that stays on every page of a demonstration: what is made up here, and how it is wiped.

use crate::{components::Markup, failure::Failure, forms::Flash, forms::small_form, icons::Icon};
use async_trait::async_trait;
use domain::Refusal;
use leptos::prelude::*;
use std::{fmt::Debug, sync::Arc};

/// Ends the demonstration; given as context by the server, missing where nothing is made up.
#[async_trait]
pub trait Ending: Debug + Send + Sync {
    /// Says where to go on.
    async fn wipe(&self) -> Result<String, Refusal>;
}

/// As it is looked for.
pub type Ends = Arc<dyn Ending>;

/// The demonstration is given up, and an empty record begins.
#[server(prefix = "/do", endpoint = "wipe_demo")]
pub async fn wipe_demo() -> Result<(), Failure> {
    crate::failure::answer(on_server::wipe().await)
}

mod on_server {
    use super::Ends;
    use crate::{asking::asking, session::SessionCookie};
    use domain::{Class, Refusal};
    use leptos::prelude::use_context;

    pub async fn wipe() -> Result<(), Refusal> {
        asking()?.administers("wipe the demo data")?;
        let nothing = || Refusal::new(Class::Conflict, "This is no demonstration; there is nothing to wipe.");
        let ending = use_context::<Ends>().ok_or_else(nothing)?;
        let place = ending.wipe().await?;
        // Nobody of the demonstration is known any more.
        if let Some(cookie) = use_context::<SessionCookie>() {
            cookie.clear();
        }
        leptos_axum::redirect(&place);
        Ok(())
    }
}

pub(crate) fn ribbon(markup: Markup, administers: bool, last: Option<&Flash>) -> Markup {
    let markup = markup
        .html("<button type=\"button\" class=\"ribbon\" popovertarget=\"demo-menu\">Demo data</button>")
        .html("<div id=\"demo-menu\" class=\"menu\" popover=\"auto\" role=\"dialog\" aria-labelledby=\"demo-title\">")
        .html("<h2 id=\"demo-title\">Demo data</h2><p>People, products and releases are made up, and so are the dates of ")
        .html("their last 90 days. Coffee bar and Bakery really run, on this machine.</p><hr>");
    let markup = if administers {
        let consequences = "<h3>Wipe the demo data?</h3><ul class=\"entries\">\
            <li>This record is deleted with all that anybody did in it. It cannot be brought back.</li>\
            <li>What runs for it on this machine ends.</li>\
            <li>Everybody is signed out. An empty record begins, and you make its first administrator.</li></ul>";
        small_form(markup.html(consequences), "/do/wipe_demo", "wipe_demo", last, |markup| {
            let button = markup.html("<button type=\"submit\" class=\"button danger\">").icon(Icon::X);
            button.html("<span>Wipe the demo data</span></button>")
        })
    } else {
        markup.html("<p class=\"meta\">An administrator can wipe it from here, and begin with an empty record.</p>")
    };
    markup.html("</div>")
}
