//! What can have happened to a person.

use super::{Grant, Nature, PersonId, StandIn, TokenId};
use crate::{Timestamp, access::TokenScope};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum Event {
    Added {
        nature: Nature,
    },
    /// Name or address was corrected; neither stands here.
    Corrected,
    RoleGranted(Grant),
    RoleRevoked(Grant),
    StandInNamed(StandIn),
    StandInWithdrawn {
        grant: Grant,
        substitute: PersonId,
    },
    /// A one-time link to set a password was made.
    LinkIssued {
        expires_at: Timestamp,
    },
    /// The person set a password; every session of theirs ended.
    PasswordSet,
    TokenIssued {
        token: TokenId,
        issuer: PersonId,
        scopes: BTreeSet<TokenScope>,
        expires_at: Option<Timestamp>,
    },
    TokenRevoked {
        token: TokenId,
    },
    Disabled {
        reason: String,
    },
    Enabled,
    /// Name, address and secrets are gone; decisions stay under the id.
    Erased,
}
