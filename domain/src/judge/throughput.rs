//! Evidence that the canary receives or completes less than 80 % of the traffic that its share promises.

use serde::{Deserialize, Serialize};

use super::mixture::{LogEs, Mixture, Opening};
use super::share::Share;
use super::window::{Arm, WindowLength};

/// The loss that is tolerated.
const TOLERATED_LOSS: f64 = 0.2;
/// The losses that the alternatives suppose.
const LOSSES: LogEs = [0.3, 0.45, 0.6, 0.75, 0.9, 0.98];
/// Squared coefficient of variation that is always allowed for.
const VARIATION: f64 = 0.01;

/// The running evidence about throughput.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct ThroughputEvidence {
    mixture: Mixture,
}

impl ThroughputEvidence {
    /// Needs no history: the share is the baseline.
    pub fn new() -> Self {
        Self { mixture: Mixture::new() }
    }

    /// Bets on a window with both arms.
    pub fn weigh(&mut self, stable: &Arm, canary: &Arm, share: Share, opening: Opening, length: WindowLength) {
        let log_es = LOSSES.map(|loss| log_ratio(canary.requests(), stable.requests(), share, loss));
        let all = canary.requests() + stable.requests();
        let eta = 1.0 / (1.0 + VARIATION * all * share.get());
        self.mixture.step(opening, length, eta, &log_es);
    }

    /// A window that says nothing about throughput.
    pub fn pass(&mut self, opening: Opening, length: WindowLength) {
        self.mixture.pass(opening, length);
    }

    /// ln E of the throughput.
    pub fn log_value(&self) -> f64 {
        self.mixture.log_value()
    }

    /// True for any state that can come about; a stored one may have been damaged.
    pub fn is_sound(&self) -> bool {
        self.mixture.is_sound()
    }
}

/// The part of all traffic that the canary shows after losing some of what its share promises.
pub(super) fn part_after(loss: f64, share: Share) -> f64 {
    let left = (1.0 - loss) * share.get();
    left / (left + 1.0 - share.get())
}

/// ln of the likelihood ratio of one window: this loss against the tolerated one. A share of 0 or 1 splits nothing.
pub(super) fn log_ratio(canary: f64, stable: f64, share: Share, loss: f64) -> f64 {
    if share.get() <= 0.0 || share.get() >= 1.0 {
        return 0.0;
    }
    let (tolerated, supposed) = (part_after(TOLERATED_LOSS, share), part_after(loss, share));
    canary * (supposed / tolerated).ln() + stable * ((1.0 - supposed) / (1.0 - tolerated)).ln()
}
