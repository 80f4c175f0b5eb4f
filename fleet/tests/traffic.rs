//! Customers notice nothing: not a canary, not a switch, not a way back.

mod yard;

use fleet::{WHOLE, protocol::Action};
use yard::{
    Yard,
    customers::{Crowd, Tally},
};

const CUSTOMERS: usize = 6;

fn nobody_noticed(tally: &Tally, versions: &[&str]) {
    assert_eq!(tally.failures, Vec::<String>::new());
    for version in versions {
        assert!(tally.answers.contains_key(*version), "{version} never answered: {:?}", tally.answers);
    }
    println!("{} requests, none failed: {:?}", tally.all(), tally.answers);
}

async fn all_on(yard: &Yard, version: &str, versions: usize) {
    let arms = yard.observe().await;
    assert_eq!(arms.len(), versions, "{arms:?}");
    assert_eq!((arms[0].version.as_str(), arms[0].share, arms[0].healthy), (version, WHOLE, 2));
}

#[tokio::test]
async fn a_canary_and_the_retiring_of_the_old_version() {
    let yard = Yard::new().await;
    yard.running("1.0.0").await;
    let crowd = Crowd::of(CUSTOMERS, yard.front());

    yard.done(Action::Deploy, "1.1.0", Some("1.0.0")).await;
    for percent in [5, 25, 50, 100] {
        yard.done(Action::Weight { share: percent * WHOLE / 100 }, "1.1.0", Some("1.0.0")).await;
        crowd.ask(200).await;
    }
    yard.done(Action::Promote, "1.1.0", Some("1.0.0")).await;
    yard.done(Action::Retire, "1.1.0", Some("1.0.0")).await;
    crowd.ask(200).await;

    nobody_noticed(&crowd.home().await, &["1.0.0", "1.1.0"]);
    all_on(&yard, "1.1.0", 1).await;
}

#[tokio::test]
async fn a_switch_from_blue_to_green_and_back_at_once() {
    let yard = Yard::new().await;
    yard.running("1.0.0").await;
    let crowd = Crowd::of(CUSTOMERS, yard.front());

    yard.done(Action::Deploy, "2.0.0", Some("1.0.0")).await;
    yard.done(Action::Promote, "2.0.0", Some("1.0.0")).await;
    crowd.ask(200).await;
    all_on(&yard, "2.0.0", 2).await;
    yard.done(Action::RollBack, "1.0.0", Some("2.0.0")).await;
    crowd.ask(200).await;

    nobody_noticed(&crowd.home().await, &["1.0.0", "2.0.0"]);
    all_on(&yard, "1.0.0", 1).await;
}

#[tokio::test]
async fn a_way_back_to_a_version_whose_instances_have_ended() {
    let yard = Yard::new().await;
    yard.running("1.0.0").await;
    let crowd = Crowd::of(CUSTOMERS, yard.front());

    yard.done(Action::Deploy, "2.0.0", Some("1.0.0")).await;
    yard.done(Action::Promote, "2.0.0", Some("1.0.0")).await;
    yard.done(Action::Retire, "2.0.0", Some("1.0.0")).await;
    all_on(&yard, "2.0.0", 1).await;
    yard.done(Action::RollBack, "1.0.0", Some("2.0.0")).await;
    crowd.ask(200).await;

    nobody_noticed(&crowd.home().await, &["1.0.0", "2.0.0"]);
}

#[tokio::test]
async fn a_rolling_replacement_never_has_fewer_instances_than_asked_for() {
    let mut yard = Yard::new().await;
    yard.spec.instances = 4;
    yard.running("1.0.0").await;
    let crowd = Crowd::of(CUSTOMERS, yard.front());

    for (percent, new) in [(25, 1), (50, 2), (75, 3), (100, 4)] {
        yard.done(Action::Replace { share: percent * WHOLE / 100 }, "1.1.0", Some("1.0.0")).await;
        let arms = yard.observe().await;
        let found = arms.iter().find(|arm| arm.version == "1.1.0").expect("the new version runs");
        assert_eq!((found.instances, found.healthy, found.share), (new, new, percent * WHOLE / 100));
        assert_eq!(arms.iter().map(|arm| arm.healthy).sum::<u32>(), 4);
        crowd.ask(100).await;
    }

    nobody_noticed(&crowd.home().await, &["1.0.0", "1.1.0"]);
}

#[tokio::test]
async fn a_rolling_replacement_turned_round_half_way() {
    let yard = Yard::new().await;
    yard.running("1.0.0").await;
    let crowd = Crowd::of(CUSTOMERS, yard.front());

    yard.done(Action::Replace { share: WHOLE / 2 }, "1.1.0", Some("1.0.0")).await;
    crowd.ask(100).await;
    yard.done(Action::RollBack, "1.0.0", Some("1.1.0")).await;
    crowd.ask(100).await;

    nobody_noticed(&crowd.home().await, &["1.0.0", "1.1.0"]);
    assert_eq!(yard.observe().await[0].instances, 2);
}

#[tokio::test]
async fn versions_that_come_and_go_in_a_hurry() {
    let yard = Yard::new().await;
    yard.running("1.0.0").await;
    let crowd = Crowd::in_a_hurry(16, yard.front());

    for _ in 0..4 {
        for (new, old) in [("1.1.0", "1.0.0"), ("1.0.0", "1.1.0")] {
            yard.done(Action::Deploy, new, Some(old)).await;
            yard.done(Action::Weight { share: WHOLE / 2 }, new, Some(old)).await;
            yard.done(Action::Promote, new, Some(old)).await;
            yard.done(Action::Retire, new, Some(old)).await;
        }
    }

    nobody_noticed(&crowd.home().await, &["1.0.0", "1.1.0"]);
}
