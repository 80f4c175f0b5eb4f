//! What can have happened to a rollout. Its events stand in the stream of its environment, which owns the lock.

use super::{Cause, PlannedStep, RolloutId};
use crate::{
    Timestamp,
    digest::Digest,
    playbook::{Percent, Revision, StrategyId},
    release::Version,
};
use serde::{Deserialize, Serialize};

/// What a rollout is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// A version comes in.
    Promotion,
    /// An earlier version comes back.
    Rollback,
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    Done,
    /// Nothing happened; it can be tried again under the same key.
    NotDone,
    Failed,
    /// It may have happened.
    Unknown,
}

/// How a rollout ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    Live,
    RolledBack,
    /// It was given up, and nothing ran before that it could have gone back to.
    Failed,
    /// A rollback to somewhere else took its place.
    Superseded,
}

/// What a judge thinks of the new version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Opinion {
    /// As good as the old one, as far as can be told.
    Promote,
    /// Not enough is known, or something is odd.
    Hold,
    RollBack,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum Event {
    Started {
        id: RolloutId,
        purpose: Purpose,
        version: Version,
        /// What ran before; where the way back leads.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Version>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        strategy: Option<StrategyId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        revision: Option<Revision>,
        /// Of the release as it was approved.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        digest: Option<Digest>,
        driver: String,
        /// Judged by what monitors say; otherwise by time and people.
        #[serde(default)]
        monitored: bool,
        /// It goes back by itself when a step fails or a judge says so.
        #[serde(default)]
        automatic: bool,
        steps: Vec<PlannedStep>,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    StepIntended {
        id: RolloutId,
        step: u32,
    },
    StepAccepted {
        id: RolloutId,
        step: u32,
        said: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url: Option<String>,
    },
    StepEnded {
        id: RolloutId,
        step: u32,
        ending: Ending,
        /// The new version's share of traffic, as it was read back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        share: Option<Percent>,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        said: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url: Option<String>,
    },
    /// A person moves on: the step ends, or all until everything has moved.
    Promoted {
        id: RolloutId,
        fully: bool,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    Paused {
        id: RolloutId,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    Resumed {
        id: RolloutId,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// A judge changed its mind.
    Judged {
        id: RolloutId,
        opinion: Opinion,
        said: String,
        /// The hash of the samples that it rests on.
        rests_on: String,
    },
    TurnedBack {
        id: RolloutId,
        cause: Cause,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
        /// Since when the fault could be seen, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fault_at: Option<Timestamp>,
        steps: Vec<PlannedStep>,
    },
    Parked {
        id: RolloutId,
        step: u32,
        why: String,
    },
    /// A person says what became of a step that nobody could tell.
    Resolved {
        id: RolloutId,
        step: u32,
        happened: bool,
        reason: String,
    },
    Ended {
        id: RolloutId,
        end: End,
    },
}

impl Event {
    /// The rollout that it is about.
    pub fn id(&self) -> RolloutId {
        match self {
            Self::Started { id, .. }
            | Self::StepIntended { id, .. }
            | Self::StepAccepted { id, .. }
            | Self::StepEnded { id, .. }
            | Self::Promoted { id, .. }
            | Self::Paused { id, .. }
            | Self::Resumed { id, .. }
            | Self::Judged { id, .. }
            | Self::TurnedBack { id, .. }
            | Self::Parked { id, .. }
            | Self::Resolved { id, .. }
            | Self::Ended { id, .. } => *id,
        }
    }
}
