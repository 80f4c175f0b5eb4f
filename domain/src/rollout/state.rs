//! What a rollout is now.

use super::{Action, End, Opinion, PlannedStep, Purpose, RolloutId};
use crate::{
    Timestamp,
    digest::Digest,
    environment::EnvironmentId,
    person::PersonId,
    playbook::{Percent, Revision, StrategyId},
    release::Version,
};
use serde::{Deserialize, Serialize};

/// Why it went back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A person said so.
    Person,
    /// A judge or a rule of the playbook.
    Judge,
    /// A step failed.
    Step,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    Planned,
    /// Written down and perhaps sent: what became of it is not known yet.
    Intended,
    /// At work; for a watch: time runs.
    Running,
    Done,
    Failed,
    /// Nobody can tell whether it happened.
    Unknown,
    Skipped,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    #[serde(flatten)]
    pub planned: PlannedStep,
    pub state: StepState,
    pub attempts: u32,
    /// How often a person said that it did not happen: each time it is a new task.
    #[serde(default)]
    pub renewed: u32,
    pub started_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    pub said: String,
    pub url: Option<String>,
    /// After a try that did nothing: not before this.
    pub not_before: Option<Timestamp>,
    /// Part of the way back.
    pub back: bool,
}

/// The state as people see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Pending,
    Running,
    Paused,
    Judging,
    Validating,
    Live,
    Superseded,
    RollingBack,
    RolledBack,
    Failed,
    Parked,
}

impl State {
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Judging => "judging",
            Self::Validating => "validating",
            Self::Live => "live",
            Self::Superseded => "superseded",
            Self::RollingBack => "rolling_back",
            Self::RolledBack => "rolled_back",
            Self::Failed => "failed",
            Self::Parked => "parked",
        }
    }

    pub fn is_over(self) -> bool {
        matches!(self, Self::Live | Self::Superseded | Self::RolledBack | Self::Failed)
    }
}

/// A pause, or a wait for a person's decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    pub at: Timestamp,
    pub by: Option<PersonId>,
    pub why: String,
}

/// The moment in which it turned back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    pub cause: Cause,
    pub at: Timestamp,
    pub by: Option<PersonId>,
    pub reason: String,
    pub fault_at: Option<Timestamp>,
}

/// What a judge last thought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    pub opinion: Opinion,
    pub said: String,
    pub rests_on: String,
    pub at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rollout {
    pub id: RolloutId,
    pub place: EnvironmentId,
    pub purpose: Purpose,
    pub version: Version,
    pub from: Option<Version>,
    pub strategy: Option<StrategyId>,
    pub revision: Option<Revision>,
    pub digest: Option<Digest>,
    pub driver: String,
    pub monitored: bool,
    pub automatic: bool,
    pub started_at: Timestamp,
    pub started_by: Option<PersonId>,
    pub reason: String,
    pub steps: Vec<Step>,
    /// The new version's share of traffic as it was last read back.
    pub actual: Option<Percent>,
    pub paused: Option<Stop>,
    pub parked: Option<Stop>,
    pub turned: Option<Turn>,
    pub judged: Option<Judged>,
    pub ended: Option<(End, Timestamp)>,
    pub changed_at: Timestamp,
}

impl Rollout {
    pub fn state(&self) -> State {
        match self.ended {
            Some((End::Live, _)) => return State::Live,
            Some((End::RolledBack, _)) => return State::RolledBack,
            Some((End::Superseded, _)) => return State::Superseded,
            Some((End::Failed, _)) => return State::Failed,
            None => {}
        }
        if self.parked.is_some() {
            return State::Parked;
        }
        if self.goes_back() {
            return State::RollingBack;
        }
        if self.paused.is_some() {
            return State::Paused;
        }
        match self.current() {
            Some((_, step)) if matches!(step.planned.action, Action::Watch { .. }) => {
                if self.has_all_traffic() {
                    State::Validating
                } else {
                    State::Judging
                }
            }
            _ if self.steps.iter().all(|step| step.state == StepState::Planned) => State::Pending,
            _ => State::Running,
        }
    }

    pub fn is_over(&self) -> bool {
        self.ended.is_some()
    }

    /// It is on the way back, or was one from the beginning.
    pub fn goes_back(&self) -> bool {
        self.turned.is_some() || self.purpose == Purpose::Rollback
    }

    /// The version that runs when it has ended well from here.
    pub fn destination(&self) -> Option<&Version> {
        if self.turned.is_some() { self.from.as_ref() } else { Some(&self.version) }
    }

    /// The step at work or next in line, counted from 1.
    pub fn current(&self) -> Option<(u32, &Step)> {
        let open = |step: &Step| {
            matches!(step.state, StepState::Planned | StepState::Intended | StepState::Running | StepState::Unknown)
        };
        (1..).zip(&self.steps).find(|(_, step)| open(step) && (self.turned.is_none() || step.back))
    }

    /// The step of this number, from 1.
    pub fn step(&self, number: u32) -> Option<&Step> {
        self.steps.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    /// A step that was written down and is not known to have ended.
    pub fn in_flight(&self) -> Option<(u32, &Step)> {
        let driven = |step: &Step| !matches!(step.planned.action, Action::Watch { .. });
        (1..)
            .zip(&self.steps)
            .filter(|(_, step)| driven(step))
            .find(|(_, step)| matches!(step.state, StepState::Intended | StepState::Running))
    }

    /// The share that the new version should have now.
    pub fn desired(&self) -> Percent {
        let moved = |step: &&Step| step.state != StepState::Planned && step.state != StepState::Skipped;
        let last = self.steps.iter().filter(moved).filter_map(|step| step.planned.action.share()).next_back();
        match last {
            None => Percent::nothing(),
            Some(_) if self.purpose == Purpose::Rollback => Percent::whole(),
            Some(share) => share,
        }
    }

    /// The new version has all traffic, and it has not been taken back.
    pub fn has_all_traffic(&self) -> bool {
        !self.goes_back()
            && self
                .steps
                .iter()
                .any(|s| s.state == StepState::Done && s.planned.action.share() == Some(Percent::whole()))
    }

    /// The version that has all traffic by now, where a step of this rollout has seen to it.
    pub fn brought(&self) -> Option<&Version> {
        if self.has_all_traffic() {
            return Some(&self.version);
        }
        let done = |s: &Step| s.state == StepState::Done && s.planned.action == Action::RollBack;
        (self.goes_back() && self.steps.iter().any(done)).then(|| self.destination()).flatten()
    }

    /// Some step of the way in was begun, so that there is something to take back.
    pub fn has_begun(&self) -> bool {
        self.steps.iter().any(|step| step.attempts > 0)
    }

    /// When nothing has moved since.
    pub fn last_progress(&self) -> Timestamp {
        self.changed_at
    }
}
