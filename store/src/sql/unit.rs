//! One database transaction that cannot half happen.

use super::{Arg, Connection, Row};
use async_trait::async_trait;
use control::journal::JournalError;
use sqlx::SqlSafeStr;

/// Where a transaction stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Sound,
    /// A statement failed or was abandoned. PostgreSQL would now turn a commit into a rollback without saying so, and
    /// SQLite may already have rolled back and would run what follows outside any transaction: nothing more is done.
    Spoiled,
    Ended,
}

/// A connection within a transaction. Unless committed, its connection is closed, which rolls everything back and frees
/// the lock, whatever it was doing when it was dropped.
#[derive(Debug)]
pub(crate) struct Unit<C: Connection> {
    connection: C,
    standing: Standing,
}

impl<C: Connection> Unit<C> {
    pub(crate) async fn begin(connection: C, begin: &'static str) -> Result<Self, JournalError> {
        // The guard exists before the transaction does: being cancelled while waiting for the lock leaves nothing behind.
        let mut unit = Self { connection, standing: Standing::Sound };
        unit.script(begin).await?;
        Ok(unit)
    }

    pub(crate) async fn commit(mut self) -> Result<(), JournalError> {
        self.script("COMMIT").await?;
        self.standing = Standing::Ended;
        Ok(())
    }

    /// Marks the transaction as spoiled until the statement about to run has succeeded.
    fn risk(&mut self) -> Result<(), JournalError> {
        match std::mem::replace(&mut self.standing, Standing::Spoiled) {
            Standing::Sound => Ok(()),
            _ => Err(JournalError::Storage("an earlier statement of this transaction failed".to_owned())),
        }
    }
}

#[async_trait]
impl<C: Connection> Connection for Unit<C> {
    async fn rows<S: SqlSafeStr + Send>(&mut self, sql: S, args: &[Arg<'_>]) -> Result<Vec<Row>, JournalError> {
        self.risk()?;
        let rows = self.connection.rows(sql, args).await?;
        self.standing = Standing::Sound;
        Ok(rows)
    }

    async fn run<S: SqlSafeStr + Send>(&mut self, sql: S, args: &[Arg<'_>]) -> Result<(), JournalError> {
        self.risk()?;
        self.connection.run(sql, args).await?;
        self.standing = Standing::Sound;
        Ok(())
    }

    async fn script(&mut self, sql: &'static str) -> Result<(), JournalError> {
        self.risk()?;
        self.connection.script(sql).await?;
        self.standing = Standing::Sound;
        Ok(())
    }

    fn discard(&mut self) {
        self.connection.discard();
    }
}

impl<C: Connection> Drop for Unit<C> {
    fn drop(&mut self) {
        if self.standing != Standing::Ended {
            self.connection.discard();
        }
    }
}
