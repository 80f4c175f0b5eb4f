//! Rollouts carried out: the engine that does what [`domain::rollout::next`] says, and the orders that people give.

mod connecting;
mod crash;
mod engine;
mod judging;
mod lease;
mod orders;
mod step;
mod telling;

pub use connecting::{Tried, Wiring};
pub(crate) use crash::committed;
pub use crash::{CrashPoint, arm};
pub use engine::{Engine, Round};
pub use judging::{Judges, Sample};
pub use step::key;

use crate::driver::{Prober, Safe, Workshop};
use std::sync::Arc;

/// Everything through which rollouts reach the outside.
#[derive(Debug, Clone)]
pub struct Machines {
    pub workshop: Arc<dyn Workshop>,
    pub prober: Arc<dyn Prober>,
    pub safe: Arc<dyn Safe>,
    /// Lengths of time in plans are divided by it: 1 but in a demonstration.
    pub speed: u32,
    pub looks: Looks,
}

/// How often the judge looks, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looks {
    pub window: u32,
    /// Latency and throughput of a version that has just begun say nothing for so long.
    pub warm_up: u32,
}

impl Default for Looks {
    fn default() -> Self {
        Self { window: 15, warm_up: 180 }
    }
}
