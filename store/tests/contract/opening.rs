//! Opening what is there, what is not, and what should not be opened.

use crate::{
    contract, imports,
    place::{Meddler, Place},
    private::{account_of, link, order, session, token},
    rollouts::{intend, lead},
};
use control::{
    journal::{Head, Journal, chain_up},
    vault::PrivateWrite,
};
use domain::access::Actor;
use std::sync::Arc;
use store::{
    Location, backup,
    contract::{append, facts, instant, product_stream},
};

contract! { databases:
    opening_again_changes_nothing
    several_may_open_a_new_record_at_once
    tables_of_a_newer_program_are_refused
    tables_of_version_1_are_raised_without_loss
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

/// The tables as the first step made them, with a row in each.
async fn of_version_1(place: &Place) -> Vec<control::journal::Recorded> {
    if let Location::Sqlite(file) = place.location() {
        std::fs::File::create(file).unwrap();
        place.meddler().await.run("PRAGMA journal_mode = WAL").await;
    }
    let mut meddler = place.meddler().await;
    let step = match meddler {
        Meddler::Sqlite(_) => include_str!("../../src/schema/sqlite/0001_record.sql"),
        Meddler::Postgres(_) => include_str!("../../src/schema/postgres/0001_record.sql"),
    };
    meddler.run(step).await;
    let rows = chain_up(&Head::default(), &product_stream("shop"), 0, &facts(3), Actor::System, instant());
    for row in &rows {
        let (seq, stream, version, at, actor, kind) =
            (row.seq, &row.stream, row.version, &row.at, &row.actor, &row.kind);
        let (body, body_hash, prev, hash) = (row.body.as_ref().unwrap(), &row.body_hash, &row.prev_hash, &row.hash);
        let values = format!(
            "{seq}, '{stream}', {version}, '{at}', '{actor}', '{kind}', '{body}', '{body_hash}', '{prev}', '{hash}'"
        );
        meddler
            .run(&format!("INSERT INTO events VALUES ({values}); UPDATE head SET seq = {seq}, hash = '{hash}'"))
            .await;
    }
    let (one, token) = (uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(901));
    let bytes = if matches!(meddler, Meddler::Sqlite(_)) { "x'00ff'" } else { "'\\x00ff'" };
    for sql in [
        "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL); INSERT INTO meta VALUES ('schema', '1')"
            .to_owned(),
        format!("INSERT INTO accounts VALUES ('{one}', 'Person 1', '1@Example.org', '1@example.org', 'hash')"),
        format!("INSERT INTO links VALUES ('l', '{one}', 'set_password', '2026-03-01T12:01:00.250Z', 1)"),
        format!("INSERT INTO sessions VALUES ('s', '{one}', '2026-03-01T12:00:00.250Z', '2026-03-01T12:10:00.250Z')"),
        format!("INSERT INTO tokens VALUES ('t', '{token}', '{one}')"),
        format!("INSERT INTO snapshots VALUES (1, 'f', 3, {bytes})"),
        format!("INSERT INTO answers VALUES ('asker', 'k', 'request', {bytes}, '2026-03-01T12:00:00.250Z')"),
    ] {
        meddler.run(&sql).await;
    }
    rows
}

async fn tables_of_version_1_are_raised_without_loss(place: &Place) {
    let rows = of_version_1(place).await;
    // A backup changes nothing, not even the tables, and says what to do.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("one.backup");
    let error = backup(&place.location(), &file, instant()).await.unwrap_err().to_string();
    assert!(error.contains("version 1") && error.contains("version 3"), "{error}");
    let location = place.location();
    let open = || store::open(&location);
    let handles: [Result<Arc<dyn Journal>, _>; 4] = tokio::join!(open(), open(), open(), open()).into();
    let [journal, ..] = handles.map(Result::unwrap);
    assert_eq!(place.meddler().await.number("SELECT CAST(value AS BIGINT) FROM meta WHERE key = 'schema'").await, 3);

    assert_eq!(journal.read(0, 9).await.unwrap(), rows);
    let one = domain::person::PersonId(uuid::Uuid::from_u128(1));
    let account = journal.account_by_email("1@EXAMPLE.org").await.unwrap().unwrap();
    assert_eq!((account.person, account.password_hash.as_deref()), (one, Some("hash")));
    assert_eq!(journal.link("l").await.unwrap(), Some(link("l", Some(1), true)));
    assert_eq!(journal.session("s").await.unwrap(), Some(session("s", 1)));
    let PrivateWrite::PutToken { token, person, .. } = token(1, "t") else { unreachable!("just made") };
    assert_eq!(journal.token("t").await.unwrap(), Some((token, person)));
    assert_eq!(journal.snapshot("f").await.unwrap(), Some((3, vec![0, 0xff])));
    let answer = journal.begin().await.unwrap().answer("asker", "k").await.unwrap();
    assert_eq!(answer, Some(("request".to_owned(), vec![0, 0xff])));

    // Life goes on, with what is new.
    append(journal.as_ref(), &product_stream("shop"), 3, 1).await.unwrap();
    order(journal.as_ref(), account_of(2, "2@example.org")).await.unwrap();
    assert_eq!(lead(journal.as_ref(), "one").await, Some(1));
    order(journal.as_ref(), intend(1, 1)).await.unwrap();
    imports::stage(journal.as_ref(), 1, &["shop"]).await;
    order(journal.as_ref(), imports::keep(1, 1)).await.unwrap();
    let contents = backup(&place.location(), &file, instant()).await.unwrap();
    assert_eq!((contents.events, contents.accounts, contents.intents, contents.fault), (4, 2, 1, None));
    assert_eq!(contents.imports, 1);
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
