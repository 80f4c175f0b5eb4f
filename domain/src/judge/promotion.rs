//! Evidence that the canary does *no* harm; it starts again with each phase.

use serde::{Deserialize, Serialize};

use super::exact;
use super::settings::Settings;
use super::verdict::Metric;

/// The evidence that promotion asks of errors and of latency.
const ENOUGH: f64 = 20.0;

/// okE and okL.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Promotion {
    #[serde(with = "exact")]
    pub errors: f64,
    #[serde(with = "exact")]
    pub latency: f64,
}

impl Promotion {
    /// True when a phase may end in a promotion; a muted metric is not asked.
    pub fn suffices(self, settings: &Settings) -> bool {
        let asked = [(Metric::Errors, self.errors), (Metric::Latency, self.latency)];
        asked.into_iter().all(|(metric, have)| !settings.hears(metric) || have >= ENOUGH.ln())
    }

    /// ln of what is still missing for errors and latency, 0 when there is enough.
    pub fn missing(self, settings: &Settings) -> [f64; 2] {
        let missing = |metric, have: f64| {
            if settings.hears(metric) { (ENOUGH.ln() - have).max(0.0) } else { 0.0 }
        };
        [missing(Metric::Errors, self.errors), missing(Metric::Latency, self.latency)]
    }

    /// True for any state that can come about; a stored one may have been damaged.
    pub fn is_sound(self) -> bool {
        self.errors.is_finite() && self.latency.is_finite()
    }
}
