//! Opening what is there, what is not, and what should not be opened.

use crate::{contract, place::Place};
use control::journal::Journal;
use std::sync::Arc;
use store::{
    Location,
    contract::{append, product_stream},
};

contract! { databases:
    opening_again_changes_nothing
    several_may_open_a_new_record_at_once
    tables_of_a_newer_program_are_refused
}

async fn opening_again_changes_nothing(place: &Place) {
    let journal = place.open().await;
    let rows = append(journal.as_ref(), &product_stream("shop"), 0, 3).await.unwrap();
    drop(journal);
    for _ in 0..3 {
        assert_eq!(place.open().await.read(0, 9).await.unwrap(), rows);
    }
    assert_eq!(place.meddler().await.number("SELECT COUNT(*) FROM meta").await, 1);
}

async fn several_may_open_a_new_record_at_once(place: &Place) {
    let location = place.location();
    let open = || store::open(&location);
    let handles: [Result<Arc<dyn Journal>, _>; 5] = tokio::join!(open(), open(), open(), open(), open()).into();
    for (version, handle) in (0..).zip(handles) {
        append(handle.unwrap().as_ref(), &product_stream("shop"), version, 1).await.unwrap();
    }
}

async fn tables_of_a_newer_program_are_refused(place: &Place) {
    drop(place.open().await);
    place.meddler().await.run("UPDATE meta SET value = '99' WHERE key = 'schema'").await;
    let error = store::open(&place.location()).await.unwrap_err().to_string();
    assert!(error.contains("99") && error.contains("newer"), "{error}");
}

#[tokio::test]
async fn what_cannot_be_opened_is_named() {
    let nowhere = Location::Sqlite("/nowhere/at/all/pilothouse.db".into());
    let error = store::open(&nowhere).await.unwrap_err().to_string();
    assert!(error.contains("/nowhere/at/all/pilothouse.db"), "{error}");
    let unreadable = Location::Postgres("postgres://user:hush@localhost:notaport/db".to_owned());
    let error = store::open(&unreadable).await.unwrap_err().to_string();
    assert!(error.contains("URL") && !error.contains("hush"), "{error}");
    assert!(!format!("{unreadable:?} {unreadable}").contains("hush"));
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("text.db");
    std::fs::write(&text, "This is not a database but a letter to my grandmother, who is well. ".repeat(40)).unwrap();
    let error = store::open(&Location::Sqlite(text)).await.unwrap_err().to_string();
    assert!(error.contains("not a database"), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::sqlite();
    drop(place.open().await);
    let mode = std::fs::metadata(place.sqlite_file()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn a_database_that_may_forget_is_refused() {
    let Some(place) = Place::postgres().await else { return };
    let Location::Postgres(url) = place.location() else { unreachable!("just made") };
    let name = url.rsplit_once('/').unwrap().1.split('?').next().unwrap();
    place.meddler().await.run(&format!("ALTER DATABASE {name} SET synchronous_commit = off")).await;
    let error = store::open(&place.location()).await.unwrap_err().to_string();
    assert!(error.contains("synchronous_commit"), "{error}");
    place.remove().await;
}
