//! Roles held by people, and stand-ins for absent holders.

use super::{
    Problem, ProblemBody,
    asked::{Asked, Nothing},
    path,
    people::{self, GrantShown, PersonShown},
};
use crate::web::{Web, credential::Caller};
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    Timestamp,
    person::{self, Grant, PersonId, StandIn},
};
use serde::Deserialize;
use utoipa::ToSchema;

/// Gives somebody a role. For administrators.
#[utoipa::path(post, path = "/users/{id}/roles", tag = "people", params(("id" = String, Path)), request_body = GrantShown,
    responses((status = 200, body = PersonShown), (status = "default", body = ProblemBody)))]
pub async fn grant(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    let id = people::administered(&web, caller, &id, "grant roles")?;
    let (grant, keyed) = asked.read::<GrantShown>().await?;
    web.order_person(caller, id, person::Command::GrantRole(grant.into()), keyed).await
}

/// Takes a role away. For administrators.
#[utoipa::path(delete, path = "/users/{id}/roles/{product}/{role}", tag = "people",
    params(("id" = String, Path), ("product" = String, Path, description = "`*` for a role held everywhere"), ("role" = String, Path)),
    responses((status = 200, body = PersonShown), (status = "default", body = ProblemBody)))]
pub async fn revoke(
    State(web): State<Web>,
    caller: Caller,
    Path((id, product, role)): Path<(String, String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let id = people::administered(&web, caller, &id, "revoke roles")?;
    let grant = Grant { reach: path::reach(&product)?, role: path::role(&role)? };
    let (Nothing {}, keyed) = asked.read_or_empty::<Nothing>().await?;
    web.order_person(caller, id, person::Command::RevokeRole(grant), keyed).await
}

/// Somebody fills a role while its holder is away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStandIn {
    #[schema(value_type = String)]
    product: person::Reach,
    #[schema(value_type = String)]
    role: domain::slug::RoleId,
    /// The id of the person who fills in.
    #[schema(value_type = String)]
    substitute: PersonId,
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
}

/// Names a stand-in, for oneself or as an administrator.
#[utoipa::path(post, path = "/users/{id}/stand-ins", tag = "people", params(("id" = String, Path)), request_body = NewStandIn,
    responses((status = 200, body = PersonShown), (status = "default", body = ProblemBody)))]
pub async fn name_stand_in(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    let (person, _) = people::reached(&web, caller, &id, "name a stand-in for someone else")?;
    let (new, keyed) = asked.read::<NewStandIn>().await?;
    let stand_in = StandIn {
        grant: Grant { reach: new.product, role: new.role },
        substitute: new.substitute,
        from: new.from,
        until: new.until,
    };
    web.order_person(caller, person.id, person::Command::NameStandIn(stand_in), keyed).await
}

/// Withdraws a stand-in, for oneself or as an administrator.
#[utoipa::path(delete, path = "/users/{id}/stand-ins/{product}/{role}/{substitute}", tag = "people",
    params(("id" = String, Path), ("product" = String, Path), ("role" = String, Path), ("substitute" = String, Path)),
    responses((status = 200, body = PersonShown), (status = "default", body = ProblemBody)))]
pub async fn withdraw_stand_in(
    State(web): State<Web>,
    caller: Caller,
    Path((id, product, role, substitute)): Path<(String, String, String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let (person, _) = people::reached(&web, caller, &id, "withdraw someone else's stand-in")?;
    let grant = Grant { reach: path::reach(&product)?, role: path::role(&role)? };
    let substitute = path::person(&substitute)?;
    let (Nothing {}, keyed) = asked.read_or_empty::<Nothing>().await?;
    web.order_person(caller, person.id, person::Command::WithdrawStandIn { grant, substitute }, keyed).await
}
