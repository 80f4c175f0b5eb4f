//! Values in and out of SQLite.

use crate::sql::{Arg, Cell, Connection, Row, away};
use async_trait::async_trait;
use control::journal::JournalError;
use sqlx::{
    Row as _, SqlSafeStr, Sqlite, SqliteConnection, TypeInfo as _, ValueRef as _,
    pool::PoolConnection,
    query::Query,
    sqlite::{SqliteArguments, SqliteRow},
};

/// A connection on loan from its pool.
#[derive(Debug)]
pub struct Lent(pub(super) PoolConnection<Sqlite>);

#[async_trait]
impl Connection for Lent {
    async fn rows<S: SqlSafeStr + Send>(&mut self, sql: S, args: &[Arg<'_>]) -> Result<Vec<Row>, JournalError> {
        let rows = query(sql, args).fetch_all(&mut *self.0).await.map_err(away)?;
        rows.iter().map(row_from).collect::<Result<_, _>>().map_err(away)
    }

    async fn run<S: SqlSafeStr + Send>(&mut self, sql: S, args: &[Arg<'_>]) -> Result<(), JournalError> {
        query(sql, args).execute(&mut *self.0).await.map(drop).map_err(away)
    }

    async fn script(&mut self, sql: &'static str) -> Result<(), JournalError> {
        let connection: &mut SqliteConnection = &mut self.0;
        sqlx::raw_sql(sql).execute(connection).await.map(drop).map_err(away)
    }

    fn discard(&mut self) {
        self.0.close_on_drop();
    }
}

fn query<'q, S: SqlSafeStr>(sql: S, args: &[Arg<'_>]) -> Query<'q, Sqlite, SqliteArguments> {
    args.iter().fold(sqlx::query(sql), |query, arg| match *arg {
        Arg::Int(n) => query.bind(n),
        Arg::Text(text) => query.bind(text),
        Arg::Maybe(text) => query.bind(text),
        Arg::Bytes(bytes) => query.bind(bytes),
    })
}

fn row_from(row: &SqliteRow) -> Result<Row, sqlx::Error> {
    let cell = |n| {
        let value = row.try_get_raw(n)?;
        if value.is_null() {
            return Ok(Cell::Null);
        }
        // Each value knows its own type, whatever the column says.
        let kind = value.type_info().into_owned();
        Ok(match kind.name() {
            "INTEGER" => Cell::Int(row.try_get_unchecked(n)?),
            "BLOB" => Cell::Bytes(row.try_get_unchecked(n)?),
            _ => Cell::Text(row.try_get_unchecked(n)?),
        })
    };
    (0..row.len()).map(cell).collect::<Result<_, _>>().map(Row::new)
}
