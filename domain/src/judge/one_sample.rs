//! At 100 % no control arm remains: the canary is held against a cautious reading of what stable used to do.

use super::evidence::{Exposure, gain};

/// A baseline rate that the true one hardly exceeds, from so many errors in so many requests.
pub(super) fn upper_rate(errors: f64, requests: f64) -> f64 {
    (errors + 2.0 + 2.0 * (errors + 1.0).sqrt()) / requests
}

/// ln of the e-value of one window of one arm: rate `supposed` against the highest tolerated rate.
pub(super) fn log_e_alone(arm: Exposure, supposed: f64, tolerated: f64) -> f64 {
    gain(arm, supposed, tolerated)
}
