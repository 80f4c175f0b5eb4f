//! Approvals given, voided and still wanted.

use super::Release;
use crate::{
    Timestamp,
    digest::Digest,
    person::PersonId,
    playbook::GateId,
    slug::{EnvName, RoleId},
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Approve,
    Reject,
}

/// A decision as it stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    pub role: RoleId,
    pub env: EnvName,
    /// The gate whose question it answers; none for the approval of the release itself.
    #[serde(default)]
    pub gate: Option<GateId>,
    pub by: PersonId,
    pub for_absent: Option<PersonId>,
    pub verdict: Verdict,
    pub digest: Digest,
    pub comment: String,
    pub at: Timestamp,
    /// Why it no longer counts, once it does not.
    pub void: Option<String>,
}

impl Approval {
    /// Neither void nor about something else than what the release is now.
    pub fn stands(&self, release: &Release) -> bool {
        self.void.is_none() && self.digest == release.digest
    }
}

/// One place that somebody has to fill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    pub role: RoleId,
    pub filled_by: Option<PersonId>,
    pub at: Option<Timestamp>,
}

/// The places for approval of `release` for production, filled ones first within each role.
pub fn slots(release: &Release) -> Vec<Slot> {
    slots_in(release, &EnvName::production())
}

/// The same for any environment.
pub fn slots_in(release: &Release, env: &EnvName) -> Vec<Slot> {
    let mut slots = Vec::new();
    for requirement in &release.contents.approvals_needed {
        let mut given: Vec<&Approval> = release
            .standing()
            .filter(|a| {
                a.role == requirement.role && a.verdict == Verdict::Approve && a.env == *env && a.gate.is_none()
            })
            .collect();
        given.sort_by_key(|a| a.at);
        for n in 0..usize::from(requirement.count) {
            let approval = given.get(n);
            slots.push(Slot {
                role: requirement.role.clone(),
                filled_by: approval.map(|a| a.by),
                at: approval.map(|a| a.at),
            });
        }
    }
    slots
}
