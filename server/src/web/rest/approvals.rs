//! Decisions on a release, bound to exactly what was seen.

use super::{Problem, ProblemBody, answer::Answer, asked::Asked, path, show::ApprovalShown};
use crate::web::{Web, credential::Caller};
use axum::{
    extract::{Path, State},
    response::Response,
};
use control::{Command, Receipt};
use domain::{
    Refusal,
    access::Permission,
    digest::Digest,
    playbook::GateId,
    release::{self, Decision, State as ReleaseState, Verdict},
    slug::{EnvName, RoleId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDecision {
    /// As whom: a role that the caller holds and the release needs.
    #[schema(value_type = String)]
    role: RoleId,
    /// Left out: production.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    env: Option<EnvName>,
    /// The gate whose question is answered; left out: the approval of the release itself.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    gate: Option<GateId>,
    /// `approve` or `reject`.
    #[schema(value_type = String)]
    decision: Verdict,
    /// The digest of what was looked at.
    #[schema(value_type = String)]
    digest: Digest,
    /// A rejection needs one.
    #[serde(default)]
    comment: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Decided {
    #[serde(flatten)]
    approval: ApprovalShown,
    /// Of the release, now.
    #[schema(value_type = String)]
    state: ReleaseState,
}

/// Approves or rejects. A decision on something that changed since is refused with what changed.
#[utoipa::path(post, path = "/products/{product}/releases/{version}/approvals", tag = "releases",
    params(("product" = String, Path), ("version" = String, Path)), request_body = NewDecision,
    responses((status = 201, body = Decided), (status = "default", body = ProblemBody)))]
pub async fn decide(
    State(web): State<Web>,
    caller: Caller,
    Path((product, version)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let id = path::release(&product, &version)?;
    let (world, by) = caller.on(&web, &id.product)?;
    world.release(&id).ok_or_else(|| Refusal::not_found(format!("release {id}")))?;
    by.require(Permission::Approve, "approve")?;
    let (new, keyed) = asked.read::<NewDecision>().await?;
    let decision = Decision {
        role: new.role,
        env: new.env.unwrap_or_else(EnvName::production),
        gate: new.gate,
        verdict: new.decision,
        seen: new.digest,
        comment: new.comment.unwrap_or_default(),
    };
    let control = web.control.clone();
    let answer = move |receipt: &Receipt| {
        let decided = receipt.release.as_ref().and_then(|release| {
            let approval = ApprovalShown::of(release.approvals.last()?, release, &control);
            Some(Decided { approval, state: control.world().release_state(release) })
        });
        Answer::created(&decided)
    };
    web.order(caller.0, Command::Release(id, release::Command::Decide(decision)), keyed, answer).await
}
