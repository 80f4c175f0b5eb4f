//! Publishing a playbook makes a revision, kept whole in the record: releases stay on the one they were created with.

use super::{Playbook, Revision, parse};
use crate::{Class, Refusal, Timestamp, access::Actor, person::PersonId};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum Event {
    Published { revision: Revision, text: String },
}

/// One revision: what it says, and the text that says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    pub revision: Revision,
    #[serde(with = "shared")]
    pub playbook: Arc<Playbook>,
    #[serde(with = "shared")]
    pub text: Arc<str>,
    /// Nobody: it came with the product.
    pub by: Option<PersonId>,
    pub at: Timestamp,
}

/// All revisions of one playbook, newest last; cheap to copy.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Published {
    pub revisions: Vec<Edition>,
}

impl Published {
    pub fn newest(&self) -> Option<&Edition> {
        self.revisions.last()
    }

    pub fn edition(&self, revision: Revision) -> Option<&Edition> {
        self.revisions.iter().find(|edition| edition.revision == revision)
    }

    pub fn at(&self, revision: Revision) -> Option<&Playbook> {
        self.edition(revision).map(|edition| edition.playbook.as_ref())
    }

    /// The number that the next revision gets.
    pub fn next(&self) -> Revision {
        Revision(self.newest().map_or(1, |newest| newest.revision.0 + 1))
    }

    /// The event that publishes `text`, or none when the newest revision is just that.
    pub fn publish(&self, text: &str) -> Option<Event> {
        let news = self.newest().is_none_or(|newest| &*newest.text != text);
        news.then(|| Event::Published { revision: self.next(), text: text.to_owned() })
    }

    /// Whether the text that ships with the product should be published: not over the work of people, and never twice.
    pub fn wants_shipped(&self, text: &str) -> bool {
        let by_people = self.newest().is_some_and(|newest| newest.by.is_some());
        !by_people && self.newest().is_none_or(|newest| &*newest.text != text)
    }

    /// The revisions there are, for sentences.
    pub fn known(&self) -> String {
        let all: Vec<String> = self.revisions.iter().map(|edition| edition.revision.to_string()).collect();
        all.join(", ")
    }
}

/// The state after `event`; fails on a text that no longer parses.
pub fn evolve(mut state: Published, event: &Event, actor: Actor, at: Timestamp) -> Result<Published, Refusal> {
    let Event::Published { revision, text } = event;
    let playbook = parse(text).map_err(|faults| {
        let all: Vec<String> = faults.iter().map(ToString::to_string).collect();
        Refusal::new(
            Class::Unavailable,
            format!("Revision {revision} of a recorded playbook cannot be read: {}", all.join("; ")),
        )
    })?;
    state.revisions.push(Edition {
        revision: *revision,
        playbook: Arc::new(playbook),
        text: text.as_str().into(),
        by: actor.person(),
        at,
    });
    Ok(state)
}

/// What many hold is stored as what it is.
mod shared {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::sync::Arc;

    pub(super) fn serialize<T: Serialize + ?Sized, S: Serializer>(held: &Arc<T>, to: S) -> Result<S::Ok, S::Error> {
        held.as_ref().serialize(to)
    }

    pub(super) fn deserialize<'de, T: ?Sized, D: Deserializer<'de>>(from: D) -> Result<Arc<T>, D::Error>
    where
        Box<T>: Deserialize<'de>,
    {
        Box::<T>::deserialize(from).map(Arc::from)
    }
}
