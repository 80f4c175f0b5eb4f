//! What rollouts keep beside the record: the lease, the steps that were begun, sealed secrets, samples.

use super::{Arg, Connection, Engine, Row, Unit, many::insert_many, signed};
use control::{
    journal::{JournalError, stamp},
    vault::ROLLOUTS,
};
use domain::{Timestamp, environment::EnvironmentId, rollout::RolloutId};
use std::str::FromStr;
use uuid::Uuid;

/// One statement: of several that try at once, each sees what the one before it did.
pub(super) async fn take_lease(
    connection: &mut impl Connection,
    name: &str,
    holder: &str,
    now: Timestamp,
    until: Timestamp,
    by_force: bool,
) -> Result<Option<u64>, JournalError> {
    // Stamps all have one width, so their order as texts is their order in time.
    let sql = "INSERT INTO leases (name, holder, epoch, until) VALUES ($1, $2, 1, $3) ON CONFLICT (name) \
               DO UPDATE SET holder = excluded.holder, until = excluded.until, epoch = leases.epoch + \
               CASE WHEN leases.holder IS NOT DISTINCT FROM excluded.holder THEN 0 ELSE 1 END \
               WHERE leases.holder IS NULL OR leases.holder = excluded.holder OR leases.until <= $4 OR $5 = 1 \
               RETURNING epoch";
    let (now, until) = (stamp(now), stamp(until));
    let args = [Arg::Text(name), Arg::Text(holder), Arg::Text(&until), Arg::Text(&now), Arg::Int(by_force.into())];
    connection.rows(sql, &args).await?.pop().map(|mut row| row.number()).transpose()
}

/// The epoch of the leader, who stays it until the transaction ends; none when nobody has led yet.
pub(super) async fn lock_lease<E: Engine>(unit: &mut Unit<E::Connection>) -> Result<Option<u64>, JournalError> {
    let lease = unit.rows(E::LOCK_LEASE, &[Arg::Text(ROLLOUTS)]).await?.pop();
    lease.map(|mut row| row.number()).transpose()
}

pub(super) async fn is_begun(connection: &mut impl Connection, key: Uuid) -> Result<bool, JournalError> {
    let sql = "SELECT key FROM intents WHERE key = $1";
    Ok(!connection.rows(sql, &[Arg::Text(&key.to_string())]).await?.is_empty())
}

/// A key that is there already is an error: it is what keeps a step from being begun twice.
pub(crate) async fn put_intents(
    connection: &mut impl Connection,
    intents: &[(Uuid, u64, Timestamp)],
) -> Result<(), JournalError> {
    let texts: Vec<_> = intents.iter().map(|(key, epoch, at)| (key.to_string(), *epoch, stamp(*at))).collect();
    let rows: Vec<_> =
        texts.iter().map(|(key, epoch, at)| [Arg::Text(key), Arg::Int(signed(*epoch)), Arg::Text(at)]).collect();
    insert_many(connection, "intents (key, epoch, at)", &rows, "").await
}

pub(crate) async fn put_secret(
    connection: &mut impl Connection,
    place: &EnvironmentId,
    name: &str,
    sealed: &[u8],
) -> Result<(), JournalError> {
    let sql = "INSERT INTO secrets (place, name, sealed) VALUES ($1, $2, $3) \
               ON CONFLICT (place, name) DO UPDATE SET sealed = excluded.sealed";
    connection.run(sql, &[Arg::Text(&text_of(place)), Arg::Text(name), Arg::Bytes(sealed)]).await
}

pub(super) async fn drop_secret(
    connection: &mut impl Connection,
    place: &EnvironmentId,
    name: &str,
) -> Result<(), JournalError> {
    let sql = "DELETE FROM secrets WHERE place = $1 AND name = $2";
    connection.run(sql, &[Arg::Text(&text_of(place)), Arg::Text(name)]).await
}

pub(super) async fn secrets_of(
    connection: &mut impl Connection,
    place: &EnvironmentId,
) -> Result<Vec<(String, Vec<u8>)>, JournalError> {
    let sql = "SELECT name, sealed FROM secrets WHERE place = $1 ORDER BY name";
    let rows = connection.rows(sql, &[Arg::Text(&text_of(place))]).await?;
    rows.into_iter().map(|mut row| Ok((row.text()?, row.bytes()?))).collect()
}

/// The place, the name, the sealed value.
pub(crate) fn secret_from(mut row: Row) -> Result<(EnvironmentId, String, Vec<u8>), JournalError> {
    let Place(place) = row.parsed()?;
    Ok((place, row.text()?, row.bytes()?))
}

/// What is there already stays as it is: somebody may have judged by it.
pub(crate) async fn put_samples(
    connection: &mut impl Connection,
    samples: &[(RolloutId, Timestamp, Vec<u8>)],
) -> Result<(), JournalError> {
    let mut texts: Vec<_> = samples.iter().map(|(id, at, body)| (id.to_string(), stamp(*at), body)).collect();
    // In one order, so that two who write the same ones never wait for each other. Stable: the first of a moment stays.
    texts.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    let rows: Vec<_> =
        texts.iter().map(|(rollout, at, body)| [Arg::Text(rollout), Arg::Text(at), Arg::Bytes(body)]).collect();
    insert_many(connection, "samples (rollout, at, body)", &rows, " ON CONFLICT (rollout, at) DO NOTHING").await
}

fn text_of(place: &EnvironmentId) -> String {
    format!("{}/{}", place.product, place.env)
}

struct Place(EnvironmentId);

impl FromStr for Place {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let (product, env) = text.split_once('/').ok_or(())?;
        let product = product.parse().map_err(drop)?;
        Ok(Self(EnvironmentId { product, env: env.parse().map_err(drop)? }))
    }
}
