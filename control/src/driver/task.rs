//! What a driver is asked to do, and what it answers.

use domain::{
    Timestamp,
    environment::EnvironmentId,
    playbook::Percent,
    release::{Artifact, Version},
    rollout::{Action, RolloutId},
};
use serde::{Deserialize, Serialize};
use std::{fmt, time::Duration};
use uuid::Uuid;

/// One action, with all that is needed to carry it out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Doing it twice under one key is doing it once.
    pub key: Uuid,
    pub rollout: RolloutId,
    pub place: EnvironmentId,
    pub action: Action,
    /// The version that the action brings forward: the new one; for [`Action::RollBack`] the one to go back to.
    pub version: Version,
    /// The other one of the two; none when nothing ran before.
    pub other: Option<Version>,
    /// What `version` is made of.
    pub artifacts: Vec<Artifact>,
    /// Rises with each task of the environment: a driver that can tell declines a smaller one after a greater.
    pub order: u64,
    /// After so long it counts as stuck.
    pub limit: Duration,
}

impl Task {
    /// The version of whose share is told: the new one; of a way back, the one that leaves.
    pub fn told(&self) -> Option<&Version> {
        if self.action == Action::RollBack { self.other.as_ref() } else { Some(&self.version) }
    }
}

/// How far a task has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    Done(Done),
    /// Accepted and still at work: to be asked about.
    Running {
        said: String,
        url: Option<String>,
    },
}

/// How a task ended well.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Done {
    /// The new version's share of traffic, read back where that is possible; of a way back, what is left to the other.
    pub share: Option<Percent>,
    pub said: String,
    /// Where to read more about it.
    pub url: Option<String>,
}

/// What became of a task, as the other side knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    Done(Done),
    Running {
        said: String,
        url: Option<String>,
    },
    /// It ended badly; what it had begun is as the words say.
    Failed(String),
    /// The other side never saw it: it can be sent under the same key.
    NeverSeen,
    /// Nobody can say. A human decides.
    CannotSay(String),
}

/// What came from outside for an environment, as it came; nobody knows yet from whom.
#[derive(Clone, Copy)]
pub struct Told<'a> {
    /// The header of this name, in small letters.
    pub header: &'a (dyn Fn(&str) -> Option<&'a str> + Sync),
    pub body: &'a [u8],
    pub at: Timestamp,
}

impl fmt::Debug for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes told at {}", self.body.len(), self.at)
    }
}

/// What the other side says of a task without having been asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    pub key: Uuid,
    pub state: Asked,
}

/// A version that runs, with what reaches it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arm {
    /// None where the other side cannot tell.
    pub version: Option<Version>,
    pub share: Percent,
    pub instances: u32,
    pub healthy: u32,
}

/// What runs in an environment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Observed {
    /// The one with most traffic first.
    pub arms: Vec<Arm>,
}

/// One line of what a test of the connection found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub what: String,
    pub good: bool,
    /// What was found; where it is bad, what to do.
    pub said: String,
}
