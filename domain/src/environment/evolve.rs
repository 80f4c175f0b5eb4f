//! How an environment follows from what happened.

use super::{Attempt, Drift, Environment, EnvironmentId, Event, Held, Outcome, Raised, Run};
use crate::{
    Timestamp,
    access::Actor,
    release::Version,
    rollout::{self, End, Purpose, Rollout},
};

/// How many runs and attempts are kept at hand; the record has them all.
const MOST_KEPT: usize = 60;

pub fn evolve(
    id: &EnvironmentId,
    state: Option<Environment>,
    event: &Event,
    actor: Actor,
    at: Timestamp,
) -> Environment {
    let mut environment = state.unwrap_or_else(|| Environment::new(id.clone()));
    match event {
        Event::Adopted { version } => runs(&mut environment, version, at),
        Event::Deployed { version, outcome, url, against } => {
            environment.attempts.push(Attempt {
                version: version.clone(),
                outcome: *outcome,
                at,
                by: actor.person(),
                url: url.clone(),
                against: against.clone(),
            });
            if *outcome == Outcome::Succeeded {
                runs(&mut environment, version, at);
            }
        }
        Event::Connected(connection) => environment.connection = Some(connection.as_ref().clone()),
        Event::Disconnected { .. } => environment.connection = None,
        Event::Resumed { .. } => environment.hold = None,
        Event::Drifted { found } => {
            environment.drift = found.clone().map(|found| Drift { at, found });
        }
        Event::Watched(watching) => {
            environment.monitors.insert(watching.kind.clone(), watching.as_ref().clone());
        }
        Event::Unwatched { kind, .. } => {
            environment.monitors.remove(kind);
            // Nobody would say any more that those it raised are over.
            let its = format!("{kind}:");
            environment.alarms.retain(|key, raised| raised.by.is_some() || !key.starts_with(&its));
        }
        Event::Raised(alarm) => {
            let raised = Raised { alarm: alarm.as_ref().clone(), at, by: actor.person() };
            environment.alarms.insert(alarm.key.clone(), raised);
        }
        Event::Cleared { key, .. } => drop(environment.alarms.remove(key)),
    }
    forget_old(&mut environment);
    environment
}

/// The same for what happened to a rollout there; `rollout` is what it has become by it.
pub fn follow(
    state: Option<Environment>,
    event: &rollout::Event,
    rollout: &Rollout,
    actor: Actor,
    at: Timestamp,
) -> Environment {
    let mut environment = state.unwrap_or_else(|| Environment::new(rollout.place.clone()));
    let held = |reason: &str| Some(Held { at, reason: reason.to_owned(), rollout: rollout.id });
    match event {
        rollout::Event::Started { id, purpose, reason, version, .. } => {
            environment.lock = Some(*id);
            environment.rollouts.push(*id);
            if *purpose == Purpose::Rollback {
                environment.hold = held(&told(&format!("it went back to {version}"), reason));
            }
        }
        rollout::Event::TurnedBack { reason, .. } => {
            environment.hold = held(&told(&format!("{} was taken back", rollout.version), reason));
        }
        rollout::Event::StepEnded { .. } | rollout::Event::Resolved { .. } => {
            if let Some(version) = rollout.brought() {
                runs(&mut environment, version, at);
                environment.drift = None;
            }
        }
        rollout::Event::Ended { id, end } => {
            if environment.lock == Some(*id) {
                environment.lock = None;
            }
            if matches!(end, End::Live | End::RolledBack) {
                environment.live = Some(*id);
            }
            if rollout.purpose == Purpose::Promotion {
                let outcome = if *end == End::Live { Outcome::Succeeded } else { Outcome::Failed };
                environment.attempts.push(Attempt {
                    version: rollout.version.clone(),
                    outcome,
                    at,
                    by: rollout.started_by.or(actor.person()),
                    url: None,
                    against: Vec::new(),
                });
            }
        }
        _ => {}
    }
    forget_old(&mut environment);
    environment
}

fn told(what: &str, reason: &str) -> String {
    if reason.is_empty() { what.to_owned() } else { format!("{what} ({reason})") }
}

fn forget_old(environment: &mut Environment) {
    forget(&mut environment.runs);
    forget(&mut environment.attempts);
    forget(&mut environment.rollouts);
}

fn runs(environment: &mut Environment, version: &Version, at: Timestamp) {
    if environment.running().is_some_and(|run| &run.version == version) {
        return;
    }
    if let Some(before) = environment.runs.last_mut().filter(|run| run.until.is_none()) {
        before.until = Some(at);
    }
    environment.runs.push(Run { version: version.clone(), since: at, until: None });
}

fn forget<T>(list: &mut Vec<T>) {
    let surplus = list.len().saturating_sub(MOST_KEPT);
    list.drain(..surplus);
}
