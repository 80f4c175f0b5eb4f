//! Rollouts carried out: the engine that does what [`domain::rollout::next`] says, and the orders that people give.

mod connecting;
mod crash;
mod engine;
mod judging;
mod lease;
mod orders;
mod seen;
mod step;
mod telling;

pub use connecting::{Tried, Wiring};
pub(crate) use crash::committed;
pub use crash::{CrashPoint, arm};
pub use engine::{Engine, Round};
pub use judging::{ArmSeen, Judges, Sample};
pub use seen::{Kept, Seen, SeenWindow};
pub use step::key;

use crate::{
    driver::{Prober, Safe, Workshop},
    monitor::Observatory,
};
use std::sync::Arc;

/// Everything through which rollouts reach the outside.
#[derive(Debug, Clone)]
pub struct Machines {
    pub workshop: Arc<dyn Workshop>,
    pub prober: Arc<dyn Prober>,
    pub safe: Arc<dyn Safe>,
    pub observatory: Arc<dyn Observatory>,
    /// Lengths of time in plans are divided by it: 1 but in a demonstration.
    pub speed: u32,
    /// Seconds between two looks of the judges, before they are divided.
    pub window: u32,
}

/// Seconds between two looks of the judges, where nobody hurries.
pub const WINDOW: u32 = 15;
