//! The record: facts in streams, in one order, each chained to the one before.

mod chain;
mod fact;
mod stream;

pub use chain::{Link, link_hash};
pub use fact::{Fact, UnknownKind};
pub use stream::{NotAStream, Stream};

use crate::{Timestamp, access::Actor};
use serde::{Deserialize, Serialize};

/// Position in the whole record: 1, 2, 3 … without gaps.
pub type Seq = u64;

/// A fact with its place in the record, as it travels to open pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    pub seq: Seq,
    pub stream: Stream,
    /// Position within its stream, from 1.
    pub version: u64,
    pub at: Timestamp,
    pub actor: Actor,
    pub fact: Fact,
}

#[derive(Serialize, Deserialize)]
struct Flat {
    seq: Seq,
    stream: Stream,
    version: u64,
    at: Timestamp,
    actor: Actor,
    kind: String,
    body: serde_json::Value,
}

impl Serialize for Envelope {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (kind, body) = self.fact.encode();
        let Self { seq, stream, version, at, actor, .. } = self.clone();
        Flat { seq, stream, version, at, actor, kind, body }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Envelope {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Flat { seq, stream, version, at, actor, kind, body } = Flat::deserialize(deserializer)?;
        let fact = Fact::decode(&kind, &body).map_err(serde::de::Error::custom)?;
        Ok(Self { seq, stream, version, at, actor, fact })
    }
}
