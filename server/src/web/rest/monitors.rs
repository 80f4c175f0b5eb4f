//! What measures an environment: which monitors, with which settings, tried before they are kept; and what they answer.

use super::{
    Problem, ProblemBody,
    answer::Answer,
    asked::Asked,
    connecting::{Disconnection, FieldShown, TrialShown, administered, keep, sealed},
    environments::known,
    json, path,
};
use crate::web::{Web, credential::Caller};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
    response::Response,
};
use control::{
    driver::Finding,
    monitor::{self, Chart, Connection, Line, Look, Missing, MonitorKind, Shown},
};
use domain::{
    Refusal, Timestamp,
    access::Permission,
    environment::{EnvironmentId, Watching},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::{collections::BTreeMap, fmt};
use utoipa::{IntoParams, ToSchema};

/// A kind of monitor with what can be set for it.
#[derive(Debug, Serialize, ToSchema)]
pub struct MonitorKindShown {
    monitor: String,
    fields: Vec<FieldShown>,
}

/// All kinds there are.
#[derive(Debug, Serialize, ToSchema)]
pub struct MonitorKinds {
    items: Vec<MonitorKindShown>,
}

/// A monitor of an environment; secrets by name only.
#[derive(Debug, Serialize, ToSchema)]
pub struct MonitorShown {
    monitor: String,
    #[schema(value_type = Object)]
    settings: Map<String, Value>,
    /// The names of those that are set.
    secrets: Vec<String>,
}

impl From<&Watching> for MonitorShown {
    fn from(watching: &Watching) -> Self {
        let Watching { kind, settings, secrets } = watching.clone();
        Self { monitor: kind, settings, secrets }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MonitorsShown {
    items: Vec<MonitorShown>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMonitor {
    #[serde(default)]
    #[schema(value_type = Object)]
    settings: Map<String, Value>,
    /// Kept sealed and never shown; those that are left out stay as they are.
    #[serde(default)]
    secrets: BTreeMap<String, String>,
    /// Keeps it although something was found wrong.
    #[serde(default)]
    force: bool,
}

impl fmt::Debug for NewMonitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewMonitor").finish_non_exhaustive()
    }
}

/// What a monitor was asked, and answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct LookShown {
    /// The end of the window that was asked about; null when nothing was asked since this process began.
    #[schema(value_type = Option<String>, format = DateTime)]
    end: Option<Timestamp>,
    asked: Vec<AskedShown>,
    /// What a test found just now: what, good, said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    findings: Vec<Finding>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AskedShown {
    metric: String,
    /// As it was sent.
    query: String,
    /// The beginning of the answer, or why there is none.
    answered: String,
    good: bool,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    took_ms: u64,
}

impl LookShown {
    fn of(look: Option<Look>, findings: Vec<Finding>) -> Self {
        let end = look.as_ref().map(|look| look.end);
        let shown = |asked: monitor::Asked| AskedShown {
            metric: asked.metric,
            query: asked.query,
            answered: asked.answered,
            good: asked.good,
            at: asked.at,
            took_ms: asked.took_ms,
        };
        let asked = look.into_iter().flat_map(|look| look.asked).map(shown).collect();
        Self { end, asked, findings }
    }
}

/// The kinds of monitors, with their settings.
#[utoipa::path(get, path = "/monitors", tag = "monitors",
    responses((status = 200, body = MonitorKinds), (status = "default", body = ProblemBody)))]
pub async fn kinds(State(web): State<Web>, _: Caller) -> Json<MonitorKinds> {
    let observatory = &web.control.machines().observatory;
    let shown = |kind: MonitorKind| MonitorKindShown {
        monitor: kind.to_string(),
        fields: observatory.fields(kind).iter().map(FieldShown::from).collect(),
    };
    Json(MonitorKinds { items: MonitorKind::ALL.into_iter().map(shown).collect() })
}

/// What measures an environment. For administrators.
#[utoipa::path(get, path = "/products/{product}/environments/{env}/monitors", tag = "monitors",
    params(("product" = String, Path), ("env" = String, Path)),
    responses((status = 200, body = MonitorsShown), (status = "default", body = ProblemBody)))]
pub async fn list(
    State(web): State<Web>,
    caller: Caller,
    Path((product, env)): Path<(String, String)>,
) -> Result<Json<MonitorsShown>, Problem> {
    let id = administered(&web, caller, &product, &env)?;
    let world = web.control.world();
    let monitors = world.environment(&id).into_iter().flat_map(|here| here.monitors.values());
    Ok(Json(MonitorsShown { items: monitors.map(MonitorShown::from).collect() }))
}

/// One monitor of an environment. For administrators.
#[utoipa::path(get, path = "/products/{product}/environments/{env}/monitors/{kind}", tag = "monitors",
    params(("product" = String, Path), ("env" = String, Path), ("kind" = String, Path)),
    responses((status = 200, body = MonitorShown), (status = "default", body = ProblemBody)))]
pub async fn show(
    State(web): State<Web>,
    caller: Caller,
    Path((product, env, kind)): Path<(String, String, String)>,
) -> Result<Json<MonitorShown>, Problem> {
    let (id, kind) = (administered(&web, caller, &product, &env)?, named(&kind)?);
    let world = web.control.world();
    let watching = world.environment(&id).and_then(|here| here.monitors.get(kind.name()));
    Ok(Json(watching.ok_or_else(|| Refusal::not_found(format!("monitor “{kind}” of {id}")))?.into()))
}

/// Tries the settings and keeps them if everything is well, or if `force` says so; otherwise 422 with what was found.
#[utoipa::path(put, path = "/products/{product}/environments/{env}/monitors/{kind}", tag = "monitors",
    params(("product" = String, Path), ("env" = String, Path), ("kind" = String, Path)), request_body = NewMonitor,
    responses((status = 200, body = TrialShown), (status = "default", body = ProblemBody)))]
pub async fn set(
    State(web): State<Web>,
    caller: Caller,
    Path((product, env, kind)): Path<(String, String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let (id, kind) = (administered(&web, caller, &product, &env)?, named(&kind)?);
    let (new, keyed) = asked.read::<NewMonitor>().await?;
    let force = new.force;
    let wanted = wanted(&web, kind, new)?;
    let tried = web.control.try_monitor(caller.0, &id, &wanted).await?;
    keep(&web, tried, force, web.control.wire_monitor(caller.0, &id, wanted), keyed).await
}

/// Tries settings without keeping them.
#[utoipa::path(post, path = "/products/{product}/environments/{env}/monitors/{kind}/test", tag = "monitors",
    params(("product" = String, Path), ("env" = String, Path), ("kind" = String, Path)), request_body = NewMonitor,
    responses((status = 200, body = TrialShown), (status = "default", body = ProblemBody)))]
pub async fn test(
    State(web): State<Web>,
    caller: Caller,
    Path((product, env, kind)): Path<(String, String, String)>,
    asked: Asked,
) -> Result<Json<TrialShown>, Problem> {
    let (id, kind) = (administered(&web, caller, &product, &env)?, named(&kind)?);
    let (new, _) = asked.read::<NewMonitor>().await?;
    let wanted = wanted(&web, kind, new)?;
    Ok(Json(TrialShown::of(web.control.try_monitor(caller.0, &id, &wanted).await?)))
}

/// From now on it does not measure there; its secrets go, and with `alertmanager` the alarms that it raised.
#[utoipa::path(delete, path = "/products/{product}/environments/{env}/monitors/{kind}", tag = "monitors",
    params(("product" = String, Path), ("env" = String, Path), ("kind" = String, Path)), request_body = Disconnection,
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub async fn remove(
    State(web): State<Web>,
    caller: Caller,
    Path((product, env, kind)): Path<(String, String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let (id, kind) = (administered(&web, caller, &product, &env)?, named(&kind)?);
    let (Disconnection { reason }, keyed) = asked.read::<Disconnection>().await?;
    let order = web.control.unwire_monitor(caller.0, &id, kind, reason)?;
    web.send(order, keyed, |_| Answer::nothing()).await
}

/// What it was asked last, and answered.
#[utoipa::path(get, path = "/products/{product}/environments/{env}/monitors/{kind}/look", tag = "monitors",
    params(("product" = String, Path), ("env" = String, Path), ("kind" = String, Path)),
    responses((status = 200, body = LookShown), (status = "default", body = ProblemBody)))]
pub async fn last_look(
    State(web): State<Web>,
    caller: Caller,
    Path((product, env, kind)): Path<(String, String, String)>,
) -> Result<Json<LookShown>, Problem> {
    let (world, _) = caller.viewing(&web, &path::product(&product)?)?;
    let (id, kind) = (known(&world, &product, &env)?, named(&kind)?);
    Ok(Json(LookShown::of(web.control.last_look(&id, kind), Vec::new())))
}

/// Which stretch of which metric.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PastAsked {
    /// `throughput`, `error_rate`, `p95` as any percentile, or the name of a gauge.
    metric: String,
    /// So many minutes back from now: 60 when left out, at most a week.
    #[serde(default)]
    minutes: Option<String>,
}

/// A stretch of a monitor's past.
#[derive(Debug, Serialize, ToSchema)]
pub struct PastShown {
    /// One for each service and arm: service, arm, points with `at` and `value`; a point without a value is a gap.
    #[schema(value_type = Vec<Object>)]
    lines: Vec<Line>,
    step_seconds: Option<u32>,
    /// As they were sent.
    queries: Vec<String>,
    /// When the source was asked: answers are kept for some seconds.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
    /// Why there is nothing to draw.
    missing: Option<String>,
}

impl From<Result<Chart, Missing>> for PastShown {
    fn from(past: Result<Chart, Missing>) -> Self {
        match past {
            Ok(Chart { lines, step_seconds, queries, at }) => {
                Self { lines, step_seconds: Some(step_seconds), queries, at: Some(at), missing: None }
            }
            Err(missing) => Self {
                lines: Vec::new(),
                step_seconds: None,
                queries: Vec::new(),
                at: None,
                missing: Some(missing.why),
            },
        }
    }
}

/// What it remembers of a metric, for charts: browsers never ask a monitoring system themselves.
#[utoipa::path(get, path = "/products/{product}/environments/{env}/monitors/{kind}/past", tag = "monitors",
    params(("product" = String, Path), ("env" = String, Path), ("kind" = String, Path), PastAsked),
    responses((status = 200, body = PastShown), (status = "default", body = ProblemBody)))]
pub async fn past(
    State(web): State<Web>,
    caller: Caller,
    Path((product, env, kind)): Path<(String, String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Json<PastShown>, Problem> {
    let (world, _) = caller.viewing(&web, &path::product(&product)?)?;
    let (id, kind) = (known(&world, &product, &env)?, named(&kind)?);
    let PastAsked { metric, minutes } = json::read_query(query.as_deref())?;
    let allowed =
        || Refusal::invalid("minutes", format!("“{}”", minutes.as_deref().unwrap_or_default()), "a whole number");
    let minutes = minutes.as_ref().map_or(Ok(60), |text| text.parse()).map_err(|_| allowed())?;
    let past = web.control.remembered(&id, kind, Shown::named(&metric), minutes).await?;
    Ok(Json(past.into()))
}

/// Asks it now, with the settings that are kept. For those who may promote there.
#[utoipa::path(post, path = "/products/{product}/environments/{env}/monitors/{kind}/look", tag = "monitors",
    params(("product" = String, Path), ("env" = String, Path), ("kind" = String, Path)),
    responses((status = 200, body = LookShown), (status = "default", body = ProblemBody)))]
pub async fn look(
    State(web): State<Web>,
    caller: Caller,
    Path((product, env, kind)): Path<(String, String, String)>,
) -> Result<Json<LookShown>, Problem> {
    let (world, by) = caller.on(&web, &path::product(&product)?)?;
    let id: EnvironmentId = known(&world, &product, &env)?;
    by.require(Permission::Promote, "ask monitors")?;
    let (tried, look) = web.control.ask_now(caller.0, &id, named(&kind)?).await?;
    Ok(Json(LookShown::of(look, tried.findings)))
}

fn named(kind: &str) -> Result<MonitorKind, Refusal> {
    MonitorKind::named(kind).ok_or_else(|| {
        let known = MonitorKind::ALL.map(MonitorKind::name).join(", ");
        let short: String = kind.chars().take(60).collect();
        Refusal::not_found(format!("kind of monitor “{short}”; there are {known}"))
    })
}

/// What was asked for, each value in its place.
fn wanted(web: &Web, kind: MonitorKind, new: NewMonitor) -> Result<Connection, Refusal> {
    let fields = web.control.machines().observatory.fields(kind);
    let secrets = sealed(fields, &new.settings, new.secrets)?;
    Ok(Connection { kind, settings: new.settings, secrets })
}
