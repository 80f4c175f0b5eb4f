//! Back to what ran before.

use super::shown::DeploymentShown;
use crate::web::{
    Web,
    credential::Caller,
    rest::{Problem, ProblemBody, answer::Answer, asked::Asked, path},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use control::Receipt;
use domain::{Refusal, access::Permission, environment::EnvironmentId, release::Version, slug::EnvName};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRollback {
    #[schema(value_type = String)]
    env: EnvName,
    /// A version that ran there; left out: the one before.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    to_version: Option<Version>,
    #[serde(default)]
    reason: String,
}

/// Takes an environment back to what ran before, or to an earlier version that ran there. Never refused for what else is
/// going on; asked again, it answers with the deployment that leads back already. Afterwards the environment is held.
#[utoipa::path(post, path = "/products/{product}/rollbacks", tag = "deployments",
    params(("product" = String, Path)), request_body = NewRollback,
    responses((status = 202, body = DeploymentShown), (status = "default", body = ProblemBody)))]
pub async fn roll_back(
    State(web): State<Web>,
    caller: Caller,
    Path(product): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    let product = path::product(&product)?;
    let (world, by) = caller.on(&web, &product)?;
    by.require(Permission::Promote, "roll back")?;
    let (NewRollback { env, to_version, reason }, keyed) = asked.read::<NewRollback>().await?;
    let playbook = world.product(&product).and_then(|p| world.playbook_of(p));
    let place = EnvironmentId { product, env };
    // An environment that a newer revision has left out can still be taken back.
    let known = |playbook: &&domain::playbook::Playbook| {
        playbook.has_environment(&place.env) || world.environment(&place).is_some()
    };
    if let Some(playbook) = playbook.filter(|playbook| !known(playbook)) {
        let known: Vec<&str> = playbook.environments.iter().map(|e| e.name.as_str()).collect();
        let allowed = format!("one of {}", known.join(", "));
        return Err(Refusal::invalid("env", format!("“{}”", place.env), allowed).into());
    }
    let command = web.control.way_back(place, to_version, reason);
    let control = web.control.clone();
    let answer = move |receipt: &Receipt| Answer::accepted(&DeploymentShown::after(receipt, &control));
    web.order(caller.0, command, keyed, answer).await
}
