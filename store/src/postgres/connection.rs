//! Values in and out of PostgreSQL.

use super::PATIENCE;
use crate::sql::{Arg, Cell, Connection, Row, away};
use async_trait::async_trait;
use control::journal::JournalError;
use sqlx::{
    Column as _, PgConnection, Postgres, Row as _, SqlSafeStr, TypeInfo as _,
    pool::PoolConnection,
    postgres::{PgArguments, PgRow},
    query::Query,
};

/// A connection on loan from its pool.
#[derive(Debug)]
pub struct Lent(pub(super) PoolConnection<Postgres>);

#[async_trait]
impl Connection for Lent {
    async fn rows<S: SqlSafeStr + Send>(&mut self, sql: S, args: &[Arg<'_>]) -> Result<Vec<Row>, JournalError> {
        let rows = bounded(query(sql, args).fetch_all(&mut *self.0)).await;
        let rows = self.unless_broken(rows)?;
        rows.iter().map(row_from).collect::<Result<_, _>>().map_err(away)
    }

    async fn run<S: SqlSafeStr + Send>(&mut self, sql: S, args: &[Arg<'_>]) -> Result<(), JournalError> {
        let done = bounded(query(sql, args).execute(&mut *self.0)).await;
        self.unless_broken(done).map(drop)
    }

    async fn script(&mut self, sql: &'static str) -> Result<(), JournalError> {
        let connection: &mut PgConnection = &mut self.0;
        let done = bounded(sqlx::raw_sql(sql).execute(connection)).await;
        self.unless_broken(done).map(drop)
    }

    fn discard(&mut self) {
        self.0.close_on_drop();
    }
}

impl Lent {
    /// Whatever went wrong on the way to the server, the next one starts with a fresh connection.
    fn unless_broken<T>(&mut self, result: Result<T, sqlx::Error>) -> Result<T, JournalError> {
        if matches!(&result, Err(error) if error.as_database_error().is_none()) {
            self.discard();
        }
        result.map_err(away)
    }
}

/// A network that swallows everything must look like one that says no.
async fn bounded<T>(statement: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    let late =
        |_| sqlx::Error::Io(std::io::Error::new(std::io::ErrorKind::TimedOut, "the database did not answer in time"));
    tokio::time::timeout(PATIENCE, statement).await.map_err(late)?
}

fn query<'q, S: SqlSafeStr>(sql: S, args: &[Arg<'_>]) -> Query<'q, Postgres, PgArguments> {
    args.iter().fold(sqlx::query(sql), |query, arg| match *arg {
        Arg::Int(n) => query.bind(n),
        Arg::Text(text) => query.bind(text),
        Arg::Maybe(text) => query.bind(text),
        Arg::Bytes(bytes) => query.bind(bytes),
    })
}

fn row_from(row: &PgRow) -> Result<Row, sqlx::Error> {
    let cell = |n| {
        let cell = match row.column(n).type_info().name() {
            "INT8" => row.try_get::<Option<i64>, _>(n)?.map(Cell::Int),
            "BYTEA" => row.try_get::<Option<Vec<u8>>, _>(n)?.map(Cell::Bytes),
            _ => row.try_get::<Option<String>, _>(n)?.map(Cell::Text),
        };
        Ok(cell.unwrap_or(Cell::Null))
    };
    (0..row.len()).map(cell).collect::<Result<_, _>>().map(Row::new)
}
