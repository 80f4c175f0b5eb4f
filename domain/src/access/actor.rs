//! Who did it and by which way in. Written into every event as a short text of ids, never of names.

use crate::person::{PersonId, TokenId};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Via {
    /// Signed in with a browser.
    Session,
    /// An API token.
    Token(TokenId),
}

/// Who acts. The text form is `person:ID`, `person:ID/token:ID` or `system`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Actor {
    /// Pilothouse itself: set-up, bundled playbooks, time running out.
    System,
    Person(PersonId, Via),
}

impl Actor {
    pub fn person(self) -> Option<PersonId> {
        match self {
            Self::System => None,
            Self::Person(id, _) => Some(id),
        }
    }

    pub fn token(self) -> Option<TokenId> {
        match self {
            Self::Person(_, Via::Token(id)) => Some(id),
            _ => None,
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System => f.write_str("system"),
            Self::Person(id, Via::Session) => write!(f, "person:{id}"),
            Self::Person(id, Via::Token(token)) => write!(f, "person:{id}/token:{token}"),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” names no actor")]
pub struct NotAnActor(String);

impl FromStr for Actor {
    type Err = NotAnActor;
    fn from_str(text: &str) -> Result<Self, NotAnActor> {
        let wrong = || NotAnActor(text.to_owned());
        if text == "system" {
            return Ok(Self::System);
        }
        let rest = text.strip_prefix("person:").ok_or_else(wrong)?;
        match rest.split_once("/token:") {
            None => Ok(Self::Person(rest.parse().map_err(|_| wrong())?, Via::Session)),
            Some((person, token)) => {
                Ok(Self::Person(person.parse().map_err(|_| wrong())?, Via::Token(token.parse().map_err(|_| wrong())?)))
            }
        }
    }
}

impl TryFrom<String> for Actor {
    type Error = NotAnActor;
    fn try_from(text: String) -> Result<Self, NotAnActor> {
        text.parse()
    }
}

impl From<Actor> for String {
    fn from(actor: Actor) -> Self {
        actor.to_string()
    }
}
