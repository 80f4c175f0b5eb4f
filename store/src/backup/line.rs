//! The lines of an archive, and the seal after them.
//!
//! An archive is gzip over lines of JSON (header, rows, end), so that it can be read by hand, followed by a seal outside
//! the compression: gzip leaves some bits of a file unchecked, the seal none.

use control::{
    journal::{Head, Recorded},
    vault::{Account, OneTimeLink},
};
use domain::{
    Timestamp,
    dora::import::ImportId,
    environment::EnvironmentId,
    person::{PersonId, TokenId},
    rollout::RolloutId,
    slug::ProductSlug,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt::{self, Write as _};
use uuid::Uuid;

/// Format 1 had no secrets, intents and samples, format 2 no imports; they are read as archives without any.
pub(super) const FORMAT: u32 = 3;
/// Stands between the compressed lines and 64 hexadecimal digits.
pub(super) const SEAL: &str = "pilothouse backup sha256 ";
/// The seal's length, its line end included.
pub(super) const SEAL_LENGTH: u64 = 90;

/// The first line of every archive of every format.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Format {
    pub pilothouse_backup: u32,
}

/// The first line in these formats.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub pilothouse_backup: u32,
    pub taken_at: Timestamp,
    pub head: Head,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    Event(Recorded),
    Account(Account),
    Link(OneTimeLink),
    Token {
        token: TokenId,
        person: PersonId,
        secret_hash: String,
    },
    Secret {
        place: EnvironmentId,
        name: String,
        #[serde(with = "super::bytes")]
        sealed: Vec<u8>,
    },
    Intent {
        key: Uuid,
        epoch: u64,
        at: Timestamp,
    },
    Sample {
        rollout: RolloutId,
        at: Timestamp,
        #[serde(with = "super::bytes")]
        body: Vec<u8>,
    },
    Import {
        import: ImportId,
        at: Timestamp,
        #[serde(with = "super::bytes")]
        note: Vec<u8>,
    },
    Imported {
        import: ImportId,
        part: u32,
        product: ProductSlug,
        #[serde(with = "super::bytes")]
        body: Vec<u8>,
    },
    /// The last line.
    End(Counts),
}

/// How many rows of each kind there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Counts {
    pub events: u64,
    pub accounts: u64,
    pub links: u64,
    pub tokens: u64,
    #[serde(default)]
    pub secrets: u64,
    #[serde(default)]
    pub intents: u64,
    #[serde(default)]
    pub samples: u64,
    #[serde(default)]
    pub imports: u64,
    /// Parts of imports.
    #[serde(default)]
    pub imported: u64,
}

impl Counts {
    pub fn count(&mut self, line: &Line) {
        match line {
            Line::Event(_) => self.events += 1,
            Line::Account(_) => self.accounts += 1,
            Line::Link(_) => self.links += 1,
            Line::Token { .. } => self.tokens += 1,
            Line::Secret { .. } => self.secrets += 1,
            Line::Intent { .. } => self.intents += 1,
            Line::Sample { .. } => self.samples += 1,
            Line::Import { .. } => self.imports += 1,
            Line::Imported { .. } => self.imported += 1,
            Line::End(_) => {}
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { events, accounts, links, tokens, secrets, intents, samples, imports, imported } = self;
        write!(f, "{events} events, {accounts} accounts, {links} links, {tokens} tokens, ")?;
        write!(f, "{secrets} secrets, {intents} intents, {samples} samples, ")?;
        write!(f, "{imports} imports and {imported} parts of them")
    }
}

/// The seal over everything before it.
pub(super) fn seal(hash: Sha256) -> String {
    let mut line = String::from(SEAL);
    for byte in hash.finalize() {
        // Writing to a String cannot fail.
        let _ = write!(line, "{byte:02x}");
    }
    line.push('\n');
    line
}
