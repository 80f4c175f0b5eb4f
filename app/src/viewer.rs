//! What a page load begins with: who looks, how they want to see it, and what their last form said.

use crate::forms::Flash;
use domain::{journal::Seq, person::PersonId, slug::ProductSlug};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The person signed in, as the skeleton needs them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    pub id: PersonId,
    pub name: String,
    /// May see audit, people and the rest of the installation.
    pub administers: bool,
    /// May create releases somewhere.
    pub authors: bool,
    /// The first products by name, for the switch.
    pub products: Vec<(ProductSlug, String)>,
    pub more_products: bool,
    /// How many releases wait for this person.
    pub waiting: usize,
}

/// Everything about a page load that is no page's own matter; the same on the server and in the browser.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Visit {
    pub viewer: Option<Viewer>,
    /// The record up to here is in the page; live events begin after it.
    pub seq: Seq,
    pub theme: Theme,
    pub flash: Option<Flash>,
    /// What is shown here is made up.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub demo: bool,
}

/// Light or dark: as the system says, unless somebody chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];
    pub const COOKIE: &str = "theme";

    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

/// Works the visit out on the server, takes it over in the browser, and offers it to everything below.
pub fn provide_visit() -> Visit {
    let visit = SharedValue::new(begin).into_inner();
    provide_context(visit.viewer.clone());
    visit
}

/// Who looks; none on pages before signing in.
pub fn viewer() -> Option<Viewer> {
    use_context::<Option<Viewer>>().flatten()
}

#[cfg(target_arch = "wasm32")]
fn begin() -> Visit {
    Visit::default()
}

#[cfg(not(target_arch = "wasm32"))]
use on_server::begin;
#[cfg(not(target_arch = "wasm32"))]
pub use on_server::theme;

#[cfg(not(target_arch = "wasm32"))]
mod on_server {
    use super::{Theme, Viewer, Visit};
    use crate::{asking, forms::Flash, session};
    use control::Sight;
    use domain::access::Permission;
    use leptos::prelude::use_context;

    /// How many products the switch offers before it points to the list.
    const SWITCH: usize = 12;

    pub fn begin() -> Visit {
        let flash = asking::parts().and_then(|parts| parts.extensions.get::<Flash>().cloned());
        let demo = use_context::<session::Demo>().is_some_and(|demo| demo.0);
        let Ok(asking) = asking::asking() else {
            return Visit { viewer: None, seq: 0, theme: theme(), flash, demo };
        };
        let sight = Sight::of(&asking.control, asking.actor);
        let mut products: Vec<_> =
            sight.products().take(SWITCH + 1).map(|p| (p.slug.clone(), p.name.clone())).collect();
        let more_products = products.len() > SWITCH;
        products.truncate(SWITCH);
        let viewer = Viewer {
            id: asking.person,
            name: asking.control.name(asking.person),
            administers: asking.control.authority(asking.actor, None).may(Permission::Administer),
            authors: products.iter().any(|(slug, _)| sight.rights(slug).may(Permission::Author)),
            waiting: sight.waiting().len(),
            products,
            more_products,
        };
        Visit { viewer: Some(viewer), seq: sight.world.seq, theme: theme(), flash, demo }
    }

    pub fn theme() -> Theme {
        let chosen = asking::parts().and_then(|parts| session::cookie(&parts, Theme::COOKIE));
        chosen.and_then(|name| Theme::named(&name)).unwrap_or_default()
    }
}
