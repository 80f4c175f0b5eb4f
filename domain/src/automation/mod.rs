//! The one switch that stops all automation, of a product or everywhere: nothing starts and nothing goes on by itself
//! until somebody lifts it. The way back goes on all the same.

use crate::{
    Refusal, Timestamp,
    access::{Actor, Authority},
    person::{PersonId, Reach},
    text,
    window::may_set,
};
use serde::{Deserialize, Serialize};

const LONGEST_REASON: usize = 500;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Stop { reason: String },
    Lift { reason: String },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum Event {
    Stopped { reason: String },
    Lifted { reason: String },
}

/// Why and since when it is stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stopped {
    pub reason: String,
    pub at: Timestamp,
    pub by: Option<PersonId>,
}

/// On a product whoever promotes there or administers; everywhere whoever administers.
pub fn decide(state: Option<&Stopped>, reach: &Reach, command: Command, by: &Authority) -> Result<Vec<Event>, Refusal> {
    may_set(reach, by, "stop automation or let it go on")?;
    Ok(match command {
        Command::Stop { reason } => {
            let reason = text::required("reason", &reason, LONGEST_REASON)?;
            if state.is_some_and(|stopped| stopped.reason == reason) { vec![] } else { vec![Event::Stopped { reason }] }
        }
        Command::Lift { reason } => {
            let reason = text::required("reason", &reason, LONGEST_REASON)?;
            if state.is_some() { vec![Event::Lifted { reason }] } else { vec![] }
        }
    })
}

pub fn evolve(event: &Event, actor: Actor, at: Timestamp) -> Option<Stopped> {
    match event {
        Event::Stopped { reason } => Some(Stopped { reason: reason.clone(), at, by: actor.person() }),
        Event::Lifted { .. } => None,
    }
}
