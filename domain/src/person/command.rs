//! What can be asked concerning a person.

use super::{Grant, Nature, StandIn, TokenId};
use crate::{Timestamp, access::TokenScope};
use std::collections::BTreeSet;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Add {
        nature: Nature,
        grants: BTreeSet<Grant>,
        link_expires_at: Option<Timestamp>,
    },
    /// The first administrator, by the set-up link.
    SetUp,
    /// Name or address, written beside the record.
    Correct,
    GrantRole(Grant),
    RevokeRole(Grant),
    NameStandIn(StandIn),
    WithdrawStandIn {
        grant: Grant,
        substitute: super::PersonId,
    },
    IssueLink {
        expires_at: Timestamp,
    },
    /// With a one-time link in hand: the link is checked and used up in the same transaction.
    SetPassword,
    IssueToken {
        token: TokenId,
        scopes: BTreeSet<TokenScope>,
        expires_at: Option<Timestamp>,
    },
    RevokeToken {
        token: TokenId,
    },
    Disable {
        reason: String,
    },
    Enable,
    Erase,
}
