//! What rollouts keep beside the record: who leads, which steps were begun, sealed secrets, samples.

use crate::{contract, place::Place, private::order};
use chrono::TimeDelta;
use control::{
    journal::Journal,
    vault::{PrivateWrite, ROLLOUTS, not_leading, step_begun},
};
use domain::{Timestamp, environment::EnvironmentId, rollout::RolloutId};
use std::time::Duration;
use store::contract::instant;
use tokio::time::timeout;
use uuid::Uuid;

contract! { everywhere:
    a_lease_has_one_holder
    a_lease_given_up_is_free_at_once
    of_two_who_want_the_lease_one_gets_it
    a_step_is_begun_once
    a_step_is_begun_once_by_two_orders_in_one_transaction
    a_step_is_begun_once_for_two_at_a_time
    only_the_leader_of_now_begins_steps
    nobody_takes_the_lease_between_check_and_commit
    secrets_belong_to_their_place
    the_first_sample_of_a_moment_stays
    many_samples_are_written_by_two_at_a_time
}

pub fn at(millis: i64) -> Timestamp {
    instant() + TimeDelta::milliseconds(millis)
}

pub async fn lead(journal: &dyn Journal, holder: &str) -> Option<u64> {
    journal.take_lease(ROLLOUTS, holder, at(0), at(1_000), false).await.unwrap()
}

pub fn intend(key: u128, epoch: u64) -> PrivateWrite {
    PrivateWrite::Intend { key: Uuid::from_u128(key), epoch }
}

pub fn environment(product: &str, env: &str) -> EnvironmentId {
    EnvironmentId { product: product.parse().unwrap(), env: env.parse().unwrap() }
}

pub fn secret(place: &EnvironmentId, name: &str, sealed: &[u8]) -> PrivateWrite {
    PrivateWrite::PutSecret { place: place.clone(), name: name.to_owned(), sealed: sealed.to_vec() }
}

pub fn rollout(n: u128) -> RolloutId {
    RolloutId(Uuid::from_u128(n))
}

async fn a_lease_has_one_holder(place: &Place) {
    let journal = place.open().await;
    let take = async |holder, now, until, by_force| {
        journal.take_lease("l", holder, at(now), at(until), by_force).await.unwrap()
    };
    assert_eq!(take("one", 0, 10, false).await, Some(1));
    assert_eq!(take("two", 9, 20, false).await, None);
    // Renewed in time, and too late while nobody else wanted it: nobody else did anything meanwhile.
    assert_eq!(take("one", 9, 20, false).await, Some(1));
    assert_eq!(take("one", 30, 40, false).await, Some(1));
    assert_eq!(take("two", 39, 50, false).await, None);
    assert_eq!(take("two", 40, 50, false).await, Some(2));
    assert_eq!(take("one", 41, 50, false).await, None);
    assert_eq!(take("one", 41, 50, true).await, Some(3));
    assert_eq!(take("one", 41, 60, true).await, Some(3));
    assert_eq!(take("two", 59, 70, false).await, None);
    // Each name is a lease of its own, and another handle sees the same.
    assert_eq!(journal.take_lease("other", "two", at(0), at(10), false).await.unwrap(), Some(1));
    assert_eq!(place.open().await.take_lease("l", "two", at(60), at(70), false).await.unwrap(), Some(4));
}

async fn a_lease_given_up_is_free_at_once(place: &Place) {
    let journal = place.open().await;
    journal.give_up_lease(ROLLOUTS, "one").await.unwrap();
    assert_eq!(lead(journal.as_ref(), "one").await, Some(1));
    journal.give_up_lease(ROLLOUTS, "two").await.unwrap();
    journal.give_up_lease("other", "one").await.unwrap();
    assert_eq!(lead(journal.as_ref(), "two").await, None);
    journal.give_up_lease(ROLLOUTS, "one").await.unwrap();
    assert_eq!(lead(journal.as_ref(), "two").await, Some(2));
    // Whoever comes back after giving up does not go on where it was.
    journal.give_up_lease(ROLLOUTS, "two").await.unwrap();
    assert_eq!(lead(journal.as_ref(), "two").await, Some(3));
}

async fn of_two_who_want_the_lease_one_gets_it(place: &Place) {
    let (one, two) = (place.open().await, place.open().await);
    for n in 0..30 {
        let name = format!("lease-{n}");
        // New, run out, given up.
        for (epoch, now) in [(1, 0), (2, 10), (3, 11)] {
            let (left, right) = (format!("one-{epoch}"), format!("two-{epoch}"));
            let (a, b) = tokio::join!(
                one.take_lease(&name, &left, at(now), at(now + 10), false),
                two.take_lease(&name, &right, at(now), at(now + 10), false),
            );
            let (a, b) = (a.unwrap(), b.unwrap());
            assert!((a.is_some() != b.is_some()) && a.or(b) == Some(epoch), "{a:?} {b:?} instead of {epoch}");
            if epoch == 2 {
                one.give_up_lease(&name, if a.is_some() { &left } else { &right }).await.unwrap();
            }
        }
    }
}

async fn a_step_is_begun_once(place: &Place) {
    let journal = place.open().await;
    lead(journal.as_ref(), "one").await;
    // What was not committed was not begun.
    let mut transaction = journal.begin().await.unwrap();
    transaction.check(&intend(1, 1), instant()).await.unwrap().unwrap();
    transaction.write(&intend(1, 1), instant()).await.unwrap();
    drop(transaction);
    order(journal.as_ref(), intend(1, 1)).await.unwrap();
    assert_eq!(order(journal.as_ref(), intend(1, 1)).await, Err(step_begun(Uuid::from_u128(1))));
    order(journal.as_ref(), intend(2, 1)).await.unwrap();
    let refusal = order(place.open().await.as_ref(), intend(2, 1)).await.unwrap_err();
    assert_eq!(refusal.class, domain::Class::Conflict);
    assert_eq!(refusal.actual, Some(Uuid::from_u128(2).to_string()));
    // Sweeping is for what expires; steps never do.
    journal.sweep(at(1_000_000_000), at(1_000_000_000)).await.unwrap();
    assert!(order(journal.as_ref(), intend(1, 1)).await.is_err());
}

async fn a_step_is_begun_once_by_two_orders_in_one_transaction(place: &Place) {
    let journal = place.open().await;
    lead(journal.as_ref(), "one").await;
    let mut transaction = journal.begin().await.unwrap();
    transaction.check(&intend(1, 1), instant()).await.unwrap().unwrap();
    transaction.write(&intend(1, 1), instant()).await.unwrap();
    let again = transaction.check(&intend(1, 1), instant()).await.unwrap();
    assert_eq!(again, Err(step_begun(Uuid::from_u128(1))));
    // The refusal does not spoil what shares the transaction.
    transaction.check(&intend(2, 1), instant()).await.unwrap().unwrap();
    transaction.write(&intend(2, 1), instant()).await.unwrap();
    transaction.commit().await.unwrap();
    assert!(order(journal.as_ref(), intend(1, 1)).await.is_err());
    assert!(order(journal.as_ref(), intend(2, 1)).await.is_err());
}

async fn a_step_is_begun_once_for_two_at_a_time(place: &Place) {
    let (one, two) = (place.open().await, place.open().await);
    lead(one.as_ref(), "one").await;
    for key in 0..20 {
        let (a, b) = tokio::join!(order(one.as_ref(), intend(key, 1)), order(two.as_ref(), intend(key, 1)));
        assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
        assert_eq!(a.and(b), Err(step_begun(Uuid::from_u128(key))));
    }
}

async fn only_the_leader_of_now_begins_steps(place: &Place) {
    let journal = place.open().await;
    journal.take_lease("other", "one", at(0), at(10), false).await.unwrap();
    assert_eq!(order(journal.as_ref(), intend(1, 1)).await, Err(not_leading(1, None)));
    lead(journal.as_ref(), "one").await;
    for wrong in [0, 2] {
        assert_eq!(order(journal.as_ref(), intend(1, wrong)).await, Err(not_leading(wrong, Some(1))));
    }
    order(journal.as_ref(), intend(1, 1)).await.unwrap();
    journal.take_lease(ROLLOUTS, "two", at(0), at(2_000), true).await.unwrap();
    let refusal = order(journal.as_ref(), intend(2, 1)).await.unwrap_err();
    assert_eq!(refusal, not_leading(1, Some(2)));
    assert_eq!(refusal.actual.as_deref(), Some("epoch 1; now it is 2"));
    // A refusal leaves nothing: the leader of now can begin that step.
    order(journal.as_ref(), intend(2, 2)).await.unwrap();
    // Begun is begun, whoever led then.
    assert_eq!(order(journal.as_ref(), intend(1, 2)).await, Err(step_begun(Uuid::from_u128(1))));
}

async fn nobody_takes_the_lease_between_check_and_commit(place: &Place) {
    let (one, two) = (place.open().await, place.open().await);
    lead(one.as_ref(), "one").await;
    let mut transaction = one.begin().await.unwrap();
    transaction.check(&intend(1, 1), instant()).await.unwrap().unwrap();
    let mut taking = two.take_lease(ROLLOUTS, "two", at(0), at(2_000), true);
    assert!(timeout(Duration::from_millis(300), &mut taking).await.is_err(), "taken under the intent");
    transaction.write(&intend(1, 1), instant()).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(taking.await.unwrap(), Some(2));
    assert_eq!(order(one.as_ref(), intend(2, 1)).await, Err(not_leading(1, Some(2))));
}

async fn secrets_belong_to_their_place(place: &Place) {
    let journal = place.open().await;
    let (here, there) = (environment("shop", "production"), environment("shop", "production-2"));
    assert_eq!(journal.secrets(&here).await.unwrap(), []);
    order(journal.as_ref(), secret(&here, "token", b"\0\xffold")).await.unwrap();
    order(journal.as_ref(), secret(&there, "token", b"other")).await.unwrap();
    order(journal.as_ref(), secret(&here, "key", b"")).await.unwrap();
    order(journal.as_ref(), secret(&here, "token", b"\0\xffnew")).await.unwrap();
    let kept = [("key".to_owned(), Vec::new()), ("token".to_owned(), b"\0\xffnew".to_vec())];
    assert_eq!(place.open().await.secrets(&here).await.unwrap(), kept);
    let mut transaction = journal.begin().await.unwrap();
    transaction.write(&secret(&here, "lost", b"lost"), instant()).await.unwrap();
    drop(transaction);
    let dropping = |name: &str| PrivateWrite::DropSecret { place: here.clone(), name: name.to_owned() };
    order(journal.as_ref(), dropping("token")).await.unwrap();
    order(journal.as_ref(), dropping("unknown")).await.unwrap();
    assert_eq!(journal.secrets(&here).await.unwrap(), kept[..1]);
    assert_eq!(journal.secrets(&there).await.unwrap(), [("token".to_owned(), b"other".to_vec())]);
}

async fn the_first_sample_of_a_moment_stays(place: &Place) {
    let journal = place.open().await;
    journal.keep_samples(&[]).await.unwrap();
    assert_eq!(journal.samples(rollout(1)).await.unwrap(), []);
    // More rows than any one statement takes, the newest first, some twice.
    let body = |n: i64| format!("\0sample {n}").into_bytes();
    let mut many: Vec<_> = (0..75).rev().map(|n| (rollout(1), at(n), body(n))).collect();
    many.extend((0..40).map(|n| (rollout(1), at(n), b"later".to_vec())));
    many.push((rollout(2), at(0), b"other".to_vec()));
    journal.keep_samples(&many).await.unwrap();
    let kept: Vec<_> = (0..75).map(|n| (at(n), body(n))).collect();
    assert_eq!(journal.samples(rollout(1)).await.unwrap(), kept);
    journal.keep_sample(rollout(1), at(3), &body(3)).await.unwrap();
    journal.keep_sample(rollout(1), at(4) + TimeDelta::microseconds(999), b"the same millisecond").await.unwrap();
    assert_eq!(place.open().await.samples(rollout(1)).await.unwrap(), kept);
    assert_eq!(journal.samples(rollout(2)).await.unwrap(), [(at(0), b"other".to_vec())]);
    journal.keep_sample(rollout(2), at(1), b"").await.unwrap();
    assert_eq!(journal.samples(rollout(2)).await.unwrap()[1], (at(1), Vec::new()));
}

async fn many_samples_are_written_by_two_at_a_time(place: &Place) {
    let (one, two) = (place.open().await, place.open().await);
    for n in 0..10 {
        let there: Vec<_> = (0..200).map(|k| (rollout(n), at(k), vec![1])).collect();
        let back: Vec<_> = there.iter().rev().cloned().collect();
        let (a, b) = tokio::join!(one.keep_samples(&there), two.keep_samples(&back));
        a.and(b).unwrap();
        assert_eq!(one.samples(rollout(n)).await.unwrap().len(), 200);
    }
}
