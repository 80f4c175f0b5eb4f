//! The one switch that stops all automation, of a product or everywhere.

use super::{Problem, ProblemBody, answer::Answer, asked::Asked, page::Page, path};
use crate::web::{Web, credential::Caller};
use axum::{
    Json,
    extract::{Path, State},
    response::Response,
};
use control::{Command, Control, Receipt};
use domain::{
    Refusal, Timestamp,
    access::Permission,
    automation::{self, Stopped},
    journal::Fact,
    person::Reach,
    window::may_set,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Switching {
    reason: String,
}

/// Nothing starts and nothing goes on by itself until somebody lifts it; the way back goes on all the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoppedShown {
    /// `*` for everywhere.
    product: String,
    reason: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    by: Option<String>,
    by_name: Option<String>,
}

impl StoppedShown {
    fn of(reach: &Reach, stopped: &Stopped, control: &Control) -> Self {
        Self {
            product: reach.to_string(),
            reason: stopped.reason.clone(),
            at: stopped.at,
            by: stopped.by.map(|id| id.to_string()),
            by_name: stopped.by.map(|id| control.name(id)),
        }
    }
}

/// Where automation is stopped, as far as the caller sees it.
#[utoipa::path(get, path = "/automation", tag = "automation",
    responses((status = 200, body = Page<StoppedShown>), (status = "default", body = ProblemBody)))]
pub async fn list(State(web): State<Web>, caller: Caller) -> Result<Json<Page<StoppedShown>>, Problem> {
    let (world, now) = (web.control.world(), web.control.now());
    let seen = |reach: &Reach| match reach {
        Reach::Everywhere => true,
        Reach::Product(slug) => world.authority(caller.0, Some(slug), now).may(Permission::View),
    };
    let stopped = world.all_stopped().filter(|(reach, _)| seen(reach));
    let items = stopped.map(|(reach, stopped)| StoppedShown::of(reach, stopped, &web.control)).collect();
    Ok(Json(Page { items, next_cursor: None }))
}

/// Stops all automation everywhere. For administrators.
#[utoipa::path(post, path = "/automation", tag = "automation", request_body = Switching,
    responses((status = 201, body = StoppedShown), (status = "default", body = ProblemBody)))]
pub async fn stop(State(web): State<Web>, caller: Caller, asked: Asked) -> Result<Response, Problem> {
    stop_at(&web, caller, Reach::Everywhere, asked).await
}

/// Lets automation go on everywhere but where a product's own is stopped. For administrators.
#[utoipa::path(delete, path = "/automation", tag = "automation", request_body = Switching,
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub async fn lift(State(web): State<Web>, caller: Caller, asked: Asked) -> Result<Response, Problem> {
    lift_at(&web, caller, Reach::Everywhere, asked).await
}

/// Stops all automation of a product. For whoever promotes there, and administrators.
#[utoipa::path(post, path = "/products/{product}/automation", tag = "automation", params(("product" = String, Path)),
    request_body = Switching, responses((status = 201, body = StoppedShown), (status = "default", body = ProblemBody)))]
pub async fn stop_product(
    State(web): State<Web>,
    caller: Caller,
    Path(product): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    stop_at(&web, caller, Reach::Product(path::product(&product)?), asked).await
}

/// Lets automation of a product go on. For whoever promotes there, and administrators.
#[utoipa::path(delete, path = "/products/{product}/automation", tag = "automation", params(("product" = String, Path)),
    request_body = Switching, responses((status = 204), (status = "default", body = ProblemBody)))]
pub async fn lift_product(
    State(web): State<Web>,
    caller: Caller,
    Path(product): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    lift_at(&web, caller, Reach::Product(path::product(&product)?), asked).await
}

async fn stop_at(web: &Web, caller: Caller, reach: Reach, asked: Asked) -> Result<Response, Problem> {
    may(web, caller, &reach)?;
    let (Switching { reason }, keyed) = asked.read::<Switching>().await?;
    let (control, about) = (web.control.clone(), reach.clone());
    let answer = move |receipt: &Receipt| {
        let new = receipt.envelopes.iter().find_map(|envelope| match &envelope.fact {
            Fact::Automation(event) => automation::evolve(event, envelope.actor, envelope.at),
            _ => None,
        });
        // Nothing had to change: it was stopped already, for the same reason.
        let stopped = new.or_else(|| control.world().stopped_at(&about).cloned());
        Answer::created(&stopped.map(|stopped| StoppedShown::of(&about, &stopped, &control)))
    };
    web.order(caller.0, Command::Automation(reach, automation::Command::Stop { reason }), keyed, answer).await
}

async fn lift_at(web: &Web, caller: Caller, reach: Reach, asked: Asked) -> Result<Response, Problem> {
    may(web, caller, &reach)?;
    let (Switching { reason }, keyed) = asked.read::<Switching>().await?;
    let command = Command::Automation(reach, automation::Command::Lift { reason });
    web.order(caller.0, command, keyed, |_| Answer::nothing()).await
}

fn may(web: &Web, caller: Caller, reach: &Reach) -> Result<(), Refusal> {
    let (_, by) = match reach {
        Reach::Everywhere => caller.installation(web),
        Reach::Product(product) => caller.on(web, product)?,
    };
    may_set(reach, &by, "stop automation or let it go on")
}
