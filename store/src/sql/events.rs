//! Rows of the record itself.

use super::{Arg, Connection, Row, signed};
use control::journal::{Head, JournalError, Recorded};
use domain::journal::Seq;
use sqlx::AssertSqlSafe;
use std::fmt::Write as _;

macro_rules! select_events {
    ($rest:literal) => {
        concat!("SELECT seq, stream, version, at, actor, kind, body, body_hash, prev_hash, hash FROM events ", $rest)
    };
}

pub(super) const AFTER: &str = select_events!("WHERE seq > $1 ORDER BY seq LIMIT $2");
pub(super) const BEFORE: &str = select_events!("WHERE seq < $1 ORDER BY seq DESC LIMIT $2");
pub(super) const OF_STREAM: &str = select_events!("WHERE stream = $1 AND version > $2 ORDER BY version LIMIT $3");
/// So many rows go in with one statement: few enough for every limit on arguments, and few different statements.
const ROWS_AT_ONCE: usize = 32;
const COLUMNS: usize = 10;

pub(crate) async fn read_events(
    connection: &mut impl Connection,
    after: Seq,
    limit: u32,
) -> Result<Vec<Recorded>, JournalError> {
    let rows = connection.rows(AFTER, &[Arg::Int(signed(after)), Arg::Int(limit.into())]).await?;
    rows.into_iter().map(recorded_from).collect()
}

pub(super) fn recorded_from(mut row: Row) -> Result<Recorded, JournalError> {
    let seq = row.number()?;
    let rest = |mut row: Row| {
        Ok(Recorded {
            seq,
            stream: row.text()?,
            version: row.number()?,
            at: row.text()?,
            actor: row.text()?,
            kind: row.text()?,
            body: row.maybe_text()?,
            body_hash: row.text()?,
            prev_hash: row.text()?,
            hash: row.text()?,
        })
    };
    rest(row).map_err(|error: JournalError| JournalError::Damaged { seq, why: error.to_string() })
}

pub(crate) async fn insert_events(connection: &mut impl Connection, rows: &[Recorded]) -> Result<(), JournalError> {
    for some in rows.chunks(ROWS_AT_ONCE) {
        let mut args = Vec::with_capacity(some.len() * COLUMNS);
        for row in some {
            args.extend([
                Arg::Int(signed(row.seq)),
                Arg::Text(&row.stream),
                Arg::Int(signed(row.version)),
                Arg::Text(&row.at),
                Arg::Text(&row.actor),
                Arg::Text(&row.kind),
                Arg::Maybe(row.body.as_deref()),
                Arg::Text(&row.body_hash),
                Arg::Text(&row.prev_hash),
                Arg::Text(&row.hash),
            ]);
        }
        // Only the number of rows varies; every value is an argument.
        connection.run(AssertSqlSafe(insert_of(some.len())), &args).await?;
    }
    Ok(())
}

fn insert_of(rows: usize) -> String {
    let mut sql = String::from(
        "INSERT INTO events (seq, stream, version, at, actor, kind, body, body_hash, prev_hash, hash) VALUES ",
    );
    for place in 1..=rows * COLUMNS {
        let (before, after) = match place % COLUMNS {
            1 => (if place == 1 { "(" } else { ", (" }, ""),
            0 => (", ", ")"),
            _ => (", ", ""),
        };
        // Writing to a String cannot fail.
        let _ = write!(sql, "{before}${place}{after}");
    }
    sql
}

pub(crate) async fn read_head(connection: &mut impl Connection, sql: &'static str) -> Result<Head, JournalError> {
    let row = connection.rows(sql, &[]).await?.pop();
    let mut row =
        row.ok_or_else(|| JournalError::Storage("the row that says where the record ends is gone".to_owned()))?;
    Ok(Head { seq: row.number()?, hash: row.text()? })
}

pub(crate) async fn set_head(connection: &mut impl Connection, head: &Head) -> Result<(), JournalError> {
    let sql = "UPDATE head SET seq = $1, hash = $2 WHERE id = 1";
    connection.run(sql, &[Arg::Int(signed(head.seq)), Arg::Text(&head.hash)]).await
}

#[cfg(test)]
mod tests {
    #[test]
    fn places_are_numbered_through() {
        let sql = super::insert_of(2);
        assert!(
            sql.ends_with(
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10), ($11, $12, $13, $14, $15, $16, $17, $18, $19, $20)"
            ),
            "{sql}"
        );
    }
}
