//! The tables, raised step by step. A step once released is never changed; what is new is a new step.

pub(crate) mod sqlite {
    pub(crate) const STEPS: &[&str] = &[
        include_str!("sqlite/0001_record.sql"),
        include_str!("sqlite/0002_rollouts.sql"),
        include_str!("sqlite/0003_imports.sql"),
    ];
}

pub(crate) mod postgres {
    pub(crate) const STEPS: &[&str] = &[
        include_str!("postgres/0001_record.sql"),
        include_str!("postgres/0002_rollouts.sql"),
        include_str!("postgres/0003_imports.sql"),
    ];
}

use crate::sql::{Arg, Connection, Engine, Unit};
use control::journal::JournalError;

const META: &str = "CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)";
const VERSION: &str = "SELECT value FROM meta WHERE key = 'schema'";
const SET_VERSION: &str = "INSERT INTO meta (key, value) VALUES ('schema', $1) \
                           ON CONFLICT (key) DO UPDATE SET value = excluded.value";

/// Takes the steps that are missing, all in one transaction; several processes may do so at once.
pub(crate) async fn raise<E: Engine>(engine: &E) -> Result<(), JournalError> {
    if version(&mut engine.reader().await?).await.is_ok_and(|version| version == E::STEPS.len()) {
        return Ok(());
    }
    let mut unit = Unit::begin(engine.writer().await?, E::BEGIN_SCHEMA).await?;
    unit.script(META).await?;
    let done = version(&mut unit).await?;
    newer_is_refused(done, E::STEPS.len())?;
    for (n, step) in E::STEPS.iter().enumerate().skip(done) {
        tracing::info!(step = n + 1, of = E::STEPS.len(), "raising the tables");
        unit.script(step).await?;
    }
    unit.run(SET_VERSION, &[Arg::Text(&E::STEPS.len().to_string())]).await?;
    unit.commit().await
}

/// Refuses tables that this program did not make; changes nothing.
pub(crate) async fn require<E: Engine>(engine: &E) -> Result<(), JournalError> {
    let absent = |error| JournalError::Storage(format!("there is no record of Pilothouse here ({error})"));
    let found = version(&mut engine.reader().await?).await.map_err(absent)?;
    newer_is_refused(found, E::STEPS.len())?;
    if found < E::STEPS.len() {
        let why = format!(
            "its tables are of version {found}, this program's are of version {}: start this program on it once first",
            E::STEPS.len()
        );
        return Err(JournalError::Storage(why));
    }
    Ok(())
}

async fn version(connection: &mut impl Connection) -> Result<usize, JournalError> {
    let Some(mut row) = connection.rows(VERSION, &[]).await?.pop() else { return Ok(0) };
    let text = row.text()?;
    text.parse().map_err(|_| JournalError::Storage(format!("the tables carry the unknown version “{text}”")))
}

fn newer_is_refused(found: usize, known: usize) -> Result<(), JournalError> {
    if found > known {
        let why = format!(
            "its tables are of version {found}, this program knows up to {known}: run the newer Pilothouse that made them"
        );
        return Err(JournalError::Storage(why));
    }
    Ok(())
}
