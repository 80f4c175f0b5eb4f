//! Duties that go round in a product: who is on, who is next, who stands in.

use crate::web::{
    Web,
    credential::Caller,
    rest::{Problem, ProblemBody, answer::Answer, asked::Asked, path},
};
use axum::{
    Json,
    extract::{Path, State},
    response::Response,
};
use control::{Command, Control, Sight, calendar::Duty};
use domain::{
    Refusal, Timestamp,
    calendar::{ClockTime, Override, Period, RotationDraft, Turn, ZoneName},
    person::{PersonId, Reach},
    slug::{ProductSlug, RotationId},
    window,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How far ahead turns are told.
const AHEAD_DAYS: i64 = 60;

#[derive(Debug, Serialize, ToSchema)]
pub struct TurnShown {
    holder: String,
    holder_name: String,
    #[schema(value_type = String, format = DateTime)]
    starts: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    ends: Timestamp,
    /// Whose turn it would have been.
    instead_of: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RotationShown {
    role: String,
    title: String,
    /// Null as long as nobody said who takes turns.
    #[schema(value_type = Option<Object>)]
    rotation: Option<RotationDraft>,
    /// Who is on now.
    now: Option<TurnShown>,
    /// The turns of the next 60 days, the present one included.
    turns: Vec<TurnShown>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RotationsShown {
    items: Vec<RotationShown>,
}

/// Who takes turns, in order.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRotation {
    /// Ids of people who hold the role.
    #[schema(value_type = Vec<String>)]
    members: Vec<PersonId>,
    /// The first takes over on the first hand-over day from here on.
    #[schema(value_type = String, format = Date)]
    starts: chrono::NaiveDate,
    #[serde(default = "weekly")]
    every_weeks: u16,
    /// The day of the hand-over: `Mon` to `Sun`.
    #[schema(value_type = String)]
    weekday: chrono::Weekday,
    #[schema(value_type = String)]
    at: ClockTime,
    #[schema(value_type = String)]
    zone: ZoneName,
    /// `{from, to, holder}`: both dates included.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    overrides: Vec<Override>,
}

fn weekly() -> u16 {
    1
}

/// Somebody stands in, both dates included.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOverride {
    #[schema(value_type = String, format = Date)]
    from: chrono::NaiveDate,
    #[schema(value_type = String, format = Date)]
    to: chrono::NaiveDate,
    #[schema(value_type = String)]
    holder: PersonId,
    reason: String,
}

impl TurnShown {
    fn of(turn: &Turn, control: &Control) -> Self {
        Self {
            holder: turn.holder.to_string(),
            holder_name: control.name(turn.holder),
            starts: turn.starts,
            ends: turn.ends,
            instead_of: turn.instead_of.map(|id| id.to_string()),
        }
    }
}

impl RotationsShown {
    fn of(web: &Web, caller: Caller, product: &ProductSlug) -> Result<Self, Refusal> {
        let now = web.control.now();
        let period = Period::new(now, now + chrono::Duration::days(AHEAD_DAYS))?;
        let duties = Sight::of(&web.control, caller.0).duties(product, &period);
        let shown = |duty: Duty| RotationShown {
            role: duty.role.to_string(),
            title: duty.title,
            rotation: duty.rotation.map(Into::into),
            now: duty.now.map(|turn| TurnShown::of(&turn, &web.control)),
            turns: duty.turns.iter().map(|turn| TurnShown::of(turn, &web.control)).collect(),
        };
        Ok(Self { items: duties.into_iter().map(shown).collect() })
    }
}

/// The duties that go round in a product.
#[utoipa::path(get, path = "/products/{product}/rotations", tag = "calendar", params(("product" = String, Path)),
    responses((status = 200, body = RotationsShown), (status = "default", body = ProblemBody)))]
pub async fn list(
    State(web): State<Web>,
    caller: Caller,
    Path(product): Path<String>,
) -> Result<Json<RotationsShown>, Problem> {
    let product = path::product(&product)?;
    caller.viewing(&web, &product)?;
    Ok(Json(RotationsShown::of(&web, caller, &product)?))
}

/// The product and the rotation, if the caller may say whose turn it is.
fn settable(web: &Web, caller: Caller, product: &str, role: &str) -> Result<(Reach, RotationId), Refusal> {
    let product = path::product(product)?;
    let (_, by) = caller.on(web, &product)?;
    let reach = Reach::Product(product);
    window::may_set(&reach, &by, "say whose turn it is")?;
    let role = path::role(role)?;
    let rotation = role.as_str().parse().map_err(|_| Refusal::not_found(format!("role “{role}”")))?;
    Ok((reach, rotation))
}

/// Says who takes turns in a role. For whoever promotes releases of the product, and administrators.
#[utoipa::path(put, path = "/products/{product}/rotations/{role}", tag = "calendar",
    params(("product" = String, Path), ("role" = String, Path)), request_body = NewRotation,
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub async fn set(
    State(web): State<Web>,
    caller: Caller,
    Path((product, role)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let (reach, id) = settable(&web, caller, &product, &role)?;
    let (new, keyed) = asked.read::<NewRotation>().await?;
    let NewRotation { members, starts, every_weeks, weekday, at, zone, overrides } = new;
    let draft = RotationDraft { id, members, starts, every_weeks, weekday, at, zone, overrides };
    let command = window::Command::SetRotation { rotation: draft.try_into()? };
    web.order(caller.0, Command::Calendar(reach, command), keyed, |_| Answer::nothing()).await
}

/// Lets somebody stand in for whose turn it is.
#[utoipa::path(post, path = "/products/{product}/rotations/{role}/overrides", tag = "calendar",
    params(("product" = String, Path), ("role" = String, Path)), request_body = NewOverride,
    responses((status = 201), (status = "default", body = ProblemBody)))]
pub async fn stand_in(
    State(web): State<Web>,
    caller: Caller,
    Path((product, role)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let (reach, rotation) = settable(&web, caller, &product, &role)?;
    let (new, keyed) = asked.read::<NewOverride>().await?;
    let NewOverride { from, to, holder, reason } = new;
    let command = window::Command::OverrideTurn { rotation, turn: Override { from, to, holder }, reason };
    let answer = move |_: &control::Receipt| {
        Answer::created(&serde_json::json!({ "from": from, "to": to, "holder": holder.to_string() }))
    };
    web.order(caller.0, Command::Calendar(reach, command), keyed, answer).await
}
