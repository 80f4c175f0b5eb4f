//! Releases: created, edited, put up for approval, cancelled, looked back on.

use super::{
    Problem, ProblemBody,
    answer::Answer,
    asked::{Asked, Nothing},
    audit::EventShown,
    json,
    page::{Page, Paging, cursor},
    path,
    show::{ArtifactShown, ReleaseShown, ReleaseSummary},
};
use crate::web::{Web, credential::Caller};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
    response::Response,
};
use control::{Command, Receipt};
use domain::{
    Class, Refusal,
    access::Permission,
    digest::Digest,
    journal::Stream,
    playbook::Revision,
    release::{self, Artifact, Bump, Create, Numbering, Traits, Version},
    slug::TypeId,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Either `bump` or `version`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRelease {
    /// `patch`, `minor`, `major`, or `auto`: from the commits since the last tag.
    #[serde(default)]
    bump: Option<String>,
    #[serde(default)]
    version: Option<String>,
    /// A release type of the playbook; left out: the type that belongs to the bump.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    kind: Option<TypeId>,
    #[serde(default)]
    title: Option<String>,
}

impl NewRelease {
    fn numbering(&self) -> Result<Numbering, Refusal> {
        match (self.bump.as_deref(), self.version.as_deref()) {
            (None, Some(version)) => Ok(Numbering::Exact(version.parse::<Version>()?)),
            (Some("auto"), None) => Err(Refusal {
                who_can_help: Some("An administrator, who can connect a repository to the product,".to_owned()),
                ..Refusal::invalid("bump", "“auto”", "patch, minor or major until a repository is connected")
            }),
            (Some(bump), None) => Bump::ALL
                .into_iter()
                .find(|b| b.name() == bump)
                .map(Numbering::Bump)
                .ok_or_else(|| Refusal::invalid("bump", format!("“{bump}”"), "patch, minor, major or auto")),
            (Some(_), Some(_)) => Err(Refusal::invalid("version", "both “bump” and “version”", "one of the two")),
            (None, None) => Err(Refusal::invalid("bump", "neither “bump” nor “version”", "one of the two")),
        }
    }
}

/// Any of these; what is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseEdit {
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    artifacts: Option<Vec<ArtifactShown>>,
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    plan: Option<Map<String, Value>>,
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    flags: Option<Map<String, Value>>,
    /// What it is or is not: `{"migrations": false, "user_facing": true}`; what is left out is unknown.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    traits: Option<Traits>,
    /// What the editor was looking at; when it has changed since, nothing is done.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    digest: Option<Digest>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Cancellation {
    reason: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FollowedRevision {
    revision: u32,
}

/// The release as an order left it. What happens to it in production is no matter of such orders: the world as it was
/// will do for that.
pub(super) fn summary(web: &Web) -> impl Fn(&Receipt) -> Option<ReleaseSummary> + Send + Sync + use<> {
    let control = web.control.clone();
    move |receipt| receipt.release.as_deref().map(|release| ReleaseSummary::of(release, &control.world()))
}

/// Makes a release.
#[utoipa::path(post, path = "/products/{product}/releases", tag = "releases", params(("product" = String, Path)),
    request_body = NewRelease, responses((status = 201, body = ReleaseSummary), (status = "default", body = ProblemBody)))]
pub async fn create(
    State(web): State<Web>,
    caller: Caller,
    Path(slug): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    let slug = path::product(&slug)?;
    caller.on(&web, &slug)?.1.require(Permission::Author, "create releases")?;
    let (new, keyed) = asked.read::<NewRelease>().await?;
    let command = Create { numbering: new.numbering()?, kind: new.kind, title: new.title };
    let summary = summary(&web);
    let answer = move |receipt: &Receipt| Answer::created(&summary(receipt));
    web.order(caller.0, Command::CreateRelease(slug, command), keyed, answer).await
}

/// The releases of a product, newest first.
#[utoipa::path(get, path = "/products/{product}/releases", tag = "releases", params(("product" = String, Path), Paging),
    responses((status = 200, body = Page<ReleaseSummary>), (status = "default", body = ProblemBody)))]
pub async fn list(
    State(web): State<Web>,
    caller: Caller,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<Page<ReleaseSummary>>, Problem> {
    let slug = path::product(&slug)?;
    let (world, _) = caller.viewing(&web, &slug)?;
    let paging: Paging = json::read_query(query.as_deref())?;
    let key = |r: &&release::Release| format!("{:020} {}", r.created_at.timestamp_millis(), r.id.version);
    Ok(Json(paging.cut(world.releases_of(&slug), key, |release| ReleaseSummary::of(release, &world))?))
}

/// One release with gates and approvals.
#[utoipa::path(get, path = "/products/{product}/releases/{version}", tag = "releases",
    params(("product" = String, Path), ("version" = String, Path)),
    responses((status = 200, body = ReleaseShown), (status = "default", body = ProblemBody)))]
pub async fn show(
    State(web): State<Web>,
    caller: Caller,
    Path((product, version)): Path<(String, String)>,
) -> Result<Json<ReleaseShown>, Problem> {
    let id = path::release(&product, &version)?;
    let (world, _) = caller.viewing(&web, &id.product)?;
    let release = world.release(&id).ok_or_else(|| Refusal::not_found(format!("release {id}")))?;
    Ok(Json(ReleaseShown::of(release, &world, &web.control)))
}

/// The release, once it is clear that the caller may author there.
fn authored(web: &Web, caller: Caller, product: &str, version: &str, to: &str) -> Result<release::ReleaseId, Refusal> {
    allowed(web, caller, (product, version), Permission::Author, to)
}

/// The release, once it is clear that the caller may do this there.
pub(super) fn allowed(
    web: &Web,
    caller: Caller,
    (product, version): (&str, &str),
    permission: Permission,
    to: &str,
) -> Result<release::ReleaseId, Refusal> {
    let id = path::release(product, version)?;
    let (world, by) = caller.on(web, &id.product)?;
    world.release(&id).ok_or_else(|| Refusal::not_found(format!("release {id}")))?;
    by.require(permission, to)?;
    Ok(id)
}

/// Changes a release; every approval of what it was before becomes void.
#[utoipa::path(patch, path = "/products/{product}/releases/{version}", tag = "releases",
    params(("product" = String, Path), ("version" = String, Path)), request_body = ReleaseEdit,
    responses((status = 200, body = ReleaseSummary), (status = "default", body = ProblemBody)))]
pub async fn edit(
    State(web): State<Web>,
    caller: Caller,
    Path((product, version)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let id = authored(&web, caller, &product, &version, "edit releases")?;
    let (edit, keyed) = asked.read::<ReleaseEdit>().await?;
    let artifacts = edit
        .artifacts
        .map(|all| all.into_iter().map(|a| Artifact { name: a.name, digest: a.digest }).collect::<Vec<_>>());
    let command = release::Command::Edit(release::Edit {
        title: edit.title,
        artifacts,
        plan: edit.plan,
        flags: edit.flags,
        traits: edit.traits,
        seen: edit.digest,
    });
    let summary = summary(&web);
    let answer = move |receipt: &Receipt| Answer::ok(&summary(receipt));
    web.order(caller.0, Command::Release(id, command), keyed, answer).await
}

/// Puts a release up for approval.
#[utoipa::path(post, path = "/products/{product}/releases/{version}/approval-requests", tag = "releases",
    params(("product" = String, Path), ("version" = String, Path)), request_body = Nothing,
    responses((status = 201, body = ReleaseSummary), (status = "default", body = ProblemBody)))]
pub async fn request_approval(
    State(web): State<Web>,
    caller: Caller,
    Path((product, version)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let id = authored(&web, caller, &product, &version, "ask for approval")?;
    let (Nothing {}, keyed) = asked.read_or_empty::<Nothing>().await?;
    let summary = summary(&web);
    let answer = move |receipt: &Receipt| Answer::created(&summary(receipt));
    web.order(caller.0, Command::Release(id, release::Command::RequestApproval), keyed, answer).await
}

/// Withdraws a release for good.
#[utoipa::path(post, path = "/products/{product}/releases/{version}/cancellation", tag = "releases",
    params(("product" = String, Path), ("version" = String, Path)), request_body = Cancellation,
    responses((status = 201, body = ReleaseSummary), (status = "default", body = ProblemBody)))]
pub async fn cancel(
    State(web): State<Web>,
    caller: Caller,
    Path((product, version)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let id = authored(&web, caller, &product, &version, "cancel releases")?;
    let (Cancellation { reason }, keyed) = asked.read::<Cancellation>().await?;
    let summary = summary(&web);
    let answer = move |receipt: &Receipt| Answer::created(&summary(receipt));
    web.order(caller.0, Command::Release(id, release::Command::Cancel { reason }), keyed, answer).await
}

/// Moves a release to a newer revision of its playbook; every approval under the old one becomes void.
#[utoipa::path(post, path = "/products/{product}/releases/{version}/playbook", tag = "releases",
    params(("product" = String, Path), ("version" = String, Path)), request_body = FollowedRevision,
    responses((status = 200, body = ReleaseSummary), (status = "default", body = ProblemBody)))]
pub async fn follow(
    State(web): State<Web>,
    caller: Caller,
    Path((product, version)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let id = authored(&web, caller, &product, &version, "move releases to another revision of the playbook")?;
    let (FollowedRevision { revision }, keyed) = asked.read::<FollowedRevision>().await?;
    let summary = summary(&web);
    let answer = move |receipt: &Receipt| Answer::ok(&summary(receipt));
    let command = release::Command::Move { revision: Revision(revision) };
    web.order(caller.0, Command::Release(id, command), keyed, answer).await
}

/// Everything that happened to a release, newest first.
#[utoipa::path(get, path = "/products/{product}/releases/{version}/timeline", tag = "releases",
    params(("product" = String, Path), ("version" = String, Path), Paging),
    responses((status = 200, body = Page<EventShown>), (status = "default", body = ProblemBody)))]
pub async fn timeline(
    State(web): State<Web>,
    caller: Caller,
    Path((product, version)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Json<Page<EventShown>>, Problem> {
    let id = path::release(&product, &version)?;
    let (world, _) = caller.viewing(&web, &id.product)?;
    world.release(&id).ok_or_else(|| Refusal::not_found(format!("release {id}")))?;
    let paging: Paging = json::read_query(query.as_deref())?;
    let stream = Stream::Release(id);
    let end = match paging.after()? {
        None => world.version(&stream) + 1,
        Some(text) => text
            .parse()
            .map_err(|_| Refusal::new(Class::Invalid, "This cursor belongs to another list.").on("cursor"))?,
    };
    let limit = paging.limit()? as u64;
    let after = end.saturating_sub(limit + 1);
    let count = u32::try_from(end.saturating_sub(after + 1)).unwrap_or(u32::MAX);
    let rows = web.control.journal().read_stream(&stream, after, count).await.map_err(Refusal::from)?;
    let items = rows.iter().rev().map(|row| EventShown::of(row, &web.control)).collect();
    Ok(Json(Page { items, next_cursor: (after > 0).then(|| cursor(&(after + 1).to_string())) }))
}
