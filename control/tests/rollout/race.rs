//! Given many who ask at once, when they are served, then exactly one promotion wins, and a rollback never loses.

use super::house::{House, production};
use control::Order;
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
