//! Why a driver could not do what it was asked, and what that means for a second try.

use serde::{Deserialize, Serialize};

/// Whether anything may have happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Nothing happened, and the same would come of a second try: the request is wrong or was declined.
    Declined,
    /// Nothing happened: the request never went out, or the other side said “not now”. A second try may succeed.
    NotDone,
    /// It may have happened: the reply is lost. Never tried again without asking.
    Unknown,
}

/// A task that did not succeed, or a question without an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{said}")]
pub struct Fault {
    pub certainty: Certainty,
    /// In words for people, without secrets.
    pub said: String,
}

impl Fault {
    pub fn declined(said: impl Into<String>) -> Self {
        Self { certainty: Certainty::Declined, said: said.into() }
    }

    pub fn not_done(said: impl Into<String>) -> Self {
        Self { certainty: Certainty::NotDone, said: said.into() }
    }

    pub fn unknown(said: impl Into<String>) -> Self {
        Self { certainty: Certainty::Unknown, said: said.into() }
    }
}
