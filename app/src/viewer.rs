//! What a page load begins with: who looks, how they want to see it, and what their last form said.

use crate::{
    asking::{self, Asking},
    forms::Flash,
    session,
    stopped::{self, Stoppage},
};
use control::Sight;
use domain::{access::Permission, journal::Seq, person::PersonId, slug::ProductSlug};
use http::HeaderMap;
use leptos::prelude::*;

/// The person signed in, as the skeleton needs them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    pub id: PersonId,
    pub name: String,
    /// May see audit, people and the rest of the installation.
    pub administers: bool,
    /// The first products by name, for the switch.
    pub products: Vec<(ProductSlug, String)>,
    pub more_products: bool,
    /// How many releases wait for this person.
    pub waiting: usize,
    /// Where automation is stopped.
    pub stopped: Vec<Stoppage>,
}

/// Everything about a page load that is no page's own matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Visit {
    pub viewer: Option<Viewer>,
    /// The record up to here is in the page; live events begin after it.
    pub seq: Seq,
    pub theme: Theme,
    pub flash: Option<Flash>,
    /// What is shown here is made up.
    pub demo: bool,
}

/// Light or dark: as the system says, unless somebody chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
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

    /// What the browser's cookie says.
    pub fn chosen(headers: &HeaderMap) -> Self {
        session::cookie_in(headers, Self::COOKIE).and_then(Self::named).unwrap_or_default()
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

/// Who looks; none on pages before signing in.
pub fn viewer() -> Option<Viewer> {
    use_context::<Visit>().and_then(|visit| visit.viewer)
}

/// How this browser wants to see things.
pub fn theme() -> Theme {
    asking::parts().map(|parts| Theme::chosen(&parts.headers)).unwrap_or_default()
}

/// How many products the switch offers before it points to the list.
const SWITCH: usize = 12;

impl Visit {
    /// What there is to know when a page load begins.
    pub fn begin() -> Self {
        let flash = asking::parts().and_then(|parts| parts.extensions.get::<Flash>().cloned());
        let demo = use_context::<session::Demo>().is_some_and(|demo| demo.0);
        let visit = Self { viewer: None, seq: 0, theme: theme(), flash, demo };
        let Ok(asking) = asking::asking() else { return visit };
        let sight = Sight::of(&asking.control, asking.actor);
        let viewer = Viewer::of(&asking, &sight, sight.waiting().len());
        Self { viewer: Some(viewer), seq: sight.world.seq, ..visit }
    }
}

impl Viewer {
    pub(crate) fn of(asking: &Asking, sight: &Sight, waiting: usize) -> Self {
        let mut products: Vec<_> =
            sight.products().take(SWITCH + 1).map(|p| (p.slug.clone(), p.name.clone())).collect();
        let more_products = products.len() > SWITCH;
        products.truncate(SWITCH);
        Self {
            id: asking.person,
            name: asking.control.name(asking.person),
            administers: sight.world.authority(asking.actor, None, sight.now).may(Permission::Administer),
            waiting,
            stopped: stopped::stoppages(asking, sight),
            products,
            more_products,
        }
    }
}
