//! Past deliveries that were imported: staged part by part, kept with the event that finishes them.

use super::{Arg, Connection, Row, many::insert_many, signed};
use control::{
    journal::{JournalError, stamp},
    vault::{ImportPart, StagedImport, not_staged},
};
use domain::{Refusal, Timestamp, dora::import::ImportId, slug::ProductSlug};

pub(super) async fn stage(
    connection: &mut impl Connection,
    import: ImportId,
    at: Timestamp,
    note: &[u8],
) -> Result<(), JournalError> {
    let sql = "INSERT INTO imports (import, at, kept, note) VALUES ($1, $2, 0, $3) \
               ON CONFLICT (import) DO UPDATE SET note = excluded.note";
    connection.run(sql, &[Arg::Text(&import.to_string()), Arg::Text(&stamp(at)), Arg::Bytes(note)]).await
}

pub(crate) async fn put_parts(connection: &mut impl Connection, parts: &[ImportPart]) -> Result<(), JournalError> {
    let ids: Vec<String> = parts.iter().map(|part| part.import.to_string()).collect();
    let rows: Vec<_> = parts
        .iter()
        .zip(&ids)
        .map(|(part, id)| {
            let product = Arg::Text(part.product.as_str());
            [Arg::Text(id), Arg::Int(part.part.into()), product, Arg::Bytes(&part.body)]
        })
        .collect();
    let rest = " ON CONFLICT (import, part) DO UPDATE SET product = excluded.product, body = excluded.body";
    insert_many(connection, "imported (import, part, product, body)", &rows, rest).await
}

pub(super) async fn staged(
    connection: &mut impl Connection,
    import: ImportId,
) -> Result<Option<StagedImport>, JournalError> {
    let sql = "SELECT import, at, kept, note FROM imports WHERE import = $1";
    connection.rows(sql, &[Arg::Text(&import.to_string())]).await?.pop().map(staged_from).transpose()
}

pub(crate) fn staged_from(mut row: Row) -> Result<StagedImport, JournalError> {
    Ok(StagedImport { import: row.parsed()?, at: row.instant()?, kept: row.number()? != 0, note: row.bytes()? })
}

pub(super) async fn parts_of(
    connection: &mut impl Connection,
    import: ImportId,
    product: &ProductSlug,
    from: u32,
    limit: u32,
) -> Result<Vec<ImportPart>, JournalError> {
    let sql = "SELECT import, part, product, body FROM imported WHERE import = $1 AND product = $2 AND part >= $3 \
               AND EXISTS (SELECT 1 FROM imports WHERE imports.import = $1 AND kept = 1) ORDER BY part LIMIT $4";
    let id = import.to_string();
    let args = [Arg::Text(&id), Arg::Text(product.as_str()), Arg::Int(from.into()), Arg::Int(limit.into())];
    connection.rows(sql, &args).await?.into_iter().map(part_from).collect()
}

pub(crate) fn part_from(mut row: Row) -> Result<ImportPart, JournalError> {
    let import = row.parsed()?;
    let part = u32::try_from(row.number()?).unwrap_or(u32::MAX);
    Ok(ImportPart { import, part, product: row.parsed()?, body: row.bytes()? })
}

/// Whether all parts are there, and what to say if not.
pub(super) async fn check(
    connection: &mut impl Connection,
    import: ImportId,
    parts: u32,
) -> Result<Result<(), Refusal>, JournalError> {
    let sql = "SELECT COUNT(*) FROM imported WHERE import = $1 AND EXISTS (SELECT 1 FROM imports WHERE import = $1)";
    let row = connection.rows(sql, &[Arg::Text(&import.to_string())]).await?.pop();
    let found = row.map_or(Ok(0), |mut row| row.number())?;
    Ok(if found == u64::from(parts) { Ok(()) } else { Err(not_staged(parts, found)) })
}

pub(super) async fn keep(connection: &mut impl Connection, import: ImportId) -> Result<(), JournalError> {
    connection.run("UPDATE imports SET kept = 1 WHERE import = $1", &[Arg::Text(&import.to_string())]).await
}

pub(super) async fn forget(connection: &mut impl Connection, import: ImportId) -> Result<(), JournalError> {
    let id = import.to_string();
    connection.run("DELETE FROM imported WHERE import = $1", &[Arg::Text(&id)]).await?;
    connection.run("DELETE FROM imports WHERE import = $1", &[Arg::Text(&id)]).await
}

/// What was staged before and never finished.
pub(super) async fn sweep(connection: &mut impl Connection, before: &str) -> Result<(), JournalError> {
    let parts = "DELETE FROM imported WHERE import IN (SELECT import FROM imports WHERE kept = 0 AND at < $1)";
    connection.run(parts, &[Arg::Text(before)]).await?;
    connection.run("DELETE FROM imports WHERE kept = 0 AND at < $1", &[Arg::Text(before)]).await
}

/// From a backup: only what counts is in there.
pub(crate) async fn put_import(connection: &mut impl Connection, staged: &StagedImport) -> Result<(), JournalError> {
    let sql = "INSERT INTO imports (import, at, kept, note) VALUES ($1, $2, $3, $4)";
    let (id, at) = (staged.import.to_string(), stamp(staged.at));
    let kept = Arg::Int(signed(staged.kept.into()));
    connection.run(sql, &[Arg::Text(&id), Arg::Text(&at), kept, Arg::Bytes(&staged.note)]).await
}
