//! Shapes of answers that several operations share.

use control::{Control, World};
use domain::{
    Timestamp,
    release::{Approval, Artifact, Release, Verdict, slots},
    slug::{EnvName, RoleId},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A release in few words.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReleaseSummary {
    pub product: String,
    pub version: String,
    pub kind: String,
    pub title: String,
    #[schema(value_type = String)]
    pub state: domain::release::State,
    pub digest: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub changed_at: Timestamp,
}

impl From<&Release> for ReleaseSummary {
    fn from(release: &Release) -> Self {
        Self {
            product: release.id.product.to_string(),
            version: release.id.version.to_string(),
            kind: release.contents.kind.to_string(),
            title: release.contents.title.clone(),
            state: release.state(),
            digest: release.digest.to_string(),
            created_at: release.created_at,
            changed_at: release.changed_at,
        }
    }
}

/// Something that must be so before the release may go to an environment.
#[derive(Debug, Serialize, ToSchema)]
pub struct Gate {
    pub id: String,
    pub env: String,
    pub state: GateState,
    pub why: String,
    /// Who can meet it.
    pub owner: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_opening: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "the contract names all four; waivers come with the gates of later issues")]
pub enum GateState {
    Met,
    Unmet,
    Waived,
    NotApplicable,
}

/// A decision with what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApprovalShown {
    pub role: String,
    pub env: String,
    pub by: String,
    pub by_name: String,
    /// The absent holder of the role, when a stand-in decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub for_absent: Option<String>,
    #[schema(value_type = String)]
    pub decision: Verdict,
    pub comment: String,
    pub digest: String,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub void: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub void_reason: Option<String>,
}

impl ApprovalShown {
    pub fn of(approval: &Approval, release: &Release, control: &Control) -> Self {
        let stale = "it was about other contents".to_owned();
        let void_reason = approval.void.clone().or_else(|| (!approval.stands(release)).then_some(stale));
        Self {
            role: approval.role.to_string(),
            env: approval.env.to_string(),
            by: approval.by.to_string(),
            by_name: control.name(approval.by),
            for_absent: approval.for_absent.map(|id| id.to_string()),
            decision: approval.verdict,
            comment: approval.comment.clone(),
            digest: approval.digest.to_string(),
            at: approval.at,
            void: void_reason.is_some(),
            void_reason,
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ArtifactShown {
    pub name: String,
    /// `sha256:` and 64 hexadecimal digits, or sha384, sha512.
    pub digest: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct EnvironmentOfRelease {
    pub name: String,
}

/// A release with everything that is known of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReleaseShown {
    #[serde(flatten)]
    pub summary: ReleaseSummary,
    pub bump: String,
    pub playbook: String,
    pub playbook_revision: u32,
    pub created_by: Option<String>,
    /// Everyone who created or edited it; none of them may approve it.
    pub authors: Vec<String>,
    pub artifacts: Vec<ArtifactShown>,
    #[schema(value_type = Object)]
    pub plan: Map<String, Value>,
    #[schema(value_type = Object)]
    pub flags: Map<String, Value>,
    pub gates: Vec<Gate>,
    pub approvals: Vec<ApprovalShown>,
    #[schema(value_type = Vec<Object>)]
    pub checklists: Vec<Value>,
    pub environments: Vec<EnvironmentOfRelease>,
    pub rollback_target: Option<String>,
}

impl ReleaseShown {
    pub fn of(release: &Release, world: &World, control: &Control) -> Self {
        let contents = &release.contents;
        let playbook = world.playbook_at(&contents.playbook, contents.playbook_revision);
        let title = |role: &RoleId| {
            let known = playbook.and_then(|p| p.roles.iter().find(|r| &r.id == role));
            known.map_or_else(|| role.words(), |r| r.title.clone())
        };
        let environments = playbook.into_iter().flat_map(|p| &p.environments);
        Self {
            summary: release.into(),
            bump: contents.bump.name().to_owned(),
            playbook: contents.playbook.to_string(),
            playbook_revision: contents.playbook_revision.0,
            created_by: release.created_by.map(|id| id.to_string()),
            authors: release.authors.iter().map(ToString::to_string).collect(),
            artifacts: contents.artifacts.iter().map(ArtifactShown::from).collect(),
            plan: contents.plan.clone(),
            flags: contents.flags.clone(),
            gates: gates(release, title, control),
            approvals: release.approvals.iter().rev().map(|a| ApprovalShown::of(a, release, control)).collect(),
            checklists: Vec::new(),
            environments: environments.map(|e| EnvironmentOfRelease { name: e.name.to_string() }).collect(),
            rollback_target: None,
        }
    }
}

impl From<&Artifact> for ArtifactShown {
    fn from(artifact: &Artifact) -> Self {
        Self { name: artifact.name.clone(), digest: artifact.digest.clone() }
    }
}

/// One gate per role that must approve.
fn gates(release: &Release, title: impl Fn(&RoleId) -> String, control: &Control) -> Vec<Gate> {
    let slots = slots(release);
    let gate = |needed: &domain::playbook::Requirement| {
        let filled: Vec<_> = slots.iter().filter(|s| s.role == needed.role).filter_map(|s| s.filled_by).collect();
        let rejection = release.standing().find(|a| a.role == needed.role && a.verdict == Verdict::Reject);
        let owner = title(&needed.role);
        let (state, why) = match rejection {
            Some(no) => (GateState::Unmet, format!("{} rejected it: {}", control.name(no.by), no.comment)),
            None if filled.len() >= usize::from(needed.count) => {
                let names: Vec<String> = filled.into_iter().map(|id| control.name(id)).collect();
                (GateState::Met, format!("Approved by {}.", names.join(", ")))
            }
            None => {
                let count = format!("{} of {} approvals by {owner} are given.", filled.len(), needed.count);
                (GateState::Unmet, count)
            }
        };
        Gate {
            id: format!("approval:{}", needed.role),
            env: EnvName::production().to_string(),
            state,
            why,
            owner,
            next_opening: None,
        }
    };
    release.contents.approvals_needed.iter().map(gate).collect()
}
