//! What SQLite and PostgreSQL have in common: statements, rows, and the journal written on top of them.

mod events;
mod imports;
mod journal;
mod many;
mod private;
mod rollouts;
mod row;
mod transaction;
mod unit;
mod vault;

pub(crate) use events::{insert_events, read_events, read_head, set_head};
pub(crate) use imports::{part_from, put_import, put_parts, staged_from};
pub(crate) use journal::HEAD;
pub use journal::SqlJournal;
pub(crate) use private::{put_account, put_link, put_token};
pub(crate) use rollouts::{put_intents, put_samples, put_secret, secret_from};
pub use row::{Arg, Cell, Row};
pub(crate) use unit::Unit;
pub(crate) use vault::{account_from, link_from, token_from};

use async_trait::async_trait;
use control::journal::JournalError;
use sqlx::SqlSafeStr;

/// A connection that speaks statements with `$1`, `$2` … in either dialect.
#[async_trait]
pub trait Connection: Send {
    async fn rows<S: SqlSafeStr + Send>(&mut self, sql: S, args: &[Arg<'_>]) -> Result<Vec<Row>, JournalError>;
    async fn run<S: SqlSafeStr + Send>(&mut self, sql: S, args: &[Arg<'_>]) -> Result<(), JournalError>;
    /// One or more statements without arguments.
    async fn script(&mut self, sql: &'static str) -> Result<(), JournalError>;
    /// Closes it when dropped instead of lending it again: whatever was begun on it is rolled back by the database.
    fn discard(&mut self);
}

/// A database: how it hands out connections and how it locks.
#[async_trait]
pub trait Engine: std::fmt::Debug + Send + Sync + 'static {
    type Connection: Connection;
    /// Begins a transaction that will write.
    const BEGIN: &'static str;
    /// Begins a transaction that makes tables, one process at a time.
    const BEGIN_SCHEMA: &'static str;
    /// Begins a transaction that sees the record as it is at its first read, until its end.
    const BEGIN_SNAPSHOT: &'static str;
    /// Reads where the record ends and keeps every other writer away until the transaction ends.
    const LOCK_HEAD: &'static str;
    /// Reads the epoch of the lease `$1` and keeps it from changing hands until the transaction ends.
    const LOCK_LEASE: &'static str;
    /// What makes the tables.
    const STEPS: &'static [&'static str];

    async fn reader(&self) -> Result<Self::Connection, JournalError>;
    async fn writer(&self) -> Result<Self::Connection, JournalError>;
}

/// A fault of the storage in the words of the port.
pub(crate) fn away(error: sqlx::Error) -> JournalError {
    match error {
        // The settings are refused while connecting; those words are ours already.
        sqlx::Error::Configuration(why) => JournalError::Storage(why.to_string()),
        sqlx::Error::PoolTimedOut => {
            JournalError::Storage("no connection to the database could be had in time".to_owned())
        }
        other => JournalError::Storage(other.to_string()),
    }
}

/// Numbers are stored signed; no count here ever comes near the limit.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
