//! What must be true of every connection before anything is said to be durable.

use sqlx::{PgConnection, Row as _};

const OLDEST: u32 = 130_000;

const SETTINGS: &str = "SELECT current_setting('server_version_num'), current_setting('fsync'), \
                        current_setting('synchronous_commit'), current_setting('server_encoding')";
/// A replica that freezes or loses its network while it holds the lock must not stop all the others for long.
const IDLE: &str = "SET idle_in_transaction_session_timeout = '60s'";

pub(super) async fn assert_durable(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let row = sqlx::query(SETTINGS).fetch_one(&mut *connection).await?;
    let (version, fsync): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    let (synchronous_commit, encoding): (String, String) = (row.try_get(2)?, row.try_get(3)?);
    if let Some(why) = fault(&version, &fsync, &synchronous_commit, &encoding) {
        return Err(sqlx::Error::Configuration(why.into()));
    }
    sqlx::raw_sql(IDLE).execute(connection).await.map(drop)
}

fn fault(version: &str, fsync: &str, synchronous_commit: &str, encoding: &str) -> Option<String> {
    if version.parse().is_ok_and(|version: u32| version < OLDEST) {
        return Some(format!(
            "the PostgreSQL server is of version {}; at least 13 is needed",
            &version[..2.min(version.len())]
        ));
    }
    if fsync != "on" {
        return Some(format!("PostgreSQL's setting fsync is “{fsync}”: a power cut could lose what was recorded"));
    }
    if synchronous_commit == "off" {
        return Some(
            "PostgreSQL's setting synchronous_commit is “off” for this user or database: a crash could lose what was \
             recorded"
                .to_owned(),
        );
    }
    (encoding != "UTF8").then(|| format!("the PostgreSQL database has the encoding {encoding}, not UTF8"))
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn every_weak_setting_is_named() {
        assert_eq!(fault("150006", "on", "on", "UTF8"), None);
        assert_eq!(fault("130000", "on", "remote_apply", "UTF8"), None);
        for (fault, word) in [
            (fault("120010", "on", "on", "UTF8"), "12"),
            (fault("150006", "off", "on", "UTF8"), "fsync"),
            (fault("150006", "on", "off", "UTF8"), "synchronous_commit"),
            (fault("150006", "on", "on", "SQL_ASCII"), "SQL_ASCII"),
        ] {
            assert!(fault.is_some_and(|why| why.contains(word)), "{word}");
        }
    }
}
