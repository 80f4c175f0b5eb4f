//! Light, dark or as the system says: chosen in the menu of the person, kept in a cookie.

use crate::{
    failure::Failure,
    forms::{Form, Submit},
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
#[component]
pub fn ThemeChoice(chosen: Theme) -> impl IntoView {
    let button = move |theme: Theme| {
        let (label, icon) = match theme {
            Theme::System => ("System", Icon::SUN_MOON),
            Theme::Light => ("Light", Icon::SUN),
            Theme::Dark => ("Dark", Icon::MOON),
        };
        view! { <Submit label icon name="theme" value=theme.name() class="plain" pressed=theme == chosen/> }
    };
    view! {
        <div class="theme">
            <p class="meta" id="theme-title">"Appearance"</p>
            <Form to="/do/theme" quiet=true>
                <div class="choices" role="group" aria-labelledby="theme-title">{Theme::ALL.map(button).collect_view()}</div>
            </Form>
        </div>
    }
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
