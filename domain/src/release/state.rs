//! What a release is now.

use super::{
    Approval, Cancelled, Contents, Hold, Marked, Planned, Reported, Sent, SetAside, Verdict, Version, Waiver, slots,
};
use crate::{
    Timestamp,
    digest::{Digest, Parts},
    person::PersonId,
    playbook::{ChecklistId, GateId, PartId},
    slug::{EnvName, ProductSlug},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// Product and version: a number is used once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ReleaseId {
    pub product: ProductSlug,
    pub version: Version,
}

impl fmt::Display for ReleaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.product, self.version)
    }
}

/// How far it has come by what was done to it; whether it is approved follows from the approvals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    Draft,
    Candidate,
    Cancelled,
}

/// The state as people see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Draft,
    Candidate,
    Approved,
    Shipping,
    Live,
    Superseded,
    Cancelled,
}

impl State {
    pub const ALL: [Self; 7] =
        [Self::Draft, Self::Candidate, Self::Approved, Self::Shipping, Self::Live, Self::Superseded, Self::Cancelled];

    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Candidate => "candidate",
            Self::Approved => "approved",
            Self::Shipping => "shipping",
            Self::Live => "live",
            Self::Superseded => "superseded",
            Self::Cancelled => "cancelled",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    pub id: ReleaseId,
    pub phase: Phase,
    pub contents: Contents,
    pub digest: Digest,
    pub created_by: Option<PersonId>,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
    /// Everyone who created or edited it: none of them may approve it.
    pub authors: BTreeSet<PersonId>,
    pub approvals: Vec<Approval>,
    /// Every digest it ever had with its parts, so that a stale decision can be told what changed.
    pub past: Vec<(Digest, Parts)>,
    /// The newest of each name.
    #[serde(default)]
    #[cfg_attr(target_arch = "wasm32", serde(skip_deserializing))]
    pub reports: Vec<Reported>,
    #[serde(default)]
    #[cfg_attr(target_arch = "wasm32", serde(skip_deserializing))]
    pub marks: BTreeMap<ChecklistId, BTreeMap<PartId, Marked>>,
    #[serde(default)]
    #[cfg_attr(target_arch = "wasm32", serde(skip_deserializing))]
    pub holds: Vec<Hold>,
    #[serde(default)]
    pub waivers: Vec<Waiver>,
    #[serde(default)]
    #[cfg_attr(target_arch = "wasm32", serde(skip_deserializing))]
    pub set_aside: Vec<SetAside>,
    #[serde(default)]
    #[cfg_attr(target_arch = "wasm32", serde(skip_deserializing))]
    pub sent: Vec<Sent>,
    #[serde(default)]
    pub planned: Option<Planned>,
    #[serde(default)]
    pub cancelled: Option<Cancelled>,
    /// When what an approval is bound to last changed.
    #[serde(default)]
    pub edited_at: Option<Timestamp>,
    /// Since when people are asked to approve.
    #[serde(default)]
    pub asked_at: Option<Timestamp>,
    /// How many events made this state.
    pub events: u64,
}

impl Release {
    /// Approvals and rejections that count now.
    pub fn standing(&self) -> impl Iterator<Item = &Approval> {
        self.approvals.iter().filter(|a| a.stands(self))
    }

    pub fn state(&self) -> State {
        match self.phase {
            Phase::Draft => State::Draft,
            Phase::Cancelled => State::Cancelled,
            Phase::Candidate if self.is_approved() => State::Approved,
            Phase::Candidate => State::Candidate,
        }
    }

    /// All places are filled by different people and nobody's rejection stands.
    fn is_approved(&self) -> bool {
        let slots = slots(self);
        self.rejection().is_none() && slots.iter().all(|slot| slot.filled_by.is_some())
    }

    /// Holds that nobody lifted before `env`.
    pub fn holds_before<'a>(&'a self, env: &'a EnvName) -> impl Iterator<Item = &'a Hold> {
        self.holds.iter().filter(move |hold| hold.lifted.is_none() && &hold.env == env)
    }

    pub fn mark(&self, list: &ChecklistId, item: &PartId) -> Option<&Marked> {
        self.marks.get(list)?.get(item)
    }

    pub fn is_set_aside(&self, gate: &GateId) -> Option<&SetAside> {
        self.set_aside.iter().find(|aside| &aside.gate == gate)
    }

    /// Whether a report speaks of other artifacts than the release has now.
    pub fn is_outdated(&self, reported: &Reported) -> bool {
        reported.report.is_of_artifacts()
            && reported.artifacts.is_some()
            && reported.artifacts.as_ref() != self.artifacts_digest()
    }

    /// The hash of the artifacts as they are now.
    fn artifacts_digest(&self) -> Option<&String> {
        self.past.last().and_then(|(_, parts)| parts.get("artifacts"))
    }

    /// The rejection of the release itself that stands in the way of production, if one does.
    pub fn rejection(&self) -> Option<&Approval> {
        self.standing().find(|a| a.verdict == Verdict::Reject && a.gate.is_none() && a.env.is_production())
    }

    pub fn is_open(&self) -> bool {
        matches!(self.state(), State::Draft | State::Candidate | State::Approved)
    }
}
