//! What the audit shows, and the server function that reads it from the record.

use crate::failure::Failure;
use domain::{Timestamp, journal::Seq};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPageView {
    /// The newest first.
    pub rows: Vec<AuditRow>,
    pub next: Option<String>,
    pub head_seq: Seq,
    pub head_hash: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    pub seq: Seq,
    pub at: Timestamp,
    pub actor: String,
    /// “by token”, or nothing.
    pub way: String,
    pub kind: String,
    pub stream: String,
    /// The page about it, if there is one.
    pub place: Option<String>,
    pub body: String,
    pub hash: String,
}

#[server(prefix = "/see", endpoint = "audit", input = GetUrl)]
pub async fn see_audit(
    #[server(default)] stream: String,
    #[server(default)] before: String,
) -> Result<AuditPageView, Failure> {
    crate::failure::answer(on_server::audit(stream.trim(), before.trim()).await)
}

#[cfg(not(target_arch = "wasm32"))]
mod on_server {
    use super::{AuditPageView, AuditRow};
    use crate::asking::{Asking, asking};
    use control::journal::Recorded;
    use domain::{
        Refusal,
        access::Actor,
        journal::{Fact, Seq, Stream},
        person::Reach,
    };

    const ROWS: u32 = 50;

    pub async fn audit(stream: &str, before: &str) -> Result<AuditPageView, Refusal> {
        let asking = asking()?;
        asking.administers("read the audit")?;
        let wrong = || Refusal::invalid("before", format!("“{before}”"), "the number of an event");
        let before: Option<Seq> =
            Some(before).filter(|b| !b.is_empty()).map(str::parse).transpose().map_err(|_| wrong())?;
        let journal = asking.control.journal();
        let rows = if stream.is_empty() {
            // Numbers in the record are signed on disk.
            journal.read_back(before.unwrap_or(i64::MAX.unsigned_abs()), ROWS).await?
        } else {
            one_stream(&asking, stream, before).await?
        };
        let next = rows.last().filter(|r| rows.len() == ROWS as usize && r.seq > 1).map(|r| r.seq.to_string());
        let head = journal.head().await?;
        let rows = rows.iter().map(|row| told(&asking, row)).collect::<Result<_, _>>()?;
        Ok(AuditPageView { rows, next, head_seq: head.seq, head_hash: head.hash })
    }

    async fn one_stream(asking: &Asking, name: &str, before: Option<Seq>) -> Result<Vec<Recorded>, Refusal> {
        let Ok(stream) = name.parse::<Stream>() else { return Ok(Vec::new()) };
        let mut rows = asking.control.journal().read_stream(&stream, 0, 100_000).await?;
        rows.retain(|row| before.is_none_or(|before| row.seq < before));
        rows.reverse();
        rows.truncate(ROWS as usize);
        Ok(rows)
    }

    fn told(asking: &Asking, row: &Recorded) -> Result<AuditRow, Refusal> {
        let envelope = row.envelope()?;
        let (actor, way) = match envelope.actor {
            Actor::System => ("Pilothouse".to_owned(), String::new()),
            Actor::Person(id, _) => {
                let way = if envelope.actor.token().is_some() { "by token" } else { "" };
                (asking.control.name(id), way.to_owned())
            }
        };
        let place = match &envelope.stream {
            Stream::Release(id) => Some(format!("/{}/releases/{}#e{}", id.product, id.version, row.seq)),
            Stream::Product(slug) => Some(format!("/releases?product={slug}")),
            Stream::Environment(id) => Some(match &envelope.fact {
                Fact::Rollout(event) => format!("/{}/deployments/{}#e{}", id.product, event.id(), row.seq),
                _ => format!("/{}/deployments?env={}", id.product, id.env),
            }),
            Stream::Person(id) => Some(format!("/admin/people/{id}")),
            Stream::Playbook(_) => Some("/admin/playbooks".to_owned()),
            Stream::Automation(Reach::Product(slug)) => Some(format!("/{slug}/settings#automation")),
            Stream::Automation(Reach::Everywhere) => Some("/admin#automation".to_owned()),
            Stream::Calendar(Reach::Product(slug)) => Some(format!("/calendar?product={slug}")),
            Stream::Calendar(Reach::Everywhere) => Some("/calendar".to_owned()),
            Stream::KnownIssue(product, id) => Some(format!("/{product}/issues/{id}#e{}", row.seq)),
            Stream::Import(id) => Some(format!("/dora/import#i{id}")),
        };
        let stream = match &envelope.stream {
            Stream::Person(id) => format!("person {}", asking.control.name(*id)),
            other => other.to_string(),
        };
        let body = row.body.clone().unwrap_or_else(|| "taken back".to_owned());
        Ok(AuditRow {
            seq: row.seq,
            at: envelope.at,
            actor,
            way,
            kind: row.kind.clone(),
            stream,
            place,
            body,
            hash: row.hash.clone(),
        })
    }
}
