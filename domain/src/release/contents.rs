//! What a release holds, and the digest over it: everything that an approval is bound to.

use super::{Bump, Version};
use crate::{
    digest::{self, Digest, Parts},
    playbook::{Condition, Requirement, Revision},
    slug::{PlaybookName, TypeId},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What its authors say it is or is not; what they say nothing about is unknown.
pub type Traits = BTreeMap<Condition, bool>;

/// Something built, known by its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Artifact {
    pub name: String,
    pub digest: String,
}

/// One change that the release brings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub id: String,
    pub description: String,
}

/// All that a release is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    pub version: Version,
    pub kind: TypeId,
    pub bump: Bump,
    pub title: String,
    #[serde(default)]
    pub artifacts: Vec<Artifact>,
    #[serde(default)]
    pub changes: Vec<Change>,
    pub playbook: PlaybookName,
    pub playbook_revision: Revision,
    /// Who must approve, by the playbook's revision above.
    pub approvals_needed: Vec<Requirement>,
    /// How it will be rolled out.
    #[serde(default)]
    pub plan: Map<String, Value>,
    /// Which feature flags change with it.
    #[serde(default)]
    pub flags: Map<String, Value>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub traits: Traits,
}

impl Contents {
    /// The hash of each named part.
    pub fn parts(&self) -> Parts {
        let mut parts: Parts = [
            ("version", digest::part(&self.version)),
            ("kind", digest::part(&self.kind)),
            ("title", digest::part(&self.title)),
            ("artifacts", digest::part(&self.artifacts)),
            ("changes", digest::part(&self.changes)),
            ("playbook", digest::part(&(&self.playbook, self.playbook_revision, &self.approvals_needed))),
            ("plan", digest::part(&self.plan)),
            ("flags", digest::part(&self.flags)),
        ]
        .into_iter()
        .map(|(name, hash)| (name.to_owned(), hash))
        .collect();
        // Absent from releases that say nothing, as from those of before there were any.
        if !self.traits.is_empty() {
            parts.insert("traits".to_owned(), digest::part(&self.traits));
        }
        parts
    }

    pub fn digest(&self) -> Digest {
        Digest::of(&self.parts())
    }
}
