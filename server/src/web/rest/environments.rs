//! What runs where. Nothing is deployed by this version yet, and that is what it says.

use super::{Problem, ProblemBody, path};
use crate::web::{Web, credential::Caller};
use axum::{
    Json,
    extract::{Path, State},
};
use domain::Refusal;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct EnvironmentState {
    name: String,
    version: Option<String>,
    previous: Option<String>,
}

/// One environment of a product.
#[utoipa::path(get, path = "/products/{product}/environments/{env}", tag = "products",
    params(("product" = String, Path), ("env" = String, Path)),
    responses((status = 200, body = EnvironmentState), (status = "default", body = ProblemBody)))]
pub async fn show(
    State(web): State<Web>,
    caller: Caller,
    Path((product, env)): Path<(String, String)>,
) -> Result<Json<EnvironmentState>, Problem> {
    let product = path::product(&product)?;
    let (world, _) = caller.viewing(&web, &product)?;
    let env = path::env(&env)?;
    let playbook = world.product(&product).and_then(|p| world.playbook_of(p));
    if !playbook.is_some_and(|p| p.has_environment(&env)) {
        return Err(Refusal::not_found(format!("environment “{env}”")).into());
    }
    Ok(Json(EnvironmentState { name: env.to_string(), version: None, previous: None }))
}
