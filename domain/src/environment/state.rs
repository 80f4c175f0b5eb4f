//! What an environment is now.

use super::{Connection, Outcome, Raised, Watching};
use crate::{
    Timestamp,
    person::PersonId,
    playbook::GateId,
    release::Version,
    rollout::RolloutId,
    slug::{EnvName, ProductSlug},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};

/// Product and name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EnvironmentId {
    pub product: ProductSlug,
    pub env: EnvName,
}

impl fmt::Display for EnvironmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.env, self.product)
    }
}

/// A stretch of time in which a version ran.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    pub version: Version,
    pub since: Timestamp,
    /// None: it runs now.
    pub until: Option<Timestamp>,
}

/// The last deployment of a version that was tried, whatever came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    pub version: Version,
    pub outcome: Outcome,
    pub at: Timestamp,
    pub by: Option<PersonId>,
    pub url: Option<String>,
    pub against: Vec<GateId>,
}

/// Nothing comes in until a person resumes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub at: Timestamp,
    pub reason: String,
    /// The way back that it follows.
    pub rollout: RolloutId,
}

/// What runs is not what was brought in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    pub at: Timestamp,
    pub found: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Environment {
    pub id: EnvironmentId,
    /// The newest last; old ones fall off.
    pub runs: Vec<Run>,
    /// The newest last; old ones fall off.
    pub attempts: Vec<Attempt>,
    /// The rollout that has the place to itself.
    #[serde(default)]
    pub lock: Option<RolloutId>,
    /// The newest last; old ones fall off.
    #[serde(default)]
    pub rollouts: Vec<RolloutId>,
    /// The rollout that brought what runs now.
    #[serde(default)]
    pub live: Option<RolloutId>,
    #[serde(default)]
    pub hold: Option<Held>,
    #[serde(default)]
    pub connection: Option<Connection>,
    #[serde(default)]
    pub drift: Option<Drift>,
    /// By kind.
    #[serde(default)]
    pub monitors: BTreeMap<String, Watching>,
    /// What fires now, by key.
    #[serde(default)]
    pub alarms: BTreeMap<String, Raised>,
}

impl Environment {
    pub fn new(id: EnvironmentId) -> Self {
        Self {
            id,
            runs: Vec::new(),
            attempts: Vec::new(),
            lock: None,
            rollouts: Vec::new(),
            live: None,
            hold: None,
            connection: None,
            drift: None,
            monitors: BTreeMap::new(),
            alarms: BTreeMap::new(),
        }
    }

    /// What runs there now.
    pub fn running(&self) -> Option<&Run> {
        self.runs.last().filter(|run| run.until.is_none())
    }

    /// Whoever moves the traffic there counts it too.
    pub fn is_counted(&self) -> bool {
        self.connection.as_ref().is_some_and(|connection| connection.abilities.counts)
    }

    /// Something counts, measures or rings there.
    pub fn is_measured(&self) -> bool {
        self.is_counted() || !self.monitors.is_empty() || !self.alarms.is_empty()
    }

    /// What ran before that: where a rollback goes.
    pub fn previous(&self) -> Option<&Version> {
        let now = self.running().map(|run| &run.version);
        self.runs.iter().rev().map(|run| &run.version).find(|version| Some(*version) != now)
    }

    /// Where a rollback of `version` goes: what ran before it, or what runs now if it does not run yet.
    pub fn rollback_target(&self, version: &Version) -> Option<&Version> {
        let running = self.running().map(|run| &run.version);
        if running == Some(version) { self.previous() } else { running }
    }

    /// The stretches in which `version` ran, the newest first.
    pub fn runs_of<'a>(&'a self, version: &'a Version) -> impl Iterator<Item = &'a Run> {
        self.runs.iter().rev().filter(move |run| &run.version == version)
    }

    /// The last try to deploy `version`.
    pub fn attempt<'a>(&'a self, version: &'a Version) -> Option<&'a Attempt> {
        self.attempts.iter().rev().find(|attempt| &attempt.version == version)
    }
}
