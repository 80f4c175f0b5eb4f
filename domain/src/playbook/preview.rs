//! Before a revision is published: what would change for an open release if somebody moved it there.

use super::{
    Playbook, Revision,
    difference::{Difference, between},
};
use crate::{
    release::{Release, ReleaseId, obstacles},
    slug::TypeId,
};
use serde::{Deserialize, Serialize};

/// What moving one release would mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consequence {
    pub release: ReleaseId,
    pub title: String,
    /// The revision it stands on.
    pub revision: Revision,
    /// Why it could not be moved; nothing when it could.
    pub blocked: Vec<String>,
    /// Decisions that would no longer count.
    pub voids: usize,
    /// Who must approve.
    pub approvals: Vec<Difference>,
    pub gates: Vec<Difference>,
    pub environments: Vec<Difference>,
    pub checklists: Vec<Difference>,
}

impl Consequence {
    /// All that would be otherwise for the release itself.
    pub fn differences(&self) -> impl Iterator<Item = &Difference> {
        self.environments.iter().chain(&self.approvals).chain(&self.gates).chain(&self.checklists)
    }
}

/// What would change for `release`, which stands on `now`, if it moved to `then`.
pub fn consequence(release: &Release, now: &Playbook, then: &Playbook) -> Consequence {
    let kind = &release.contents.kind;
    let needed = then.types.iter().find(|t| &t.id == kind).map(|t| t.approvals.as_slice()).unwrap_or_default();
    Consequence {
        release: release.id.clone(),
        title: release.contents.title.clone(),
        revision: release.contents.playbook_revision,
        blocked: obstacles(release, Some(now), then),
        voids: release.standing().count(),
        approvals: between("approval", &release.contents.approvals_needed, needed),
        gates: between(
            "gate",
            &concerning(&now.gates, kind, |g| &g.types),
            &concerning(&then.gates, kind, |g| &g.types),
        ),
        environments: between("environment", &now.environments, &then.environments),
        checklists: between(
            "checklist",
            &concerning(&now.checklists, kind, |c| &c.types),
            &concerning(&then.checklists, kind, |c| &c.types),
        ),
    }
}

/// Those that hold for the type.
fn concerning<'a, T>(all: &'a [T], kind: &TypeId, types: impl Fn(&T) -> &Vec<TypeId>) -> Vec<&'a T> {
    all.iter().filter(|one| types(one).is_empty() || types(one).contains(kind)).collect()
}
