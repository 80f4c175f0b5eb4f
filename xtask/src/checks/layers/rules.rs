//! The rules of the layers, as data.

use super::graph::Package;

/// Which rooms each room may name in its manifest.
pub const EDGES: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("chart", &[]),
    ("control", &["domain"]),
    ("store", &["control", "domain"]),
    ("app", &["chart", "control", "domain"]),
    ("fleet", &[]),
    ("fakes", &[]),
    ("outbound", &["control", "domain"]),
    ("drivers", &["control", "domain", "fakes", "fleet", "outbound"]),
    ("monitors", &["control", "domain", "outbound"]),
    ("server", &["app", "control", "domain", "drivers", "fleet", "monitors", "store"]),
    ("demo", &[]),
    ("trials", &["chart", "control", "domain", "fakes", "store"]),
    ("xtask", &[]),
];

/// What must not stand anywhere below a room, however it would get there.
#[derive(Debug)]
pub struct Never {
    pub room: &'static str,
    /// What the room is made of when it is compiled for wasm32, not for the server.
    pub browser: bool,
    /// Rooms, by their exact name.
    rooms: &'static [&'static str],
    /// Packages from elsewhere; a name stands for its family too: `sqlx` for `sqlx-core`, `leptos` for `leptos_axum`.
    families: &'static [&'static str],
    /// A feature that no package of this name may have.
    features: &'static [(&'static str, &'static str)],
    pub because: &'static str,
}

const PURE: &str = "domain is pure: no clock, randomness, input or output";
const NO_CLOCK: &[(&str, &str)] = &[("chrono", "clock"), ("chrono", "now"), ("uuid", "v4"), ("uuid", "v7")];

pub const NEVER: &[Never] = &[
    Never {
        room: "domain",
        browser: false,
        rooms: &[],
        families: &["leptos", "axum", "sqlx", "tokio", "getrandom", "reqwest"],
        features: NO_CLOCK,
        because: PURE,
    },
    Never {
        room: "domain",
        browser: true,
        rooms: &[],
        families: &["leptos", "axum", "sqlx", "tokio", "getrandom", "web-sys"],
        features: NO_CLOCK,
        because: PURE,
    },
    Never {
        room: "control",
        browser: false,
        rooms: &["app", "store", "server"],
        families: &["leptos", "axum", "sqlx"],
        features: &[],
        because: "control knows ports, not what stands behind them",
    },
    Never {
        room: "store",
        browser: false,
        rooms: &["app", "server"],
        families: &["leptos", "axum"],
        features: &[],
        because: "store knows the databases only",
    },
    Never {
        room: "drivers",
        browser: false,
        rooms: &["app", "store", "server"],
        families: &["leptos", "sqlx"],
        features: &[],
        because: "drivers know the port and what they drive",
    },
    Never {
        room: "monitors",
        browser: false,
        rooms: &["app", "store", "server"],
        families: &["leptos", "axum", "sqlx"],
        features: &[],
        because: "monitors know the port and what they ask",
    },
    Never {
        room: "app",
        browser: false,
        rooms: &["store", "server"],
        families: &["sqlx"],
        features: &[],
        because: "pages reach stored things through control",
    },
    Never {
        room: "app",
        browser: true,
        rooms: &["chart", "control", "store", "server"],
        families: &["sqlx", "axum", "tokio", "plotters"],
        features: &[],
        because: "of the rooms the browser knows domain alone; charts come drawn",
    },
    Never {
        room: "chart",
        browser: true,
        rooms: &[],
        families: &["leptos", "axum", "sqlx", "tokio", "getrandom", "chrono"],
        features: &[],
        because: "a chart is text made of numbers, the same on every side",
    },
];

impl Never {
    pub fn forbids(&self, package: &Package) -> bool {
        let family = |name: &&str| {
            package.name.strip_prefix(*name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
        };
        let feature =
            |(name, feature): &(&str, &str)| package.name == *name && package.features.iter().any(|has| has == feature);
        self.rooms.contains(&package.name.as_str())
            || self.families.iter().any(family)
            || self.features.iter().any(feature)
    }
}
