//! One release as its page holds it: the release itself, so that live events apply with the code that decides.

use crate::{
    components::{Standing, Tone},
    live::Heard,
};
use domain::{
    Timestamp,
    access::{Actor, Authority, HeldRole, Permissions},
    journal::Seq,
    person::PersonId,
    playbook::{ChecklistId, GateId, PartId},
    release::{Event, Mark, Release, State, Verdict, Version, evolve},
    slug::{EnvName, RoleId},
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
    /// What runs in production now.
    pub running: Option<Version>,
    /// The next environment and what is in the way.
    pub ahead: Option<Ahead>,
    /// The same for production.
    pub production: Option<Ahead>,
    /// What a rollback goes back to.
    pub rollback_target: Option<Version>,
    /// The name of its state as production has it: for those that only production gives. Costs the browser less to read
    /// than a state.
    pub moved: String,
}

/// The next environment of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ahead {
    pub env: EnvName,
    pub gates: usize,
    pub unmet: usize,
    /// Why the first of them is not met.
    pub first: String,
}

impl ReleaseView {
    pub fn state(&self) -> State {
        let moved = [State::Shipping, State::Live, State::Superseded].into_iter().find(|s| s.name() == self.moved);
        moved.unwrap_or_else(|| self.release.state())
    }

    pub fn standing(&self) -> Standing {
        Standing::of(&self.release, self.state())
    }

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
        Event::Decided { role, verdict, comment, gate, env, .. } => {
            let (word, tone) = match verdict {
                Verdict::Approve => ("approved", Tone::Passed),
                Verdict::Reject => ("rejected", Tone::Failed),
            };
            let about = gate.as_ref().map_or(String::new(), |gate| format!(" “{gate}” before {env}"));
            (format!("{word}{about} as {}", role.words()), comment.clone(), tone)
        }
        Event::Moved { revision, .. } => {
            (format!("moved it to revision {revision} of its playbook"), String::new(), Tone::Running)
        }
        Event::Cancelled { reason } => ("cancelled the release".to_owned(), reason.clone(), Tone::Planned),
        Event::Reported { report } => (format!("reported {}", report.words()), String::new(), Tone::Running),
        Event::Marked { list, item, mark } => marked(list, item, mark),
        Event::Held { env, reason, .. } => (format!("asked for more time before {env}"), reason.clone(), Tone::Waits),
        Event::Lifted { hold, reason } => (format!("released hold {hold}"), reason.clone(), Tone::Running),
        Event::GlassBroken { env, gates, reason, .. } => {
            let gates: Vec<&str> = gates.iter().map(GateId::as_str).collect();
            (format!("broke glass before {env}: waived {}", gates.join(", ")), reason.clone(), Tone::Failed)
        }
        Event::SetAside { gate, reason: Some(reason) } => {
            (format!("said that “{gate}” does not concern it"), reason.clone(), Tone::Planned)
        }
        Event::SetAside { gate, reason: None } => {
            (format!("said that “{gate}” concerns it after all"), String::new(), Tone::Running)
        }
        Event::Sent { message, .. } => (format!("sent the message “{message}”"), String::new(), Tone::Passed),
        Event::Planned { at: Some(at) } => {
            (format!("planned it for {}", at.format("%-d %B %Y %H:%M UTC")), String::new(), Tone::Running)
        }
        Event::Planned { at: None } => ("took back the planned time".to_owned(), String::new(), Tone::Planned),
    }
}

fn marked(list: &ChecklistId, item: &PartId, mark: &Mark) -> (String, String, Tone) {
    let (word, words, tone) = match mark {
        Mark::Open => ("opened again", String::new(), Tone::Running),
        Mark::Done { evidence } => ("ticked", evidence.clone().unwrap_or_default(), Tone::Passed),
        Mark::NotApplicable { reason } => ("set aside", reason.clone(), Tone::Planned),
    };
    (format!("{word} “{item}” of {list}"), words, tone)
}
