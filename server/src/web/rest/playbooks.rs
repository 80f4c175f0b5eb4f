//! Playbooks: which there are, what they say, how they came to say it, and what a new revision would change.

use super::{
    Problem, ProblemBody,
    answer::Answer,
    asked::Asked,
    json,
    page::{Page, Paging},
    path,
};
use crate::web::{Web, credential::Caller};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
    response::Response,
};
use control::{Command, Receipt, World};
use domain::{
    Refusal, Timestamp,
    access::Permission,
    journal::Fact,
    playbook::{self, Difference, Edition, Playbook, Published, Revision, differences, parse_as},
    slug::PlaybookName,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Serialize, ToSchema)]
pub struct PlaybookSummary {
    name: String,
    title: String,
    summary: String,
    revision: u32,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PlaybookShown {
    revision: u32,
    /// All that the playbook says, as in its TOML text.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    #[serde(serialize_with = "as_itself")]
    playbook: Arc<Playbook>,
}

/// A revision, without what it says.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevisionShown {
    name: String,
    revision: u32,
    /// Null: it came with the product.
    published_by: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    published_at: Timestamp,
}

impl RevisionShown {
    fn of(name: &PlaybookName, edition: &Edition) -> Self {
        Self {
            name: name.to_string(),
            revision: edition.revision.0,
            published_by: edition.by.map(|id| id.to_string()),
            published_at: edition.at,
        }
    }
}

/// A revision as it was written.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevisionWithText {
    #[serde(flatten)]
    revision: RevisionShown,
    /// In TOML.
    text: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaybookText {
    /// In TOML.
    text: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRevision {
    /// In TOML.
    text: String,
    /// The revision it was written on top of; when there is a newer one, nothing is done.
    #[serde(default)]
    after: Option<u32>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaybookCopy {
    #[schema(value_type = String)]
    name: PlaybookName,
    /// The playbook whose newest revision is copied.
    #[schema(value_type = String)]
    copy_of: PlaybookName,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PlaybookDifferences {
    from: u32,
    to: u32,
    /// By noun: section, name, what became of it, and which keys changed.
    #[schema(value_type = Vec<Object>)]
    differences: Vec<Difference>,
}

/// What publishing would change.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreviewShown {
    /// The number it would get.
    revision: u32,
    #[schema(value_type = Vec<Object>)]
    differences: Vec<Difference>,
    /// The open releases that follow this playbook, each with what would change if it were moved.
    #[schema(value_type = Vec<Object>)]
    releases: Vec<playbook::Consequence>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WhichRevision {
    /// The newest when left out.
    #[serde(default)]
    revision: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Against {
    /// The revision to compare with; the one before when left out.
    #[serde(default)]
    from: Option<String>,
}

/// The newest revision of every playbook.
#[utoipa::path(get, path = "/playbooks", tag = "playbooks", params(Paging),
    responses((status = 200, body = Page<PlaybookSummary>), (status = "default", body = ProblemBody)))]
pub async fn list(
    State(web): State<Web>,
    _: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<Page<PlaybookSummary>>, Problem> {
    let paging: Paging = json::read_query(query.as_deref())?;
    let world = web.control.world();
    let newest = world.playbooks().filter_map(|(name, published)| published.newest().map(|n| (name, n)));
    let show = |(name, newest): (&PlaybookName, &Edition)| PlaybookSummary {
        name: name.to_string(),
        title: newest.playbook.title.clone(),
        summary: newest.playbook.summary.clone(),
        revision: newest.revision.0,
    };
    Ok(Json(paging.cut(newest, |(name, _)| name.to_string(), show)?))
}

/// One playbook, its newest revision or the one asked for.
#[utoipa::path(get, path = "/playbooks/{name}", tag = "playbooks", params(("name" = String, Path), WhichRevision),
    responses((status = 200, body = PlaybookShown), (status = "default", body = ProblemBody)))]
pub async fn show(
    State(web): State<Web>,
    _: Caller,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<PlaybookShown>, Problem> {
    let (world, name) = (web.control.world(), path::playbook(&name)?);
    let published = of(&world, &name)?;
    let asked: WhichRevision = json::read_query(query.as_deref())?;
    let revision = asked.revision.map(|text| number("revision", &text)).transpose()?;
    let edition = edition(&name, published, revision)?;
    Ok(Json(PlaybookShown { revision: edition.revision.0, playbook: edition.playbook.clone() }))
}

/// Begins a playbook as a copy of another. For administrators.
#[utoipa::path(post, path = "/playbooks", tag = "playbooks", request_body = PlaybookCopy,
    responses((status = 201, body = RevisionShown), (status = "default", body = ProblemBody)))]
pub async fn copy(State(web): State<Web>, caller: Caller, asked: Asked) -> Result<Response, Problem> {
    caller.may(&web, Permission::Administer, "copy playbooks")?;
    let (PlaybookCopy { name, copy_of }, keyed) = asked.read::<PlaybookCopy>().await?;
    let command = Command::CopyPlaybook { from: copy_of, to: name.clone() };
    let answer = move |receipt: &Receipt| Answer::created(&made(&name, receipt));
    web.order(caller.0, command, keyed, answer).await
}

/// Says what a text would change, without publishing it. For administrators.
#[utoipa::path(post, path = "/playbooks/{name}/preview", tag = "playbooks", params(("name" = String, Path)),
    request_body = PlaybookText, responses((status = 200, body = PreviewShown), (status = "default", body = ProblemBody)))]
pub async fn preview(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    let world = caller.may(&web, Permission::Administer, "publish playbooks")?;
    let name = path::playbook(&name)?;
    let published = of(&world, &name)?;
    let (PlaybookText { text }, _) = asked.read::<PlaybookText>().await?;
    let draft = parse_as(&name, &text).map_err(Problem::of_faults)?;
    let differences = published.newest().map(|newest| differences(&newest.playbook, &draft)).unwrap_or_default();
    let preview =
        PreviewShown { revision: published.next().0, differences, releases: world.consequences(&name, &draft) };
    Ok(axum::response::IntoResponse::into_response(Json(preview)))
}

/// The revisions of a playbook, newest first.
#[utoipa::path(get, path = "/playbooks/{name}/revisions", tag = "playbooks", params(("name" = String, Path), Paging),
    responses((status = 200, body = Page<RevisionShown>), (status = "default", body = ProblemBody)))]
pub async fn revisions(
    State(web): State<Web>,
    _: Caller,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<Page<RevisionShown>>, Problem> {
    let (world, name) = (web.control.world(), path::playbook(&name)?);
    let published = of(&world, &name)?;
    let paging: Paging = json::read_query(query.as_deref())?;
    let key = |edition: &&Edition| format!("{:010}", edition.revision.0);
    Ok(Json(paging.cut(published.revisions.iter(), key, |edition| RevisionShown::of(&name, edition))?))
}

/// Publishes a text as the next revision; the same text as the newest revision changes nothing. For administrators.
#[utoipa::path(post, path = "/playbooks/{name}/revisions", tag = "playbooks", params(("name" = String, Path)),
    request_body = NewRevision, responses((status = 201, body = RevisionShown), (status = "default", body = ProblemBody)))]
pub async fn publish(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    let world = caller.may(&web, Permission::Administer, "publish playbooks")?;
    let name = path::playbook(&name)?;
    let (NewRevision { text, after }, keyed) = asked.read::<NewRevision>().await?;
    parse_as(&name, &text).map_err(Problem::of_faults)?;
    let command = match after {
        Some(after) => Command::RevisePlaybook { name: name.clone(), text, after: Revision(after) },
        None => Command::PublishPlaybook(name.clone(), text),
    };
    let newest = world.playbook(&name).and_then(|p| p.newest()).map(|newest| RevisionShown::of(&name, newest));
    let answer = move |receipt: &Receipt| match made(&name, receipt) {
        Some(made) => Answer::created(&made),
        None => Answer::ok(&newest),
    };
    web.order(caller.0, command, keyed, answer).await
}

/// One revision as it was written.
#[utoipa::path(get, path = "/playbooks/{name}/revisions/{revision}", tag = "playbooks",
    params(("name" = String, Path), ("revision" = u32, Path)),
    responses((status = 200, body = RevisionWithText), (status = "default", body = ProblemBody)))]
pub async fn text(
    State(web): State<Web>,
    _: Caller,
    Path((name, revision)): Path<(String, String)>,
) -> Result<Json<RevisionWithText>, Problem> {
    let (world, name) = (web.control.world(), path::playbook(&name)?);
    let edition = edition(&name, of(&world, &name)?, Some(path::revision(&revision)?))?;
    Ok(Json(RevisionWithText { revision: RevisionShown::of(&name, edition), text: edition.text.to_string() }))
}

/// What differs between two revisions, by noun.
#[utoipa::path(get, path = "/playbooks/{name}/revisions/{revision}/differences", tag = "playbooks",
    params(("name" = String, Path), ("revision" = u32, Path), Against),
    responses((status = 200, body = PlaybookDifferences), (status = "default", body = ProblemBody)))]
pub async fn compare(
    State(web): State<Web>,
    _: Caller,
    Path((name, revision)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Json<PlaybookDifferences>, Problem> {
    let (world, name) = (web.control.world(), path::playbook(&name)?);
    let published = of(&world, &name)?;
    let to = edition(&name, published, Some(path::revision(&revision)?))?;
    let asked: Against = json::read_query(query.as_deref())?;
    let before = Revision(to.revision.0.saturating_sub(1).max(1));
    let from = asked.from.map_or(Ok(before), |text| number("from", &text))?;
    let from = edition(&name, published, Some(from))?;
    let differences = differences(&from.playbook, &to.playbook);
    Ok(Json(PlaybookDifferences { from: from.revision.0, to: to.revision.0, differences }))
}

fn of<'a>(world: &'a World, name: &PlaybookName) -> Result<&'a Published, Refusal> {
    world.playbook(name).map(AsRef::as_ref).ok_or_else(|| Refusal::not_found(format!("playbook “{name}”")))
}

fn edition<'a>(
    name: &PlaybookName,
    published: &'a Published,
    revision: Option<Revision>,
) -> Result<&'a Edition, Refusal> {
    let found = match revision {
        Some(revision) => published.edition(revision),
        None => published.newest(),
    };
    let asked = revision.map_or_else(|| "any".to_owned(), |revision| revision.to_string());
    found.ok_or_else(|| Refusal::not_found(format!("revision {asked} of the playbook “{name}”")))
}

fn number(field: &str, text: &str) -> Result<Revision, Refusal> {
    text.parse().map(Revision).map_err(|_| Refusal::invalid(field, format!("“{text}”"), "the number of a revision"))
}

/// The revision that the order made.
fn made(name: &PlaybookName, receipt: &Receipt) -> Option<RevisionShown> {
    receipt.envelopes.iter().find_map(|envelope| match &envelope.fact {
        Fact::Playbook(playbook::Event::Published { revision, .. }) => Some(RevisionShown {
            name: name.to_string(),
            revision: revision.0,
            published_by: envelope.actor.person().map(|id| id.to_string()),
            published_at: envelope.at,
        }),
        _ => None,
    })
}

/// Without being copied for it.
fn as_itself<S: serde::Serializer>(playbook: &Arc<Playbook>, to: S) -> Result<S::Ok, S::Error> {
    playbook.as_ref().serialize(to)
}
