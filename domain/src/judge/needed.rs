//! How many more canary requests a decision needs, if they come as they have come.

use serde::Serialize;

use super::errors::{ErrorEvidence, RULED_OUT, TOLERATED};
use super::evidence::{Boundary, Exposure, log_e};
use super::latency;
use super::process::State;
use super::tally::Arms;
use super::verdict::Metric;

/// Where things are heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A promotion, if the canary is as good as stable.
    Promote,
    /// A rollback, if the canary goes on as it has been.
    RollBack,
}

/// What a decision still needs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Needed {
    /// Which decision.
    pub outcome: Outcome,
    /// Canary requests still to come.
    pub canary_requests: u64,
    /// Minutes that takes at this phase's traffic; `None` before there was any.
    pub minutes: Option<f64>,
}

/// Today's traffic, as evidence per canary request: with each come so many on stable.
#[derive(Debug, Clone, Copy)]
struct Traffic {
    stable_per_canary: f64,
    per_window: f64,
}

impl Traffic {
    /// ln of what one canary request and its share of stable ones bring, each bad at the given rate.
    fn log_e(self, canary_rate: f64, stable_rate: f64, supposed: (f64, f64), boundary: Boundary) -> f64 {
        let stable = self.stable_per_canary;
        log_e(
            Exposure { requests: 1.0, bad: canary_rate },
            Exposure { requests: stable, bad: stable * stable_rate },
            supposed.0,
            supposed.1,
            boundary,
        )
    }
}

/// What is still needed; `None` when it is decided, when all traffic is on the canary, or when no end is in sight.
pub(super) fn needed(state: &State) -> Option<Needed> {
    let standing = state.standing(true);
    let share = state.phase.share.get();
    if share <= 0.0 || state.phase.share.is_all() {
        return None;
    }
    let traffic = Traffic {
        stable_per_canary: (1.0 - share) / share,
        per_window: state.phase.canary_per_window().unwrap_or(0.0),
    };
    let log = standing.log_e();
    let (outcome, requests) = if log > 0.0 {
        let missing = state.settings.alpha.log_threshold() - log;
        (Outcome::RollBack, missing / harm_per_request(state, traffic, standing.leading())?)
    } else {
        (Outcome::Promote, to_promotion(state, traffic)?)
    };
    if !(requests > 0.0 && requests.is_finite()) {
        return None;
    }
    let minutes = state.phase.canary_per_minute().map(|per_minute| requests / per_minute);
    Some(Needed { outcome, canary_requests: whole(requests), minutes })
}

/// Requests until both okE and okL suffice, as long as the canary's rates equal stable's.
fn to_promotion(state: &State, traffic: Traffic) -> Option<f64> {
    let [errors, slow] = state.promotion.missing(&state.settings);
    let rate = state.errors.rate();
    let per_request = state.errors.eta(traffic.per_window) * traffic.log_e(rate, rate, (rate, rate), RULED_OUT);
    let for_errors = errors / per_request;
    if slow <= 0.0 {
        return Some(for_errors);
    }
    let expected = state.latency.as_ref()?.ruled_out()?;
    let tail = expected.tail;
    let per_request =
        latency::eta(traffic.per_window, tail) * traffic.log_e(tail, tail, (tail, tail), expected.boundary);
    Some(for_errors.max(slow / per_request))
}

/// What ln E gains per canary request of the best alternative, as the rates have been so far.
fn harm_per_request(state: &State, traffic: Traffic, leading: Metric) -> Option<f64> {
    let best = |gains: [f64; 6]| gains.into_iter().fold(f64::NEG_INFINITY, f64::max);
    let rates = |arms: &Arms| Some((arms.canary.rate()?, arms.stable.rate()?));
    let gain = match leading {
        Metric::Errors => {
            let (canary, stable) = rates(&state.tally.failures)?;
            let rate = state.errors.rate();
            let gains = ErrorEvidence::alternatives(TOLERATED.at(rate))
                .map(|supposed| traffic.log_e(canary, stable, (supposed, rate), TOLERATED));
            state.errors.eta(traffic.per_window) * best(gains)
        }
        Metric::Latency => {
            let evidence = state.latency.as_ref()?;
            let (place, _) = evidence.loudest()?;
            let slow = state.tally.slow.iter().find(|slow| slow.place == place)?;
            let (canary, stable) = rates(&slow.arms)?;
            let expected = evidence.expectation(place)?;
            let gains = latency::alternatives(expected)
                .map(|supposed| traffic.log_e(canary, stable, (supposed, expected.tail), expected.boundary));
            latency::eta(traffic.per_window, expected.tail) * best(gains)
        }
        // Missing requests cannot be counted on to come.
        Metric::Throughput => return None,
    };
    (gain > 0.0).then_some(gain)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive and finite; a cast saturates")]
fn whole(requests: f64) -> u64 {
    requests.ceil() as u64
}
