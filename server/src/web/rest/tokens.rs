//! API tokens.

use super::{
    Problem, ProblemBody,
    answer::Answer,
    asked::Asked,
    json,
    page::{Page, Paging},
    path,
};
use crate::web::{Web, credential::Caller};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
    response::{IntoResponse, Response},
};
use control::people::{IssueToken, Issued};
use domain::{
    Refusal, Timestamp,
    access::{Permission, TokenScope},
    person::{Person, PersonId, Token, TokenId},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, sync::Arc};
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// The id of the person it speaks for.
    #[schema(value_type = String)]
    user: PersonId,
    /// `*` for all that the person may, or names of permissions.
    #[schema(value_type = Vec<String>)]
    scopes: BTreeSet<TokenScope>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct IssuedToken {
    id: String,
    /// Shown this once.
    token: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TokenShown {
    id: String,
    user: String,
    issuer: String,
    #[schema(value_type = Vec<String>)]
    scopes: BTreeSet<TokenScope>,
    #[schema(value_type = String, format = DateTime)]
    issued_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    revoked: bool,
}

/// Issues a token, for oneself or as an administrator.
#[utoipa::path(post, path = "/tokens", tag = "people", request_body = NewToken,
    responses((status = 201, body = IssuedToken), (status = "default", body = ProblemBody)))]
pub async fn issue(State(web): State<Web>, caller: Caller, asked: Asked) -> Result<Response, Problem> {
    let (new, keyed) = asked.read::<NewToken>().await?;
    let (world, by) = caller.installation(&web);
    if caller.0.person() != Some(new.user) {
        by.require(Permission::Administer, "issue tokens for others")?;
    }
    if world.person(new.user).is_none() {
        return Err(Refusal::invalid("user", new.user.to_string(), "the id of a person").into());
    }
    let ask = IssueToken { person: new.user, scopes: new.scopes, expires_at: new.expires_at };
    let answer =
        |issued: &Issued| Answer::created(&IssuedToken { id: issued.token.to_string(), token: issued.secret.clone() });
    web.once(keyed, answer, |once| web.control.issue_token_once(caller.0, ask, once)).await
}

fn holds(person: &Person, caller: Caller, everybody: bool) -> bool {
    everybody || caller.0.person() == Some(person.id)
}

/// The caller's tokens, newest first; everybody's for administrators.
#[utoipa::path(get, path = "/tokens", tag = "people", params(Paging),
    responses((status = 200, body = Page<TokenShown>), (status = "default", body = ProblemBody)))]
pub async fn list(
    State(web): State<Web>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<Page<TokenShown>>, Problem> {
    let paging: Paging = json::read_query(query.as_deref())?;
    let (world, by) = caller.installation(&web);
    let everybody = by.may(Permission::Administer);
    let tokens = world
        .people()
        .filter(|person| holds(person, caller, everybody))
        .flat_map(|person| person.tokens.iter().map(move |(id, token)| (person, *id, token)));
    let key =
        |(_, id, token): &(&Arc<Person>, TokenId, &Token)| format!("{:020} {id}", token.issued_at.timestamp_millis());
    let show = |(person, id, token): (&Arc<Person>, TokenId, &Token)| TokenShown {
        id: id.to_string(),
        user: person.id.to_string(),
        issuer: token.issuer.to_string(),
        scopes: token.scopes.clone(),
        issued_at: token.issued_at,
        expires_at: token.expires_at,
        revoked: token.revoked,
    };
    Ok(Json(paging.cut(tokens, key, show)?))
}

/// Revokes a token, one's own or as an administrator.
#[utoipa::path(delete, path = "/tokens/{id}", tag = "people", params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub async fn revoke(State(web): State<Web>, caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let id = path::token(&id)?;
    let (world, by) = caller.installation(&web);
    let everybody = by.may(Permission::Administer);
    let holder = world.people().find(|p| p.tokens.contains_key(&id) && holds(p, caller, everybody));
    let holder = holder.ok_or_else(|| Refusal::not_found("token with this id"))?;
    let receipt = web.control.revoke_token(caller.0, holder.id, id).await?;
    Ok(Answer::nothing().at(receipt.seq).into_response())
}
