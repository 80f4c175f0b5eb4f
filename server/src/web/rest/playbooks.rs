//! Playbooks: which there are and what they say.

use super::{
    Problem, ProblemBody, json,
    page::{Page, Paging},
    path,
};
use crate::web::{Web, credential::Caller};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
};
use domain::{Refusal, playbook::Playbook};
use serde::Serialize;
use utoipa::ToSchema;

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
    playbook: Playbook,
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
    let show =
        |(name, (revision, playbook)): (&domain::slug::PlaybookName, &(domain::playbook::Revision, Playbook))| {
            PlaybookSummary {
                name: name.to_string(),
                title: playbook.title.clone(),
                summary: playbook.summary.clone(),
                revision: revision.0,
            }
        };
    Ok(Json(paging.cut(newest, |(name, _)| name.to_string(), show)?))
}

/// The newest revision of one playbook.
#[utoipa::path(get, path = "/playbooks/{name}", tag = "playbooks", params(("name" = String, Path)),
    responses((status = 200, body = PlaybookShown), (status = "default", body = ProblemBody)))]
pub async fn show(State(web): State<Web>, _: Caller, Path(name): Path<String>) -> Result<Json<PlaybookShown>, Problem> {
    let name = path::playbook(&name)?;
    let world = web.control.world();
    let newest = world.playbook(&name).and_then(|p| p.newest());
    let (revision, playbook) = newest.ok_or_else(|| Refusal::not_found(format!("playbook “{name}”")))?;
    Ok(Json(PlaybookShown { revision: revision.0, playbook: playbook.clone() }))
}
