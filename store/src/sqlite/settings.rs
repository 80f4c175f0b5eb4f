//! What must be true of every connection before anything is said to be durable.

use sqlx::{Row as _, SqliteConnection};

/// Older libraries can lose a commit when a checkpoint and a writer meet in WAL mode.
const OLDEST: [u32; 3] = [3, 51, 3];

const SETTINGS: &str = "SELECT sqlite_version(), (SELECT journal_mode FROM pragma_journal_mode), \
                        (SELECT synchronous FROM pragma_synchronous), (SELECT foreign_keys FROM pragma_foreign_keys)";

pub(super) async fn assert_durable(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let row = sqlx::query(SETTINGS).fetch_one(connection).await?;
    let (version, mode): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    let (synchronous, foreign_keys): (i64, i64) = (row.try_get(2)?, row.try_get(3)?);
    fault(&version, &mode, synchronous, foreign_keys).map_or(Ok(()), |why| Err(sqlx::Error::Configuration(why.into())))
}

fn fault(version: &str, mode: &str, synchronous: i64, foreign_keys: i64) -> Option<String> {
    if !is_recent(version) {
        let [major, minor, patch] = OLDEST;
        return Some(format!("the SQLite library is {version}; at least {major}.{minor}.{patch} is needed"));
    }
    if mode != "wal" {
        return Some(format!("SQLite keeps its journal in mode “{mode}”, not “wal”: is the file on a network drive?"));
    }
    if synchronous != 2 {
        return Some(format!("SQLite's setting synchronous is {synchronous}, not 2 (FULL)"));
    }
    (foreign_keys != 1).then(|| format!("SQLite's setting foreign_keys is {foreign_keys}, not 1"))
}

fn is_recent(version: &str) -> bool {
    let parts: Option<Vec<u32>> = version.split('.').map(|part| part.parse().ok()).collect();
    parts.is_some_and(|parts| parts >= OLDEST.to_vec())
}

#[cfg(test)]
mod tests {
    use super::{fault, is_recent};

    #[test]
    fn old_libraries_are_refused() {
        assert!(is_recent("3.51.3") && is_recent("3.52.0") && is_recent("4.0.0"));
        assert!(!is_recent("3.51.2") && !is_recent("3.9.9") && !is_recent("unknown"));
    }

    #[test]
    fn every_weak_setting_is_named() {
        assert_eq!(fault("3.51.3", "wal", 2, 1), None);
        for (fault, word) in [
            (fault("3.40.1", "wal", 2, 1), "3.40.1"),
            (fault("3.51.3", "delete", 2, 1), "delete"),
            (fault("3.51.3", "wal", 1, 1), "synchronous"),
            (fault("3.51.3", "wal", 2, 0), "foreign_keys"),
        ] {
            assert!(fault.is_some_and(|why| why.contains(word)), "{word}");
        }
    }
}
