//! What can be asked concerning a release.

use super::{Artifact, Numbering, Verdict};
use crate::{
    digest::Digest,
    slug::{EnvName, RoleId, TypeId},
};
use serde_json::{Map, Value};

/// A new release; its number, and with it its stream, is chosen where the order of events is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Create {
    pub numbering: Numbering,
    pub kind: Option<TypeId>,
    pub title: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Edit {
        title: Option<String>,
        artifacts: Option<Vec<Artifact>>,
        plan: Option<Map<String, Value>>,
        flags: Option<Map<String, Value>>,
        /// What the editor was looking at, where they say so.
        seen: Option<Digest>,
    },
    RequestApproval,
    Decide(Decision),
    Cancel {
        reason: String,
    },
}

/// An approval or a rejection of exactly what was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub role: RoleId,
    pub env: EnvName,
    pub verdict: Verdict,
    pub seen: Digest,
    pub comment: String,
}
