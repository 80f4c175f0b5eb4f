//! What is known of a person in the record.

use super::{PersonId, TokenId};
use crate::{
    Timestamp,
    access::TokenScope,
    slug::{ProductSlug, RoleId},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// A human being, or a machine account without a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    Human,
    Service,
}

/// Where a role counts: in one product or everywhere (`*`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Reach {
    Everywhere,
    Product(ProductSlug),
}

impl TryFrom<String> for Reach {
    type Error = crate::slug::NotASlug;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text == "*" { Ok(Self::Everywhere) } else { text.try_into().map(Self::Product) }
    }
}

impl From<Reach> for String {
    fn from(reach: Reach) -> Self {
        reach.to_string()
    }
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everywhere => f.write_str("*"),
            Self::Product(slug) => slug.fmt(f),
        }
    }
}

/// A role somewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Grant {
    #[serde(rename = "product")]
    pub reach: Reach,
    pub role: RoleId,
}

/// Someone who fills a role while its holder is away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandIn {
    pub grant: Grant,
    pub substitute: PersonId,
    pub from: Timestamp,
    pub until: Timestamp,
}

impl StandIn {
    pub fn covers(&self, now: Timestamp) -> bool {
        self.from <= now && now < self.until
    }
}

/// What the record knows of an API token; its hash lives in a table of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    pub issuer: PersonId,
    pub scopes: BTreeSet<TokenScope>,
    pub issued_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub revoked: bool,
}

impl Token {
    pub fn is_valid(&self, now: Timestamp) -> bool {
        !self.revoked && self.expires_at.is_none_or(|end| now < end)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: PersonId,
    pub nature: Nature,
    pub added_at: Timestamp,
    pub grants: BTreeSet<Grant>,
    pub stand_ins: Vec<StandIn>,
    pub tokens: BTreeMap<TokenId, Token>,
    pub disabled: bool,
    pub erased: bool,
}

impl Person {
    pub fn is_active(&self) -> bool {
        !self.disabled && !self.erased
    }

    pub fn is_administrator(&self) -> bool {
        self.is_active()
            && self.grants.iter().any(|g| g.reach == Reach::Everywhere && g.role == RoleId::administrator())
    }
}
