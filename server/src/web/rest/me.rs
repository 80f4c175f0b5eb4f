//! Who the caller is and what they may do.

use super::{Problem, ProblemBody, people::GrantShown};
use crate::web::{Web, credential::Caller};
use axum::{Json, extract::State};
use domain::{Refusal, access::Permission};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    id: String,
    name: String,
    email: Option<String>,
    /// The token in use, when the caller came with one.
    token: Option<String>,
    roles: Vec<GrantShown>,
    administrator: bool,
    /// What the caller may do on each product they see.
    products: std::collections::BTreeMap<String, Vec<&'static str>>,
}

/// The caller.
#[utoipa::path(get, path = "/me", tag = "people",
    responses((status = 200, body = Me), (status = "default", body = ProblemBody)))]
pub async fn show(State(web): State<Web>, caller: Caller) -> Result<Json<Me>, Problem> {
    let id = caller.person()?;
    let (world, by) = caller.installation(&web);
    let now = web.control.now();
    let person = world.person(id).ok_or_else(|| Refusal::not_found("person with this id"))?;
    let products = world
        .products()
        .map(|p| (p.slug.to_string(), world.authority(caller.0, Some(&p.slug), now)))
        .filter(|(_, by)| by.may(Permission::View))
        .map(|(slug, by)| (slug, by.permissions.iter().map(|p| p.name()).collect()))
        .collect();
    Ok(Json(Me {
        id: id.to_string(),
        name: web.control.name(id),
        email: web.control.account(id).and_then(|a| a.email),
        token: caller.0.token().map(|t| t.to_string()),
        roles: person.grants.iter().map(GrantShown::from).collect(),
        administrator: by.may(Permission::Administer),
        products,
    }))
}
