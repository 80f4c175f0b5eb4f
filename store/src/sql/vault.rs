//! Private rows outside the transaction of an event: mostly looked up; sessions, leases and samples also written.

use super::{Arg, Connection, Engine, Row, SqlJournal, Unit, imports, rollouts};
use async_trait::async_trait;
use control::{
    journal::{JournalError, stamp},
    vault::{Account, ImportPart, LinkPurpose, OneTimeLink, Session, StagedImport, Vault},
};
use domain::{
    Timestamp,
    dora::import::ImportId,
    environment::EnvironmentId,
    person::{PersonId, TokenId},
    rollout::RolloutId,
    slug::ProductSlug,
};

#[async_trait]
impl<E: Engine> Vault for SqlJournal<E> {
    async fn accounts(&self) -> Result<Vec<Account>, JournalError> {
        let sql = "SELECT person, name, email, password_hash FROM accounts ORDER BY person";
        self.engine.reader().await?.rows(sql, &[]).await?.into_iter().map(account_from).collect()
    }

    async fn account(&self, person: PersonId) -> Result<Option<Account>, JournalError> {
        let sql = "SELECT person, name, email, password_hash FROM accounts WHERE person = $1";
        let mut rows = self.engine.reader().await?.rows(sql, &[Arg::Text(&person.to_string())]).await?;
        rows.pop().map(account_from).transpose()
    }

    async fn account_by_email(&self, email: &str) -> Result<Option<Account>, JournalError> {
        let sql = "SELECT person, name, email, password_hash FROM accounts WHERE email_folded = $1";
        let mut rows = self.engine.reader().await?.rows(sql, &[Arg::Text(&email.to_lowercase())]).await?;
        rows.pop().map(account_from).transpose()
    }

    async fn link(&self, hash: &str) -> Result<Option<OneTimeLink>, JournalError> {
        link_by_hash(&mut self.engine.reader().await?, hash).await
    }

    async fn token(&self, secret_hash: &str) -> Result<Option<(TokenId, PersonId)>, JournalError> {
        let sql = "SELECT secret_hash, token, person FROM tokens WHERE secret_hash = $1";
        let row = self.engine.reader().await?.rows(sql, &[Arg::Text(secret_hash)]).await?.pop();
        Ok(row.map(token_from).transpose()?.map(|(_, token, person)| (token, person)))
    }

    async fn put_session(&self, session: &Session) -> Result<(), JournalError> {
        let sql = "INSERT INTO sessions (hash, person, created_at, expires_at) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (hash) DO UPDATE SET person = excluded.person, created_at = excluded.created_at, \
                   expires_at = excluded.expires_at";
        let (person, created, expires) =
            (session.person.to_string(), stamp(session.created_at), stamp(session.expires_at));
        let args = [Arg::Text(&session.hash), Arg::Text(&person), Arg::Text(&created), Arg::Text(&expires)];
        self.engine.writer().await?.run(sql, &args).await
    }

    async fn session(&self, hash: &str) -> Result<Option<Session>, JournalError> {
        let sql = "SELECT hash, person, created_at, expires_at FROM sessions WHERE hash = $1";
        let row = self.engine.reader().await?.rows(sql, &[Arg::Text(hash)]).await?.pop();
        let session_from = |mut row: Row| {
            Ok(Session {
                hash: row.text()?,
                person: row.parsed()?,
                created_at: row.instant()?,
                expires_at: row.instant()?,
            })
        };
        row.map(session_from).transpose()
    }

    async fn end_session(&self, hash: &str) -> Result<(), JournalError> {
        self.engine.writer().await?.run("DELETE FROM sessions WHERE hash = $1", &[Arg::Text(hash)]).await
    }

    async fn sweep(&self, now: Timestamp, answers_before: Timestamp) -> Result<(), JournalError> {
        let mut connection = self.engine.writer().await?;
        // Stamps all have one width, so their order as texts is their order in time.
        let (now, answers_before) = (stamp(now), stamp(answers_before));
        connection.run("DELETE FROM sessions WHERE expires_at <= $1", &[Arg::Text(&now)]).await?;
        connection.run("DELETE FROM links WHERE expires_at <= $1", &[Arg::Text(&now)]).await?;
        connection.run("DELETE FROM answers WHERE at < $1", &[Arg::Text(&answers_before)]).await?;
        drop(connection);
        let mut unit = Unit::begin(self.engine.writer().await?, E::BEGIN).await?;
        imports::sweep(&mut unit, &answers_before).await?;
        unit.commit().await
    }

    async fn take_lease(
        &self,
        name: &str,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
        by_force: bool,
    ) -> Result<Option<u64>, JournalError> {
        rollouts::take_lease(&mut self.engine.writer().await?, name, holder, now, until, by_force).await
    }

    async fn give_up_lease(&self, name: &str, holder: &str) -> Result<(), JournalError> {
        let sql = "UPDATE leases SET holder = NULL WHERE name = $1 AND holder = $2";
        self.engine.writer().await?.run(sql, &[Arg::Text(name), Arg::Text(holder)]).await
    }

    async fn secrets(&self, place: &EnvironmentId) -> Result<Vec<(String, Vec<u8>)>, JournalError> {
        rollouts::secrets_of(&mut self.engine.reader().await?, place).await
    }

    async fn keep_samples(&self, samples: &[(RolloutId, Timestamp, Vec<u8>)]) -> Result<(), JournalError> {
        let mut unit = Unit::begin(self.engine.writer().await?, E::BEGIN).await?;
        rollouts::put_samples(&mut unit, samples).await?;
        unit.commit().await
    }

    async fn samples(&self, rollout: RolloutId) -> Result<Vec<(Timestamp, Vec<u8>)>, JournalError> {
        let sql = "SELECT at, body FROM samples WHERE rollout = $1 ORDER BY at";
        let rows = self.engine.reader().await?.rows(sql, &[Arg::Text(&rollout.to_string())]).await?;
        rows.into_iter().map(|mut row| Ok((row.instant()?, row.bytes()?))).collect()
    }

    async fn stage_import(&self, import: ImportId, at: Timestamp, note: &[u8]) -> Result<(), JournalError> {
        imports::stage(&mut self.engine.writer().await?, import, at, note).await
    }

    async fn stage_parts(&self, parts: &[ImportPart]) -> Result<(), JournalError> {
        let mut unit = Unit::begin(self.engine.writer().await?, E::BEGIN).await?;
        imports::put_parts(&mut unit, parts).await?;
        unit.commit().await
    }

    async fn staged_import(&self, import: ImportId) -> Result<Option<StagedImport>, JournalError> {
        imports::staged(&mut self.engine.reader().await?, import).await
    }

    async fn imported(
        &self,
        import: ImportId,
        product: &ProductSlug,
        from: u32,
        limit: u32,
    ) -> Result<Vec<ImportPart>, JournalError> {
        imports::parts_of(&mut self.engine.reader().await?, import, product, from, limit).await
    }
}

pub(super) async fn link_by_hash(
    connection: &mut impl Connection,
    hash: &str,
) -> Result<Option<OneTimeLink>, JournalError> {
    let sql = "SELECT hash, person, purpose, expires_at, used FROM links WHERE hash = $1";
    connection.rows(sql, &[Arg::Text(hash)]).await?.pop().map(link_from).transpose()
}

pub(crate) fn account_from(mut row: Row) -> Result<Account, JournalError> {
    Ok(Account { person: row.parsed()?, name: row.text()?, email: row.maybe_text()?, password_hash: row.maybe_text()? })
}

pub(crate) fn link_from(mut row: Row) -> Result<OneTimeLink, JournalError> {
    let (hash, person, purpose) = (row.text()?, row.maybe_parsed()?, row.text()?);
    let unknown = || JournalError::Storage(format!("a link has the unknown purpose “{purpose}”"));
    Ok(OneTimeLink {
        hash,
        person,
        purpose: LinkPurpose::named(&purpose).ok_or_else(unknown)?,
        expires_at: row.instant()?,
        used: row.number()? != 0,
    })
}

/// The hash of the secret, the token, its person.
pub(crate) fn token_from(mut row: Row) -> Result<(String, TokenId, PersonId), JournalError> {
    Ok((row.text()?, row.parsed()?, row.parsed()?))
}
