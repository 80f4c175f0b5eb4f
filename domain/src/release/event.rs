//! What can have happened to a release.

use super::{Artifact, Contents, Verdict};
use crate::{
    digest::Digest,
    person::PersonId,
    slug::{EnvName, RoleId},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum Event {
    Created {
        contents: Contents,
        digest: Digest,
    },
    /// Only what changed is given; `digest` is that of everything afterwards.
    Edited {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        artifacts: Option<Vec<Artifact>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plan: Option<Map<String, Value>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        flags: Option<Map<String, Value>>,
        changed: Vec<String>,
        digest: Digest,
    },
    ApprovalRequested {
        digest: Digest,
    },
    Decided {
        role: RoleId,
        env: EnvName,
        verdict: Verdict,
        digest: Digest,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        comment: String,
        /// The absent holder of the role, when a stand-in decided.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        for_absent: Option<PersonId>,
    },
    Cancelled {
        reason: String,
    },
}
