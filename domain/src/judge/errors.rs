//! Evidence that the canary fails more of its requests than 1.1 · stable + 0.1 points.

use serde::{Deserialize, Serialize};

use super::evidence::{Boundary, log_e};
use super::exact;
use super::history::History;
use super::mixture::{LogEs, Mixture, Opening};
use super::one_sample::{log_e_alone, upper_rate};
use super::window::{Arm, WindowLength};

/// What is tolerated.
pub(super) const TOLERATED: Boundary = Boundary { ratio: 1.1, margin: 0.001 };
/// What must be ruled out before a promotion.
pub(super) const RULED_OUT: Boundary = Boundary { ratio: 1.1, margin: 0.005 };
/// How many times worse than tolerated each alternative supposes the canary to be.
const FACTORS: LogEs = [1.25, 1.7, 2.5, 5.0, 12.0, 40.0];
/// Highest and lowest alternative: a rate, and a multiple of the boundary.
const CAP: f64 = 0.9;
const FLOOR: f64 = 1.05;
/// Pseudo-requests, and how many of them fail, that keep a young baseline off zero.
const PSEUDO_REQUESTS: f64 = 200.0;
const PSEUDO_ERRORS: f64 = 0.2;
/// Squared coefficient of variation that is always allowed for.
const VARIATION: f64 = 0.04;
/// What stays of the baseline after a minute.
pub(super) const DECAY: f64 = 0.985;

/// The running evidence about errors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct ErrorEvidence {
    #[serde(with = "exact")]
    errors: f64,
    #[serde(with = "exact")]
    requests: f64,
    #[serde(with = "exact")]
    overdispersion: f64,
    mixture: Mixture,
}

impl ErrorEvidence {
    /// Starts from stable's history.
    pub fn new(history: &History) -> Self {
        Self {
            errors: history.errors() + PSEUDO_ERRORS,
            requests: history.requests() + PSEUDO_REQUESTS,
            overdispersion: history.overdispersion(),
            mixture: Mixture::new(),
        }
    }

    /// The baseline rate that the next window is judged by.
    pub fn rate(&self) -> f64 {
        self.errors / self.requests
    }

    /// η: how much one window with so many canary requests may say.
    pub fn eta(&self, canary_requests: f64) -> f64 {
        1.0 / self.overdispersion.max(1.0 + VARIATION * canary_requests * self.rate())
    }

    /// The canary rates that the alternatives suppose.
    pub fn alternatives(boundary: f64) -> LogEs {
        FACTORS.map(|factor| (factor * boundary).min(CAP).max(FLOOR * boundary))
    }

    /// Bets on a window with both arms.
    pub fn weigh(&mut self, stable: &Arm, canary: &Arm, opening: Opening, length: WindowLength) {
        let rate = self.rate();
        let log_es = Self::alternatives(TOLERATED.at(rate))
            .map(|supposed| log_e(canary.failures(), stable.failures(), supposed, rate, TOLERATED));
        self.mixture.step(opening, length, self.eta(canary.requests()), &log_es);
    }

    /// Bets on a window at 100 %, where only the baseline of before remains to compare with.
    pub fn weigh_alone(&mut self, canary: &Arm, opening: Opening, length: WindowLength) {
        let boundary = TOLERATED.at(upper_rate(self.errors, self.requests));
        let log_es = Self::alternatives(boundary).map(|supposed| log_e_alone(canary.failures(), supposed, boundary));
        self.mixture.step(opening, length, self.eta(canary.requests()), &log_es);
    }

    /// A window without data.
    pub fn pass(&mut self, opening: Opening, length: WindowLength) {
        self.mixture.pass(opening, length);
    }

    /// Evidence of *no* harm in this window, for promotion.
    pub fn harmless(&self, stable: &Arm, canary: &Arm) -> f64 {
        let rate = self.rate();
        self.eta(canary.requests()) * log_e(canary.failures(), stable.failures(), rate, rate, RULED_OUT)
    }

    /// Takes stable's window into the baseline; only after the window was judged.
    pub fn learn(&mut self, stable: &Arm, length: WindowLength) {
        let kept = DECAY.powf(length.minutes());
        let refill = 1.0 - kept;
        self.errors = kept * self.errors + stable.errors() + refill * PSEUDO_ERRORS;
        self.requests = kept * self.requests + stable.requests() + refill * PSEUDO_REQUESTS;
    }

    /// ln E of the errors.
    pub fn log_value(&self) -> f64 {
        self.mixture.log_value()
    }

    /// True for any state that can come about; a stored one may have been damaged.
    pub fn is_sound(&self) -> bool {
        let positive = |value: f64| value.is_finite() && value > 0.0;
        positive(self.errors)
            && positive(self.requests)
            && self.overdispersion.is_finite()
            && self.overdispersion >= 1.0
            && self.mixture.is_sound()
    }
}
