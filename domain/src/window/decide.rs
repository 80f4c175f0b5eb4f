//! What may be set in a calendar, and by whom.

use super::{Command, Event, Windows};
use crate::{
    Refusal,
    access::{Authority, Permission},
    calendar::Rule,
    person::Reach,
    text,
};

/// The most rules that one product, or everywhere, has beside the playbook's.
pub const MOST_RULES_SET: usize = 200;
const LONGEST_REASON: usize = 500;

/// Events that follow from `command`, or why not. `fits` knows zones and the rules of the playbook: it refuses a rule
/// that never happens or whose id is taken elsewhere.
pub fn decide(
    state: &Windows,
    reach: &Reach,
    command: Command,
    by: &Authority,
    fits: impl Fn(&Rule) -> Result<(), Refusal>,
) -> Result<Vec<Event>, Refusal> {
    let what = match &command {
        Command::SaveRule { .. } => "set rules of the calendar",
        Command::RemoveRule { .. } => "remove rules of the calendar",
        Command::SetRotation { .. } | Command::OverrideTurn { .. } => "say whose turn it is",
    };
    may_set(reach, by, what)?;
    match command {
        Command::SaveRule { rule, reason } => {
            let reason = text::required("reason", &reason, LONGEST_REASON)?;
            fits(&rule)?;
            if state.rules.len() >= MOST_RULES_SET && !state.rules.contains_key(rule.id()) {
                let found = format!("{} rules", state.rules.len());
                return Err(Refusal::invalid("rules", found, format!("at most {MOST_RULES_SET}: remove one first")));
            }
            let same = state.rules.get(rule.id()).is_some_and(|saved| saved.rule == *rule);
            Ok(if same { vec![] } else { vec![Event::RuleSaved { rule, reason }] })
        }
        Command::RemoveRule { rule, reason } => {
            if !state.rules.contains_key(&rule) {
                return Err(Refusal::not_found("rule of the calendar with this id"));
            }
            let reason = text::required("reason", &reason, LONGEST_REASON)?;
            Ok(vec![Event::RuleRemoved { rule, reason }])
        }
        Command::SetRotation { rotation } => {
            let same = state.rotations.get(rotation.id()) == Some(&rotation);
            Ok(if same { vec![] } else { vec![Event::RotationSet { rotation }] })
        }
        Command::OverrideTurn { rotation, turn, reason } => {
            let set = state.rotations.get(&rotation).ok_or_else(|| Refusal::not_found("rotation with this name"))?;
            let reason = text::required("reason", &reason, LONGEST_REASON)?;
            set.clone().overridden(turn.clone())?;
            Ok(vec![Event::TurnOverridden { rotation, turn, reason }])
        }
    }
}

/// On a product whoever promotes there or administers; everywhere whoever administers.
pub fn may_set(reach: &Reach, by: &Authority, to: &str) -> Result<(), Refusal> {
    match reach {
        Reach::Everywhere => by.require(Permission::Administer, &format!("{to} everywhere")),
        Reach::Product(_) if by.may(Permission::Administer) => Ok(()),
        Reach::Product(product) => by.require(Permission::Promote, to).map_err(|no| Refusal {
            who_can_help: Some(format!("A release captain of {product}, or an administrator,")),
            ..no
        }),
    }
}
