//! One release as its page holds it: the release itself, so that live events apply with the code that decides.

use crate::{components::Tone, live::Heard};
use domain::{
    Timestamp,
    access::{Actor, Authority, HeldRole, Permissions},
    journal::Seq,
    person::PersonId,
    release::{Event, Release, Verdict, Version, evolve},
    slug::RoleId,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseView {
    pub release: Release,
    /// How many events are in it; the next live one must be this plus one.
    pub version: u64,
    pub seq: Seq,
    pub rights: Rights,
    /// Names by id; somebody unknown makes the page ask again.
    pub names: BTreeMap<String, String>,
    pub product_name: String,
    pub kind_title: String,
    /// The approved version before this one.
    pub before: Option<Version>,
    /// The newest first.
    pub events: Vec<Line>,
    pub earlier_events: bool,
}

impl ReleaseView {
    pub fn knows(&self, person: PersonId) -> bool {
        self.names.contains_key(&person.to_string())
    }

    /// Takes a live event over and says what happened. None when the page has to be read anew: something is missing or
    /// not known here.
    pub fn apply(&mut self, heard: &Heard) -> Option<String> {
        let event = heard.of_release()?;
        let Heard { version, at, actor, seq, .. } = *heard;
        let told = line(seq, at, actor, &event);
        if version > self.version {
            if version != self.version + 1 || actor.person().is_some_and(|person| !self.knows(person)) {
                return None;
            }
            let id = self.release.id.clone();
            self.release = evolve(&id, Some(self.release.clone()), &event, actor, at).ok()?;
            (self.version, self.seq) = (version, seq);
            self.events.insert(0, told.clone());
        }
        Some(format!("{} {}.", self.actor(actor), told.what))
    }

    pub fn name(&self, person: PersonId) -> String {
        self.names.get(&person.to_string()).cloned().unwrap_or_else(|| "somebody new".to_owned())
    }

    pub fn actor(&self, actor: Actor) -> String {
        match actor.person() {
            None => "Pilothouse".to_owned(),
            Some(person) if actor.token().is_some() => format!("{} (by token)", self.name(person)),
            Some(person) => self.name(person),
        }
    }
}

/// What the reader may do here, as it travels; the browser asks `domain` the same questions with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rights {
    pub actor: Actor,
    pub roles: Vec<(RoleId, Option<PersonId>)>,
    pub permissions: Permissions,
}

impl From<&Authority> for Rights {
    fn from(by: &Authority) -> Self {
        let roles = by.roles.iter().map(|held| (held.role.clone(), held.for_absent)).collect();
        Self { actor: by.actor, roles, permissions: by.permissions.clone() }
    }
}

impl Rights {
    /// Pages are read with a session, never with a token: nobody else issued what the reader signed in with.
    pub fn authority(&self) -> Authority {
        let held =
            |(role, for_absent): &(RoleId, Option<PersonId>)| HeldRole { role: role.clone(), for_absent: *for_absent };
        Authority {
            actor: self.actor,
            roles: self.roles.iter().map(held).collect(),
            permissions: self.permissions.clone(),
            token_issuer: None,
        }
    }
}

/// One event as the timeline tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub seq: Seq,
    pub at: Timestamp,
    pub actor: Actor,
    /// Follows the name: “approved as product manager”.
    pub what: String,
    /// Their own words, if any.
    pub words: String,
    /// The class that carries the colour.
    pub tone: Tone,
}

/// Tells an event; the browser uses it for live ones.
pub fn line(seq: Seq, at: Timestamp, actor: Actor, event: &Event) -> Line {
    let (what, words, tone) = told(event);
    Line { seq, at, actor, what, words, tone }
}

fn told(event: &Event) -> (String, String, Tone) {
    match event {
        Event::Created { contents, .. } => (format!("created {}", contents.version), String::new(), Tone::Planned),
        Event::Edited { changed, .. } => (format!("changed {}", changed.join(", ")), String::new(), Tone::Running),
        Event::ApprovalRequested { .. } => ("asked for approval".to_owned(), String::new(), Tone::Waits),
        Event::Decided { role, verdict, comment, .. } => {
            let (word, tone) = match verdict {
                Verdict::Approve => ("approved", Tone::Passed),
                Verdict::Reject => ("rejected", Tone::Failed),
            };
            (format!("{word} as {}", role.words()), comment.clone(), tone)
        }
        Event::Cancelled { reason } => ("cancelled the release".to_owned(), reason.clone(), Tone::Planned),
    }
}
