//! The rules judge: the thresholds and triggers of a playbook, exactly as they are written there.
//!
//! Feed it one window at a time, with the same windows as the sequential judge; the stricter of the two wins. Thresholds
//! are judged minute by minute, health and alerts window by window. What is not known neither breaks nor keeps a rule.

mod judge;
mod measure;
mod ruling;
mod tally;

#[cfg(test)]
mod tests;

pub use judge::RulesJudge;
pub use ruling::{Finding, Row, Ruling, Standing};

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

use super::share::Share;
use super::window::{Reading, WindowLength};
use crate::playbook::{Judging, SharedIncident};

/// What a playbook may set beside its thresholds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesSettings {
    /// Seconds after the rollout's start in which only errors, health and alerts are judged.
    pub warm_up_seconds: u32,
    /// With fewer requests in its span a share or a quantile says nothing.
    pub minimum_requests: u32,
    pub shared_incident: SharedIncident,
}

impl From<&Judging> for RulesSettings {
    fn from(judging: &Judging) -> Self {
        Self {
            warm_up_seconds: judging.warm_up.seconds(),
            minimum_requests: judging.minimum_requests.into(),
            shared_incident: judging.shared_incident,
        }
    }
}

impl Default for RulesSettings {
    fn default() -> Self {
        Self { warm_up_seconds: 180, minimum_requests: 20, shared_incident: SharedIncident::Hold }
    }
}

/// What was measured of one arm in one window.
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    pub counts: Reading,
    /// By the ids of the playbook's signals: shares from 0 to 1, times in milliseconds. One that is not here is not known.
    pub gauges: BTreeMap<String, f64>,
}

/// What a health check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    Well,
    Unwell,
    /// The check could not be run.
    NotKnown,
}

/// One service, as a health check found it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub service: String,
    /// What the check of the same service found on stable, where it was asked apart.
    pub stable: Option<Health>,
    /// On the canary, or on whichever arm answered.
    pub health: Health,
}

/// An alert that fires in this environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    pub name: String,
    pub critical: bool,
    /// It fired before the new version had traffic: that one did not light it.
    pub before: bool,
    /// The playbook's trigger that its label names. Without one, a critical alarm meets the trigger `critical_alert`.
    pub trigger: Option<String>,
}

/// One window, as far as rules look at it.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    pub length: WindowLength,
    pub share: Share,
    /// The share changed within this window: its counts say nothing.
    pub moving: bool,
    pub stable: Values,
    pub canary: Values,
    pub checks: Vec<Check>,
    pub alarms: Vec<Alarm>,
    /// Ids of triggers that the team's own check posted, or a person pressed.
    pub reported: BTreeSet<String>,
}
