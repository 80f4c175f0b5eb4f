//! The phase a rollout is in: its share, and the traffic that came.

use serde::{Deserialize, Serialize};

use super::exact;
use super::mixture::Opening;
use super::share::Share;
use super::window::WindowLength;

/// A difference from the configured share is worth a word beyond this part of it, and beyond chance by this many deviations.
const OFF_PART: f64 = 0.1;
const OFF_DEVIATIONS: f64 = 4.0;

/// One phase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Phase {
    pub share: Share,
    /// What the next window opens.
    pub opening: Opening,
    /// Windows with data, and how long they were together.
    pub windows: u32,
    pub seconds: u64,
    #[serde(with = "exact")]
    pub canary_requests: f64,
    #[serde(with = "exact")]
    pub stable_requests: f64,
}

impl Phase {
    /// A phase that the next window opens.
    pub fn new(share: Share, opening: Opening) -> Self {
        Self { share, opening, windows: 0, seconds: 0, canary_requests: 0.0, stable_requests: 0.0 }
    }

    /// What this window opens; later ones open nothing.
    pub fn open(&mut self) -> Opening {
        std::mem::replace(&mut self.opening, Opening::Nothing)
    }

    /// Counts a window with data.
    pub fn count(&mut self, length: WindowLength, stable_requests: f64, canary_requests: f64) {
        self.windows = self.windows.saturating_add(1);
        self.seconds = self.seconds.saturating_add(u64::from(length.seconds()));
        self.stable_requests += stable_requests;
        self.canary_requests += canary_requests;
    }

    /// The share of requests that the canary really got.
    pub fn observed_share(&self) -> Option<f64> {
        let all = self.canary_requests + self.stable_requests;
        (all > 0.0).then(|| self.canary_requests / all)
    }

    /// True when the split differs from the configured one by more than chance and by enough to matter.
    pub fn split_off(&self) -> bool {
        let share = self.share.get();
        let Some(observed) = self.observed_share() else { return false };
        if share <= 0.0 || self.share.is_all() {
            return false;
        }
        let all = self.canary_requests + self.stable_requests;
        let deviation = (share * (1.0 - share) / all).sqrt();
        let off = (observed - share).abs();
        off > OFF_PART * share && off > OFF_DEVIATIONS * deviation
    }

    /// Canary requests per minute at today's traffic.
    pub fn canary_per_minute(&self) -> Option<f64> {
        self.per(f64::from(u32::try_from(self.seconds).unwrap_or(u32::MAX)) / 60.0)
    }

    /// Canary requests per window at today's traffic.
    pub fn canary_per_window(&self) -> Option<f64> {
        self.per(f64::from(self.windows))
    }

    fn per(&self, units: f64) -> Option<f64> {
        (units > 0.0 && self.canary_requests > 0.0).then(|| self.canary_requests / units)
    }

    /// True for any state that can come about; a stored one may have been damaged.
    pub fn is_sound(&self) -> bool {
        let count = |value: f64| value.is_finite() && value >= 0.0;
        count(self.canary_requests) && count(self.stable_requests)
    }
}
