//! Shapes of answers that several operations share.

use super::deployments::shown::Brief;
use control::{Control, World};
use domain::{
    Timestamp,
    environment::{Environment, EnvironmentId},
    gate,
    release::{Approval, Artifact, Release, Traits, Verdict},
    slug::EnvName,
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

impl ReleaseSummary {
    pub fn of(release: &Release, world: &World) -> Self {
        Self {
            product: release.id.product.to_string(),
            version: release.id.version.to_string(),
            kind: release.contents.kind.to_string(),
            title: release.contents.title.clone(),
            state: world.release_state(release),
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
    pub title: String,
    /// `met`, `unmet`, `waived` or `not_applicable`.
    #[schema(value_type = String)]
    pub state: gate::State,
    pub why: String,
    /// Who can meet it: a role.
    pub owner: String,
    /// When it may open by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_opening: Option<Timestamp>,
    /// What opens it: `{"do": "sign", "roles": […]}`.
    #[schema(value_type = Object)]
    pub act: gate::Act,
    /// What the answer rests on.
    #[schema(value_type = Vec<Object>)]
    pub proofs: Vec<gate::Proof>,
}

impl From<gate::Status> for Gate {
    fn from(status: gate::Status) -> Self {
        Self {
            id: status.id.to_string(),
            env: status.env.to_string(),
            title: status.title,
            state: status.state,
            why: status.why,
            owner: status.owner.to_string(),
            next_opening: status.next_opening,
            act: status.act,
            proofs: status.proofs,
        }
    }
}

/// A report was taken; the gates as they stand with it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportShown {
    pub about: String,
    pub gates: Vec<Gate>,
}

/// An item of a checklist.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemShown {
    pub id: String,
    pub text: String,
    /// `open`, `done` or `not_applicable`.
    #[schema(value_type = String)]
    pub state: gate::ItemState,
    /// Whose it is.
    pub role: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// Pilothouse sees to it itself.
    pub watched: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ListShown {
    pub id: String,
    pub title: String,
    pub moment: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due: Option<Timestamp>,
    pub items: Vec<ItemShown>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct HoldShown {
    pub id: u32,
    pub env: String,
    pub reason: String,
    pub by: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub lifted: bool,
}

impl From<&domain::release::Hold> for HoldShown {
    fn from(hold: &domain::release::Hold) -> Self {
        Self {
            id: hold.id,
            env: hold.env.to_string(),
            reason: hold.reason.clone(),
            by: hold.by.map(|id| id.to_string()),
            at: hold.at,
            lifted: hold.lifted.is_some(),
        }
    }
}

/// A decision with what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApprovalShown {
    pub role: String,
    pub env: String,
    /// The gate whose question it answers; none for the approval of the release itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gate: Option<String>,
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
            gate: approval.gate.as_ref().map(ToString::to_string),
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
    /// Since when it runs there, while it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub since: Option<Timestamp>,
    /// The newest deployment of it there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deployment: Option<Brief>,
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
    pub checklists: Vec<ListShown>,
    pub holds: Vec<HoldShown>,
    #[schema(value_type = Vec<Object>)]
    pub messages: Vec<domain::release::Sent>,
    #[schema(value_type = Object)]
    pub traits: Traits,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub planned_at: Option<Timestamp>,
    pub environments: Vec<EnvironmentOfRelease>,
    pub rollback_target: Option<String>,
}

impl ReleaseShown {
    pub fn of(release: &Release, world: &World, control: &Control) -> Self {
        let contents = &release.contents;
        let playbook = world.playbook_at(&contents.playbook, contents.playbook_revision);
        let environments = playbook.into_iter().flat_map(|p| &p.environments);
        let id = |env: &EnvName| EnvironmentId { product: release.id.product.clone(), env: env.clone() };
        let running = |env: &EnvName| world.environment(&id(env)).and_then(Environment::running);
        let since = |env: &EnvName| running(env).filter(|run| run.version == release.id.version).map(|run| run.since);
        let deployment = |env: &EnvName| Some(Brief::of(world.rollout_to(&id(env), &release.id.version)?, world));
        let now = control.now();
        Self {
            summary: ReleaseSummary::of(release, world),
            bump: contents.bump.name().to_owned(),
            playbook: contents.playbook.to_string(),
            playbook_revision: contents.playbook_revision.0,
            created_by: release.created_by.map(|id| id.to_string()),
            authors: release.authors.iter().map(ToString::to_string).collect(),
            artifacts: contents.artifacts.iter().map(ArtifactShown::from).collect(),
            plan: contents.plan.clone(),
            flags: contents.flags.clone(),
            gates: gates_of(release, world, now),
            approvals: release.approvals.iter().rev().map(|a| ApprovalShown::of(a, release, control)).collect(),
            checklists: lists_of(release, world, now),
            holds: release.holds.iter().map(HoldShown::from).collect(),
            messages: release.sent.clone(),
            traits: contents.traits.clone(),
            planned_at: release.planned.map(|planned| planned.at),
            environments: environments
                .map(|e| EnvironmentOfRelease {
                    name: e.name.to_string(),
                    since: since(&e.name),
                    deployment: deployment(&e.name),
                })
                .collect(),
            rollback_target: world.rollback_target(release).map(ToString::to_string),
        }
    }
}

impl From<&Artifact> for ArtifactShown {
    fn from(artifact: &Artifact) -> Self {
        Self { name: artifact.name.clone(), digest: artifact.digest.clone() }
    }
}

/// All gates before all environments of the playbook.
pub fn gates_of(release: &Release, world: &World, now: Timestamp) -> Vec<Gate> {
    let today = world.today(&release.id.product, now);
    let all = world.in_scene(release, &today, |scene| {
        let environments = scene.playbook.environments.iter();
        environments.flat_map(|env| gate::assess(scene, &env.name)).map(Gate::from).collect()
    });
    all.unwrap_or_default()
}

/// All checklists that concern a release.
pub fn lists_of(release: &Release, world: &World, now: Timestamp) -> Vec<ListShown> {
    let today = world.today(&release.id.product, now);
    let all = world.in_scene(release, &today, |scene| {
        let shown = |status: gate::ListStatus| {
            let list = scene.playbook.checklists.iter().find(|list| list.id == status.id)?;
            let items = status.items.into_iter().map(|item| ItemShown {
                id: item.id.to_string(),
                text: list.item(item.id.as_str()).map_or_else(String::new, |i| i.text.clone()),
                state: item.state,
                role: item.role.to_string(),
                by: item.by.map(|id| id.to_string()),
                at: item.at,
                reason: item.reason,
                evidence: item.evidence,
                watched: item.watched,
            });
            Some(ListShown {
                id: list.id.to_string(),
                title: list.title.clone(),
                moment: list.moment.to_string(),
                due: status.due,
                items: items.collect(),
            })
        };
        gate::lists(scene).into_iter().filter_map(shown).collect()
    });
    all.unwrap_or_default()
}
