//! What people see instead of a bare score: rates, an interval, odds, the requests behind them, and what is still missing.

use serde::Serialize;

use super::evidence::Exposure;
use super::interval::{RatioInterval, rate_ratio_interval};
use super::needed::{Needed, needed};
use super::process::Judge;
use super::tally::Count;
use super::verdict::Metric;

/// Odds beyond this are not told more precisely.
const LONGEST_ODDS: f64 = 1e9;

/// The error rates of both arms since the rollout began.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ErrorRates {
    /// The canary's, 0 to 1; `None` without requests.
    pub canary: Option<f64>,
    /// Stable's.
    pub stable: Option<f64>,
    /// Failed canary requests.
    pub canary_errors: f64,
    /// How many times stable's rate the canary's may be.
    pub ratio: Option<RatioInterval>,
}

/// Slow requests of both arms at the bound that says most.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SlowShare {
    /// Slower than so many milliseconds.
    pub bound_ms: f64,
    /// The canary's part, 0 to 1.
    pub canary: Option<f64>,
    /// Stable's part.
    pub stable: Option<f64>,
}

/// How traffic is split in this phase.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Split {
    /// The canary's configured share.
    pub configured: f64,
    /// The share it got; `None` before any request.
    pub observed: Option<f64>,
    /// True when the difference is neither chance nor small: it may be the router's fault.
    pub off: bool,
}

/// The numbers behind a verdict. `Display` makes the sentences.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Facts {
    /// The metric with the largest part in E.
    pub leading: Metric,
    /// Failed requests.
    pub errors: ErrorRates,
    /// Slow requests; `None` when latency is not judged.
    pub latency: Option<SlowShare>,
    /// The split.
    pub split: Split,
    /// The odds that this is chance are below 1 in this many; `None` while nothing speaks against the canary.
    pub odds_one_in: Option<u64>,
    /// Canary requests that were judged.
    pub canary_requests: f64,
    /// Stable requests they were compared with.
    pub stable_requests: f64,
    /// What a decision still needs.
    pub needed: Option<Needed>,
}

impl Judge {
    /// The numbers behind the verdict, as of the last window.
    pub fn facts(&self) -> Facts {
        let state = &self.0;
        let failures = state.tally.failures;
        let standing = state.standing(true);
        let exposure = |count: Count| Exposure { requests: count.requests, bad: count.bad };
        Facts {
            leading: standing.leading(),
            errors: ErrorRates {
                canary: failures.canary.rate(),
                stable: failures.stable.rate(),
                canary_errors: failures.canary.bad,
                ratio: rate_ratio_interval(exposure(failures.canary), exposure(failures.stable)),
            },
            latency: self.slow_share(),
            split: Split {
                configured: state.phase.share.get(),
                observed: state.phase.observed_share(),
                off: state.split_off(&standing),
            },
            odds_one_in: odds(standing.log_e()),
            canary_requests: failures.canary.requests,
            stable_requests: failures.stable.requests,
            needed: needed(state),
        }
    }

    fn slow_share(&self) -> Option<SlowShare> {
        let (place, bound_ms) = self.0.latency.as_ref()?.loudest()?;
        let slow = self.0.tally.slow.iter().find(|slow| slow.place == place)?;
        Some(SlowShare { bound_ms, canary: slow.arms.canary.rate(), stable: slow.arms.stable.rate() })
    }
}

/// E of 400 means: by chance alone less than once in 400 rollouts. Told with two digits, never better than it is.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 2 and 1e9")]
fn odds(log_e: f64) -> Option<u64> {
    let mut e = log_e.exp().min(LONGEST_ODDS) as u64;
    let mut scale = 1;
    while e >= 100 {
        e /= 10;
        scale *= 10;
    }
    (e >= 2).then_some(e * scale)
}
