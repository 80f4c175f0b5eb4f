//! What runs where.

use super::{Problem, ProblemBody, alarms::AlarmShown, answer::Answer, asked::Asked, json, path};
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
    environment::{self, Environment, EnvironmentId, Outcome},
    release::Version,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Lines of a log: when nobody says how many, and at most.
const USUAL_LINES: usize = 100;
const MOST_LINES: usize = 1_000;

#[derive(Debug, Serialize, ToSchema)]
pub struct EnvironmentState {
    name: String,
    version: Option<String>,
    /// Since when that runs.
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// What ran before it.
    previous: Option<String>,
    /// When the calendar lets a release of the usual type in again, while it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    next_opening: Option<Timestamp>,
    /// The freeze that keeps releases of the usual type out now.
    #[serde(skip_serializing_if = "Option::is_none")]
    frozen: Option<FrozenShown>,
    /// Why nothing comes in until a person resumes: it went back.
    #[serde(skip_serializing_if = "Option::is_none")]
    hold: Option<HeldShown>,
    /// The deployment that has the place to itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    lock: Option<String>,
    /// What runs is not what was brought in.
    #[serde(skip_serializing_if = "Option::is_none")]
    drift: Option<DriftShown>,
    /// What moves versions and traffic there; null when nothing is connected.
    driver: Option<String>,
    /// The kinds of monitors that measure there.
    monitors: Vec<String>,
    /// What fires there now.
    alarms: Vec<AlarmShown>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct HeldShown {
    reason: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The deployment that it follows.
    deployment: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FrozenShown {
    why: String,
    /// When this one lets go, if it ever does.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DriftShown {
    found: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

impl EnvironmentState {
    fn of(id: &EnvironmentId, environment: Option<&Environment>) -> Self {
        let running = environment.and_then(Environment::running);
        Self {
            name: id.env.to_string(),
            version: running.map(|run| run.version.to_string()),
            since: running.map(|run| run.since),
            previous: environment.and_then(Environment::previous).map(ToString::to_string),
            next_opening: None,
            frozen: None,
            hold: environment.and_then(|e| e.hold.as_ref()).map(|hold| HeldShown {
                reason: hold.reason.clone(),
                at: hold.at,
                deployment: hold.rollout.to_string(),
            }),
            lock: environment.and_then(|e| e.lock).map(|lock| lock.to_string()),
            drift: environment
                .and_then(|e| e.drift.as_ref())
                .map(|drift| DriftShown { found: drift.found.clone(), at: drift.at }),
            driver: environment.and_then(|e| e.connection.as_ref()).map(|connection| connection.driver.clone()),
            monitors: environment.into_iter().flat_map(|e| e.monitors.keys()).cloned().collect(),
            alarms: environment.into_iter().flat_map(|e| e.alarms.values()).map(AlarmShown::from).collect(),
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Adoption {
    #[schema(value_type = String)]
    version: Version,
}

/// A deployment that another tool carried out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeploymentReport {
    #[schema(value_type = String)]
    version: Version,
    /// `succeeded` or `failed`.
    #[schema(value_type = String)]
    outcome: Outcome,
    #[serde(default)]
    url: Option<String>,
}

/// The environment of a product's playbook; what the playbook does not know is not there.
pub(super) fn known(world: &World, product: &str, env: &str) -> Result<EnvironmentId, Refusal> {
    let (product, env) = (path::product(product)?, path::env(env)?);
    let playbook = world.product(&product).and_then(|p| world.playbook_of(p));
    if !playbook.is_some_and(|p| p.has_environment(&env)) {
        return Err(Refusal::not_found(format!("environment “{env}”")));
    }
    Ok(EnvironmentId { product, env })
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
    let (world, _) = caller.viewing(&web, &path::product(&product)?)?;
    let id = known(&world, &product, &env)?;
    let now = web.control.now();
    let next_opening = world.next_opening(&id.product, &id.env, now);
    let frozen = world.frozen(&id.product, &id.env, now);
    let frozen = frozen.map(|closure| FrozenShown { why: closure.title, until: closure.until });
    Ok(Json(EnvironmentState { next_opening, frozen, ..EnvironmentState::of(&id, world.environment(&id)) }))
}

/// Records what already runs there.
#[utoipa::path(post, path = "/products/{product}/environments/{env}/adopt", tag = "products",
    params(("product" = String, Path), ("env" = String, Path)), request_body = Adoption,
    responses((status = 201, body = EnvironmentState), (status = "default", body = ProblemBody)))]
pub async fn adopt(
    State(web): State<Web>,
    caller: Caller,
    Path((product, env)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let id = promotable(&web, caller, &product, &env)?;
    let (Adoption { version }, keyed) = asked.read::<Adoption>().await?;
    order(&web, caller, id, environment::Command::Adopt { version }, keyed).await
}

/// Records a deployment that another tool carried out, with the gates that were not met at that time.
#[utoipa::path(post, path = "/products/{product}/environments/{env}/reports", tag = "products",
    params(("product" = String, Path), ("env" = String, Path)), request_body = DeploymentReport,
    responses((status = 201, body = EnvironmentState), (status = "default", body = ProblemBody)))]
pub async fn report(
    State(web): State<Web>,
    caller: Caller,
    Path((product, env)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let id = promotable(&web, caller, &product, &env)?;
    let (DeploymentReport { version, outcome, url }, keyed) = asked.read::<DeploymentReport>().await?;
    order(&web, caller, id, environment::Command::Report { version, outcome, url }, keyed).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Resumption {
    reason: String,
}

/// After a way back: lets releases come in again.
#[utoipa::path(delete, path = "/products/{product}/environments/{env}/hold", tag = "products",
    params(("product" = String, Path), ("env" = String, Path)), request_body = Resumption,
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub async fn resume(
    State(web): State<Web>,
    caller: Caller,
    Path((product, env)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let id = promotable(&web, caller, &product, &env)?;
    let (Resumption { reason }, keyed) = asked.read::<Resumption>().await?;
    let command = Command::Environment(id, environment::Command::Resume { reason });
    web.order(caller.0, command, keyed, |_| Answer::nothing()).await
}

#[derive(Debug, Deserialize, IntoParams, ToSchema)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LogPart {
    /// 1 to 1000; 100 when left out.
    #[serde(default)]
    lines: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LogShown {
    /// Oldest first; none where the driver keeps no log.
    lines: Vec<String>,
}

/// The last lines that instances wrote there.
#[utoipa::path(get, path = "/products/{product}/environments/{env}/log", tag = "products",
    params(("product" = String, Path), ("env" = String, Path), LogPart),
    responses((status = 200, body = LogShown), (status = "default", body = ProblemBody)))]
pub async fn log(
    State(web): State<Web>,
    caller: Caller,
    Path((product, env)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Json<LogShown>, Problem> {
    let (world, _) = caller.viewing(&web, &path::product(&product)?)?;
    let id = known(&world, &product, &env)?;
    let LogPart { lines } = json::read_query(query.as_deref())?;
    let lines = match lines {
        None => USUAL_LINES,
        Some(text) => {
            let lines = text.parse().ok().filter(|n| (1..=MOST_LINES).contains(n));
            lines.ok_or_else(|| Refusal::invalid("lines", format!("“{text}”"), format!("1 to {MOST_LINES}")))?
        }
    };
    Ok(Json(LogShown { lines: web.control.log_of(&id, lines).await? }))
}

fn promotable(web: &Web, caller: Caller, product: &str, env: &str) -> Result<EnvironmentId, Refusal> {
    let (world, by) = caller.on(web, &path::product(product)?)?;
    let id = known(&world, product, env)?;
    by.require(Permission::Promote, "record deployments")?;
    Ok(id)
}

async fn order(
    web: &Web,
    caller: Caller,
    id: EnvironmentId,
    command: environment::Command,
    keyed: Option<super::answer::Keyed>,
) -> Result<Response, Problem> {
    let about = id.clone();
    let answer =
        move |receipt: &Receipt| Answer::created(&EnvironmentState::of(&about, receipt.environment.as_deref()));
    web.order(caller.0, Command::Environment(id, command), keyed, answer).await
}
