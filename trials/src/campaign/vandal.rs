//! Tampering with stored events, past the program, by SQL; and putting everything back.

use crate::place::Place;
use anyhow::Context as _;
use domain::{
    digest::sha256_hex,
    journal::{Link, link_hash},
};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, SqliteConnection};
use store::{Location, contract::Dice};

#[derive(Debug, Clone, Copy)]
pub enum Deed {
    EditField,
    EditWithHash,
    RemoveBody,
    Delete,
    DeleteAndCloseUp,
    Swap,
    Insert,
    CutOff,
    CutOffWithHead,
    RewriteTail,
}

impl Deed {
    pub const ALL: [Self; 10] = [
        Self::EditField,
        Self::EditWithHash,
        Self::RemoveBody,
        Self::Delete,
        Self::DeleteAndCloseUp,
        Self::Swap,
        Self::Insert,
        Self::CutOff,
        Self::CutOffWithHead,
        Self::RewriteTail,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::EditField => "edited",
            Self::EditWithHash => "edited with its hash",
            Self::RemoveBody => "body removed",
            Self::Delete => "deleted",
            Self::DeleteAndCloseUp => "deleted and closed up",
            Self::Swap => "swapped",
            Self::Insert => "inserted",
            Self::CutOff => "cut off",
            Self::CutOffWithHead => "cut off with the head",
            Self::RewriteTail => "tail rewritten",
        }
    }

    /// The record is consistent in itself afterwards.
    pub fn needs_checkpoint(self) -> bool {
        matches!(self, Self::CutOffWithHead | Self::RewriteTail)
    }
}

/// A connection of its own, past the journal.
#[derive(Debug)]
pub enum Vandal {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

const FIELDS: &[&str] = &["stream", "at", "actor", "kind", "body", "body_hash", "prev_hash", "hash", "version"];
const KEEP: &[&str] =
    &["CREATE TABLE kept_events AS SELECT * FROM events", "CREATE TABLE kept_head AS SELECT * FROM head"];
const PUT_BACK: &[&str] = &[
    "DELETE FROM events",
    "INSERT INTO events SELECT * FROM kept_events",
    "DELETE FROM head",
    "INSERT INTO head SELECT * FROM kept_head",
];

impl Vandal {
    /// Also keeps everything aside as it is now.
    pub async fn break_in(place: &Place) -> anyhow::Result<Self> {
        let mut vandal = match place.location() {
            Location::Sqlite(file) => {
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
                Self::Sqlite(SqliteConnection::connect_with(&options).await?)
            }
            Location::Postgres(url) => Self::Postgres(PgConnection::connect(&url).await?),
        };
        for sql in KEEP {
            vandal.run(sql).await?;
        }
        Ok(vandal)
    }

    /// Does it somewhere among the first `last` events; says what was done.
    pub async fn commit(&mut self, deed: Deed, last: u64, dice: &mut Dice) -> anyhow::Result<String> {
        let seq = 1 + dice.roll(last);
        let inner = 1 + dice.roll(last - 1);
        match deed {
            Deed::EditField => {
                let field = FIELDS[usize::try_from(dice.roll(FIELDS.len() as u64))?];
                let value = if field == "version" { "version + 1000" } else { &format!("{field} || ' '") };
                self.run(&format!("UPDATE events SET {field} = {value} WHERE seq = {seq}")).await?;
                return Ok(format!("{field} of event {seq} edited"));
            }
            Deed::EditWithHash => self.rehash(inner, inner, "kind", "product.renamed").await?,
            Deed::RemoveBody => self.run(&format!("UPDATE events SET body = NULL WHERE seq = {seq}")).await?,
            Deed::Delete => self.run(&format!("DELETE FROM events WHERE seq = {seq}")).await?,
            Deed::DeleteAndCloseUp => {
                self.run(&format!("DELETE FROM events WHERE seq = {seq}")).await?;
                // By way of negative numbers: no two rows may have the same one at any moment.
                self.run(&format!("UPDATE events SET seq = -seq WHERE seq > {seq}")).await?;
                self.run("UPDATE events SET seq = -seq - 1 WHERE seq < 0").await?;
                self.run("UPDATE head SET seq = seq - 1").await?;
            }
            Deed::Swap => {
                let other = 1 + (seq + dice.roll(last - 1)) % last;
                for (from, to) in [(seq, "-1".to_owned()), (other, seq.to_string())] {
                    self.run(&format!("UPDATE events SET seq = {to} WHERE seq = {from}")).await?;
                }
                self.run(&format!("UPDATE events SET seq = {other} WHERE seq = -1")).await?;
                return Ok(format!("events {seq} and {other} swapped"));
            }
            Deed::Insert => {
                let sql = "INSERT INTO events SELECT seq + 1, stream, version + 5000, at, actor, kind, body, body_hash, \
                           hash, hash FROM events WHERE seq = (SELECT max(seq) FROM events)";
                self.run(sql).await?;
            }
            Deed::CutOff => self.run(&format!("DELETE FROM events WHERE seq > {inner}")).await?,
            Deed::CutOffWithHead => {
                self.run(&format!("DELETE FROM events WHERE seq > {inner}")).await?;
                self.set_head(inner).await?;
            }
            Deed::RewriteTail => {
                self.rehash(seq, last, "actor", "system ").await?;
                self.set_head(last).await?;
            }
        }
        Ok(format!("{} at event {seq} or {inner}", deed.name()))
    }

    /// Sets a field of event `from` and works out its hash anew, and those of all that follow up to `to`.
    async fn rehash(&mut self, from: u64, to: u64, field: &str, value: &str) -> anyhow::Result<()> {
        self.run(&format!("UPDATE events SET {field} = '{value}' WHERE seq = {from}")).await?;
        let mut prev_hash = self.texts(from).await?.swap_remove(6);
        for seq in from..=to {
            let [stream, version, at, actor, kind, body, _] = &self.texts(seq).await?[..] else {
                anyhow::bail!("event {seq} has other columns");
            };
            let (version, body_hash) = (version.parse()?, sha256_hex(body.as_bytes()));
            let hash = link_hash(&Link {
                seq,
                stream,
                version,
                at,
                actor,
                kind,
                body_hash: &body_hash,
                prev_hash: &prev_hash,
            });
            let sql = format!("UPDATE events SET prev_hash = '{prev_hash}', hash = '{hash}' WHERE seq = {seq}");
            self.run(&sql).await?;
            prev_hash = hash;
        }
        Ok(())
    }

    async fn set_head(&mut self, seq: u64) -> anyhow::Result<()> {
        self.run(&format!("UPDATE head SET seq = {seq}, hash = (SELECT hash FROM events WHERE seq = {seq})")).await
    }

    /// Stream, version, time, actor, kind, body and the hash before.
    async fn texts(&mut self, seq: u64) -> anyhow::Result<Vec<String>> {
        let sql = format!(
            "SELECT stream, CAST(version AS TEXT), at, actor, kind, body, prev_hash FROM events WHERE seq = {seq}"
        );
        let sql = AssertSqlSafe(sql);
        let texts = match self {
            Self::Sqlite(connection) => {
                let row = sqlx::query(sql).fetch_one(connection).await?;
                (0..7).map(|n| row.try_get(n)).collect::<Result<_, _>>()
            }
            Self::Postgres(connection) => {
                let row = sqlx::query(sql).fetch_one(connection).await?;
                (0..7).map(|n| row.try_get(n)).collect::<Result<_, _>>()
            }
        };
        texts.context("the events table has other columns")
    }

    /// Everything as it was.
    pub async fn make_good(&mut self) -> anyhow::Result<()> {
        for sql in PUT_BACK {
            self.run(sql).await?;
        }
        Ok(())
    }

    pub async fn leave(self) -> anyhow::Result<()> {
        match self {
            Self::Sqlite(connection) => connection.close().await?,
            Self::Postgres(connection) => connection.close().await?,
        }
        Ok(())
    }

    async fn run(&mut self, sql: &str) -> anyhow::Result<()> {
        let query = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match self {
            Self::Sqlite(connection) => query.execute(connection).await.map(drop)?,
            Self::Postgres(connection) => query.execute(connection).await.map(drop)?,
        }
        Ok(())
    }
}
