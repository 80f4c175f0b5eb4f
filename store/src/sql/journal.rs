//! The journal over either database.

use super::{
    Arg, Connection, Engine, Unit,
    events::{BEFORE, OF_STREAM, read_events, read_head, recorded_from},
    signed,
    transaction::SqlTransaction,
};
use crate::schema;
use async_trait::async_trait;
use control::journal::{Head, Journal, JournalError, Recorded, Transaction};
use domain::journal::{Seq, Stream};

pub(crate) const HEAD: &str = "SELECT seq, hash FROM head WHERE id = 1";

#[derive(Debug)]
pub struct SqlJournal<E> {
    pub(super) engine: E,
}

impl<E: Engine> SqlJournal<E> {
    /// Makes or raises the tables first.
    pub(crate) async fn over(engine: E) -> Result<Self, JournalError> {
        schema::raise(&engine).await?;
        Ok(Self { engine })
    }

    pub(crate) fn into_engine(self) -> E {
        self.engine
    }
}

#[async_trait]
impl<E: Engine> Journal for SqlJournal<E> {
    async fn begin(&self) -> Result<Box<dyn Transaction>, JournalError> {
        let mut unit = Unit::begin(self.engine.writer().await?, E::BEGIN).await?;
        let head = read_head(&mut unit, E::LOCK_HEAD).await?;
        Ok(Box::new(SqlTransaction::<E>::new(unit, head)))
    }

    async fn head(&self) -> Result<Head, JournalError> {
        read_head(&mut self.engine.reader().await?, HEAD).await
    }

    async fn read(&self, after: Seq, limit: u32) -> Result<Vec<Recorded>, JournalError> {
        read_events(&mut self.engine.reader().await?, after, limit).await
    }

    async fn read_back(&self, before: Seq, limit: u32) -> Result<Vec<Recorded>, JournalError> {
        let args = [Arg::Int(signed(before)), Arg::Int(limit.into())];
        let rows = self.engine.reader().await?.rows(BEFORE, &args).await?;
        rows.into_iter().map(recorded_from).collect()
    }

    async fn read_stream(
        &self,
        stream: &Stream,
        after_version: u64,
        limit: u32,
    ) -> Result<Vec<Recorded>, JournalError> {
        let name = stream.to_string();
        let args = [Arg::Text(&name), Arg::Int(signed(after_version)), Arg::Int(limit.into())];
        let rows = self.engine.reader().await?.rows(OF_STREAM, &args).await?;
        rows.into_iter().map(recorded_from).collect()
    }

    async fn snapshot(&self, fingerprint: &str) -> Result<Option<(Seq, Vec<u8>)>, JournalError> {
        let sql = "SELECT seq, body FROM snapshots WHERE fingerprint = $1";
        let row = self.engine.reader().await?.rows(sql, &[Arg::Text(fingerprint)]).await?.pop();
        row.map(|mut row| Ok((row.number()?, row.bytes()?))).transpose()
    }

    async fn save_snapshot(&self, fingerprint: &str, seq: Seq, body: &[u8]) -> Result<(), JournalError> {
        let sql = "INSERT INTO snapshots (id, fingerprint, seq, body) VALUES (1, $1, $2, $3) ON CONFLICT (id) \
                   DO UPDATE SET fingerprint = excluded.fingerprint, seq = excluded.seq, body = excluded.body";
        let args = [Arg::Text(fingerprint), Arg::Int(signed(seq)), Arg::Bytes(body)];
        self.engine.writer().await?.run(sql, &args).await
    }

    async fn ping(&self) -> Result<(), JournalError> {
        self.head().await.map(drop)
    }
}
