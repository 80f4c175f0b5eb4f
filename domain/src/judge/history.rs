//! What stable did before the rollout: the baseline that every metric starts from.

use super::window::{Arm, WindowLength};

/// Windows with at least this many errors in all say something about how bursty errors are.
const TELLING_ERRORS: f64 = 10.0;

/// Stable's windows before the rollout: at least 1 h, better 6 h.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    length: WindowLength,
    windows: Vec<Arm>,
}

impl History {
    /// Minutes of history below which a caller should say that the baseline is thin.
    pub const ADVISED_MINUTES: f64 = 60.0;

    /// The windows that had an answer, oldest first.
    pub fn new(length: WindowLength, windows: Vec<Arm>) -> Self {
        Self { length, windows }
    }

    /// No history at all: errors start from the pseudo-requests, latency cannot be judged.
    pub fn none() -> Self {
        Self::new(WindowLength::MINUTE, Vec::new())
    }

    /// How long each window is.
    pub fn length(&self) -> WindowLength {
        self.length
    }

    /// The windows, oldest first.
    pub fn windows(&self) -> &[Arm] {
        &self.windows
    }

    /// How much time the windows cover.
    #[expect(clippy::cast_precision_loss, reason = "nobody keeps 2^52 windows")]
    pub fn minutes(&self) -> f64 {
        self.windows.len() as f64 * self.length.minutes()
    }

    /// Requests in all.
    pub fn requests(&self) -> f64 {
        self.windows.iter().map(Arm::requests).sum()
    }

    /// Errors in all.
    pub fn errors(&self) -> f64 {
        self.windows.iter().map(Arm::errors).sum()
    }

    /// φ: how many times burstier the errors came than chance alone would have them, at least 1.
    pub fn overdispersion(&self) -> f64 {
        let errors = self.errors();
        if errors < TELLING_ERRORS {
            return 1.0;
        }
        let rate = errors / self.requests();
        let (mut sum, mut windows) = (0.0, 0.0);
        for window in self.windows.iter().filter(|window| window.requests() > 0.0) {
            let expected = window.requests() * rate;
            sum += (window.errors() - expected).powi(2) / expected;
            windows += 1.0;
        }
        if windows < 2.0 { 1.0 } else { (sum / (windows - 1.0)).max(1.0) }
    }
}
