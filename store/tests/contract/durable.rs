//! What cannot be made durable is refused, leaves nothing, and does not stop what comes after.

use crate::{
    contract,
    place::{Meddler, Place},
};
use control::journal::{Head, Journal, JournalError};
use domain::access::Actor;
use store::{
    contract::{append, facts, instant, product_stream},
    sqlite::SqliteJournal,
};

contract! { databases:
    a_refusing_storage_spoils_the_whole_transaction
}

const REFUSE: [&str; 2] = [
    // Rolls back by itself, as SQLite does when the disk is full.
    "CREATE TRIGGER refuse BEFORE INSERT ON events BEGIN SELECT RAISE(ROLLBACK, 'no space left'); END",
    "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no space left'; END $$; \
     CREATE TRIGGER refuse BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION refuse()",
];

async fn a_refusing_storage_spoils_the_whole_transaction(place: &Place) {
    let journal = place.open().await;
    let shop = product_stream("shop");
    append(journal.as_ref(), &shop, 0, 1).await.unwrap();
    let before = journal.head().await.unwrap();
    let mut meddler = place.meddler().await;
    let (refuse, again) = match meddler {
        Meddler::Sqlite(_) => (REFUSE[0], "DROP TRIGGER refuse"),
        Meddler::Postgres(_) => (REFUSE[1], "DROP TRIGGER refuse ON events"),
    };
    meddler.run(refuse).await;
    let mut transaction = journal.begin().await.unwrap();
    transaction.keep_answer("ada", "before", "r", b"a", instant()).await.unwrap();
    let error = transaction.append(&shop, 1, &facts(1), Actor::System, instant()).await.unwrap_err();
    assert!(matches!(&error, JournalError::Storage(why) if why.contains("no space left")), "{error}");
    // Whoever goes on regardless gets nowhere: neither a statement nor the commit succeeds.
    transaction.keep_answer("ada", "after", "r", b"a", instant()).await.unwrap_err();
    transaction.commit().await.unwrap_err();
    assert_eq!(journal.head().await.unwrap(), before);
    assert_eq!(journal.read(0, 9).await.unwrap().len(), 1);
    let mut transaction = journal.begin().await.unwrap();
    assert_eq!(transaction.answer("ada", "before").await.unwrap(), None);
    assert_eq!(transaction.answer("ada", "after").await.unwrap(), None);
    drop(transaction);
    meddler.run(again).await;
    append(journal.as_ref(), &shop, 1, 1).await.unwrap();
    assert_eq!(journal.head().await.unwrap().seq, 2);
}

#[tokio::test]
async fn a_lost_connection_is_an_error_and_then_over() {
    let Some(place) = Place::postgres().await else { return };
    let mut meddler = place.meddler().await;
    let journal = place.open().await;
    let shop = product_stream("shop");
    for _ in 0..3 {
        let mut transaction = journal.begin().await.unwrap();
        transaction.append(&shop, 0, &facts(1), Actor::System, instant()).await.unwrap();
        meddler
            .run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
            .await;
        transaction.commit().await.unwrap_err();
        assert_eq!(journal.head().await.unwrap(), Head::default());
    }
    append(journal.as_ref(), &shop, 0, 1).await.unwrap();
    place.remove().await;
}

#[tokio::test]
async fn a_full_sqlite_file_refuses_and_recovers() {
    let folder = tempfile::tempdir().unwrap();
    let journal = SqliteJournal::open_limited(&folder.path().join("small.db"), 60).await.unwrap();
    let shop = product_stream("shop");
    append(&journal, &shop, 0, 1).await.unwrap();
    let error = append(&journal, &shop, 1, 2_000).await.unwrap_err();
    assert!(matches!(&error, JournalError::Storage(why) if why.contains("full")), "{error}");
    assert_eq!(journal.read(0, 9).await.unwrap().len(), 1);
    journal.save_snapshot("f", 1, &vec![0; 1 << 20]).await.unwrap_err();
    assert_eq!(journal.snapshot("f").await.unwrap(), None);
    append(&journal, &shop, 1, 1).await.unwrap();
    assert_eq!(journal.head().await.unwrap().seq, 2);
}
