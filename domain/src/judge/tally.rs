//! The numbers behind a verdict, for people: requests, errors and slow requests of both arms since the rollout began.

use serde::{Deserialize, Serialize};

use super::evidence::Exposure;
use super::exact;
use super::window::Arm;

/// Requests of one arm and those that count against it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Count {
    #[serde(with = "exact")]
    pub requests: f64,
    #[serde(with = "exact")]
    pub bad: f64,
}

impl Count {
    fn add(&mut self, exposure: Exposure) {
        self.requests += exposure.requests;
        self.bad += exposure.bad;
    }

    /// The part that is bad.
    pub fn rate(self) -> Option<f64> {
        (self.requests > 0.0).then(|| self.bad / self.requests)
    }

    fn is_sound(self) -> bool {
        let count = |value: f64| value.is_finite() && value >= 0.0;
        count(self.requests) && count(self.bad)
    }
}

/// Both arms.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Arms {
    pub canary: Count,
    pub stable: Count,
}

impl Arms {
    /// Counts a window: canary first.
    pub fn add(&mut self, canary: Exposure, stable: Exposure) {
        self.canary.add(canary);
        self.stable.add(stable);
    }
}

/// Slow requests at one watched bound.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Slow {
    pub place: usize,
    pub arms: Arms,
}

/// All tallies of a rollout.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Tally {
    pub failures: Arms,
    pub slow: Vec<Slow>,
}

impl Tally {
    /// Nothing counted; slow requests will be counted at these places.
    pub fn new(places: impl Iterator<Item = usize>) -> Self {
        let slow = places.map(|place| Slow { place, arms: Arms::default() }).collect();
        Self { failures: Arms::default(), slow }
    }

    /// Counts the canary of a window in which it stood alone.
    pub fn add_alone(&mut self, canary: &Arm) {
        self.failures.canary.add(canary.failures());
    }

    /// True for any state that can come about; a stored one may have been damaged.
    pub fn is_sound(&self) -> bool {
        let sound = |arms: &Arms| arms.canary.is_sound() && arms.stable.is_sound();
        sound(&self.failures) && self.slow.iter().all(|slow| sound(&slow.arms))
    }
}
