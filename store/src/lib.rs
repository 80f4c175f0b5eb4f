//! The journal on SQLite and PostgreSQL.
//!
//! The statements and what they mean are written once, in `sql`; each database adds how it connects, how it locks, and
//! what it must promise about durability.

mod backup;
#[doc(hidden)]
pub mod contract;
mod location;
pub mod postgres;
mod schema;
mod sql;
pub mod sqlite;

pub use backup::{BackupError, Contents, backup, restore, verify_backup};
pub use location::Location;

use control::journal::{Journal, JournalError};
use std::sync::Arc;

/// Opens the record, makes or raises its tables, and makes sure that what is said to be durable is.
pub async fn open(location: &Location) -> Result<Arc<dyn Journal>, JournalError> {
    Ok(match location {
        Location::Sqlite(path) => Arc::new(sqlite::SqliteJournal::open(path).await?),
        Location::Postgres(url) => Arc::new(postgres::PostgresJournal::open(url).await?),
    })
}
