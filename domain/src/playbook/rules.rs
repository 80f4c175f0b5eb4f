//! What a playbook says.

use crate::{
    access::Permission,
    release::Bump,
    slug::{EnvName, PlaybookName, RoleId, TypeId},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Counts up with each publication of the same playbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(pub u32);

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Playbook {
    pub name: PlaybookName,
    pub title: String,
    pub summary: String,
    #[serde(rename = "environment")]
    pub environments: Vec<Environment>,
    #[serde(rename = "role")]
    pub roles: Vec<Role>,
    #[serde(rename = "type")]
    pub types: Vec<ReleaseType>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Environment {
    pub name: EnvName,
    pub purpose: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    pub id: RoleId,
    pub title: String,
    pub duty: String,
    #[serde(default)]
    pub permissions: Vec<Permission>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleaseType {
    pub id: TypeId,
    pub title: String,
    /// When this type is the right one.
    pub when: String,
    /// Which part of the version number it raises.
    pub bump: Bump,
    /// The type that a bump chooses when none is named.
    #[serde(default)]
    pub default_for_bump: bool,
    /// Who must approve before production: all of these.
    #[serde(default)]
    pub approvals: Vec<Requirement>,
}

/// So many holders of a role must approve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    pub role: RoleId,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub count: u8,
}

fn one() -> u8 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_one(count: &u8) -> bool {
    *count == 1
}

impl Playbook {
    /// The type asked for, or the one that belongs to the bump.
    pub fn type_for(&self, kind: Option<&TypeId>, bump: Bump) -> Option<&ReleaseType> {
        match kind {
            Some(id) => self.types.iter().find(|t| &t.id == id),
            None => self
                .types
                .iter()
                .find(|t| t.bump == bump && t.default_for_bump)
                .or_else(|| self.types.iter().find(|t| t.bump == bump)),
        }
    }

    pub fn has_environment(&self, name: &EnvName) -> bool {
        self.environments.iter().any(|e| &e.name == name)
    }
}
