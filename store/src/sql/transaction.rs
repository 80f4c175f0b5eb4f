//! The write transaction over either database.

use super::{
    Arg, Connection as _, Engine, Unit,
    events::{insert_events, read_events, set_head},
    private, rollouts,
};
use async_trait::async_trait;
use control::{
    journal::{Head, JournalError, Recorded, Transaction, chain_up, stamp},
    vault::PrivateWrite,
};
use domain::{
    Refusal, Timestamp,
    access::Actor,
    journal::{Fact, Seq, Stream},
};

pub(super) struct SqlTransaction<E: Engine> {
    unit: Unit<E::Connection>,
    /// Nobody else can move it: the lock is ours.
    head: Head,
    /// Where the record ended when the lock was taken.
    from: Seq,
    /// The epoch of whoever leads the rollouts, once asked for: from then on it is locked too.
    leader: Option<u64>,
}

impl<E: Engine> SqlTransaction<E> {
    pub(super) fn new(unit: Unit<E::Connection>, head: Head) -> Self {
        Self { unit, from: head.seq, head, leader: None }
    }
}

#[async_trait]
impl<E: Engine> Transaction for SqlTransaction<E> {
    async fn head(&mut self) -> Result<Head, JournalError> {
        Ok(self.head.clone())
    }

    async fn read(&mut self, after: Seq, limit: u32) -> Result<Vec<Recorded>, JournalError> {
        read_events(&mut self.unit, after, limit).await
    }

    async fn append(
        &mut self,
        stream: &Stream,
        expected: u64,
        facts: &[Fact],
        actor: Actor,
        at: Timestamp,
    ) -> Result<Vec<Recorded>, JournalError> {
        // Asked, not left to the constraint: a violated constraint would spoil the orders that share this transaction.
        let sql = "SELECT COALESCE(MAX(version), 0) FROM events WHERE stream = $1";
        let row = self.unit.rows(sql, &[Arg::Text(&stream.to_string())]).await?.pop();
        let actual = row.map_or(Ok(0), |mut row| row.number())?;
        if actual != expected {
            return Err(JournalError::Version { stream: stream.clone(), expected, actual });
        }
        let rows = chain_up(&self.head, stream, expected, facts, actor, at);
        insert_events(&mut self.unit, &rows).await?;
        if let Some(last) = rows.last() {
            self.head = Head { seq: last.seq, hash: last.hash.clone() };
        }
        Ok(rows)
    }

    async fn answer(&mut self, asker: &str, key: &str) -> Result<Option<(String, Vec<u8>)>, JournalError> {
        let sql = "SELECT request, answer FROM answers WHERE asker = $1 AND key = $2";
        let row = self.unit.rows(sql, &[Arg::Text(asker), Arg::Text(key)]).await?.pop();
        row.map(|mut row| Ok((row.text()?, row.bytes()?))).transpose()
    }

    async fn keep_answer(
        &mut self,
        asker: &str,
        key: &str,
        request: &str,
        answer: &[u8],
        at: Timestamp,
    ) -> Result<(), JournalError> {
        let sql = "INSERT INTO answers (asker, key, request, answer, at) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (asker, key) \
                   DO UPDATE SET request = excluded.request, answer = excluded.answer, at = excluded.at";
        let at = stamp(at);
        let args = [Arg::Text(asker), Arg::Text(key), Arg::Text(request), Arg::Bytes(answer), Arg::Text(&at)];
        self.unit.run(sql, &args).await
    }

    async fn check(&mut self, write: &PrivateWrite, now: Timestamp) -> Result<Result<(), Refusal>, JournalError> {
        if matches!(write, PrivateWrite::Intend { .. }) && self.leader.is_none() {
            self.leader = rollouts::lock_lease::<E>(&mut self.unit).await?;
        }
        private::check(&mut self.unit, write, now, self.leader).await
    }

    async fn write(&mut self, write: &PrivateWrite, now: Timestamp) -> Result<(), JournalError> {
        private::write(&mut self.unit, write, now).await
    }

    async fn commit(mut self: Box<Self>) -> Result<(), JournalError> {
        if self.head.seq != self.from {
            set_head(&mut self.unit, &self.head).await?;
        }
        self.unit.commit().await
    }
}
