//! What can have happened to a release.
//!
//! A browser does not decode what is put on a release without changing what it is (`skip_deserializing`): the page reads anew
//! instead, and a first visit downloads that much less.

use super::{Artifact, Contents, Mark, Report, Traits, Verdict};
use crate::{
    Timestamp,
    digest::Digest,
    person::PersonId,
    playbook::{ChannelId, ChecklistId, GateId, MessageId, PartId, Requirement, Revision},
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
        #[serde(default, skip_serializing_if = "Option::is_none")]
        traits: Option<Traits>,
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
        /// The gate whose question it answers; the approval of the release itself when left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        gate: Option<GateId>,
    },
    Cancelled {
        reason: String,
    },
    #[cfg_attr(target_arch = "wasm32", serde(skip_deserializing))]
    Reported {
        report: Report,
    },
    #[cfg_attr(target_arch = "wasm32", serde(skip_deserializing))]
    Marked {
        list: ChecklistId,
        item: PartId,
        mark: Mark,
    },
    #[cfg_attr(target_arch = "wasm32", serde(skip_deserializing))]
    Held {
        hold: u32,
        env: EnvName,
        reason: String,
    },
    #[cfg_attr(target_arch = "wasm32", serde(skip_deserializing))]
    Lifted {
        hold: u32,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    #[cfg_attr(target_arch = "wasm32", serde(skip_deserializing))]
    GlassBroken {
        env: EnvName,
        gates: Vec<GateId>,
        reason: String,
        until: Timestamp,
        digest: Digest,
    },
    /// Without a reason: it concerns the release after all.
    #[cfg_attr(target_arch = "wasm32", serde(skip_deserializing))]
    SetAside {
        gate: GateId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    #[cfg_attr(target_arch = "wasm32", serde(skip_deserializing))]
    Sent {
        message: MessageId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        channel: Option<ChannelId>,
        text: String,
    },
    #[cfg_attr(target_arch = "wasm32", serde(skip_deserializing))]
    Planned {
        at: Option<Timestamp>,
    },
    /// It follows a newer revision of its playbook; `digest` is that of everything afterwards.
    Moved {
        revision: Revision,
        approvals_needed: Vec<Requirement>,
        changed: Vec<String>,
        digest: Digest,
    },
}
