//! How many times the stable error rate the canary's may be: an interval that holds at every look at once.
//!
//! Of all failed requests, each is the canary's with probability θ. A beta prior around θ₀, the θ of equal rates, gives
//! a Bayes factor against any θ; the interval keeps every θ whose factor stays below 1/0.05.

use serde::Serialize;

use super::evidence::Exposure;
use super::gamma::ln_beta;

/// How sure the interval is.
const CONFIDENCE: f64 = 0.95;

/// Where the ratio canary rate / stable rate lies.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RatioInterval {
    /// At least this.
    pub low: f64,
    /// At most this; `None` when stable has shown no errors, so that nothing bounds the ratio.
    pub high: Option<f64>,
    /// How sure that is.
    pub confidence: f64,
}

/// The prior over θ: its mean, and how many errors it is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Prior {
    pub mean: f64,
    pub concentration: f64,
}

impl Prior {
    fn beta(self) -> (f64, f64) {
        (self.mean * self.concentration, (1.0 - self.mean) * self.concentration)
    }
}

/// ln of the Bayes factor against equal rates, where `share` of the requests were the canary's.
pub fn log_bayes_factor(canary_errors: f64, stable_errors: f64, share: f64, concentration: f64) -> f64 {
    against(share, canary_errors, stable_errors, Prior { mean: share, concentration })
}

/// ln of the Bayes factor against one θ.
fn against(theta: f64, canary: f64, stable: f64, prior: Prior) -> f64 {
    let (a, b) = prior.beta();
    let part = |errors: f64, rate: f64| if errors > 0.0 { errors * rate.ln() } else { 0.0 };
    ln_beta(a + canary, b + stable) - ln_beta(a, b) - part(canary, theta) - part(stable, 1.0 - theta)
}

/// The θ that 95 % sure evidence does not exclude.
pub(super) fn theta_interval(canary: f64, stable: f64, prior: Prior) -> (f64, f64) {
    if canary + stable <= 0.0 {
        return (0.0, 1.0);
    }
    let likeliest = canary / (canary + stable);
    let excluded = |theta: f64| against(theta, canary, stable, prior) >= -(1.0 - CONFIDENCE).ln();
    let low = if canary > 0.0 { edge(0.0, likeliest, &excluded) } else { 0.0 };
    let high = if stable > 0.0 { edge(1.0, likeliest, &excluded) } else { 1.0 };
    (low, high)
}

/// Where exclusion ends between a θ that is excluded and one that is not.
fn edge(mut outside: f64, mut inside: f64, excluded: &impl Fn(f64) -> bool) -> f64 {
    for _ in 0..200 {
        let middle = f64::midpoint(outside, inside);
        if excluded(middle) { outside = middle } else { inside = middle }
    }
    inside
}

/// θ as a ratio of rates.
pub(super) fn ratio_of(theta: f64, mean: f64) -> Option<f64> {
    let against = (1.0 - theta) * mean;
    (against > 0.0).then(|| theta * (1.0 - mean) / against)
}

/// The interval of canary rate / stable rate; `None` before any error, or when one arm has no requests.
///
/// The prior is worth one error on the arm with less traffic.
pub fn rate_ratio_interval(canary: Exposure, stable: Exposure) -> Option<RatioInterval> {
    let (requests, errors) = (canary.requests + stable.requests, canary.bad + stable.bad);
    if canary.requests <= 0.0 || stable.requests <= 0.0 || errors <= 0.0 {
        return None;
    }
    let mean = canary.requests / requests;
    let prior = Prior { mean, concentration: 1.0 / mean.min(1.0 - mean) };
    let (low, high) = theta_interval(canary.bad, stable.bad, prior);
    Some(RatioInterval { low: ratio_of(low, mean)?, high: ratio_of(high, mean), confidence: CONFIDENCE })
}
