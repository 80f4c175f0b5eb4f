//! How what is set follows from what happened.

use super::{Event, SavedRule, Windows};
use crate::{Class, Refusal, Timestamp, access::Actor, calendar::Rule};

/// The state after `event`; fails on an override that does not fit its rotation.
pub fn evolve(mut state: Windows, event: &Event, by: Actor, at: Timestamp) -> Result<Windows, Refusal> {
    match event {
        Event::RuleSaved { rule, reason } => {
            let saved = SavedRule { rule: Rule::clone(rule), by, at, reason: reason.clone() };
            state.rules.insert(rule.id().clone(), saved);
        }
        Event::RuleRemoved { rule, .. } => drop(state.rules.remove(rule)),
        Event::RotationSet { rotation } => {
            state.rotations.insert(rotation.id().clone(), rotation.clone());
        }
        Event::TurnOverridden { rotation, turn, .. } => {
            let set = state.rotations.get(rotation).ok_or_else(|| {
                Refusal::new(Class::Unavailable, format!("The rotation “{rotation}” of a recorded turn is missing."))
            })?;
            let with = set.clone().overridden(turn.clone())?;
            state.rotations.insert(rotation.clone(), with);
        }
    }
    Ok(state)
}
