//! Given a step at work on the other side, when that side tells of it by itself, then it is believed if it is known, and once.

use super::house::{House, production};
use control::{driver::Told, memory::Mishap, rollout::key};
use domain::{
    Class, Refusal,
    rollout::{ActionKind, State},
};
use uuid::Uuid;

async fn tell(house: &House, from: &'static str, body: &str) -> Result<(), Refusal> {
    let header = |name: &str| (name == "from").then_some(from);
    house.control.told(&production(), &Told { header: &header, body: body.as_bytes(), at: house.control.now() }).await
}

#[tokio::test]
async fn the_other_side_tells_that_a_step_is_done() {
    let mut house = House::new().await;
    house.approved("1.0.1").await;
    house.ground.mishap(ActionKind::Deploy, Mishap::Hangs);
    let id = house.promote("1.0.1", "canary").await;
    house.go_on().await;
    assert_eq!(house.state(id), State::Running);
    let rollout = house.rollout(id);
    let deploy = key(id, 1, rollout.step(1).expect("a step")).to_string();

    let stranger = tell(&house, "somebody", &deploy).await.expect_err("not believed");
    assert_eq!(stranger.class, Class::Unauthenticated);
    let other = tell(&house, "the ground", &Uuid::nil().to_string()).await.expect_err("not ours");
    assert_eq!(other.class, Class::NotFound);
    house.go_on().await;
    assert_eq!(house.state(id), State::Running, "it still is at work");

    tell(&house, "the ground", &deploy).await.expect("believed");
    tell(&house, "the ground", &deploy).await.expect("twice is once");
    house.go_on().await;
    assert_eq!(house.state(id), State::Judging);
    assert_eq!(house.ledger(), ["weight 1.0.1 5 %"]);
}
