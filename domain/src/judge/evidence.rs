//! The core: evidence against "the canary's rate is at most r · the baseline's rate + δ".

/// What one arm did in one window: how many requests, and how many of them were bad (failed, or slower than a bound).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exposure {
    /// Requests seen.
    pub requests: f64,
    /// Those that count against the arm.
    pub bad: f64,
}

/// The worst canary that is still tolerated: r · baseline + δ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Boundary {
    /// r, the tolerated ratio.
    pub ratio: f64,
    /// δ, the tolerated difference.
    pub margin: f64,
}

impl Boundary {
    /// The highest tolerated canary rate for a baseline rate.
    pub fn at(self, baseline: f64) -> f64 {
        self.ratio * baseline + self.margin
    }
}

/// ln of the e-value of one window for the alternative (`canary_rate`, `stable_rate`), both fixed before the window.
///
/// Its expectation is at most 1 under *any* baseline while the canary is within the boundary: the tolerated pair of rates
/// that fits the alternative best (a root of a quadratic) takes the place of the unknown truth.
pub fn log_e(canary: Exposure, stable: Exposure, canary_rate: f64, stable_rate: f64, boundary: Boundary) -> f64 {
    if canary.requests <= 0.0 || stable.requests <= 0.0 {
        return 0.0;
    }
    let Boundary { ratio, margin } = boundary;
    let weight = canary.requests * ratio + stable.requests;
    let a = ratio * weight;
    let b = weight * margin - ratio * (canary.requests * canary_rate + stable.requests * stable_rate);
    let c = -stable.requests * stable_rate * margin;
    let root = (b * b - 4.0 * a * c).sqrt();
    // Two forms of the same positive root; each is the one without cancellation on its side.
    let null_stable = if b <= 0.0 { (root - b) / (2.0 * a) } else { -2.0 * c / (b + root) };
    let null_canary = boundary.at(null_stable);
    gain(canary, canary_rate, null_canary) + gain(stable, stable_rate, null_stable)
}

/// Poisson log-likelihood ratio of one arm: rate `to` against rate `from`.
pub(super) fn gain(arm: Exposure, to: f64, from: f64) -> f64 {
    arm.bad * (to / from).ln() - arm.requests * (to - from)
}

/// ln(eᵃ + eᵇ) without overflow; −∞ stands for zero.
pub(super) fn log_add(a: f64, b: f64) -> f64 {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    if high == f64::NEG_INFINITY { high } else { high + (low - high).exp().ln_1p() }
}
