//! Delaying a release, waving it through in an emergency, and saying what concerns it, was sent or is planned.

use super::{
    Problem, ProblemBody,
    answer::Answer,
    asked::Asked,
    path,
    releases::{allowed, summary},
    show::{HoldShown, ReleaseSummary},
};
use crate::web::{Web, credential::Caller};
use axum::{
    extract::{Path, State},
    response::Response,
};
use control::{Command, Receipt};
use domain::{
    Refusal, Timestamp,
    access::Permission,
    digest::Digest,
    playbook::{ChannelId, GateId, MessageId},
    release,
    slug::EnvName,
};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHold {
    #[schema(value_type = String)]
    env: EnvName,
    reason: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Lifting {
    /// Needed when somebody else asked for the hold.
    #[serde(default)]
    reason: String,
}

/// Gates waived in an emergency.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWaiver {
    #[schema(value_type = String)]
    env: EnvName,
    #[schema(value_type = Vec<String>)]
    gates: Vec<GateId>,
    reason: String,
    /// At most 24 hours from now.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    /// The digest of what was looked at.
    #[schema(value_type = String)]
    digest: Digest,
}

/// Whether a gate concerns the release.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Concern {
    /// Why it does not; left out: it does.
    #[serde(default)]
    reason: Option<String>,
}

/// A message that was sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SentMessage {
    #[schema(value_type = String)]
    message: MessageId,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    channel: Option<ChannelId>,
    /// The words that went out.
    text: String,
}

/// When the release is meant to be deployed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Null: not planned any more.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

/// Asks for more time before an environment. Anyone who sees the release may.
#[utoipa::path(post, path = "/products/{product}/releases/{version}/holds", tag = "gates",
    params(("product" = String, Path), ("version" = String, Path)), request_body = NewHold,
    responses((status = 201, body = HoldShown), (status = "default", body = ProblemBody)))]
pub async fn hold(
    State(web): State<Web>,
    caller: Caller,
    Path((product, version)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let id = allowed(&web, caller, (&product, &version), Permission::View, "see this product")
        .or_else(|_| allowed(&web, caller, (&product, &version), Permission::Hold, "hold releases"))?;
    let (NewHold { env, reason }, keyed) = asked.read::<NewHold>().await?;
    let answer = |receipt: &Receipt| {
        Answer::created(&receipt.release.as_deref().and_then(|r| r.holds.last()).map(HoldShown::from))
    };
    web.order(caller.0, Command::Release(id, release::Command::Hold { env, reason }), keyed, answer).await
}

/// Releases a hold: whoever asked for it, and those who approve or promote.
#[utoipa::path(delete, path = "/products/{product}/releases/{version}/holds/{hold}", tag = "gates",
    params(("product" = String, Path), ("version" = String, Path), ("hold" = u32, Path)), request_body = Lifting,
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub async fn lift(
    State(web): State<Web>,
    caller: Caller,
    Path((product, version, hold)): Path<(String, String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let id = allowed(&web, caller, (&product, &version), Permission::View, "see this product")
        .or_else(|_| allowed(&web, caller, (&product, &version), Permission::Promote, "release holds"))?;
    let hold: u32 = hold.parse().map_err(|_| Refusal::not_found("hold of this number"))?;
    let (Lifting { reason }, keyed) = asked.read_or_empty::<Lifting>().await?;
    let answer = |_: &Receipt| Answer::nothing();
    web.order(caller.0, Command::Release(id, release::Command::Lift { hold, reason }), keyed, answer).await
}

/// Breaks glass: waives gates for a while. Recorded, shown in red, listed for the retrospective.
#[utoipa::path(post, path = "/products/{product}/releases/{version}/waivers", tag = "gates",
    params(("product" = String, Path), ("version" = String, Path)), request_body = NewWaiver,
    responses((status = 201, body = ReleaseSummary), (status = "default", body = ProblemBody)))]
pub async fn break_glass(
    State(web): State<Web>,
    caller: Caller,
    Path((product, version)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let id = allowed(&web, caller, (&product, &version), Permission::BreakGlass, "break glass")?;
    let (NewWaiver { env, gates, reason, until, digest }, keyed) = asked.read::<NewWaiver>().await?;
    let command = release::Command::BreakGlass { env, gates, reason, until, seen: digest };
    let summary = summary(&web);
    let answer = move |receipt: &Receipt| Answer::created(&summary(receipt));
    web.order(caller.0, Command::Release(id, command), keyed, answer).await
}

/// Says that a conditional gate does not concern the release, with the reason; without one: that it does.
#[utoipa::path(post, path = "/products/{product}/releases/{version}/gates/{gate}/concern", tag = "gates",
    params(("product" = String, Path), ("version" = String, Path), ("gate" = String, Path)), request_body = Concern,
    responses((status = 201, body = ReleaseSummary), (status = "default", body = ProblemBody)))]
pub async fn concern(
    State(web): State<Web>,
    caller: Caller,
    Path((product, version, gate)): Path<(String, String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let id = allowed(&web, caller, (&product, &version), Permission::Tick, "say which gates apply")?;
    let gate = path::gate(&gate)?;
    let (Concern { reason }, keyed) = asked.read_or_empty::<Concern>().await?;
    let summary = summary(&web);
    let answer = move |receipt: &Receipt| Answer::created(&summary(receipt));
    web.order(caller.0, Command::Release(id, release::Command::SetAside { gate, reason }), keyed, answer).await
}

/// Says that a message of the playbook was sent, with the words that went out.
#[utoipa::path(post, path = "/products/{product}/releases/{version}/messages", tag = "gates",
    params(("product" = String, Path), ("version" = String, Path)), request_body = SentMessage,
    responses((status = 201, body = ReleaseSummary), (status = "default", body = ProblemBody)))]
pub async fn sent(
    State(web): State<Web>,
    caller: Caller,
    Path((product, version)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let id = allowed(&web, caller, (&product, &version), Permission::Tick, "say that messages were sent")?;
    let (SentMessage { message, channel, text }, keyed) = asked.read::<SentMessage>().await?;
    let summary = summary(&web);
    let answer = move |receipt: &Receipt| Answer::created(&summary(receipt));
    web.order(caller.0, Command::Release(id, release::Command::Send { message, channel, text }), keyed, answer).await
}

/// Plans the deployment: checklists are due by it.
#[utoipa::path(put, path = "/products/{product}/releases/{version}/schedule", tag = "gates",
    params(("product" = String, Path), ("version" = String, Path)), request_body = Schedule,
    responses((status = 200, body = ReleaseSummary), (status = "default", body = ProblemBody)))]
pub async fn plan(
    State(web): State<Web>,
    caller: Caller,
    Path((product, version)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let to = "plan deployments";
    let id = allowed(&web, caller, (&product, &version), Permission::Author, to)
        .or_else(|_| allowed(&web, caller, (&product, &version), Permission::Promote, to))?;
    let (Schedule { at }, keyed) = asked.read::<Schedule>().await?;
    let summary = summary(&web);
    let answer = move |receipt: &Receipt| Answer::ok(&summary(receipt));
    web.order(caller.0, Command::Release(id, release::Command::Plan { at }), keyed, answer).await
}
