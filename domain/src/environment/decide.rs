//! What may be done concerning an environment, and by whom.

use super::{Command, Environment, Event, alarm, watching};
use crate::{
    Refusal,
    access::{Actor, Authority, Permission},
    playbook::{GateId, Observation},
    release::address,
    text,
};

const LONGEST_REASON: usize = 500;

/// What a decision rests on beside the environment itself.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    pub by: &'a Authority,
    /// Whether Pilothouse knows a release of the version that is spoken of.
    pub known: bool,
    /// Gates of that release before this environment that are not met now.
    pub unmet: &'a [GateId],
    /// What the product's playbook reacts to.
    pub triggers: &'a [Observation],
}

pub fn decide(state: &Environment, command: Command, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Adopt { version } => {
            given.by.require(Permission::Promote, "record deployments")?;
            unlocked(state)?;
            let same = state.running().is_some_and(|run| run.version == version);
            Ok(if same { vec![] } else { vec![Event::Adopted { version }] })
        }
        Command::Report { version, outcome, url } => {
            given.by.require(Permission::Promote, "record deployments")?;
            let url = address(url)?;
            if !given.known {
                return Err(Refusal::invalid(
                    "version",
                    format!("“{version}”"),
                    "a version of which there is a release; adopt one that is older than Pilothouse",
                ));
            }
            Ok(vec![Event::Deployed { version, outcome, url, against: given.unmet.to_vec() }])
        }
        Command::Connect(connection) => {
            given.by.require(Permission::Administer, "connect environments")?;
            unlocked(state)?;
            Ok(vec![Event::Connected(connection)])
        }
        Command::Disconnect { reason } => {
            given.by.require(Permission::Administer, "disconnect environments")?;
            unlocked(state)?;
            let reason = text::required("reason", &reason, LONGEST_REASON)?;
            Ok(state.connection.is_some().then_some(Event::Disconnected { reason }).into_iter().collect())
        }
        Command::Watch(mut watching) => {
            given.by.require(Permission::Administer, "connect monitors")?;
            unlocked(state)?;
            watching.kind = watching::kind(&watching.kind)?;
            Ok(vec![Event::Watched(watching)])
        }
        Command::Unwatch { kind, reason } => {
            given.by.require(Permission::Administer, "disconnect monitors")?;
            unlocked(state)?;
            let reason = text::required("reason", &reason, LONGEST_REASON)?;
            let there = state.monitors.contains_key(&kind);
            Ok(there.then_some(Event::Unwatched { kind, reason }).into_iter().collect())
        }
        // Neither waits for a rollout to end: that is what they are for.
        Command::Raise(alarm) => {
            let alarm = alarm::raised(state, *alarm, given.by, given.triggers)?;
            let same = state.alarms.get(&alarm.key).is_some_and(|raised| raised.alarm == alarm);
            Ok(if same { vec![] } else { vec![Event::Raised(Box::new(alarm))] })
        }
        Command::Clear { key, reason } => {
            let key = alarm::cleared(state, &key, given.by)?;
            let reason = text::required("reason", &reason, LONGEST_REASON)?;
            Ok(key.map(|key| Event::Cleared { key, reason }).into_iter().collect())
        }
        Command::Resume { reason } => {
            given.by.require(Permission::Promote, "let releases come in again")?;
            let reason = text::required("reason", &reason, LONGEST_REASON)?;
            unlocked(state)?;
            Ok(state.hold.is_some().then_some(Event::Resumed { reason }).into_iter().collect())
        }
        Command::Saw { drift } => {
            if given.by.actor != Actor::System {
                return Err(Refusal::forbidden("Only Pilothouse itself says what it saw.", "Nobody"));
            }
            let same = state.drift.as_ref().map(|drift| &drift.found) == drift.as_ref();
            Ok(if same || state.lock.is_some() { vec![] } else { vec![Event::Drifted { found: drift }] })
        }
    }
}

/// While a rollout is under way, what it rests on stays as it is.
fn unlocked(state: &Environment) -> Result<(), Refusal> {
    match state.lock {
        None => Ok(()),
        Some(rollout) => Err(Refusal {
            who_can_help: Some("Whoever leads the rollout".to_owned()),
            ..Refusal::conflict(
                format!("A rollout is under way in {}.", state.id),
                "no rollout under way",
                format!("rollout {rollout}"),
            )
        }),
    }
}
