//! What the judge says after each window, and how the three metrics become one decision.

use serde::{Deserialize, Serialize};

use super::evidence::log_add;
use super::promotion::Promotion;
use super::settings::Settings;

/// E at or above this is too much suspicion to promote.
const SUSPICIOUS: f64 = 5.0;
/// Fewer failed canary requests than this are never enough to blame the release for errors.
const LEAST_ERRORS: f64 = 3.0;

/// What can tell against a canary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Failed requests.
    Errors,
    /// Slow requests.
    Latency,
    /// Missing requests.
    Throughput,
}

impl Metric {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Errors, Self::Latency, Self::Throughput];

    /// As playbooks say it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Errors => "errors",
            Self::Latency => "latency",
            Self::Throughput => "throughput",
        }
    }

    /// Its part of the combined E.
    pub fn weight(self) -> f64 {
        match self {
            Self::Errors => 0.5,
            Self::Latency => 0.3,
            Self::Throughput => 0.2,
        }
    }
}

/// Why the judge neither promotes nor rolls back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldReason {
    /// Nothing was measured in this window: neither pass nor fail.
    NoData,
    /// Errors speak against the canary, but fewer than three were seen.
    TooFewErrors,
    /// Too much suspicion to promote, too little to roll back.
    Suspicion,
    /// All traffic is on the canary: there is nothing left to compare with or to promote to.
    NoControl,
    /// Not enough evidence yet that the canary does no harm.
    Undecided,
}

/// What should happen. `Promote` counts at a phase's end only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub enum Decision {
    /// The canary does harm.
    RollBack {
        /// The metric with the largest part in that.
        metric: Metric,
    },
    /// The canary was shown to do no harm in this phase.
    Promote,
    /// Wait, and extend the phase if it is over.
    Hold {
        /// What stands in the way.
        reason: HoldReason,
    },
}

/// The judge's word after a window.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// What should happen.
    #[serde(flatten)]
    pub decision: Decision,
    /// ln E, all metrics combined.
    pub log_e: f64,
    /// ln E of the errors alone.
    pub errors: f64,
    /// ln E of the latency alone.
    pub latency: f64,
    /// ln E of the throughput alone.
    pub throughput: f64,
    /// The metric with the largest part in E, muted ones left out.
    pub leading: Metric,
    /// okE: ln of the evidence, in this phase, that errors are not half a point worse.
    pub promotion_errors: f64,
    /// okL: the same for a 50 % slow-down.
    pub promotion_latency: f64,
    /// Seconds since the rollout began.
    pub elapsed_seconds: u64,
    /// Seconds since anything was measured; 0 when this window had data.
    pub silent_seconds: u64,
    /// True when traffic is not split as configured, which may be the router's fault.
    pub split_off: bool,
}

/// What is known when a window has been weighed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing<'a> {
    pub settings: &'a Settings,
    pub logs: [f64; 3],
    pub promotion: Promotion,
    pub canary_errors: f64,
    pub measured: bool,
    pub control: bool,
}

impl Standing<'_> {
    /// ln(weight · E) per metric; a muted one counts as no evidence at all.
    fn terms(&self) -> impl Iterator<Item = (Metric, f64)> {
        Metric::ALL
            .into_iter()
            .zip(self.logs)
            .map(|(metric, log)| (metric, metric.weight().ln() + if self.settings.hears(metric) { log } else { 0.0 }))
    }

    /// ln E, combined.
    pub fn log_e(&self) -> f64 {
        self.terms().fold(f64::NEG_INFINITY, |sum, (_, term)| log_add(sum, term))
    }

    /// The metric with the largest part in E; of equals the first.
    pub fn leading(&self) -> Metric {
        let heard = self.terms().filter(|(metric, _)| self.settings.hears(*metric));
        let first = (Metric::Errors, f64::NEG_INFINITY);
        heard.fold(first, |best, term| if term.1 > best.1 { term } else { best }).0
    }

    /// True when there is too much suspicion to promote.
    pub fn is_suspected(&self) -> bool {
        // Asked this way round, so that a value that is no number counts as suspicion and never promotes.
        let unsuspected = self.log_e() < SUSPICIOUS.ln();
        !unsuspected
    }

    /// The decision of `judge.md`, section "Deciding".
    pub fn decision(&self) -> Decision {
        let hold = |reason| Decision::Hold { reason };
        if !self.measured {
            return hold(HoldReason::NoData);
        }
        let (log_e, metric) = (self.log_e(), self.leading());
        if log_e >= self.settings.alpha.log_threshold() {
            if metric == Metric::Errors && self.canary_errors < LEAST_ERRORS {
                return hold(HoldReason::TooFewErrors);
            }
            return Decision::RollBack { metric };
        }
        if self.is_suspected() {
            return hold(HoldReason::Suspicion);
        }
        if !self.control {
            return hold(HoldReason::NoControl);
        }
        if self.promotion.suffices(self.settings) { Decision::Promote } else { hold(HoldReason::Undecided) }
    }
}
