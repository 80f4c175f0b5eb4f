//! What can be asked concerning an environment.

use super::{Alarm, Connection, Outcome, Watching};
use crate::release::Version;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// What already runs there is taken as it is.
    Adopt {
        version: Version,
    },
    /// A deployment that somebody else's tool carried out.
    Report {
        version: Version,
        outcome: Outcome,
        url: Option<String>,
    },
    /// From now on this driver moves versions and traffic there.
    Connect(Box<Connection>),
    Disconnect {
        reason: String,
    },
    /// From now on this monitor measures there.
    Watch(Box<Watching>),
    Unwatch {
        kind: String,
        reason: String,
    },
    /// This alarm fires there now.
    Raise(Box<Alarm>),
    /// It does not any more.
    Clear {
        key: String,
        reason: String,
    },
    /// After a way back: releases may come in again.
    Resume {
        reason: String,
    },
    /// By Pilothouse itself: what it saw there is not what it brought there; none when it is again.
    Saw {
        drift: Option<String>,
    },
}
