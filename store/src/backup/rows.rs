//! The private rows of a database as lines of an archive: the few at once, the many page by page.

use super::line::Line;
use crate::sql::{Arg, Connection, Row, account_from, link_from, part_from, secret_from, staged_from, token_from};
use control::journal::{JournalError, stamp};
use domain::{Timestamp, dora::import::ImportId, rollout::RolloutId};
use uuid::Uuid;

const PAGE: Arg<'_> = Arg::Int(2_000);

/// Parts are large, so there are few in a page.
const PARTS: Arg<'_> = Arg::Int(16);

/// Of these there are as many as people, tokens, integrations and imports.
pub(super) async fn few(connection: &mut impl Connection) -> Result<Vec<Line>, JournalError> {
    let mut lines = Vec::new();
    for row in connection.rows("SELECT person, name, email, password_hash FROM accounts ORDER BY person", &[]).await? {
        lines.push(Line::Account(account_from(row)?));
    }
    // A link already used goes along: it must keep saying so.
    let used = "SELECT hash, person, purpose, expires_at, used FROM links WHERE used = 1 ORDER BY hash";
    for row in connection.rows(used, &[]).await? {
        lines.push(Line::Link(link_from(row)?));
    }
    for row in connection.rows("SELECT secret_hash, token, person FROM tokens ORDER BY token", &[]).await? {
        let (secret_hash, token, person) = token_from(row)?;
        lines.push(Line::Token { token, person, secret_hash });
    }
    for row in connection.rows("SELECT place, name, sealed FROM secrets ORDER BY place, name", &[]).await? {
        let (place, name, sealed) = secret_from(row)?;
        lines.push(Line::Secret { place, name, sealed });
    }
    let kept = "SELECT import, at, kept, note FROM imports WHERE kept = 1 ORDER BY import";
    for row in connection.rows(kept, &[]).await? {
        let staged = staged_from(row)?;
        lines.push(Line::Import { import: staged.import, at: staged.at, note: staged.note });
    }
    Ok(lines)
}

/// The facts of imports that count.
pub(super) async fn imported(
    connection: &mut impl Connection,
    after: Option<(ImportId, u32)>,
) -> Result<Vec<Line>, JournalError> {
    let sql = "SELECT import, part, product, body FROM imported WHERE (import, part) > ($1, $2) \
               AND import IN (SELECT import FROM imports WHERE kept = 1) ORDER BY import, part LIMIT $3";
    let (import, part) = after.map(|(import, part)| (import.to_string(), part)).unwrap_or_default();
    let line = |row: Row| {
        let part = part_from(row)?;
        Ok(Line::Imported { import: part.import, part: part.part, product: part.product, body: part.body })
    };
    connection.rows(sql, &[Arg::Text(&import), Arg::Int(part.into()), PARTS]).await?.into_iter().map(line).collect()
}

pub(super) async fn intents(connection: &mut impl Connection, after: Option<Uuid>) -> Result<Vec<Line>, JournalError> {
    let sql = "SELECT key, epoch, at FROM intents WHERE key > $1 ORDER BY key LIMIT $2";
    let after = after.map(|key| key.to_string()).unwrap_or_default();
    let line = |mut row: Row| Ok(Line::Intent { key: row.parsed()?, epoch: row.number()?, at: row.instant()? });
    connection.rows(sql, &[Arg::Text(&after), PAGE]).await?.into_iter().map(line).collect()
}

pub(super) async fn samples(
    connection: &mut impl Connection,
    after: Option<(RolloutId, Timestamp)>,
) -> Result<Vec<Line>, JournalError> {
    let sql = "SELECT rollout, at, body FROM samples WHERE (rollout, at) > ($1, $2) ORDER BY rollout, at LIMIT $3";
    let (rollout, at) = after.map(|(rollout, at)| (rollout.to_string(), stamp(at))).unwrap_or_default();
    let line = |mut row: Row| Ok(Line::Sample { rollout: row.parsed()?, at: row.instant()?, body: row.bytes()? });
    connection.rows(sql, &[Arg::Text(&rollout), Arg::Text(&at), PAGE]).await?.into_iter().map(line).collect()
}
