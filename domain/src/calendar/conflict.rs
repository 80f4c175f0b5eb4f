//! What in a calendar contradicts itself, told so that a person can mend it.

use super::gate::Opening;
use crate::Timestamp;
use crate::slug::RuleId;
use serde::{Deserialize, Serialize};

/// One contradiction, at one time, between the rules named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    pub kind: ConflictKind,
    /// The rule that suffers first, then those that cause it.
    pub rules: Vec<RuleId>,
    pub starts: Timestamp,
    pub ends: Timestamp,
    /// One sentence with titles and local times.
    pub sentence: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictKind {
    /// Closing windows cover the whole departure.
    TrainBlocked,
    /// Closing windows cover a part of the departure: it leaves late or closes early.
    TrainShortened,
    /// A train departs while no low-traffic window that concerns it is open.
    TrainOutsideOpening,
    /// Two trains that could carry the same release depart together.
    TrainsTogether,
    /// Two maintenance windows at the same time.
    MaintenanceOverlaps,
    /// A freeze in which, and in the day after which, no train departs: what is it for?
    FreezeWithoutTrain,
    /// The local start does not exist on that date and was moved forward.
    MovedByClocks,
}

/// A calendar as it would be, beside the calendar as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Simulation {
    pub openings: Vec<Opening>,
    pub openings_now: Vec<Opening>,
    /// Those that the rule would take part in, over the next 400 days.
    pub conflicts: Vec<Conflict>,
}
