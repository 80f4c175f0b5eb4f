//! The deployments of a product.

use super::shown::DeploymentShown;
use crate::web::{
    Web,
    credential::Caller,
    rest::{
        Problem, ProblemBody, json,
        page::{Page, Paging, cursor},
        path,
    },
};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
};
use control::World;
use domain::{
    Class, Refusal,
    rollout::{Rollout, RolloutId},
    slug::{EnvName, ProductSlug},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// Which of them.
#[derive(Debug, Deserialize, IntoParams, ToSchema)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Those in this environment only.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    env: Option<EnvName>,
    /// 1 to 200; 50 when left out.
    #[serde(default)]
    limit: Option<String>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
}

/// The deployments of a product, newest first.
#[utoipa::path(get, path = "/products/{product}/deployments", tag = "deployments",
    params(("product" = String, Path), Which),
    responses((status = 200, body = Page<DeploymentShown>), (status = "default", body = ProblemBody)))]
pub async fn list(
    State(web): State<Web>,
    caller: Caller,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<Page<DeploymentShown>>, Problem> {
    let slug = path::product(&slug)?;
    let (world, _) = caller.viewing(&web, &slug)?;
    let Which { env, limit, cursor: after } = json::read_query(query.as_deref())?;
    let paging = Paging { limit, cursor: after };
    let limit = paging.limit()?;
    let other = |_| Refusal::new(Class::Invalid, "This cursor belongs to another list.").on("cursor");
    let before = paging.after()?.map(|text| text.parse().map_err(other)).transpose()?;
    let of_env = |rollout: &Rollout| env.as_ref().is_none_or(|env| &rollout.place.env == env);
    let mut found: Vec<_> = world.rollouts_of(&slug, before).filter(|(_, r)| of_env(r)).take(limit + 1).collect();
    let more = found.len() > limit;
    found.truncate(limit);
    let next_cursor = found.last().filter(|_| more).map(|(seq, _)| cursor(&seq.to_string()));
    let items = found.into_iter().map(|(_, r)| DeploymentShown::of(r, &world, &web.control)).collect();
    Ok(Json(Page { items, next_cursor }))
}

/// One deployment, step by step.
#[utoipa::path(get, path = "/products/{product}/deployments/{id}", tag = "deployments",
    params(("product" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = DeploymentShown), (status = "default", body = ProblemBody)))]
pub async fn show(
    State(web): State<Web>,
    caller: Caller,
    Path((product, id)): Path<(String, String)>,
) -> Result<Json<DeploymentShown>, Problem> {
    let slug = path::product(&product)?;
    let (world, _) = caller.viewing(&web, &slug)?;
    let rollout = named(&world, &slug, &id)?;
    Ok(Json(DeploymentShown::of(rollout, &world, &web.control)))
}

/// The deployment of this id, if it is the product's.
pub(super) fn named<'a>(world: &'a World, product: &ProductSlug, id: &str) -> Result<&'a Rollout, Refusal> {
    let id: Option<RolloutId> = id.parse().ok();
    id.and_then(|id| world.rollout(id))
        .filter(|rollout| &rollout.place.product == product)
        .ok_or_else(|| Refusal::not_found("deployment of this id"))
}
