//! What people put on a release beside approvals: ticks, holds, waivers, messages sent, the planned time.

use crate::{
    Timestamp,
    digest::Digest,
    person::PersonId,
    playbook::{ChannelId, GateId, MessageId},
    slug::EnvName,
};
use serde::{Deserialize, Serialize};

/// How an item of a checklist stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Mark {
    /// Taken back.
    Open,
    Done {
        /// What was attached: a note or an address.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        evidence: Option<String>,
    },
    NotApplicable {
        reason: String,
    },
}

/// A mark with who made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marked {
    pub mark: Mark,
    pub by: Option<PersonId>,
    pub at: Timestamp,
}

/// Somebody asks for more time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Counts up within the release.
    pub id: u32,
    pub env: EnvName,
    pub reason: String,
    pub by: Option<PersonId>,
    pub at: Timestamp,
    pub lifted: Option<Lifted>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifted {
    pub by: Option<PersonId>,
    pub at: Timestamp,
    pub reason: String,
}

/// Glass broken: gates waived in an emergency, for a while, for exactly what the release was then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver {
    pub env: EnvName,
    pub gates: Vec<GateId>,
    pub reason: String,
    pub by: Option<PersonId>,
    pub at: Timestamp,
    pub until: Timestamp,
    pub digest: Digest,
    /// The release was changed since; going back to what it was does not revive it.
    #[serde(default)]
    pub void: bool,
}

impl Waiver {
    pub fn stands(&self, env: &EnvName, gate: &GateId, digest: &Digest, now: Timestamp) -> bool {
        !self.void && now < self.until && &self.env == env && &self.digest == digest && self.gates.contains(gate)
    }
}

/// A gate said not to concern this release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAside {
    pub gate: GateId,
    pub reason: String,
    pub by: Option<PersonId>,
    pub at: Timestamp,
    /// The release was changed since.
    #[serde(default)]
    pub before_edit: bool,
}

/// A message that somebody sent and says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    pub message: MessageId,
    pub channel: Option<ChannelId>,
    /// The words that went out.
    pub text: String,
    pub by: Option<PersonId>,
    pub at: Timestamp,
}

/// Withdrawn for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancelled {
    pub by: Option<PersonId>,
    pub at: Timestamp,
    pub reason: String,
}

/// When it is meant to be deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    pub at: Timestamp,
    /// When this was settled.
    pub since: Timestamp,
}
