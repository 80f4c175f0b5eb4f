//! Six alternatives, mixed over when the fault may have begun. Never reset, not even at a phase change.

use serde::{Deserialize, Serialize};

use super::evidence::log_add;
use super::exact;
use super::window::WindowLength;

/// How many alternatives each metric keeps.
pub(super) const ALTERNATIVES: usize = 6;

/// ln of one window's e-value for each alternative.
pub(super) type LogEs = [f64; ALTERNATIVES];

/// What starts with this window: a fault is most likely to begin where something changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Opening {
    /// The rollout itself.
    Rollout,
    /// A later phase.
    Phase,
    /// Nothing.
    Nothing,
}

/// The running mixture of one metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Mixture {
    /// Weight not yet spent on any starting time.
    #[serde(with = "exact")]
    rest: f64,
    /// ln of the wealth of each alternative.
    #[serde(with = "exact::list")]
    wealth: LogEs,
}

impl Mixture {
    /// Nothing spent, nothing won.
    pub fn new() -> Self {
        Self { rest: 1.0, wealth: [f64::NEG_INFINITY; ALTERNATIVES] }
    }

    /// Spends weight on "the fault begins now" and lets every alternative bet on this window, tempered by `eta`.
    pub fn step(&mut self, opening: Opening, length: WindowLength, eta: f64, log_es: &LogEs) {
        let wanted = match opening {
            Opening::Rollout => 0.5,
            Opening::Phase => 0.1,
            Opening::Nothing => self.rest * (length.minutes() / 120.0),
        };
        let spent = wanted.min(self.rest);
        self.rest -= spent;
        let each = (spent / 6.0).ln();
        for (wealth, log_e) in self.wealth.iter_mut().zip(log_es) {
            *wealth = log_add(*wealth, each) + eta * log_e;
        }
    }

    /// A window without evidence: time passes, weight is spent, ln E stays.
    pub fn pass(&mut self, opening: Opening, length: WindowLength) {
        self.step(opening, length, 1.0, &[0.0; ALTERNATIVES]);
    }

    /// ln E of the metric.
    pub fn log_value(&self) -> f64 {
        self.wealth.iter().fold(self.rest.ln(), |sum, wealth| log_add(sum, *wealth))
    }

    /// True for any state that `step` can produce; a stored one may have been damaged.
    pub fn is_sound(&self) -> bool {
        (0.0..=1.0).contains(&self.rest)
            && self.wealth.iter().all(|wealth| *wealth < f64::INFINITY)
            && self.log_value().is_finite()
    }

    /// The weight left, for tests against the reference values.
    #[cfg(test)]
    pub fn rest(&self) -> f64 {
        self.rest
    }

    /// The wealth of each alternative, for tests against the reference values.
    #[cfg(test)]
    pub fn wealth(&self) -> &LogEs {
        &self.wealth
    }
}
