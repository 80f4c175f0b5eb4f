//! The hash chain over the stored bytes: change, removal or exchange of any event shows.

use crate::digest::sha256_hex;

/// What is hashed of one event, exactly as stored.
#[derive(Debug, Clone, Copy)]
pub struct Link<'a> {
    pub seq: u64,
    pub stream: &'a str,
    pub version: u64,
    pub at: &'a str,
    pub actor: &'a str,
    pub kind: &'a str,
    /// The hash of the body's bytes: the body of redacted text can go, its hash stays.
    pub body_hash: &'a str,
    pub prev_hash: &'a str,
}

/// The hash that the next event is chained to. The first event's `prev_hash` is empty.
pub fn link_hash(link: &Link<'_>) -> String {
    let Link { seq, stream, version, at, actor, kind, body_hash, prev_hash } = link;
    let text =
        format!("pilothouse event 1\n{prev_hash}\n{seq}\n{stream}\n{version}\n{at}\n{actor}\n{kind}\n{body_hash}\n");
    sha256_hex(text.as_bytes())
}
