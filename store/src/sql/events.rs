//! Rows of the record itself.

use super::{Arg, Connection, Row, many::insert_many, signed};
use control::journal::{Head, JournalError, Recorded};
use domain::journal::Seq;

macro_rules! select_events {
    ($rest:literal) => {
        concat!("SELECT seq, stream, version, at, actor, kind, body, body_hash, prev_hash, hash FROM events ", $rest)
    };
}

pub(super) const AFTER: &str = select_events!("WHERE seq > $1 ORDER BY seq LIMIT $2");
pub(super) const BEFORE: &str = select_events!("WHERE seq < $1 ORDER BY seq DESC LIMIT $2");
pub(super) const OF_STREAM: &str = select_events!("WHERE stream = $1 AND version > $2 ORDER BY version LIMIT $3");
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
    let rows: Vec<_> = rows.iter().map(args_of).collect();
    let into = "events (seq, stream, version, at, actor, kind, body, body_hash, prev_hash, hash)";
    insert_many(connection, into, &rows, "").await
}

fn args_of(row: &Recorded) -> [Arg<'_>; 10] {
    [
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
    ]
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
