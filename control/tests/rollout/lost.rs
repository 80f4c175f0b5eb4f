//! Given a reply that is lost or a process that ends, when it goes on, then no step is done twice and none is guessed.

use super::house::House;
use control::memory::Mishap;
use domain::rollout::{ActionKind, State, Verb};

#[tokio::test]
async fn a_lost_reply_is_asked_about_and_a_lost_request_is_sent_again_under_the_same_key() {
    for mishap in [Mishap::ReplyLost, Mishap::RequestLost, Mishap::NotDone] {
        let mut house = House::new().await;
        house.approved("1.0.1").await;
        house.ground.mishap(ActionKind::Weight, mishap);
        let id = house.promote("1.0.1", "canary").await;
        for _ in 0..6 {
            house.seconds_later(20).await;
        }
        assert_eq!(house.state(id), State::Judging, "after {mishap:?}");
        assert_eq!(house.ledger(), ["deploy 1.0.1", "weight 1.0.1 5 %"], "after {mishap:?}");
    }
}

#[tokio::test]
async fn where_nobody_can_say_a_human_decides_and_nothing_is_tried_blindly() {
    let mut house = House::new().await;
    house.approved("1.0.1").await;
    house.ground.mishap(ActionKind::Weight, Mishap::RequestLost);
    house.ground.set_mute(true);
    let id = house.promote("1.0.1", "canary").await;
    house.go_on().await;
    house.seconds_later(5).await;
    assert_eq!(house.state(id), State::Parked);
    assert_eq!(house.ledger(), ["deploy 1.0.1"]);
    let step = house.rollout(id).current().expect("a step").0;
    let empty = house.control.resolve(id, step, true, " ".to_owned()).expect("there");
    assert_eq!(house.refused(house.engineer, empty).await.field.as_deref(), Some("reason"));
    let resolve = house.control.resolve(id, step, true, "the router shows 5 %".to_owned()).expect("there");
    house.order(house.engineer, resolve).await;
    house.go_on().await;
    assert_eq!(house.state(id), State::Judging);
    assert_eq!(house.ledger(), ["deploy 1.0.1"], "it was believed, not repeated");
}

#[tokio::test]
async fn a_rollback_does_not_wait_for_a_step_that_hangs() {
    let mut house = House::new().await;
    house.approved("1.0.1").await;
    house.ground.mishap(ActionKind::Weight, Mishap::Hangs);
    let id = house.promote("1.0.1", "canary").await;
    house.go_on().await;
    assert_eq!(house.state(id), State::Running);
    house.steer(id, Verb::Abort).await;
    house.seconds_later(10).await;
    assert_eq!(house.state(id), State::RollingBack, "it may still settle");
    house.seconds_later(11).await;
    assert_eq!(house.state(id), State::RolledBack);
    assert_eq!(house.running(), "1.0.0");
}

#[tokio::test]
async fn a_step_at_work_for_too_long_is_parked() {
    let mut house = House::new().await;
    house.approved("1.0.1").await;
    house.ground.mishap(ActionKind::Deploy, Mishap::Hangs);
    let id = house.promote("1.0.1", "canary").await;
    house.go_on().await;
    house.minutes_later(10).await;
    let stuck = domain::rollout::is_stuck(&house.rollout(id), house.control.now());
    assert!(stuck, "ten minutes without progress are flagged");
    house.minutes_later(6).await;
    assert_eq!(house.state(id), State::Parked);
}

#[tokio::test]
async fn a_restart_at_every_look_ends_where_it_would_have_ended_anyway() {
    let mut house = House::new().await;
    house.approved("1.0.1").await;
    house.ground.mishap(ActionKind::Deploy, Mishap::ReplyLost);
    house.ground.mishap(ActionKind::Promote, Mishap::ReplyLost);
    let id = house.promote("1.0.1", "canary").await;
    for _ in 0..40 {
        house.restart().await;
        house.minutes_later(10).await;
    }
    assert_eq!(house.state(id), State::Live);
    assert_eq!(
        house.ledger(),
        ["deploy 1.0.1", "weight 1.0.1 5 %", "weight 1.0.1 25 %", "promote 1.0.1 100 %", "retire 1.0.1",]
    );
}
