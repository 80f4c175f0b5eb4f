//! Publishing a playbook makes a revision, kept whole in the record: releases stay on the one they were created with.

use super::{Playbook, Revision, parse};
use crate::{Class, Refusal, digest::sha256_hex};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum Event {
    Published { revision: Revision, text: String },
}

/// All revisions of one playbook, newest last.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Published {
    pub revisions: Vec<(Revision, Playbook)>,
    pub newest_text_hash: String,
}

impl Published {
    pub fn newest(&self) -> Option<&(Revision, Playbook)> {
        self.revisions.last()
    }

    pub fn at(&self, revision: Revision) -> Option<&Playbook> {
        self.revisions.iter().find(|(r, _)| *r == revision).map(|(_, playbook)| playbook)
    }

    /// The event that publishes `text`, or none when the newest revision is just that.
    pub fn publish(&self, text: &str) -> Option<Event> {
        let next = self.newest().map_or(1, |(revision, _)| revision.0 + 1);
        let news = self.newest_text_hash != sha256_hex(text.as_bytes());
        news.then(|| Event::Published { revision: Revision(next), text: text.to_owned() })
    }
}

/// The state after `event`; fails on a text that no longer parses.
pub fn evolve(mut state: Published, event: &Event) -> Result<Published, Refusal> {
    let Event::Published { revision, text } = event;
    let playbook = parse(text).map_err(|faults| {
        let all: Vec<String> = faults.iter().map(ToString::to_string).collect();
        Refusal::new(
            Class::Unavailable,
            format!("Revision {revision} of a recorded playbook cannot be read: {}", all.join("; ")),
        )
    })?;
    state.revisions.push((*revision, playbook));
    state.newest_text_hash = sha256_hex(text.as_bytes());
    Ok(state)
}
