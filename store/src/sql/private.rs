//! Writes to private rows, within the transaction of the event that wants them.

use super::{Arg, Connection, imports, rollouts, vault::link_by_hash};
use control::{
    journal::{JournalError, stamp},
    vault::{Account, OneTimeLink, PrivateWrite, email_taken, link_unusable, not_leading, step_begun},
};
use domain::{
    Refusal, Timestamp,
    person::{PersonId, TokenId},
};

/// `leader` is the epoch of the lease of rollouts, where the write asks for one.
pub(super) async fn check(
    connection: &mut impl Connection,
    write: &PrivateWrite,
    now: Timestamp,
    leader: Option<u64>,
) -> Result<Result<(), Refusal>, JournalError> {
    Ok(match write {
        PrivateWrite::PutAccount { person, email: Some(email), .. } => {
            let sql = "SELECT person FROM accounts WHERE email_folded = $1 AND person <> $2";
            let args = [Arg::Text(&email.to_lowercase()), Arg::Text(&person.to_string())];
            if connection.rows(sql, &args).await?.is_empty() { Ok(()) } else { Err(email_taken()) }
        }
        PrivateWrite::UseLink { hash } => match link_by_hash(connection, hash).await? {
            Some(link) if link.is_usable(now) => Ok(()),
            _ => Err(link_unusable()),
        },
        PrivateWrite::Intend { key, .. } if rollouts::is_begun(connection, *key).await? => Err(step_begun(*key)),
        PrivateWrite::Intend { epoch, .. } if leader != Some(*epoch) => Err(not_leading(*epoch, leader)),
        PrivateWrite::KeepImport { import, parts } => imports::check(connection, *import, *parts).await?,
        _ => Ok(()),
    })
}

pub(super) async fn write(
    connection: &mut impl Connection,
    write: &PrivateWrite,
    now: Timestamp,
) -> Result<(), JournalError> {
    match write {
        PrivateWrite::PutAccount { person, name, email } => {
            put_names(connection, *person, name, email.as_deref()).await
        }
        PrivateWrite::SetPassword { person, password_hash } => {
            set_password(connection, *person, password_hash).await?;
            of_person(connection, "DELETE FROM sessions WHERE person = $1", *person).await
        }
        PrivateWrite::PutLink(link) => {
            let sql = "DELETE FROM links WHERE used = 0 AND person IS NOT DISTINCT FROM $1 AND purpose = $2";
            let person = link.person.map(|id| id.to_string());
            connection.run(sql, &[Arg::Maybe(person.as_deref()), Arg::Text(link.purpose.name())]).await?;
            put_link(connection, link).await
        }
        PrivateWrite::UseLink { hash } => {
            connection.run("UPDATE links SET used = 1 WHERE hash = $1", &[Arg::Text(hash)]).await
        }
        PrivateWrite::PutToken { token, person, secret_hash } => {
            put_token(connection, secret_hash, *token, *person).await
        }
        PrivateWrite::DropToken { token } => {
            connection.run("DELETE FROM tokens WHERE token = $1", &[Arg::Text(&token.to_string())]).await
        }
        PrivateWrite::EndSessions { person } => {
            of_person(connection, "DELETE FROM sessions WHERE person = $1", *person).await
        }
        PrivateWrite::Erase { person } => {
            for sql in [
                "DELETE FROM accounts WHERE person = $1",
                "DELETE FROM sessions WHERE person = $1",
                "DELETE FROM links WHERE person = $1",
                "DELETE FROM tokens WHERE person = $1",
            ] {
                of_person(connection, sql, *person).await?;
            }
            Ok(())
        }
        PrivateWrite::Intend { key, epoch } => rollouts::put_intents(connection, &[(*key, *epoch, now)]).await,
        PrivateWrite::PutSecret { place, name, sealed } => rollouts::put_secret(connection, place, name, sealed).await,
        PrivateWrite::DropSecret { place, name } => rollouts::drop_secret(connection, place, name).await,
        PrivateWrite::KeepImport { import, .. } => imports::keep(connection, *import).await,
        PrivateWrite::DropImport { import } => imports::forget(connection, *import).await,
    }
}

/// The whole account, password included, as a backup holds it.
pub(crate) async fn put_account(connection: &mut impl Connection, account: &Account) -> Result<(), JournalError> {
    put_names(connection, account.person, &account.name, account.email.as_deref()).await?;
    match &account.password_hash {
        Some(hash) => set_password(connection, account.person, hash).await,
        None => Ok(()),
    }
}

pub(crate) async fn put_link(connection: &mut impl Connection, link: &OneTimeLink) -> Result<(), JournalError> {
    let sql = "INSERT INTO links (hash, person, purpose, expires_at, used) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (hash) DO UPDATE SET person = excluded.person, purpose = excluded.purpose, \
               expires_at = excluded.expires_at, used = excluded.used";
    let (person, expires_at) = (link.person.map(|id| id.to_string()), stamp(link.expires_at));
    let args = [
        Arg::Text(&link.hash),
        Arg::Maybe(person.as_deref()),
        Arg::Text(link.purpose.name()),
        Arg::Text(&expires_at),
        Arg::Int(link.used.into()),
    ];
    connection.run(sql, &args).await
}

pub(crate) async fn put_token(
    connection: &mut impl Connection,
    secret_hash: &str,
    token: TokenId,
    person: PersonId,
) -> Result<(), JournalError> {
    let sql = "INSERT INTO tokens (secret_hash, token, person) VALUES ($1, $2, $3) \
               ON CONFLICT (secret_hash) DO UPDATE SET token = excluded.token, person = excluded.person";
    let args = [Arg::Text(secret_hash), Arg::Text(&token.to_string()), Arg::Text(&person.to_string())];
    connection.run(sql, &args).await
}

/// Leaves the password as it is.
async fn put_names(
    connection: &mut impl Connection,
    person: PersonId,
    name: &str,
    email: Option<&str>,
) -> Result<(), JournalError> {
    let sql = "INSERT INTO accounts (person, name, email, email_folded) VALUES ($1, $2, $3, $4) ON CONFLICT (person) \
               DO UPDATE SET name = excluded.name, email = excluded.email, email_folded = excluded.email_folded";
    let folded = email.map(str::to_lowercase);
    let args = [Arg::Text(&person.to_string()), Arg::Text(name), Arg::Maybe(email), Arg::Maybe(folded.as_deref())];
    connection.run(sql, &args).await
}

async fn set_password(connection: &mut impl Connection, person: PersonId, hash: &str) -> Result<(), JournalError> {
    let sql = "UPDATE accounts SET password_hash = $1 WHERE person = $2";
    connection.run(sql, &[Arg::Text(hash), Arg::Text(&person.to_string())]).await
}

async fn of_person(connection: &mut impl Connection, sql: &'static str, person: PersonId) -> Result<(), JournalError> {
    connection.run(sql, &[Arg::Text(&person.to_string())]).await
}
