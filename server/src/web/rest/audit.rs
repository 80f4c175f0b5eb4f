//! The record itself, and signed statements of where it ends.

use super::{
    Problem, ProblemBody, json,
    page::{Page, cursor},
};
use crate::web::{Web, credential::Caller, events::Sight};
use axum::{
    Json,
    extract::{RawQuery, State},
};
use control::{
    Control,
    journal::{Recorded, stamp},
};
use domain::{Refusal, access::Actor, journal::Seq};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

/// How many events are looked through for one page at most.
const MOST_READ: u32 = 5_000;

/// One event exactly as stored, with its place in the chain.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventShown {
    seq: Seq,
    at: String,
    actor: String,
    /// What the person behind it is called; none for the system and for erased people.
    #[serde(skip_serializing_if = "Option::is_none")]
    actor_name: Option<String>,
    kind: String,
    stream: String,
    version: u64,
    /// None once its words have been taken back.
    #[schema(value_type = Option<Object>)]
    body: Option<Value>,
    body_hash: String,
    hash: String,
    prev_hash: String,
}

impl EventShown {
    pub fn of(row: &Recorded, control: &Control) -> Self {
        let person = row.actor.parse::<Actor>().ok().and_then(Actor::person);
        Self {
            seq: row.seq,
            at: row.at.clone(),
            actor: row.actor.clone(),
            actor_name: person.and_then(|id| control.account(id)).map(|account| account.name),
            kind: row.kind.clone(),
            stream: row.stream.clone(),
            version: row.version,
            body: row.body.as_deref().and_then(|body| serde_json::from_str(body).ok()),
            body_hash: row.body_hash.clone(),
            hash: row.hash.clone(),
            prev_hash: row.prev_hash.clone(),
        }
    }
}

/// Events after `since`, oldest first.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// A `seq`; only later events are given. Left out: from the first.
    #[serde(default)]
    since: Option<String>,
    /// 1 to 1000; 100 when left out.
    #[serde(default)]
    limit: Option<String>,
    /// `next_cursor` of the page before; takes the place of `since`.
    #[serde(default)]
    cursor: Option<String>,
}

/// The record, as far as the caller may see it.
#[utoipa::path(get, path = "/audit", tag = "audit", params(AuditQuery),
    responses((status = 200, body = Page<EventShown>), (status = "default", body = ProblemBody)))]
pub async fn list(
    State(web): State<Web>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<Page<EventShown>>, Problem> {
    let asked: AuditQuery = json::read_query(query.as_deref())?;
    let paging = super::page::Paging { limit: None, cursor: asked.cursor };
    let limit = match &asked.limit {
        None => 100,
        Some(text) => text
            .parse::<usize>()
            .ok()
            .filter(|n| (1..=1000).contains(n))
            .ok_or_else(|| Refusal::invalid("limit", format!("“{text}”"), "1 to 1000"))?,
    };
    let since = paging.after()?.or(asked.since).unwrap_or_else(|| "0".to_owned());
    let mut after: Seq =
        since.parse().map_err(|_| Refusal::invalid("since", format!("“{since}”"), "the number of an event"))?;
    let sight = Sight::of(&web, caller.0);
    let mut items = Vec::new();
    let mut read = 0;
    let mut more = true;
    while more && items.len() < limit && read < MOST_READ {
        let rows = web.control.journal().read(after, 500).await.map_err(Refusal::from)?;
        more = rows.len() == 500;
        for row in rows {
            if items.len() == limit {
                more = true;
                break;
            }
            read += 1;
            after = row.seq;
            if row.stream.parse().is_ok_and(|stream| sight.sees(&stream)) {
                items.push(EventShown::of(&row, &web.control));
            }
        }
    }
    Ok(Json(Page { items, next_cursor: more.then(|| cursor(&after.to_string())) }))
}

/// Where the record ends, signed: kept elsewhere, it shows later whether anything was cut off or altered.
#[derive(Debug, Serialize, ToSchema)]
pub struct Checkpoint {
    seq: Seq,
    hash: String,
    at: String,
    /// Ed25519 over `pilothouse checkpoint 1`, seq, hash and at, with a line feed after each.
    signature: String,
    public_key: String,
}

/// A signed statement of where the record ends now.
#[utoipa::path(get, path = "/audit/checkpoint", tag = "audit",
    responses((status = 200, body = Checkpoint), (status = "default", body = ProblemBody)))]
pub async fn checkpoint(State(web): State<Web>, _: Caller) -> Result<Json<Checkpoint>, Problem> {
    let head = web.control.journal().head().await.map_err(Refusal::from)?;
    let at = stamp(web.control.now());
    let (signature, public_key) =
        web.keys.sign(&format!("pilothouse checkpoint 1\n{}\n{}\n{at}\n", head.seq, head.hash));
    Ok(Json(Checkpoint { seq: head.seq, hash: head.hash, at, signature, public_key }))
}
