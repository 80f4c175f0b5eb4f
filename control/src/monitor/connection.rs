//! Which monitors there are. What a driver counts itself is asked of the driver: [`crate::driver::Driver::counts`].

use crate::driver;
use domain::environment::{Environment, Watching};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The kinds of monitors there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MonitorKind {
    Prometheus,
    Scrape,
    Json,
    Health,
    /// Asks nothing: alerts come in.
    Alertmanager,
}

/// A monitor's kind with its settings, secrets opened.
pub type Connection = driver::Connection<MonitorKind>;

impl MonitorKind {
    pub const ALL: [Self; 5] = [Self::Prometheus, Self::Scrape, Self::Json, Self::Health, Self::Alertmanager];

    pub fn name(self) -> &'static str {
        match self {
            Self::Prometheus => "prometheus",
            Self::Scrape => "scrape",
            Self::Json => "json",
            Self::Health => "health",
            Self::Alertmanager => "alertmanager",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Whether somebody counts the requests of each version there: then a new one can be compared with the one that ran.
pub fn compares(environment: &Environment) -> bool {
    let counts = |watching: &Watching| match MonitorKind::named(&watching.kind) {
        Some(MonitorKind::Prometheus | MonitorKind::Scrape) => true,
        Some(MonitorKind::Json) => watching.settings.contains_key("requests"),
        Some(MonitorKind::Health | MonitorKind::Alertmanager) | None => false,
    };
    environment.is_counted() || environment.monitors.values().any(counts)
}

impl fmt::Display for MonitorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
