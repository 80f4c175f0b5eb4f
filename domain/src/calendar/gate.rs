//! What the calendar answers about one release: open, or closed by what and until when.

use super::rule::Kind;
use super::zone_name::ZoneName;
use crate::Timestamp;
use crate::slug::{EnvName, RuleId, TypeId};
use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

/// Whose gate is asked about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voyage {
    /// The release type.
    pub kind: TypeId,
    pub env: EnvName,
    /// When its contents were complete: a train whose cut-off came earlier sails without it.
    /// `None`: cut-offs are not judged. For a release that is not complete, pass the present: “if it were ready now”.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready_at: Option<Timestamp>,
    /// When stakeholders were told. `None`: notice is not judged. Not told yet: pass the present.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_at: Option<Timestamp>,
}

impl Voyage {
    /// Judged by trains and windows alone, as for an environment without a release at hand.
    pub fn new(kind: TypeId, env: EnvName) -> Self {
        Self { kind, env, ready_at: None, told_at: None }
    }

    #[must_use]
    pub fn ready(mut self, at: Timestamp) -> Self {
        self.ready_at = Some(at);
        self
    }

    #[must_use]
    pub fn told(mut self, at: Timestamp) -> Self {
        self.told_at = Some(at);
        self
    }
}

/// The calendar's gate at one instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    Open,
    Closed {
        /// Everything that closes it now, in the order of the rules.
        by: Vec<Closure>,
        /// The first instant at which nothing does; `None` when there is none within ten years.
        until: Option<Timestamp>,
    },
}

impl State {
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Open)
    }
}

/// One thing that closes the gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closure {
    pub rule: RuleId,
    pub kind: Kind,
    pub title: String,
    pub why: Why,
    /// When this one alone would let go; `None` when it never does within ten years.
    pub until: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Inside a closing window.
    Window,
    /// In the days before a holiday.
    DaysBefore,
    /// No train departs now.
    BetweenTrains,
    /// The train that departs now was missed by its cut-off.
    MissedCutOff,
    /// Outside every low-traffic window.
    OutsideOpening,
    /// Stakeholders were told too recently.
    Notice,
}

/// One stretch in which the gate is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    pub starts: Timestamp,
    /// `None`: open for longer than ten years.
    pub ends: Option<Timestamp>,
    pub zone: ZoneName,
    pub local_starts: NaiveDateTime,
    /// What UTC lacks to local time, in minutes; it jumps when the clocks change.
    pub offset_minutes: i32,
    /// The clocks of the zone stand differently from the opening before (from the question, for the first).
    pub clocks_changed: bool,
}
