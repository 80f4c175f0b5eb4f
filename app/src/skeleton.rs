//! What surrounds every page of somebody signed in: top bar, navigation, content.

use crate::{
    components::{Markup, NoticeBox},
    forms::{Flash, LastForm, small_form},
    icons::Icon,
    pages::{demo, settings},
    part::PartOfPage,
    status::{Status, status},
    stopped,
    theme::theme_choice,
    viewer::{Theme, Viewer, Visit},
};
use leptos::{prelude::*, tachys::html::InertElement};
use leptos_router::{
    components::{Outlet, Redirect},
    hooks::use_location,
    location::Url,
};

/// The frame around the routed page; without a session it leads to signing in.
#[component]
pub fn Skeleton() -> impl IntoView {
    let Visit { viewer, seq, theme, demo, .. } = expect_context();
    let Some(viewer) = viewer else {
        let location = use_location();
        let (path, query) = (location.pathname.get_untracked(), location.search.get_untracked());
        let next = if query.is_empty() { path } else { format!("{path}?{query}") };
        let to = if next == "/" { "/sign-in".to_owned() } else { format!("/sign-in?next={}", written(&next)) };
        return view! { <Redirect path=to/> }.into_any();
    };
    let path = use_location().pathname.get_untracked();
    let last = expect_context::<LastForm>().0;
    let seed = Status { reader: viewer.id, seq, waiting: viewer.waiting };
    let frame = Frame { viewer: &viewer, theme, demo, path: &path, last: last.as_ref() };
    let stopped = stopped::banner(Markup::new(), &viewer.stopped).view();
    let (before, after) = (frame.before_status(Markup::new()).view(), frame.after_status(Markup::new()).view());
    let status = view! { <PartOfPage seed part=status/> }.to_html();
    view! {
        {before}
        {InertElement::new(status)}
        {after}
        <main id="content" tabindex="-1">
            {stopped}
            <LastFormBanner/>
            <Outlet/>
        </main>
    }
    .into_any()
}

/// An address as a value within another address.
fn written(address: &str) -> String {
    let plain = address.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-._~".contains(&b));
    if plain { address.to_owned() } else { Url::escape(address) }
}

/// What stands above the content, around the state of things; written as text, since nothing else of it moves.
#[derive(Debug)]
pub(crate) struct Frame<'a> {
    pub viewer: &'a Viewer,
    pub theme: Theme,
    pub demo: bool,
    /// Of the page.
    pub path: &'a str,
    pub last: Option<&'a Flash>,
}

impl Frame<'_> {
    pub(crate) fn before_status(&self, markup: Markup) -> Markup {
        let markup = markup
            .html(Icon::sprite())
            .html("<a class=\"skip\" href=\"#content\">Skip to content</a><header class=\"topbar\">")
            .html("<a class=\"brand\" href=\"/\" aria-label=\"Pilothouse, to Overview\">")
            .icon(Icon::SHIP_WHEEL)
            .html("<span>Pilothouse</span></a>");
        let markup = if self.viewer.products.is_empty() { markup } else { self.product_switch(markup) };
        let markup = if self.demo { demo::ribbon(markup, self.viewer.administers, self.last) } else { markup };
        let markup = markup.html("<span class=\"spacer\"></span><a class=\"bar-button search\" href=\"/search\">");
        markup.icon(Icon::SEARCH).html("<span>Search</span></a>")
    }

    pub(crate) fn after_status(&self, markup: Markup) -> Markup {
        let name = &self.viewer.name;
        let markup = markup
            .html("<button type=\"button\" class=\"bar-button person\" popovertarget=\"person-menu\" aria-label=\"Menu of ")
            .text(name)
            .html("\">")
            .icon(Icon::USER)
            .html("<span>")
            .text(name)
            .html("</span>")
            .icon(Icon::CHEVRON_DOWN)
            .html("</button><div id=\"person-menu\" class=\"menu\" popover=\"auto\"><p class=\"menu-title\">")
            .text(name)
            .html("</p><a href=\"/search\">")
            .icon(Icon::SEARCH)
            .html("<span>Search</span></a><a href=\"/me\">")
            .icon(Icon::KEY_ROUND)
            .html("<span>Me and my tokens</span></a><a href=\"/dora\">")
            .icon(Icon::CHART_COLUMN)
            .html("<span>Delivery figures</span></a><hr>");
        let markup = theme_choice(markup, self.theme, self.last).html("<hr>");
        let markup = small_form(markup, "/do/sign_out", "sign_out", self.last, |markup| {
            let button = markup.html("<button type=\"submit\" class=\"button plain\">").icon(Icon::LOG_OUT);
            button.html("<span>Sign out</span></button>")
        });
        self.navigation(markup.html("</div></header>"))
    }

    fn product_switch(&self, markup: Markup) -> Markup {
        let Viewer { products, more_products, .. } = self.viewer;
        markup
            .html(
                "<button type=\"button\" class=\"bar-button\" popovertarget=\"product-menu\" aria-label=\"Products\">",
            )
            .icon(Icon::PACKAGE)
            .html("<span>Products</span>")
            .icon(Icon::CHEVRON_DOWN)
            .html("</button><nav id=\"product-menu\" class=\"menu\" popover=\"auto\" aria-label=\"Products\"><ul>")
            .each(products, |markup, (slug, name)| {
                let markup = markup.html("<li><a href=\"/releases?product=").text(slug).html("\">");
                markup.text(name).html("</a></li>")
            })
            .html("<li><a href=\"/releases\">")
            .html(if *more_products { "All products …" } else { "All releases" })
            .html("</a></li></ul></nav>")
    }

    /// Only pages that exist, and only those that this person can ever use.
    fn navigation(&self, markup: Markup) -> Markup {
        let usual = [
            ("/", Icon::LAYOUT_DASHBOARD, "Overview"),
            ("/releases", Icon::ROCKET, "Releases"),
            ("/calendar", Icon::CALENDAR_DAYS, "Calendar"),
        ];
        // Whoever administers finds the playbooks there: six doors are too many for a phone.
        let more = if self.viewer.administers {
            vec![("/audit", Icon::FINGERPRINT, "Audit"), ("/admin", Icon::SETTINGS, "Admin")]
        } else {
            vec![("/dora", Icon::CHART_COLUMN, "Figures"), ("/playbooks", Icon::BOOK_OPEN, "Playbooks")]
        };
        markup
            .html("<nav class=\"navigation\" aria-label=\"Main\"><ul>")
            .each(usual.into_iter().chain(more), |markup, (href, icon, words)| {
                let here = match href {
                    _ if self.path == href => " aria-current=\"page\"",
                    // A page further inside, such as that of one release.
                    "/playbooks" | "/dora" if self.path.starts_with(href) => " aria-current=\"true\"",
                    "/releases" | "/calendar" | "/admin" if self.path.contains(href) => " aria-current=\"true\"",
                    _ => "",
                };
                let markup = markup.html("<li><a href=\"").html(href).html("\"").html(here).html(">");
                markup.icon(icon).html("<span>").html(words).html("</span></a></li>")
            })
            .html("</ul></nav>")
    }
}

/// What the last form said, where no form on this page claims it: a notice to read once.
#[component]
fn LastFormBanner() -> impl IntoView {
    let last = expect_context::<LastForm>().0;
    let claimed = |flash: &Flash| settings::FORMS.contains(&flash.path.as_str());
    last.filter(|flash| !claimed(flash)).and_then(|flash| flash.notice).map(|notice| view! { <NoticeBox notice/> })
}
