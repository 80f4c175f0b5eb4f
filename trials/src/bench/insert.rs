//! The least that a durable write can be: one row inserted, committed, on the disk; then the next.

use crate::place::Place;
use sqlx::{
    Connection as _, PgConnection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use std::time::{Duration, Instant};
use store::Location;

/// As long as a recorded approval with its hashes.
const ROW: usize = 700;
const TABLE: &str = "CREATE TABLE IF NOT EXISTS bare (body TEXT NOT NULL)";
const INSERT: &str = "INSERT INTO bare (body) VALUES ($1)";

#[derive(Debug)]
pub enum Loop {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Loop {
    /// On the same disk, with the same settings as the record.
    pub async fn open(place: &Place) -> anyhow::Result<Self> {
        Ok(match place.location() {
            Location::Sqlite(_) => {
                let options = SqliteConnectOptions::new()
                    .filename(place.folder().join("bare.db"))
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full);
                let mut connection = SqliteConnection::connect_with(&options).await?;
                sqlx::raw_sql(TABLE).execute(&mut connection).await?;
                Self::Sqlite(connection)
            }
            Location::Postgres(url) => {
                let mut connection = PgConnection::connect(&url).await?;
                sqlx::raw_sql(TABLE).execute(&mut connection).await?;
                Self::Postgres(connection)
            }
        })
    }

    /// Inserts per second, one after the other, for so long.
    pub async fn rate(&mut self, lasting: Duration) -> anyhow::Result<f64> {
        let (body, began, mut count) = ("x".repeat(ROW), Instant::now(), 0_u32);
        while began.elapsed() < lasting {
            count += 1;
            match self {
                Self::Sqlite(connection) => sqlx::query(INSERT).bind(&body).execute(connection).await.map(drop)?,
                Self::Postgres(connection) => sqlx::query(INSERT).bind(&body).execute(connection).await.map(drop)?,
            }
        }
        Ok(f64::from(count) / began.elapsed().as_secs_f64())
    }
}
