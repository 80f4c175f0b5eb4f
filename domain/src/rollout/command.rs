//! What can be asked of rollouts, by people and by the machine that carries them out.

use super::{Cause, Ending, Opinion, PlannedStep, RolloutId};
use crate::{
    Timestamp,
    digest::Digest,
    playbook::{Percent, Revision, StrategyId},
    release::Version,
};

/// A version shall come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    pub id: RolloutId,
    pub version: Version,
    pub strategy: StrategyId,
    pub revision: Revision,
    pub digest: Digest,
    pub driver: String,
    pub monitored: bool,
    pub automatic: bool,
    pub steps: Vec<PlannedStep>,
    pub reason: String,
}

/// What a person does to a rollout that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Pause,
    Resume,
    /// One step on.
    Promote,
    /// All the way.
    PromoteFully,
    Abort,
}

impl Verb {
    pub fn name(self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Promote => "promote",
            Self::PromoteFully => "promote_fully",
            Self::Abort => "abort",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        [Self::Pause, Self::Resume, Self::Promote, Self::PromoteFully, Self::Abort]
            .into_iter()
            .find(|verb| verb.name() == name)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Start(Box<Start>),
    /// Back to `to`, or to what ran before. `id` is used if it takes a rollout of its own.
    RollBack {
        id: RolloutId,
        to: Option<Version>,
        driver: String,
        reason: String,
    },
    Steer {
        id: RolloutId,
        verb: Verb,
        reason: String,
    },
    Resolve {
        id: RolloutId,
        step: u32,
        happened: bool,
        reason: String,
    },
    /// By Pilothouse itself.
    Report {
        id: RolloutId,
        report: Report,
    },
}

/// What the machine has done, seen or concluded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report {
    Intended {
        step: u32,
    },
    Accepted {
        step: u32,
        said: String,
        url: Option<String>,
    },
    Ended {
        step: u32,
        ending: Ending,
        share: Option<Percent>,
        said: String,
        url: Option<String>,
    },
    /// A watch has lasted long enough.
    Passed {
        step: u32,
    },
    Judged {
        opinion: Opinion,
        said: String,
        rests_on: String,
    },
    TurnBack {
        cause: Cause,
        reason: String,
        fault_at: Option<Timestamp>,
    },
    /// It waits for a person from now on.
    Pause {
        reason: String,
    },
    Park {
        step: u32,
        why: String,
    },
    /// No step is left.
    Finished,
}
