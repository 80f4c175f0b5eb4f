//! The journal in one SQLite file: no server to look after, for one process that serves (others may read and back up).

mod connection;
mod settings;

use crate::{
    schema,
    sql::{Engine, SqlJournal, away},
};
use async_trait::async_trait;
use connection::Lent;
use control::journal::JournalError;
use sqlx::{
    ConnectOptions as _, Connection as _, Sqlite,
    pool::{Pool, PoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{io, path::Path, time::Duration};

/// How long to wait for another process, or another task of this one, to let go of the write lock.
const PATIENCE: Duration = Duration::from_secs(30);
const READERS: u32 = 4;

pub type SqliteJournal = SqlJournal<SqliteEngine>;

/// One connection that writes, a few that read what was committed.
#[derive(Debug, Clone)]
pub struct SqliteEngine {
    write: Pool<Sqlite>,
    read: Pool<Sqlite>,
}

impl SqliteJournal {
    /// Opens the file, or makes it, readable by its owner only.
    pub async fn open(path: &Path) -> Result<Self, JournalError> {
        create(path).map_err(|error| JournalError::Storage(format!("{} cannot be made: {error}", path.display())))?;
        Self::over(SqliteEngine::connect(options(path)).await?).await
    }

    /// [`SqliteJournal::open`] with a limit on the file's size in pages, to see what a full disk does.
    #[doc(hidden)]
    pub async fn open_limited(path: &Path, pages: u32) -> Result<Self, JournalError> {
        Self::over(SqliteEngine::connect(options(path).pragma("max_page_count", pages.to_string())).await?).await
    }
}

impl SqliteEngine {
    /// A record that is already there, with tables as this program makes them; nothing is changed.
    pub(crate) async fn attach(path: &Path) -> Result<Self, JournalError> {
        if !path.is_file() {
            return Err(JournalError::Storage(format!("there is no file {}", path.display())));
        }
        let engine = Self::connect(options(path)).await?;
        schema::require(&engine).await?;
        Ok(engine)
    }

    /// For a restore: made when it is not there, with its tables.
    pub(crate) async fn create(path: &Path) -> Result<Self, JournalError> {
        Ok(SqliteJournal::open(path).await?.into_engine())
    }

    async fn connect(options: SqliteConnectOptions) -> Result<Self, JournalError> {
        // The pool tries again and again whatever the reason; the first one says at once what is wrong.
        // It is also the one that may have to switch a new file to WAL.
        let first = async {
            let mut connection = options.connect().await?;
            settings::assert_durable(&mut connection).await?;
            connection.close().await
        };
        first.await.map_err(away)?;
        let write = pool(1).connect_with(options.clone()).await.map_err(away)?;
        let read = pool(READERS).connect_with(options.pragma("query_only", "ON")).await.map_err(away)?;
        Ok(Self { write, read })
    }
}

pub(crate) fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
}

fn pool(connections: u32) -> PoolOptions<Sqlite> {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(PATIENCE)
        // A connection to a file does not grow stale, and its prepared statements are worth keeping.
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .after_connect(|connection, _| Box::pin(settings::assert_durable(connection)))
}

/// Hashes of passwords and tokens are in there: nobody else on the machine need read them.
fn create(path: &Path) -> io::Result<()> {
    let mut file = std::fs::OpenOptions::new();
    file.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    match file.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other.map(drop),
    }
}

#[async_trait]
impl Engine for SqliteEngine {
    type Connection = Lent;
    const BEGIN: &'static str = "BEGIN IMMEDIATE";
    const BEGIN_SCHEMA: &'static str = "BEGIN IMMEDIATE";
    const BEGIN_SNAPSHOT: &'static str = "BEGIN";
    // The whole file is locked already.
    const LOCK_HEAD: &'static str = "SELECT seq, hash FROM head WHERE id = 1";
    const LOCK_LEASE: &'static str = "SELECT epoch FROM leases WHERE name = $1";
    const STEPS: &'static [&'static str] = schema::sqlite::STEPS;

    async fn reader(&self) -> Result<Lent, JournalError> {
        self.read.acquire().await.map(Lent).map_err(away)
    }

    async fn writer(&self) -> Result<Lent, JournalError> {
        self.write.acquire().await.map(Lent).map_err(away)
    }
}
