//! Imports of past deliveries: a file in, what was wrong with it out; the list of them; and taking one back.

use crate::web::{
    Web,
    credential::Caller,
    rest::{
        Problem, ProblemBody,
        answer::Answer,
        asked::Asked,
        json,
        page::{Page, Paging},
        path,
        problem::Rejected,
    },
};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
    response::{IntoResponse as _, Response},
};
use control::{Control, Receipt, dora::Staged};
use domain::{
    Class, Refusal, Timestamp,
    access::Permission,
    dora::import::{Past, Summary, Taken},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, time::Duration};
use utoipa::{IntoParams, ToSchema};

/// The largest file: it is held in memory while it is read. A larger one is sent in several.
pub const LARGEST: usize = 192 * 1024 * 1024;
const PATIENCE: Duration = Duration::from_mins(10);

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct How {
    /// `true`: sound lines are taken although others are wrong. Otherwise all or nothing.
    partial: String,
    /// `true`: only say what would be taken and what is wrong.
    dry_run: String,
    /// What the file is called.
    name: String,
}

/// What became of a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct Imported {
    /// Null when nothing was kept.
    id: Option<String>,
    accepted: u64,
    /// The lines that are wrong, the first 500 of them.
    rejected: Vec<Rejected>,
    /// How many lines are wrong in all.
    rejected_total: u64,
    /// Changes, deployments and incidents taken, by product.
    #[schema(value_type = Object)]
    products: BTreeMap<String, Taken>,
    dry_run: bool,
}

impl Imported {
    fn of(staged: &Staged, dry_run: bool) -> Self {
        Self {
            id: (!dry_run).then(|| staged.id.to_string()),
            accepted: staged.summary.accepted(),
            rejected: staged.faults.iter().map(Rejected::of).collect(),
            rejected_total: staged.summary.rejected,
            products: by_product(&staged.summary),
            dry_run,
        }
    }
}

fn by_product(summary: &Summary) -> BTreeMap<String, Taken> {
    summary.products.iter().map(|(product, taken)| (product.to_string(), *taken)).collect()
}

/// Takes in past deployments, changes and incidents, as NDJSON or CSV. For administrators of the products named.
#[utoipa::path(post, path = "/import", tag = "dora", params(How),
    request_body(content = String, content_type = "application/x-ndjson",
        description = "One fact a line; see docs/dora.md. CSV begins with a line that names the columns."),
    responses((status = 200, body = Imported), (status = "default", body = ProblemBody)))]
pub async fn import(
    State(web): State<Web>,
    caller: Caller,
    RawQuery(query): RawQuery,
    asked: Asked,
) -> Result<Response, Problem> {
    web.control.may_import(caller.0)?;
    let how: How = json::read_query(query.as_deref())?;
    let (partial, dry_run) = (yes("partial", &how.partial)?, yes("dry_run", &how.dry_run)?);
    let (text, keyed) = asked.text(LARGEST, PATIENCE).await?;
    if dry_run {
        let read = web.control.try_import(caller.0, how.name, text).await?;
        return Ok(Json(Imported::of(&read, true)).into_response());
    }
    let staged = web.control.stage_import(caller.0, how.name, text, partial).await?;
    if staged.summary.rejected > 0 && !partial {
        return Err(refused(&staged));
    }
    let order = web.control.import_of(caller.0, &staged);
    let answered = web.send(order, keyed, move |_: &Receipt| Answer::ok(&Imported::of(&staged, false))).await?;
    shown(&web.control).await?;
    Ok(answered)
}

/// The figures show it before the caller is answered.
async fn shown(control: &Control) -> Result<(), Refusal> {
    control.deliveries_upto(control.seq()).await.map(drop)
}

fn yes(field: &'static str, text: &str) -> Result<bool, Refusal> {
    match text {
        "" | "false" => Ok(false),
        "true" => Ok(true),
        other => {
            let short: String = other.chars().take(60).collect();
            Err(Refusal::invalid(field, format!("“{short}”"), "“true” or “false”"))
        }
    }
}

/// All or nothing.
fn refused(staged: &Staged) -> Problem {
    let n = staged.summary.rejected;
    let lines = if n == 1 { "1 line is".to_owned() } else { format!("{n} lines are") };
    let first = staged.faults.first().map(ToString::to_string).unwrap_or_default();
    let refusal = Refusal {
        field: Some("lines".to_owned()),
        allowed: Some("sound lines only, or “partial=true” to take those that are".to_owned()),
        ..Refusal::new(Class::Invalid, format!("Nothing was taken: {lines} wrong. The first: {first}"))
    };
    Problem { rejected: staged.faults.iter().map(Rejected::of).collect(), ..refusal.into() }
}

/// An import as it was taken in.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportShown {
    id: String,
    name: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    by: Option<String>,
    by_name: Option<String>,
    accepted: u64,
    rejected: u64,
    #[schema(value_type = Object)]
    products: BTreeMap<String, Taken>,
    /// None as long as it counts.
    undone: Option<UndoneShown>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct UndoneShown {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    by: Option<String>,
    by_name: Option<String>,
    reason: String,
}

impl ImportShown {
    fn of(past: &Past, control: &Control) -> Self {
        let undone = past.undone.as_ref().map(|undone| UndoneShown {
            at: undone.at,
            by: undone.by.map(|id| id.to_string()),
            by_name: undone.by.map(|id| control.name(id)),
            reason: undone.reason.clone(),
        });
        Self {
            id: past.id.to_string(),
            name: past.summary.name.clone(),
            at: past.at,
            by: past.by.map(|id| id.to_string()),
            by_name: past.by.map(|id| control.name(id)),
            accepted: past.summary.accepted(),
            rejected: past.summary.rejected,
            products: by_product(&past.summary),
            undone,
        }
    }
}

/// Imports, the newest first. For administrators of every product in them.
#[utoipa::path(get, path = "/imports", tag = "dora", params(Paging),
    responses((status = 200, body = Page<ImportShown>), (status = "default", body = ProblemBody)))]
pub async fn list(
    State(web): State<Web>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<Page<ImportShown>>, Problem> {
    let own = web.control.may_import(caller.0)?;
    let paging: Paging = json::read_query(query.as_deref())?;
    let (world, now) = (web.control.world(), web.control.now());
    let everywhere = world.authority(caller.0, None, now).may(Permission::Administer);
    let its = |past: &&Past| everywhere || past.summary.products.keys().all(|product| own.contains(product));
    let imports = world.imports().filter(its).enumerate();
    let page = paging.cut(imports, |(n, _)| format!("{n:012}"), |(_, past)| ImportShown::of(past, &web.control))?;
    Ok(Json(page))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Undoing {
    reason: String,
}

/// Takes an import back: its facts are removed, and the figures are as if it had not been.
#[utoipa::path(delete, path = "/imports/{id}", tag = "dora", params(("id" = String, Path)), request_body = Undoing,
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub async fn undo(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    let id = path::import(&id)?;
    let own = web.control.may_import(caller.0)?;
    let known = web.control.world().import(id).map(|past| past.summary.products.keys().all(|p| own.contains(p)));
    if known != Some(true) {
        return Err(Refusal::not_found(format!("import “{id}”")).into());
    }
    let (Undoing { reason }, keyed) = asked.read::<Undoing>().await?;
    let order = web.control.undoing(caller.0, id, reason);
    let answered = web.send(order, keyed, |_| Answer::nothing()).await?;
    shown(&web.control).await?;
    Ok(answered)
}
