//! What people do to a deployment that is under way.

use super::{list::named, shown::DeploymentShown};
use crate::web::{
    Web,
    credential::Caller,
    rest::{
        Problem, ProblemBody,
        answer::{Answer, Keyed},
        asked::Asked,
        path,
    },
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use control::{Command, Receipt};
use domain::{
    Refusal,
    access::Permission,
    rollout::{RolloutId, Verb},
};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Steering {
    #[serde(default)]
    reason: String,
    /// With `promote`: all the way, not one step.
    #[serde(default)]
    fully: bool,
}

/// What became of a step that nobody could tell about.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Resolution {
    happened: bool,
    /// How you know.
    reason: String,
}

/// `pause`, `resume`, `promote` (one step on, or all the way) or `abort` (all the way back).
#[utoipa::path(post, path = "/products/{product}/deployments/{id}/{verb}", tag = "deployments",
    params(("product" = String, Path), ("id" = String, Path), ("verb" = String, Path)), request_body = Steering,
    responses((status = 200, body = DeploymentShown), (status = "default", body = ProblemBody)))]
pub async fn steer(
    State(web): State<Web>,
    caller: Caller,
    Path((product, id, verb)): Path<(String, String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let id = steered(&web, caller, &product, &id)?;
    let verb = Verb::named(&verb)
        .filter(|verb| *verb != Verb::PromoteFully)
        .ok_or_else(|| Refusal::not_found("such verb: pause, resume, promote and abort are known"))?;
    let (Steering { reason, fully }, keyed) = asked.read_or_empty::<Steering>().await?;
    let verb = match verb {
        Verb::Promote if fully => Verb::PromoteFully,
        verb if fully => {
            let found = format!("“true” with “{}”", verb.name());
            return Err(Refusal::invalid("fully", found, "nothing but with “promote”").into());
        }
        verb => verb,
    };
    let command = web.control.steer(id, verb, reason)?;
    order(&web, caller, command, keyed).await
}

/// Says whether a parked step happened; then the deployment goes on.
#[utoipa::path(post, path = "/products/{product}/deployments/{id}/steps/{n}", tag = "deployments",
    params(("product" = String, Path), ("id" = String, Path), ("n" = u32, Path)), request_body = Resolution,
    responses((status = 200, body = DeploymentShown), (status = "default", body = ProblemBody)))]
pub async fn resolve(
    State(web): State<Web>,
    caller: Caller,
    Path((product, id, n)): Path<(String, String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let id = steered(&web, caller, &product, &id)?;
    let world = web.control.world();
    let step: Option<u32> = n.parse().ok();
    let step = step.filter(|n| world.rollout(id).is_some_and(|rollout| rollout.step(*n).is_some()));
    let step = step.ok_or_else(|| Refusal::not_found("step of this number"))?;
    let (Resolution { happened, reason }, keyed) = asked.read::<Resolution>().await?;
    let command = web.control.resolve(id, step, happened, reason)?;
    order(&web, caller, command, keyed).await
}

/// The deployment, once it is clear that the caller may steer it.
fn steered(web: &Web, caller: Caller, product: &str, id: &str) -> Result<RolloutId, Refusal> {
    let slug = path::product(product)?;
    let (world, by) = caller.on(web, &slug)?;
    let id = named(&world, &slug, id)?.id;
    by.require(Permission::Promote, "steer deployments")?;
    Ok(id)
}

async fn order(web: &Web, caller: Caller, command: Command, keyed: Option<Keyed>) -> Result<Response, Problem> {
    let control = web.control.clone();
    let answer = move |receipt: &Receipt| Answer::ok(&DeploymentShown::after(receipt, &control));
    web.order(caller.0, command, keyed, answer).await
}
