//! The port to the record: one order of events for everyone, each append durable or refused.

use crate::vault::{PrivateWrite, Vault};
use async_trait::async_trait;
use domain::{
    Class, Refusal, Timestamp,
    access::Actor,
    digest::sha256_hex,
    journal::{Envelope, Fact, Link, Seq, Stream, link_hash},
};
use serde::{Deserialize, Serialize};

/// One event exactly as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    pub seq: Seq,
    pub stream: String,
    pub version: u64,
    pub at: String,
    pub actor: String,
    pub kind: String,
    /// The body's JSON text; none once its words have been taken back.
    pub body: Option<String>,
    pub body_hash: String,
    pub prev_hash: String,
    pub hash: String,
}

/// Where the record ends.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Head {
    pub seq: Seq,
    pub hash: String,
}

#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The stream has moved on.
    #[error("stream {stream} is at version {actual}, not {expected}")]
    Version { stream: Stream, expected: u64, actual: u64 },
    /// The storage refused or is away.
    #[error("the record cannot be reached: {0}")]
    Storage(String),
    /// What is stored cannot be understood.
    #[error("the record is damaged at {seq}: {why}")]
    Damaged { seq: Seq, why: String },
}

impl From<JournalError> for Refusal {
    fn from(error: JournalError) -> Self {
        match error {
            JournalError::Version { expected, actual, .. } => {
                Refusal::conflict("Somebody was faster.", format!("version {expected}"), format!("version {actual}"))
            }
            other => Refusal {
                who_can_help: Some("Whoever operates this installation".to_owned()),
                ..Refusal::new(Class::Unavailable, format!("It could not be recorded, so it did not happen: {other}."))
            },
        }
    }
}

/// The record, open for reading and, one writer at a time, for appending.
#[async_trait]
pub trait Journal: Vault {
    /// Takes the write lock; waits for whoever holds it.
    async fn begin(&self) -> Result<Box<dyn Transaction>, JournalError>;
    async fn head(&self) -> Result<Head, JournalError>;
    /// Events after `after`, in order, at most `limit`.
    async fn read(&self, after: Seq, limit: u32) -> Result<Vec<Recorded>, JournalError>;
    /// Events before `before`, newest first, at most `limit`; for looking back through the record.
    async fn read_back(&self, before: Seq, limit: u32) -> Result<Vec<Recorded>, JournalError>;
    /// The events of one stream, oldest first.
    async fn read_stream(&self, stream: &Stream, after_version: u64, limit: u32)
    -> Result<Vec<Recorded>, JournalError>;
    /// The newest snapshot taken by code of this fingerprint.
    async fn snapshot(&self, fingerprint: &str) -> Result<Option<(Seq, Vec<u8>)>, JournalError>;
    /// Keeps this snapshot in place of all others.
    async fn save_snapshot(&self, fingerprint: &str, seq: Seq, body: &[u8]) -> Result<(), JournalError>;
    /// Whether the storage answers.
    async fn ping(&self) -> Result<(), JournalError>;
}

/// Everything in it happens or nothing does. Dropped without [`Transaction::commit`], nothing has happened.
#[async_trait]
pub trait Transaction: Send {
    async fn head(&mut self) -> Result<Head, JournalError>;
    async fn read(&mut self, after: Seq, limit: u32) -> Result<Vec<Recorded>, JournalError>;
    /// Appends to `stream`, which must be at version `expected`.
    async fn append(
        &mut self,
        stream: &Stream,
        expected: u64,
        facts: &[Fact],
        actor: Actor,
        at: Timestamp,
    ) -> Result<Vec<Recorded>, JournalError>;
    /// The answer once given under this key: the hash of the request and the sealed answer.
    async fn answer(&mut self, asker: &str, key: &str) -> Result<Option<(String, Vec<u8>)>, JournalError>;
    async fn keep_answer(
        &mut self,
        asker: &str,
        key: &str,
        request: &str,
        answer: &[u8],
        at: Timestamp,
    ) -> Result<(), JournalError>;
    /// Whether `write` could be done now; nothing is written.
    async fn check(&mut self, write: &PrivateWrite, now: Timestamp) -> Result<Result<(), Refusal>, JournalError>;
    async fn write(&mut self, write: &PrivateWrite, now: Timestamp) -> Result<(), JournalError>;
    /// Durable once this returns.
    async fn commit(self: Box<Self>) -> Result<(), JournalError>;
}

/// The rows to store for `facts` following `head`; every adapter chains in this one way.
pub fn chain_up(
    head: &Head,
    stream: &Stream,
    expected: u64,
    facts: &[Fact],
    actor: Actor,
    at: Timestamp,
) -> Vec<Recorded> {
    let mut prev_hash = head.hash.clone();
    let (stream, actor, at) = (stream.to_string(), actor.to_string(), stamp(at));
    let mut rows = Vec::with_capacity(facts.len());
    for (n, fact) in (1u64..).zip(facts) {
        let (kind, body) = fact.encode();
        let body = body.to_string();
        let body_hash = sha256_hex(body.as_bytes());
        let (seq, version) = (head.seq + n, expected + n);
        let link = Link {
            seq,
            stream: &stream,
            version,
            at: &at,
            actor: &actor,
            kind: &kind,
            body_hash: &body_hash,
            prev_hash: &prev_hash,
        };
        let hash = link_hash(&link);
        let row = Recorded {
            seq,
            stream: stream.clone(),
            version,
            at: at.clone(),
            actor: actor.clone(),
            kind,
            body: Some(body),
            body_hash,
            prev_hash: std::mem::replace(&mut prev_hash, hash.clone()),
            hash,
        };
        rows.push(row);
    }
    rows
}

/// The text form of an instant in the record: RFC 3339 in UTC with milliseconds.
pub fn stamp(at: Timestamp) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

impl Recorded {
    /// The event as the program understands it.
    pub fn envelope(&self) -> Result<Envelope, JournalError> {
        let damaged = |why: String| JournalError::Damaged { seq: self.seq, why };
        let body = self.body.as_deref().ok_or_else(|| damaged("its body is gone".to_owned()))?;
        let body: serde_json::Value = serde_json::from_str(body).map_err(|e| damaged(e.to_string()))?;
        Ok(Envelope {
            seq: self.seq,
            stream: self.stream.parse().map_err(|e: domain::journal::NotAStream| damaged(e.to_string()))?,
            version: self.version,
            at: self.at.parse().map_err(|e: chrono::ParseError| damaged(e.to_string()))?,
            actor: self.actor.parse().map_err(|e: domain::access::NotAnActor| damaged(e.to_string()))?,
            fact: Fact::decode(&self.kind, &body).map_err(|e| damaged(e.to_string()))?,
        })
    }

    /// What is wrong with this event where `prev` is the one before it; none when it is sound.
    pub fn fault_after(&self, prev: &Head) -> Option<String> {
        if self.seq != prev.seq + 1 {
            return Some(format!("event {} follows event {}", self.seq, prev.seq));
        }
        if self.prev_hash != prev.hash {
            return Some(format!("event {} is not chained to the one before it", self.seq));
        }
        if self.body.as_ref().is_some_and(|body| sha256_hex(body.as_bytes()) != self.body_hash) {
            return Some(format!("the body of event {} has been altered", self.seq));
        }
        let Self { seq, stream, version, at, actor, kind, body_hash, prev_hash, .. } = self;
        let link = Link { seq: *seq, stream, version: *version, at, actor, kind, body_hash, prev_hash };
        (link_hash(&link) != self.hash).then(|| format!("event {seq} has been altered"))
    }
}
