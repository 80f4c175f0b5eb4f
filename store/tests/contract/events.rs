//! Appending and reading, snapshots, answers.

use crate::{contract, place::Place};
use control::journal::{Head, JournalError};
use domain::access::Actor;
use store::contract::{append, facts, instant, product_stream};

contract! { everywhere:
    an_empty_record_ends_at_nothing
    what_was_appended_is_read_as_it_was
    the_expected_version_decides
    pages_are_cut_where_asked
    a_transaction_sees_what_it_wrote
    a_dropped_transaction_leaves_nothing_and_frees_the_lock
    a_cancelled_transaction_frees_the_lock
    snapshots_belong_to_their_code
    answers_are_kept_once_given
}

async fn an_empty_record_ends_at_nothing(place: &Place) {
    let journal = place.open().await;
    journal.ping().await.unwrap();
    assert_eq!(journal.head().await.unwrap(), Head::default());
    assert_eq!(journal.read(0, 10).await.unwrap(), []);
    assert_eq!(journal.read_back(u64::MAX, 10).await.unwrap(), []);
    assert_eq!(journal.begin().await.unwrap().head().await.unwrap(), Head::default());
}

async fn what_was_appended_is_read_as_it_was(place: &Place) {
    let journal = place.open().await;
    let shop = product_stream("shop");
    // More rows than any one statement takes.
    let rows = append(journal.as_ref(), &shop, 0, 75).await.unwrap();
    assert_eq!(rows.iter().map(|r| r.seq).collect::<Vec<_>>(), (1..=75).collect::<Vec<_>>());
    assert_eq!(journal.read(0, 100).await.unwrap(), rows);
    let mut prev = Head::default();
    for (row, fact) in rows.iter().zip(facts(75)) {
        assert_eq!(row.fault_after(&prev), None);
        prev = Head { seq: row.seq, hash: row.hash.clone() };
        let envelope = row.envelope().unwrap();
        assert_eq!((envelope.fact, envelope.at, envelope.actor), (fact, instant(), Actor::System));
    }
    assert_eq!(journal.head().await.unwrap(), prev);
    // A second handle sees the same.
    assert_eq!(place.open().await.read(0, 100).await.unwrap(), rows);
}

async fn the_expected_version_decides(place: &Place) {
    let journal = place.open().await;
    let (shop, desk) = (product_stream("shop"), product_stream("desk"));
    append(journal.as_ref(), &shop, 0, 2).await.unwrap();
    let mut transaction = journal.begin().await.unwrap();
    for expected in [0, 1, 3] {
        let error = transaction.append(&shop, expected, &facts(1), Actor::System, instant()).await.unwrap_err();
        assert!(
            matches!(&error, JournalError::Version { stream, expected: e, actual: 2 } if *stream == shop && *e == expected),
            "{error}"
        );
    }
    // A refusal does not spoil what shares the transaction.
    assert_eq!(transaction.append(&desk, 0, &facts(1), Actor::System, instant()).await.unwrap()[0].seq, 3);
    assert_eq!(transaction.append(&shop, 2, &facts(1), Actor::System, instant()).await.unwrap()[0].seq, 4);
    transaction.commit().await.unwrap();
    assert_eq!(journal.head().await.unwrap().seq, 4);
    // Nothing appended, nothing changed.
    let mut transaction = journal.begin().await.unwrap();
    assert_eq!(transaction.append(&shop, 3, &[], Actor::System, instant()).await.unwrap(), []);
    transaction.commit().await.unwrap();
    assert_eq!(journal.head().await.unwrap().seq, 4);
}

async fn pages_are_cut_where_asked(place: &Place) {
    let journal = place.open().await;
    let (shop, desk) = (product_stream("shop"), product_stream("desk"));
    for version in 0..5 {
        append(journal.as_ref(), &shop, version, 1).await.unwrap();
        append(journal.as_ref(), &desk, version, 1).await.unwrap();
    }
    let seqs = |rows: Vec<control::journal::Recorded>| rows.iter().map(|r| r.seq).collect::<Vec<_>>();
    assert_eq!(seqs(journal.read(3, 4).await.unwrap()), [4, 5, 6, 7]);
    assert_eq!(seqs(journal.read(10, 4).await.unwrap()), [0; 0]);
    assert_eq!(seqs(journal.read_back(u64::MAX, 3).await.unwrap()), [10, 9, 8]);
    assert_eq!(seqs(journal.read_back(3, 9).await.unwrap()), [2, 1]);
    assert_eq!(seqs(journal.read_stream(&shop, 0, 2).await.unwrap()), [1, 3]);
    assert_eq!(seqs(journal.read_stream(&shop, 2, 9).await.unwrap()), [5, 7, 9]);
    assert_eq!(seqs(journal.read_stream(&product_stream("none"), 0, 9).await.unwrap()), [0; 0]);
}

async fn a_transaction_sees_what_it_wrote(place: &Place) {
    let journal = place.open().await;
    append(journal.as_ref(), &product_stream("shop"), 0, 1).await.unwrap();
    let mut transaction = journal.begin().await.unwrap();
    let rows = transaction.append(&product_stream("shop"), 1, &facts(2), Actor::System, instant()).await.unwrap();
    assert_eq!(transaction.read(1, 9).await.unwrap(), rows);
    assert_eq!(transaction.head().await.unwrap().hash, rows[1].hash);
    transaction.commit().await.unwrap();
    assert_eq!(journal.read(1, 9).await.unwrap(), rows);
}

async fn a_dropped_transaction_leaves_nothing_and_frees_the_lock(place: &Place) {
    let journal = place.open().await;
    let shop = product_stream("shop");
    for _ in 0..5 {
        let mut transaction = journal.begin().await.unwrap();
        transaction.append(&shop, 0, &facts(3), Actor::System, instant()).await.unwrap();
        transaction.keep_answer("ada", "key", "request", b"answer", instant()).await.unwrap();
        drop(transaction);
        assert_eq!(journal.head().await.unwrap(), Head::default());
    }
    assert_eq!(journal.read(0, 9).await.unwrap(), []);
    assert_eq!(journal.begin().await.unwrap().answer("ada", "key").await.unwrap(), None);
    append(place.open().await.as_ref(), &shop, 0, 1).await.unwrap();
}

async fn a_cancelled_transaction_frees_the_lock(place: &Place) {
    let journal = place.open().await;
    let shop = product_stream("shop");
    // Stopped after ever more steps: while waiting for the lock, while appending, between two statements.
    for steps in 0..60 {
        let work = async {
            let mut transaction = journal.begin().await.unwrap();
            for version in 0..4 {
                transaction.append(&shop, version, &facts(1), Actor::System, instant()).await.unwrap();
            }
            std::future::pending::<()>().await;
        };
        let mut work = Box::pin(work);
        let mut left = steps;
        std::future::poll_fn(|context| {
            left -= 1;
            if left < 0 || work.as_mut().poll(context).is_ready() {
                return std::task::Poll::Ready(());
            }
            // Polled again whether or not anything came back yet.
            context.waker().wake_by_ref();
            std::task::Poll::Pending
        })
        .await;
        drop(work);
        assert_eq!(journal.begin().await.unwrap().head().await.unwrap(), Head::default(), "after {steps} steps");
    }
    append(journal.as_ref(), &shop, 0, 1).await.unwrap();
}

async fn snapshots_belong_to_their_code(place: &Place) {
    let journal = place.open().await;
    assert_eq!(journal.snapshot("a").await.unwrap(), None);
    journal.save_snapshot("a", 7, b"one\0\xff").await.unwrap();
    assert_eq!(journal.snapshot("a").await.unwrap(), Some((7, b"one\0\xff".to_vec())));
    assert_eq!(journal.snapshot("b").await.unwrap(), None);
    journal.save_snapshot("b", 9, b"").await.unwrap();
    assert_eq!(journal.snapshot("b").await.unwrap(), Some((9, Vec::new())));
    assert_eq!(journal.snapshot("a").await.unwrap(), None);
}

async fn answers_are_kept_once_given(place: &Place) {
    let journal = place.open().await;
    let mut transaction = journal.begin().await.unwrap();
    assert_eq!(transaction.answer("ada", "k").await.unwrap(), None);
    transaction.keep_answer("ada", "k", "request", b"\0answer", instant()).await.unwrap();
    transaction.commit().await.unwrap();
    let mut transaction = journal.begin().await.unwrap();
    let kept = Some(("request".to_owned(), b"\0answer".to_vec()));
    assert_eq!(transaction.answer("ada", "k").await.unwrap(), kept);
    assert_eq!(transaction.answer("bob", "k").await.unwrap(), None);
    drop(transaction);
    // Swept when older than asked, not before.
    journal.sweep(instant(), instant()).await.unwrap();
    assert_eq!(journal.begin().await.unwrap().answer("ada", "k").await.unwrap(), kept);
    journal.sweep(instant(), instant() + chrono::TimeDelta::seconds(1)).await.unwrap();
    assert_eq!(journal.begin().await.unwrap().answer("ada", "k").await.unwrap(), None);
}
