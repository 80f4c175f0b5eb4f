//! The journal in PostgreSQL, for several replicas that share the work.

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
    ConnectOptions as _, Connection as _, Postgres,
    pool::Pool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{str::FromStr as _, time::Duration};

/// How long to wait for an answer, and so for whoever holds the lock.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long to wait for a connection; a server that restarts is back by then.
const CONNECTING: Duration = Duration::from_secs(10);
const CONNECTIONS: u32 = 10;

pub type PostgresJournal = SqlJournal<PostgresEngine>;

#[derive(Debug, Clone)]
pub struct PostgresEngine {
    pool: Pool<Postgres>,
}

impl PostgresJournal {
    /// TLS, certificates and time limits are said in the URL, as libpq understands them.
    pub async fn open(url: &str) -> Result<Self, JournalError> {
        Self::over(PostgresEngine::connect(url).await?).await
    }
}

impl PostgresEngine {
    /// A record that is already there, with tables as this program makes them; nothing is changed.
    pub(crate) async fn attach(url: &str) -> Result<Self, JournalError> {
        let engine = Self::connect(url).await?;
        schema::require(&engine).await?;
        Ok(engine)
    }

    /// For a restore: with its tables.
    pub(crate) async fn create(url: &str) -> Result<Self, JournalError> {
        Ok(PostgresJournal::open(url).await?.into_engine())
    }

    async fn connect(url: &str) -> Result<Self, JournalError> {
        // The error says what is wrong with the URL, never the URL: it may hold a password.
        let options = PgConnectOptions::from_str(url)
            .map_err(|error| JournalError::Storage(format!("the database URL cannot be used: {error}")))?
            .application_name("pilothouse");
        // The pool tries again and again whatever the reason; the first one says at once what is wrong.
        let first = async {
            let mut connection = options.connect().await?;
            settings::assert_durable(&mut connection).await?;
            connection.close().await
        };
        tokio::time::timeout(CONNECTING, first).await.unwrap_or(Err(sqlx::Error::PoolTimedOut)).map_err(away)?;
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(CONNECTING)
            .after_connect(|connection, _| Box::pin(settings::assert_durable(connection)))
            .connect_with(options)
            .await
            .map_err(away)?;
        Ok(Self { pool })
    }
}

#[async_trait]
impl Engine for PostgresEngine {
    type Connection = Lent;
    const BEGIN: &'static str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
    // The number is this program's own: nothing else takes this lock.
    const BEGIN_SCHEMA: &'static str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; \
                                        SELECT pg_advisory_xact_lock(8027184390172845)";
    const BEGIN_SNAPSHOT: &'static str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    // Sequences are handed out before commits become visible; this row makes the order of numbers that of commits.
    const LOCK_HEAD: &'static str = "SELECT seq, hash FROM head WHERE id = 1 FOR UPDATE";
    const LOCK_LEASE: &'static str = "SELECT epoch FROM leases WHERE name = $1 FOR SHARE";
    const STEPS: &'static [&'static str] = schema::postgres::STEPS;

    async fn reader(&self) -> Result<Lent, JournalError> {
        self.pool.acquire().await.map(Lent).map_err(away)
    }

    async fn writer(&self) -> Result<Lent, JournalError> {
        self.reader().await
    }
}
