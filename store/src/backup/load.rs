//! From an archive into an empty database.

use super::{BackupError, Contents, archive::Archive, line::Line};
use crate::{
    Location,
    sql::{
        Connection, Engine, Unit, insert_events, put_account, put_import, put_intents, put_link, put_parts,
        put_samples, put_secret, put_token, read_head, set_head,
    },
};
use control::{
    journal::JournalError,
    vault::{ImportPart, StagedImport},
};

const ROWS: &str = "SELECT (SELECT COUNT(*) FROM events) + (SELECT COUNT(*) FROM accounts) + \
                    (SELECT COUNT(*) FROM tokens) + (SELECT COUNT(*) FROM secrets) + \
                    (SELECT COUNT(*) FROM intents) + (SELECT COUNT(*) FROM samples) + \
                    (SELECT COUNT(*) FROM imports WHERE kept = 1)";

/// One transaction, under the write lock: a fault found at the last line leaves the target as empty as it was.
pub(super) async fn load<E: Engine>(
    mut archive: Archive,
    engine: &E,
    location: &Location,
) -> Result<Contents, BackupError> {
    let mut unit = Unit::begin(engine.writer().await?, E::BEGIN).await?;
    let head = read_head(&mut unit, E::LOCK_HEAD).await?;
    let rows = unit.rows(ROWS, &[]).await?.pop().map_or(Ok(0), |mut row| row.number())?;
    if head.seq > 0 || rows > 0 {
        return Err(BackupError::NotEmpty { target: location.to_string() });
    }
    // A server may have been started here and may have offered a set-up link: it must not open what is restored. A lease
    // that it holds stays: it says who leads here, and its epoch must not go back.
    unit.script(
        "DELETE FROM links; DELETE FROM sessions; DELETE FROM answers; DELETE FROM snapshots; \
                 DELETE FROM imported; DELETE FROM imports;",
    )
    .await?;
    loop {
        let (back, page) = next(archive).await?;
        archive = back;
        if page.is_empty() {
            break;
        }
        put(&mut unit, page).await?;
    }
    let contents = archive.contents();
    set_head(&mut unit, &contents.head).await?;
    unit.commit().await?;
    Ok(contents)
}

async fn next(mut archive: Archive) -> Result<(Archive, Vec<Line>), BackupError> {
    let read = move || archive.page().map(|page| (archive, page));
    tokio::task::spawn_blocking(read).await.map_err(BackupError::stopped)?
}

async fn put(connection: &mut impl Connection, page: Vec<Line>) -> Result<(), JournalError> {
    let (mut events, mut intents, mut samples, mut parts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for line in page {
        match line {
            Line::Event(row) => events.push(row),
            Line::Account(account) => put_account(connection, &account).await?,
            Line::Link(link) => put_link(connection, &link).await?,
            Line::Token { token, person, secret_hash } => put_token(connection, &secret_hash, token, person).await?,
            Line::Secret { place, name, sealed } => put_secret(connection, &place, &name, &sealed).await?,
            Line::Intent { key, epoch, at } => intents.push((key, epoch, at)),
            Line::Sample { rollout, at, body } => samples.push((rollout, at, body)),
            Line::Import { import, at, note } => {
                put_import(connection, &StagedImport { import, at, kept: true, note }).await?;
            }
            Line::Imported { import, part, product, body } => parts.push(ImportPart { import, part, product, body }),
            Line::End(_) => {}
        }
    }
    insert_events(connection, &events).await?;
    put_intents(connection, &intents).await?;
    put_samples(connection, &samples).await?;
    put_parts(connection, &parts).await
}
