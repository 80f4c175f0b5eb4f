//! Where a trial keeps its record: a folder beside the build, so that it lies on a real disk, or a database of its own.

use crate::Settings;
use anyhow::Context as _;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use std::{
    fmt,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};
use store::Location;
use tempfile::TempDir;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

/// The databases that were asked for.
pub fn databases(settings: &Settings) -> anyhow::Result<Vec<Database>> {
    let postgres = settings.postgres || settings.postgres_only;
    let known = settings.database_url.is_some();
    anyhow::ensure!(known || !postgres, "PILOTHOUSE_TEST_POSTGRES names no server: `cargo xtask` starts one");
    let mut all = Vec::new();
    if !settings.postgres_only {
        all.push(Database::Sqlite);
    }
    if postgres {
        all.push(Database::Postgres);
    }
    Ok(all)
}

#[derive(Debug)]
pub struct Place {
    folder: TempDir,
    /// The server's URL and the name of our database on it.
    postgres: Option<(String, String)>,
}

static COUNT: AtomicU32 = AtomicU32::new(1);

impl Place {
    pub async fn new(database: Database, settings: &Settings) -> anyhow::Result<Self> {
        let folder = folder()?;
        let postgres = match (database, &settings.database_url) {
            (Database::Sqlite, _) => None,
            (Database::Postgres, None) => anyhow::bail!("no PostgreSQL server is named"),
            (Database::Postgres, Some(url)) => {
                let name = format!("trial_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
                run(url, &format!("CREATE DATABASE {name}")).await?;
                Some((url.clone(), name))
            }
        };
        Ok(Self { folder, postgres })
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The SQLite file as the server names it.
    pub fn file(&self) -> PathBuf {
        self.folder().join("pilothouse.db")
    }

    pub fn url(&self) -> Option<String> {
        self.postgres.as_ref().map(|(server, name)| database_of(server, name))
    }

    pub fn location(&self) -> Location {
        self.url().map_or_else(|| Location::Sqlite(self.file()), Location::Postgres)
    }

    /// Gives the database back; the folder goes by itself.
    pub async fn close(self) -> anyhow::Result<()> {
        match &self.postgres {
            Some((server, name)) => run(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await,
            None => Ok(()),
        }
    }
}

/// A fresh folder that goes away with the value.
pub fn folder() -> anyhow::Result<TempDir> {
    let program = std::env::current_exe()?;
    let build = program.parent().and_then(Path::parent).context("this program lies nowhere")?;
    let trials = build.join("trials");
    std::fs::create_dir_all(&trials)?;
    Ok(tempfile::Builder::new().prefix("trial-").tempdir_in(trials)?)
}

/// The same server, another database.
fn database_of(url: &str, name: &str) -> String {
    let (base, query) = url.split_once('?').map_or((url, None), |(base, query)| (base, Some(query)));
    let server = match base.split_once("://") {
        Some((scheme, rest)) => format!("{scheme}://{}", rest.split('/').next().unwrap_or(rest)),
        None => base.to_owned(),
    };
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{server}/{name}{query}")
}

async fn run(url: &str, sql: &str) -> anyhow::Result<()> {
    let mut connection = PgConnection::connect(url).await.context("the PostgreSQL server cannot be reached")?;
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await?;
    Ok(connection.close().await?)
}

#[cfg(test)]
mod tests {
    use super::database_of;

    #[test]
    fn only_the_database_is_another_one() {
        assert_eq!(database_of("postgres://a:b@host:5/postgres", "t"), "postgres://a:b@host:5/t");
        assert_eq!(database_of("postgres://host/x?sslmode=require", "t"), "postgres://host/t?sslmode=require");
        assert_eq!(database_of("postgres://host", "t"), "postgres://host/t");
    }
}
