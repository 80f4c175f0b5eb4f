//! How an environment follows from what happened.

use super::{Attempt, Environment, EnvironmentId, Event, Outcome, Run};
use crate::{Timestamp, access::Actor, release::Version};

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
    }
    forget(&mut environment.runs);
    forget(&mut environment.attempts);
    environment
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
