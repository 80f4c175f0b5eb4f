//! What moves versions and traffic in an environment: which driver, with which settings; tried before it is kept.

use super::{
    Problem, ProblemBody,
    answer::Answer,
    asked::Asked,
    connecting::{Disconnection, FieldShown, TrialShown, administered, keep, sealed},
};
use crate::web::{Web, credential::Caller};
use axum::{
    Json,
    extract::{Path, State},
    response::Response,
};
use control::{driver::DriverKind, rollout::Wiring};
use domain::{Refusal, environment::Connection, rollout::Abilities};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::{collections::BTreeMap, fmt};
use utoipa::ToSchema;

/// A kind of driver with what can be set for it.
#[derive(Debug, Serialize, ToSchema)]
pub struct KindShown {
    driver: String,
    fields: Vec<FieldShown>,
}

/// All kinds there are.
#[derive(Debug, Serialize, ToSchema)]
pub struct Kinds {
    items: Vec<KindShown>,
}

/// What an environment is connected to; secrets by name only.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConnectionShown {
    driver: String,
    #[schema(value_type = Object)]
    settings: Map<String, Value>,
    /// The names of those that are set.
    secrets: Vec<String>,
    /// Programs that show that what runs is well, each with its arguments.
    smoke: Vec<Vec<String>>,
    /// An address that answers with 2xx when what runs is well.
    health: Option<String>,
    /// What the driver can do with these settings.
    #[schema(value_type = Object)]
    abilities: Abilities,
}

impl From<&Connection> for ConnectionShown {
    fn from(connection: &Connection) -> Self {
        Self {
            driver: connection.driver.clone(),
            settings: connection.settings.clone(),
            secrets: connection.secrets.clone(),
            smoke: connection.smoke.clone(),
            health: connection.health.clone(),
            abilities: connection.abilities.clone(),
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConnection {
    /// One of the kinds of `GET /drivers`.
    driver: String,
    #[serde(default)]
    #[schema(value_type = Object)]
    settings: Map<String, Value>,
    /// Kept sealed and never shown; those of the same driver that are left out stay as they are.
    #[serde(default)]
    secrets: BTreeMap<String, String>,
    #[serde(default)]
    smoke: Vec<Vec<String>>,
    #[serde(default)]
    health: Option<String>,
    /// Keeps it although something was found wrong.
    #[serde(default)]
    force: bool,
}

impl fmt::Debug for NewConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewConnection").field("driver", &self.driver).finish_non_exhaustive()
    }
}

/// The kinds of drivers, with their settings.
#[utoipa::path(get, path = "/drivers", tag = "drivers",
    responses((status = 200, body = Kinds), (status = "default", body = ProblemBody)))]
pub async fn kinds(State(web): State<Web>, _: Caller) -> Json<Kinds> {
    let workshop = &web.control.machines().workshop;
    let shown = |kind: DriverKind| KindShown {
        driver: kind.to_string(),
        fields: workshop.fields(kind).iter().map(FieldShown::from).collect(),
    };
    Json(Kinds { items: DriverKind::ALL.into_iter().map(shown).collect() })
}

/// What moves versions and traffic there. For administrators.
#[utoipa::path(get, path = "/products/{product}/environments/{env}/driver", tag = "drivers",
    params(("product" = String, Path), ("env" = String, Path)),
    responses((status = 200, body = ConnectionShown), (status = "default", body = ProblemBody)))]
pub async fn show(
    State(web): State<Web>,
    caller: Caller,
    Path((product, env)): Path<(String, String)>,
) -> Result<Json<ConnectionShown>, Problem> {
    let id = administered(&web, caller, &product, &env)?;
    let world = web.control.world();
    let connection = world.connection(&id).ok_or_else(|| Refusal::not_found(format!("driver of {id}")))?;
    Ok(Json(connection.into()))
}

/// Tries the settings and keeps them if everything is well, or if `force` says so; otherwise 422 with what was found.
#[utoipa::path(put, path = "/products/{product}/environments/{env}/driver", tag = "drivers",
    params(("product" = String, Path), ("env" = String, Path)), request_body = NewConnection,
    responses((status = 200, body = TrialShown), (status = "default", body = ProblemBody)))]
pub async fn set(
    State(web): State<Web>,
    caller: Caller,
    Path((product, env)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let id = administered(&web, caller, &product, &env)?;
    let (new, keyed) = asked.read::<NewConnection>().await?;
    let force = new.force;
    let wiring = wiring(&web, new)?;
    let tried = web.control.try_wiring(caller.0, &id, &wiring).await?;
    keep(&web, tried, force, web.control.wire(caller.0, &id, wiring), keyed).await
}

/// Tries settings without keeping them.
#[utoipa::path(post, path = "/products/{product}/environments/{env}/driver/test", tag = "drivers",
    params(("product" = String, Path), ("env" = String, Path)), request_body = NewConnection,
    responses((status = 200, body = TrialShown), (status = "default", body = ProblemBody)))]
pub async fn test(
    State(web): State<Web>,
    caller: Caller,
    Path((product, env)): Path<(String, String)>,
    asked: Asked,
) -> Result<Json<TrialShown>, Problem> {
    let id = administered(&web, caller, &product, &env)?;
    let (new, _) = asked.read::<NewConnection>().await?;
    let wiring = wiring(&web, new)?;
    let tried = web.control.try_wiring(caller.0, &id, &wiring).await?;
    Ok(Json(TrialShown::of(tried)))
}

/// From now on nothing moves versions there; the secrets go.
#[utoipa::path(delete, path = "/products/{product}/environments/{env}/driver", tag = "drivers",
    params(("product" = String, Path), ("env" = String, Path)), request_body = Disconnection,
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub async fn remove(
    State(web): State<Web>,
    caller: Caller,
    Path((product, env)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let id = administered(&web, caller, &product, &env)?;
    let (Disconnection { reason }, keyed) = asked.read::<Disconnection>().await?;
    let order = web.control.unwire(caller.0, &id, reason)?;
    web.send(order, keyed, |_| Answer::nothing()).await
}

/// What was asked for, each value in its place.
fn wiring(web: &Web, new: NewConnection) -> Result<Wiring, Refusal> {
    let kind = DriverKind::named(&new.driver).ok_or_else(|| {
        let known: Vec<&str> = DriverKind::ALL.into_iter().map(DriverKind::name).collect();
        Refusal::invalid("driver", format!("“{}”", new.driver), format!("one of {}", known.join(", ")))
    })?;
    let fields = web.control.machines().workshop.fields(kind);
    let secrets = sealed(fields, &new.settings, new.secrets)?;
    Ok(Wiring { kind, settings: new.settings, secrets, smoke: new.smoke, health: new.health })
}
