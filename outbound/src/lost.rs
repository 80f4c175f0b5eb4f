//! Why there is no reply, and how far the request came.

use control::driver::{Certainty, Fault};
use std::error::Error;

use crate::addresses::{NotAllowed, Unresolved};

/// How far a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Nothing went out, for a reason on this side: an address that is not allowed or not known, no certificates.
    NotAsked,
    /// The other side could not be reached.
    NoConnection,
    /// It was asked, and its reply was lost.
    NoReply,
}

/// A request without a reply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{said}")]
pub struct Lost {
    pub stage: Stage,
    /// Whether it may have been carried out.
    pub certainty: Certainty,
    /// In words for people, of a question that changes nothing.
    pub said: String,
}

impl Lost {
    pub(crate) fn not_asked(certainty: Certainty, place: &str, why: impl std::fmt::Display) -> Self {
        Self { stage: Stage::NotAsked, certainty, said: format!("{place} was not asked: {why}.") }
    }

    pub(crate) fn reply(said: String) -> Self {
        Self { stage: Stage::NoReply, certainty: Certainty::Unknown, said }
    }

    /// What an error on the way means.
    pub(crate) fn of(place: &str, why: &reqwest::Error) -> Self {
        if let Some(refused) = found::<NotAllowed>(why) {
            return Self::not_asked(Certainty::Declined, place, refused);
        }
        if let Some(unresolved) = found::<Unresolved>(why) {
            return Self::not_asked(Certainty::NotDone, place, unresolved);
        }
        if why.is_builder() {
            let what = format!("the request could not be made ({})", cause(why));
            return Self::not_asked(Certainty::Declined, place, what);
        }
        if why.is_connect() {
            let what = if why.is_timeout() { "no connection in time".to_owned() } else { cause(why) };
            let said = format!("{place} cannot be reached: {what}.");
            return Self { stage: Stage::NoConnection, certainty: Certainty::NotDone, said };
        }
        let what = if why.is_timeout() { "no reply in time".to_owned() } else { cause(why) };
        Self::reply(format!("{place} was asked, but its reply was lost: {what}."))
    }
}

/// For a request that was to change something.
impl From<Lost> for Fault {
    fn from(lost: Lost) -> Self {
        let more = match lost.stage {
            Stage::NotAsked => "",
            Stage::NoConnection => " Nothing was sent.",
            Stage::NoReply => " It may have acted.",
        };
        Self { certainty: lost.certainty, said: format!("{}{more}", lost.said) }
    }
}

/// The last cause says most. It never holds the address, which the place says already.
pub(crate) fn cause(error: &(dyn Error + 'static)) -> String {
    match error.source() {
        Some(inner) => cause(inner),
        None => error.to_string(),
    }
}

fn found<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    error.downcast_ref().or_else(|| error.source().and_then(found))
}
