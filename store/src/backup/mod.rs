//! Backups that any of the databases can be restored from, taken while others write.
//!
//! Sessions, unused links and kept answers are never written into an archive: what is not in it cannot let an old browser
//! in, and cannot be stolen with it. Nor are leases: who leads is settled anew by those who run where it is restored.

mod archive;
mod bytes;
mod error;
mod line;
mod load;
mod rows;
mod save;

pub use error::BackupError;

use crate::{Location, postgres::PostgresEngine, sqlite::SqliteEngine};
use archive::Archive;
use control::{audit::Fault, journal::Head};
use domain::Timestamp;
use line::{Counts, Header};
use std::path::Path;

/// What an archive holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    pub taken_at: Timestamp,
    pub head: Head,
    pub events: u64,
    pub accounts: u64,
    pub links: u64,
    pub tokens: u64,
    /// Sealed ones of integrations.
    pub secrets: u64,
    /// Steps of rollouts that were begun.
    pub intents: u64,
    pub samples: u64,
    /// Of past deliveries.
    pub imports: u64,
    /// A damaged record is still saved, and said to be damaged; it can be looked at but not restored.
    pub fault: Option<Fault>,
}

impl Contents {
    fn of(header: Header, counts: Counts, fault: Option<Fault>) -> Self {
        let Header { taken_at, head, .. } = header;
        let Counts { events, accounts, links, tokens, secrets, intents, samples, imports, .. } = counts;
        Self { taken_at, head, events, accounts, links, tokens, secrets, intents, samples, imports, fault }
    }
}

/// Writes the record at `location`, as it is at this moment, into the new file `file`.
pub async fn backup(location: &Location, file: &Path, now: Timestamp) -> Result<Contents, BackupError> {
    match location {
        Location::Sqlite(path) => save::save(&SqliteEngine::attach(path).await?, file, now).await,
        Location::Postgres(url) => save::save(&PostgresEngine::attach(url).await?, file, now).await,
    }
}

/// Reads the whole archive: its seal, every line, the counts and the chain of events. Blocks while it does.
pub fn verify_backup(file: &Path) -> Result<Contents, BackupError> {
    let mut archive = Archive::open(file)?;
    while !archive.page()?.is_empty() {}
    Ok(archive.contents())
}

/// Fills the empty record at `location` from an archive, all of it or nothing.
pub async fn restore(file: &Path, location: &Location) -> Result<Contents, BackupError> {
    // Nothing is made at the target before the archive has shown that it is one.
    let path = file.to_owned();
    let archive = tokio::task::spawn_blocking(move || Archive::open(&path)).await.map_err(BackupError::stopped)??;
    match location {
        Location::Sqlite(path) => load::load(archive, &SqliteEngine::create(path).await?, location).await,
        Location::Postgres(url) => load::load(archive, &PostgresEngine::create(url).await?, location).await,
    }
}
