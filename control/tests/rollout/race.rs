//! Given many who ask at once, when they are served, then exactly one promotion wins, and a rollback never loses.

use super::house::{House, production};
use chrono::TimeDelta;
use control::{Order, vault::ROLLOUTS};
use domain::{Class, rollout::State};
use std::collections::BTreeSet;

#[tokio::test]
async fn of_fifty_promotions_at_once_exactly_one_wins() {
    for round in 0..40 {
        let house = House::new().await;
        house.approved("1.0.1").await;
        let mut all = tokio::task::JoinSet::new();
        for _ in 0..50 {
            let (control, by, (_, command)) =
                (house.control.clone(), house.engineer, house.promotion("1.0.1", "canary"));
            all.spawn(async move { control.order(Order::new(by, command)).await });
        }
        let answers = all.join_all().await;
        let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
        assert_eq!(won.len(), 1, "in round {round}");
        assert!(lost.into_iter().all(|no| no.is_err_and(|no| no.class == Class::Conflict)), "in round {round}");
    }
}

#[tokio::test]
async fn with_rollbacks_among_them_every_round_ends_on_what_ran_before_and_is_held() {
    for round in 0..40 {
        let mut house = House::new().await;
        house.approved("1.0.1").await;
        let mut all = tokio::task::JoinSet::new();
        for n in 0..50 {
            let (control, by) = (house.control.clone(), house.engineer);
            let command = if n % 5 == round % 5 {
                control.way_back(production(), Some("1.0.0".parse().expect("a version")), "fire".to_owned())
            } else {
                house.promotion("1.0.1", "canary").1
            };
            all.spawn(async move { (n, control.order(Order::new(by, command)).await) });
        }
        let mut refused = BTreeSet::new();
        for (n, answer) in all.join_all().await {
            if let Err(no) = answer {
                assert_ne!(n % 5, round % 5, "a rollback lost: {no}");
                refused.insert(n);
            }
        }
        house.go_on().await;
        assert_eq!(house.running(), "1.0.0");
        assert!(house.production().hold.is_some());
        assert_eq!(house.production().lock, None);
        assert!(house.control.world().under_way().next().is_none());
        let last = *house.production().rollouts.last().expect("one");
        assert_eq!(house.state(last), State::RolledBack);
    }
}

#[tokio::test]
async fn whoever_loses_the_lease_begins_nothing_until_the_other_lets_go() {
    let mut house = House::new().await;
    house.approved("1.0.1").await;
    house.go_on().await;
    let (now, journal) = (house.control.now(), house.control.journal());
    let taken = journal.take_lease(ROLLOUTS, "another", now, now + TimeDelta::minutes(1), true).await.expect("asked");
    assert!(taken.is_some());
    let id = house.promote("1.0.1", "canary").await;
    // It comes to rest: what was refused once is not tried again and again.
    house.go_on().await;
    house.seconds_later(30).await;
    assert_eq!(house.state(id), State::Pending, "the other one leads");
    assert!(house.ledger().is_empty());
    house.control.journal().give_up_lease(ROLLOUTS, "another").await.expect("given up");
    house.seconds_later(5).await;
    assert_eq!(house.state(id), State::Judging);
    assert_eq!(house.ledger(), ["deploy 1.0.1", "weight 1.0.1 5 %"]);
}
