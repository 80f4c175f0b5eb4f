//! A release goes into an environment; and what would happen if it did.

use super::shown::{Brief, DeploymentShown, percent};
use crate::web::{
    Web,
    credential::Caller,
    rest::{Problem, ProblemBody, answer::Answer, asked::Asked, json, path, releases::allowed, show::Gate},
};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
    response::Response,
};
use control::{Receipt, world::Choice};
use domain::{
    Refusal,
    access::Permission,
    digest::Digest,
    environment::EnvironmentId,
    playbook::{Percent, StrategyId},
    rollout::{Action, PlannedStep},
    slug::EnvName,
};
use serde::{Deserialize, Serialize};
use serde_json::Number;
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDeployment {
    #[schema(value_type = String)]
    env: EnvName,
    /// One that the playbook offers there; left out: the one planned with the release, or that of its type.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    strategy: Option<StrategyId>,
    /// The first share of traffic of a canary, in percent: 1 to 100.
    #[serde(default)]
    initial_traffic: Option<u32>,
    /// What was looked at; a release that has changed since is not deployed.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    digest: Option<Digest>,
    #[serde(default)]
    reason: String,
}

#[derive(Debug, Deserialize, IntoParams, ToSchema)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Intention {
    #[param(value_type = String)]
    #[schema(value_type = String)]
    env: EnvName,
    #[serde(default)]
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    strategy: Option<StrategyId>,
    /// In percent: 1 to 100.
    #[serde(default)]
    initial_traffic: Option<String>,
}

/// What would happen.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanShown {
    product: String,
    version: String,
    env: String,
    /// What runs there now.
    previous: Option<String>,
    strategy: String,
    driver: String,
    /// It would go back by itself when a step fails or a judge says so.
    automatic: bool,
    steps: Vec<PlannedShown>,
    /// The gates that are not met now.
    gates: Vec<Gate>,
    /// Why nothing comes in there at present.
    #[serde(skip_serializing_if = "Option::is_none")]
    hold: Option<String>,
    /// Why all automation is stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    stopped: Option<String>,
    /// The deployment that is under way there.
    #[serde(skip_serializing_if = "Option::is_none")]
    under_way: Option<Brief>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PlannedShown {
    n: u32,
    action: String,
    name: String,
    /// The new version's share of traffic once it is done, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    share: Option<Number>,
    /// It may be at work for so long.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit_seconds: Option<u32>,
    /// It watches for so long.
    #[serde(skip_serializing_if = "Option::is_none")]
    watch_seconds: Option<u32>,
}

impl PlannedShown {
    fn of((n, step): (u32, PlannedStep)) -> Self {
        Self {
            n,
            action: step.action.kind().to_string(),
            share: step.action.share().map(percent),
            limit_seconds: step.limit,
            watch_seconds: match step.action {
                Action::Watch { seconds } => seconds,
                _ => None,
            },
            name: step.name,
        }
    }
}

fn share(number: u32) -> Result<Percent, Refusal> {
    let sound = u8::try_from(number).ok().filter(|n| (1..=100).contains(n));
    sound.map(Percent::of).ok_or_else(|| wrong_share(&number.to_string()))
}

fn wrong_share(found: &str) -> Refusal {
    Refusal::invalid("initial_traffic", format!("“{found}”"), "a whole number from 1 to 100")
}

/// Promotes a release into an environment. Refused with the gates that are not met.
#[utoipa::path(post, path = "/products/{product}/releases/{version}/deployments", tag = "deployments",
    params(("product" = String, Path), ("version" = String, Path)), request_body = NewDeployment,
    responses((status = 202, body = DeploymentShown), (status = "default", body = ProblemBody)))]
pub async fn start(
    State(web): State<Web>,
    caller: Caller,
    Path((product, version)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let id = allowed(&web, caller, (&product, &version), Permission::Promote, "promote")?;
    let (new, keyed) = asked.read::<NewDeployment>().await?;
    let choice = Choice { strategy: new.strategy, initial_traffic: new.initial_traffic.map(share).transpose()? };
    let place = EnvironmentId { product: id.product, env: new.env };
    let (_, command) = web.control.promotion(place, id.version, choice, new.digest, new.reason);
    let control = web.control.clone();
    let answer = move |receipt: &Receipt| Answer::accepted(&DeploymentShown::after(receipt, &control));
    web.order(caller.0, command, keyed, answer).await
}

/// What would happen if the release were promoted now: the steps, and what stands in the way.
#[utoipa::path(get, path = "/products/{product}/releases/{version}/deployments/plan", tag = "deployments",
    params(("product" = String, Path), ("version" = String, Path), Intention),
    responses((status = 200, body = PlanShown), (status = "default", body = ProblemBody)))]
pub async fn plan(
    State(web): State<Web>,
    caller: Caller,
    Path((product, version)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Json<PlanShown>, Problem> {
    let id = path::release(&product, &version)?;
    let (world, _) = caller.viewing(&web, &id.product)?;
    let release = world.release(&id).ok_or_else(|| Refusal::not_found(format!("release {id}")))?;
    let Intention { env, strategy, initial_traffic } = json::read_query(query.as_deref())?;
    let number = |text: String| text.parse().map_err(|_| wrong_share(&text)).and_then(share);
    let choice = Choice { strategy, initial_traffic: initial_traffic.map(number).transpose()? };
    let contents = &release.contents;
    let playbook = world.playbook_at(&contents.playbook, contents.playbook_revision);
    if let Some(playbook) = playbook.filter(|playbook| !playbook.has_environment(&env)) {
        let known: Vec<&str> = playbook.environments.iter().map(|e| e.name.as_str()).collect();
        return Err(Refusal::invalid("env", format!("“{env}”"), format!("one of {}", known.join(", "))).into());
    }
    let place = EnvironmentId { product: id.product.clone(), env };
    let prospect = world.prospect(release, &place, &choice, web.control.machines().speed)?;
    let environment = world.environment(&place);
    let under_way = environment.and_then(|e| e.lock).and_then(|lock| world.rollout(lock));
    Ok(Json(PlanShown {
        product: id.product.to_string(),
        version: id.version.to_string(),
        env: place.env.to_string(),
        previous: prospect.from.as_ref().map(ToString::to_string),
        strategy: prospect.strategy.to_string(),
        driver: prospect.driver,
        automatic: prospect.automatic,
        steps: (1..).zip(prospect.steps).map(PlannedShown::of).collect(),
        gates: world.gates_unmet(release, &place, web.control.now()).into_iter().map(Gate::from).collect(),
        hold: environment.and_then(|e| e.hold.as_ref()).map(|hold| hold.reason.clone()),
        stopped: world.stopped(&id.product).map(|stopped| stopped.reason.clone()),
        under_way: under_way.map(|rollout| Brief::of(rollout, &world)),
    }))
}
