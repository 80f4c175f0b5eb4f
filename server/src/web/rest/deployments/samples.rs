//! What a deployment was judged by, window by window: evidence that anybody can take along and judge anew.

use super::list::named;
use crate::web::{
    Web,
    credential::Caller,
    rest::{Problem, ProblemBody, json, path},
};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
    response::{IntoResponse as _, Response},
};
use control::rollout::SeenWindow;
use domain::Refusal;
use http::header;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// In which form.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Form {
    /// `json`, as when left out, or `csv`: minute by minute, as `pilothouse judge replay` reads it.
    #[serde(default)]
    format: Option<String>,
}

/// Every window of a deployment, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Samples {
    deployment: String,
    version: String,
    previous: Option<String>,
    env: String,
    /// Each with `at`, its length in `seconds`, the canary's `share` of traffic, what was counted of `canary` and `stable`
    /// (`totals` is null where nothing could be told), the judge's `verdict` and `ruling`, what was `said`, and the `hash`
    /// over it and the one before.
    #[schema(value_type = Vec<Object>)]
    windows: Vec<SeenWindow>,
}

/// What a deployment was judged by. CSV adds windows up to minutes and leaves out those without numbers.
#[utoipa::path(get, path = "/products/{product}/deployments/{id}/samples", tag = "deployments",
    params(("product" = String, Path), ("id" = String, Path), Form),
    responses((status = 200, body = Samples), (status = "default", body = ProblemBody)))]
pub async fn samples(
    State(web): State<Web>,
    caller: Caller,
    Path((product, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let slug = path::product(&product)?;
    let (world, _) = caller.viewing(&web, &slug)?;
    let rollout = named(&world, &slug, &id)?;
    let form: Form = json::read_query(query.as_deref())?;
    let format = form.format.as_deref().unwrap_or("json");
    if !["json", "csv"].contains(&format) {
        return Err(Refusal::invalid("format", format!("“{format}”"), "json or csv").into());
    }
    let seen = web.control.seen(rollout.id).await?;
    if format == "csv" {
        let name = format!("attachment; filename=\"{}-{}.csv\"", slug, rollout.id);
        let headers =
            [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
        return Ok((headers, seen.trace()).into_response());
    }
    let samples = Samples {
        deployment: rollout.id.to_string(),
        version: rollout.version.to_string(),
        previous: rollout.from.as_ref().map(ToString::to_string),
        env: rollout.place.env.to_string(),
        windows: seen.windows,
    };
    Ok(Json(samples).into_response())
}
