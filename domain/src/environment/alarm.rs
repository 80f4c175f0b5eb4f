//! An alarm that fires in an environment: an alert of a monitoring system, or what the team's own check says.

use super::Environment;
use crate::{
    Refusal, Timestamp,
    access::{Actor, Authority, Permission},
    person::PersonId,
    playbook::{Observation, PartId},
    text,
};
use serde::{Deserialize, Serialize};

/// No environment has more at a time.
pub const MOST_ALARMS: usize = 100;
/// Keys that begin so belong to what monitoring systems send.
pub const MONITORING: &str = "alertmanager:";

const LONGEST_KEY: usize = 100;
const LONGEST_NAME: usize = 200;
const LONGEST_WORDS: usize = 1_000;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// The same for the same alarm, however often it is told.
    pub key: String,
    pub name: String,
    pub critical: bool,
    /// The playbook's trigger that it meets; a critical one without meets that of any critical alert.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<PartId>,
    /// What it says, for people.
    #[serde(default)]
    pub said: String,
}

/// An alarm that fires now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raised {
    pub alarm: Alarm,
    /// Since when it says what it says.
    pub at: Timestamp,
    /// None: a monitoring system.
    pub by: Option<PersonId>,
}

/// The alarm with its texts trimmed, if it may be raised there.
pub(super) fn raised(
    state: &Environment,
    mut alarm: Alarm,
    by: &Authority,
    triggers: &[Observation],
) -> Result<Alarm, Refusal> {
    by.require(Permission::Author, "raise alarms")?;
    alarm.key = key(&alarm.key)?;
    if by.actor != Actor::System && alarm.key.starts_with(MONITORING) {
        let allowed = format!("a key that does not begin with {MONITORING}: those are for monitoring systems");
        return Err(Refusal::invalid("key", format!("“{}”", alarm.key), allowed));
    }
    alarm.name = text::required("name", &alarm.name, LONGEST_NAME)?;
    alarm.said = text::bounded("said", &alarm.said, LONGEST_WORDS)?;
    let known = text::either(&triggers.iter().map(|trigger| trigger.id.as_str()).collect::<Vec<_>>());
    let known = if known.is_empty() { "none: the playbook has no triggers".to_owned() } else { known };
    match &alarm.trigger {
        Some(trigger) if triggers.iter().all(|known| known.id != *trigger) => {
            return Err(Refusal::invalid("trigger", format!("“{trigger}”"), known));
        }
        None if !alarm.critical => {
            return Err(Refusal::invalid("trigger", "nothing", format!("{known}; or an alarm that is critical")));
        }
        _ => {}
    }
    if state.alarms.len() >= MOST_ALARMS && !state.alarms.contains_key(&alarm.key) {
        return Err(Refusal {
            who_can_help: Some("Whoever clears those that are over".to_owned()),
            ..Refusal::conflict(
                format!("{MOST_ALARMS} alarms fire in {} already.", state.id),
                format!("fewer than {MOST_ALARMS}"),
                MOST_ALARMS.to_string(),
            )
        });
    }
    Ok(alarm)
}

/// The key of the alarm, if it may be cleared. What monitoring raised is not for everybody to silence.
pub(super) fn cleared(state: &Environment, wanted: &str, by: &Authority) -> Result<Option<String>, Refusal> {
    by.require(Permission::Author, "clear alarms")?;
    let wanted = key(wanted)?;
    let Some(raised) = state.alarms.get(&wanted) else { return Ok(None) };
    if raised.by.is_none() {
        by.require(Permission::Promote, "clear what a monitoring system raised")?;
    }
    Ok(Some(wanted))
}

fn key(text: &str) -> Result<String, Refusal> {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | ':');
    let length = text.chars().count();
    if (1..=LONGEST_KEY).contains(&length) && text.chars().all(good) {
        return Ok(text.to_owned());
    }
    let found: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
    let allowed = format!("1 to {LONGEST_KEY} of a–z, A–Z, 0–9, “.”, “_”, “-” and “:”");
    Err(Refusal::invalid("key", format!("“{found}”, {length} characters"), allowed))
}
