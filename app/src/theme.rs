//! Light, dark or as the system says: chosen in the menu of the person, kept in a cookie.

use crate::{
    components::Markup,
    failure::Failure,
    forms::{Flash, small_form},
    icons::Icon,
    viewer::Theme,
};
use leptos::prelude::*;

/// Keeps the choice for a year, in this browser only.
#[server(prefix = "/do", endpoint = "theme")]
pub async fn choose_theme(theme: String) -> Result<(), Failure> {
    crate::failure::answer(on_server::choose(&theme))
}

/// Three buttons of which one is pressed; the browser side needs no page load for it.
pub(crate) fn theme_choice(markup: Markup, chosen: Theme, last: Option<&Flash>) -> Markup {
    let button = |markup: Markup, theme: Theme| {
        let (label, icon) = match theme {
            Theme::System => ("System", Icon::SUN_MOON),
            Theme::Light => ("Light", Icon::SUN),
            Theme::Dark => ("Dark", Icon::MOON),
        };
        markup
            .html("<button type=\"submit\" class=\"button plain\" name=\"theme\" value=\"")
            .html(theme.name())
            .html("\" aria-pressed=\"")
            .html(if theme == chosen { "true" } else { "false" })
            .html("\">")
            .icon(icon)
            .html("<span>")
            .html(label)
            .html("</span></button>")
    };
    let markup = markup.html("<div class=\"theme\"><p class=\"meta\" id=\"theme-title\">Appearance</p>");
    small_form(markup, "/do/theme", "theme", last, |markup| {
        let group = "<div class=\"choices\" role=\"group\" aria-labelledby=\"theme-title\">";
        markup.html(group).each(Theme::ALL, button).html("</div>")
    })
    .html("</div>")
}

mod on_server {
    use crate::{
        session::{SessionCookie, append_cookie},
        viewer::Theme,
    };
    use domain::Refusal;
    use leptos::prelude::use_context;

    const YEAR: u32 = 365 * 24 * 60 * 60;

    pub fn choose(name: &str) -> Result<(), Refusal> {
        let theme = Theme::named(name)
            .ok_or_else(|| Refusal::invalid("theme", format!("“{name}”"), "system, light or dark"))?;
        let secure = if use_context::<SessionCookie>().is_some_and(|cookie| cookie.secure) { "; Secure" } else { "" };
        append_cookie(&format!(
            "{}={}; Path=/; Max-Age={YEAR}; HttpOnly; SameSite=Lax{secure}",
            Theme::COOKIE,
            theme.name()
        ));
        Ok(())
    }
}
