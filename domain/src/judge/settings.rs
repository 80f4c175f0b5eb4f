//! What a playbook may set: how sure a rollback must be, how long the canary warms up, which metric only watches.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::exact;
use super::invalid::Invalid;
use super::verdict::Metric;
use crate::playbook::{Certainty, Judging};

/// The chance, over a whole rollout and any number of looks, that a harmless canary is rolled back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alpha(f64);

impl Alpha {
    /// The usual profile.
    pub const DEFAULT: Self = Self(0.02);
    /// The profile for little traffic, where waiting for more certainty would mean never deciding.
    pub const LOW_TRAFFIC: Self = Self(0.05);

    /// Accepts more than 0, up to 0.5.
    pub fn new(value: f64) -> Result<Self, Invalid> {
        if value > 0.0 && value <= 0.5 {
            return Ok(Self(value));
        }
        Err(Invalid::new("alpha", value, "a number above 0, at most 0.5"))
    }

    /// α as a number.
    pub fn get(self) -> f64 {
        self.0
    }

    /// ln(1/α): what ln E must reach.
    pub fn log_threshold(self) -> f64 {
        -self.0.ln()
    }
}

impl Default for Alpha {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Serialize for Alpha {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        exact::serialize(&self.0, to)
    }
}

impl<'de> Deserialize<'de> for Alpha {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::new(exact::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

/// The playbook's choices; fixed when the rollout starts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// How sure a rollback must be.
    pub alpha: Alpha,
    /// Seconds after the rollout's start in which latency and throughput are not judged.
    pub warm_up_seconds: u32,
    /// A metric that is computed and shown, but decides nothing (dry run).
    pub muted: Option<Metric>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { alpha: Alpha::DEFAULT, warm_up_seconds: 180, muted: None }
    }
}

impl From<&Judging> for Settings {
    fn from(judging: &Judging) -> Self {
        let alpha = match judging.certainty {
            Certainty::Usual => Alpha::DEFAULT,
            Certainty::LowTraffic => Alpha::LOW_TRAFFIC,
        };
        Self { alpha, warm_up_seconds: judging.warm_up.seconds(), muted: judging.mute }
    }
}

impl Settings {
    /// The profile for little traffic.
    #[must_use]
    pub fn low_traffic() -> Self {
        Self { alpha: Alpha::LOW_TRAFFIC, ..Self::default() }
    }

    /// True when the metric may decide.
    pub(super) fn hears(&self, metric: Metric) -> bool {
        self.muted != Some(metric)
    }
}
