//! What can be asked concerning a release.

use super::{Artifact, Mark, Numbering, Report, Traits, Verdict};
use crate::{
    Timestamp,
    digest::Digest,
    playbook::{ChannelId, ChecklistId, GateId, MessageId, PartId, Revision},
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
    Edit(Edit),
    RequestApproval,
    Decide(Decision),
    Cancel {
        reason: String,
    },
    /// CI, a scanner or a person says something about it.
    Report(Report),
    /// An item of a checklist is ticked, set aside or opened again.
    Mark {
        list: ChecklistId,
        item: PartId,
        mark: Mark,
    },
    /// More time before it enters an environment.
    Hold {
        env: EnvName,
        reason: String,
    },
    Lift {
        hold: u32,
        reason: String,
    },
    /// Gates are waived in an emergency.
    BreakGlass {
        env: EnvName,
        gates: Vec<GateId>,
        reason: String,
        until: Timestamp,
        seen: Digest,
    },
    /// A gate does not concern it, or does again.
    SetAside {
        gate: GateId,
        /// None: it concerns it after all.
        reason: Option<String>,
    },
    /// A message was sent by whoever says so.
    Send {
        message: MessageId,
        channel: Option<ChannelId>,
        text: String,
    },
    /// When it is meant to be deployed; none: not planned any more.
    Plan {
        at: Option<Timestamp>,
    },
    /// To a newer revision of its playbook.
    Move {
        revision: Revision,
    },
}

/// What is to be otherwise; the rest stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edit {
    pub title: Option<String>,
    pub artifacts: Option<Vec<Artifact>>,
    pub plan: Option<Map<String, Value>>,
    pub flags: Option<Map<String, Value>>,
    pub traits: Option<Traits>,
    /// What the editor was looking at, where they say so.
    pub seen: Option<Digest>,
}

/// An approval or a rejection of exactly what was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub role: RoleId,
    pub env: EnvName,
    /// The gate whose question it answers; the approval of the release itself when left out.
    pub gate: Option<GateId>,
    pub verdict: Verdict,
    pub seen: Digest,
    pub comment: String,
}
