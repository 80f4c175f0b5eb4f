//! An empty place for a journal, and a way to meddle with it from outside.

use control::{journal::Journal, memory::MemoryJournal};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};
use store::Location;

pub enum Place {
    Memory(Arc<MemoryJournal>),
    Sqlite { folder: tempfile::TempDir },
    Postgres { admin: String, name: String },
}

static NEXT: AtomicU32 = AtomicU32::new(1);

impl Place {
    pub fn memory() -> Self {
        Self::Memory(Arc::default())
    }

    pub fn sqlite() -> Self {
        Self::Sqlite { folder: tempfile::tempdir().unwrap() }
    }

    pub async fn postgres() -> Option<Self> {
        #[expect(clippy::disallowed_methods, reason = "the tests' own switch")]
        let Ok(admin) = std::env::var("PILOTHOUSE_TEST_POSTGRES") else {
            eprintln!("SKIPPED on PostgreSQL: PILOTHOUSE_TEST_POSTGRES is not set");
            return None;
        };
        let name = format!("contract_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let place = Self::Postgres { admin, name };
        place.as_admin("CREATE DATABASE").await;
        Some(place)
    }

    /// Another empty place of the same kind.
    pub async fn another(&self) -> Self {
        match self {
            Self::Memory(_) => Self::memory(),
            Self::Sqlite { .. } => Self::sqlite(),
            Self::Postgres { .. } => Self::postgres().await.unwrap(),
        }
    }

    pub async fn remove(self) {
        if let Self::Postgres { .. } = &self {
            self.as_admin("DROP DATABASE").await;
        }
    }

    async fn as_admin(&self, verb: &str) {
        let Self::Postgres { admin, name } = self else { unreachable!("only servers have administrators") };
        let force = if verb.starts_with("DROP") { "WITH (FORCE)" } else { "" };
        let mut connection = PgConnection::connect(admin).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(format!("{verb} {name} {force}"))).execute(&mut connection).await.unwrap();
    }

    pub fn location(&self) -> Location {
        match self {
            Self::Memory(_) => unreachable!("memory has no location"),
            Self::Sqlite { folder } => Location::Sqlite(folder.path().join("pilothouse.db")),
            Self::Postgres { admin, name } => {
                let (before, query) =
                    admin.split_once('?').map_or((admin.as_str(), String::new()), |(b, q)| (b, format!("?{q}")));
                let server = before.rsplit_once('/').map_or(before, |(server, _)| server);
                Location::Postgres(format!("{server}/{name}{query}"))
            }
        }
    }

    /// The journal; each call is another handle, as another process would have.
    pub async fn open(&self) -> Arc<dyn Journal> {
        match self {
            Self::Memory(journal) => journal.clone(),
            _ => store::open(&self.location()).await.unwrap(),
        }
    }

    pub fn sqlite_file(&self) -> PathBuf {
        match self.location() {
            Location::Sqlite(path) => path,
            Location::Postgres(_) => unreachable!("not a file"),
        }
    }

    /// A connection that knows nothing of journals.
    pub async fn meddler(&self) -> Meddler {
        match self.location() {
            Location::Sqlite(path) => {
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
                Meddler::Sqlite(SqliteConnection::connect_with(&options).await.unwrap())
            }
            Location::Postgres(url) => Meddler::Postgres(PgConnection::connect(&url).await.unwrap()),
        }
    }
}

pub enum Meddler {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Meddler {
    pub async fn run(&mut self, sql: &str) {
        match self {
            Self::Sqlite(c) => drop(sqlx::raw_sql(AssertSqlSafe(sql)).execute(c).await.expect(sql)),
            Self::Postgres(c) => drop(sqlx::raw_sql(AssertSqlSafe(sql)).execute(c).await.expect(sql)),
        }
    }

    /// The one whole number that a query answers.
    pub async fn number(&mut self, sql: &str) -> i64 {
        match self {
            Self::Sqlite(c) => sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(c).await.expect(sql),
            Self::Postgres(c) => sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(c).await.expect(sql),
        }
    }
}
