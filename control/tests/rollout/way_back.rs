//! Given a rollout anywhere on its way, when somebody or something turns it back, then what ran before runs again, and
//! nothing else comes in until a person says so.

use super::house::House;
use control::memory::Mishap;
use domain::{
    Class,
    playbook::{Percent, Stop},
    rollout::{ActionKind, Cause, State, Verb, clock},
};

#[tokio::test]
async fn an_abort_and_a_rollback_are_the_same_way_back_and_repeating_changes_nothing() {
    let mut house = House::new().await;
    house.approved("1.0.1").await;
    let id = house.promote("1.0.1", "canary").await;
    house.go_on().await;
    house.steer(id, Verb::Abort).await;
    assert_eq!(house.state(id), State::RollingBack);
    let seq = house.control.seq();
    assert_eq!(house.roll_back(None).await, id);
    assert_eq!(house.roll_back(Some("1.0.0")).await, id);
    house.steer(id, Verb::Abort).await;
    assert_eq!(house.control.seq(), seq, "nothing was recorded twice");
    house.go_on().await;
    assert_eq!(house.state(id), State::RolledBack);
    assert_eq!(house.running(), "1.0.0");
    assert!(house.production().hold.is_some());
    assert_eq!(house.ledger(), ["deploy 1.0.1", "weight 1.0.1 5 %", "roll_back 1.0.0 0 %"]);

    // Nor once it is back there: it does not lead further back.
    let seq = house.control.seq();
    assert_eq!(house.roll_back(None).await, id);
    assert_eq!(house.roll_back(Some("1.0.0")).await, id);
    assert_eq!(house.control.seq(), seq, "nothing was recorded twice");
}

#[tokio::test]
async fn who_asks_late_for_the_way_back_does_not_lead_further_back() {
    let mut house = House::new().await;
    house.approved("1.0.1").await;
    house.promote("1.0.1", "blue_green").await;
    house.go_on().await;
    house.minutes_later(31).await;
    house.approved("1.0.2").await;
    let id = house.promote("1.0.2", "canary").await;
    house.go_on().await;
    assert_eq!(house.roll_back(None).await, id);
    house.go_on().await;
    assert_eq!((house.state(id), house.running().as_str()), (State::RolledBack, "1.0.1"));
    assert_eq!(house.roll_back(None).await, id, "the second of two who asked at once");
    house.go_on().await;
    assert_eq!(house.running(), "1.0.1");
    assert_ne!(house.roll_back(Some("1.0.0")).await, id, "further back when that is said");
}

#[tokio::test]
async fn after_it_is_live_a_rollback_leads_to_what_ran_before_or_further_back() {
    let mut house = House::new().await;
    for text in ["1.0.1", "1.0.2"] {
        house.approved(text).await;
        let id = house.promote(text, "blue_green").await;
        house.go_on().await;
        house.minutes_later(31).await;
        assert_eq!(house.state(id), State::Live);
    }
    let back = house.roll_back(None).await;
    house.go_on().await;
    assert_eq!((house.state(back), house.running().as_str()), (State::RolledBack, "1.0.1"));
    let said = house.rollout(back);
    assert_eq!((said.desired(), said.actual), (Percent::whole(), Some(Percent::whole())), "of what comes back");
    let further = house.roll_back(Some("1.0.0")).await;
    assert_ne!(back, further);
    house.go_on().await;
    assert_eq!(house.running(), "1.0.0");
    let unknown =
        house.control.way_back(super::house::production(), Some(super::house::version("0.9.0")), String::new());
    let no = house.refused(house.engineer, unknown).await;
    assert_eq!((no.class, no.field.as_deref()), (Class::Invalid, Some("to_version")));
    assert!(no.allowed.is_some_and(|allowed| allowed.contains("1.0.2")), "it says what ran there");
}

#[tokio::test]
async fn a_rollback_to_elsewhere_takes_the_place_of_what_is_under_way() {
    let mut house = House::new().await;
    house.approved("1.0.1").await;
    let first = house.promote("1.0.1", "blue_green").await;
    house.go_on().await;
    house.minutes_later(31).await;
    house.approved("1.0.2").await;
    let second = house.promote("1.0.2", "canary").await;
    house.go_on().await;
    let back = house.roll_back(Some("1.0.0")).await;
    assert_ne!(back, second);
    assert_eq!(house.state(second), State::Superseded);
    house.go_on().await;
    assert_eq!((house.state(back), house.running().as_str()), (State::RolledBack, "1.0.0"));
    assert_eq!(house.state(first), State::Superseded);
}

#[tokio::test]
async fn a_step_that_fails_turns_it_back_by_itself_and_a_way_back_that_fails_waits_for_a_human() {
    let mut house = House::new().await;
    house.approved("1.0.1").await;
    house.ground.mishap(ActionKind::Weight, Mishap::Declined);
    let id = house.promote("1.0.1", "canary").await;
    house.go_on().await;
    assert_eq!(house.state(id), State::RolledBack);
    let turn = house.rollout(id).turned.expect("turned");
    assert_eq!((turn.cause, turn.by), (Cause::Step, None));

    let resume = domain::environment::Command::Resume { reason: "mended".to_owned() };
    house.order(house.engineer, control::Command::Environment(super::house::production(), resume)).await;
    house.ground.mishap(ActionKind::RollBack, Mishap::Declined);
    let id = house.promote("1.0.1", "canary").await;
    house.go_on().await;
    house.steer(id, Verb::Abort).await;
    house.go_on().await;
    assert_eq!(house.state(id), State::Parked, "a way back is never taken back by itself");
    let step = house.rollout(id).current().expect("a step").0;
    let again = house.control.resolve(id, step, false, "looked by hand: nothing happened".to_owned()).expect("there");
    house.order(house.engineer, again).await;
    house.go_on().await;
    assert_eq!(house.state(id), State::RolledBack);
}

#[tokio::test]
async fn a_new_version_that_is_not_well_never_gets_traffic() {
    let mut house = House::new().await;
    house.approved("1.0.1").await;
    house.ground.set_ill(true);
    let id = house.promote("1.0.1", "canary").await;
    house.go_on().await;
    assert_eq!(house.state(id), State::Parked, "what ran before does not look well either");
    assert!(!house.ledger().iter().any(|line| line.starts_with("weight") || line.starts_with("promote")));
    assert!(house.ledger().iter().any(|line| line == "roll_back 1.0.0 0 %"));
}

#[tokio::test]
async fn the_clock_of_the_way_back_stops_part_by_part() {
    let mut house = House::new().await;
    house.approved("1.0.1").await;
    let id = house.promote("1.0.1", "canary").await;
    house.go_on().await;
    assert!(clock(&house.rollout(id)).is_none());
    house.ground.mishap(ActionKind::RollBack, Mishap::NotDone);
    house.steer(id, Verb::Abort).await;
    house.go_on().await;
    house.seconds_later(40).await;
    let now = house.control.now();
    let clock = clock(&house.rollout(id)).expect("it went back");
    let (executed, over) = clock.part(Stop::Executed, now).expect("a part");
    assert_eq!((executed.num_seconds(), over), (40, true));
    assert_eq!(clock.part(Stop::BackToNormal, now).map(|(took, over)| (took.num_seconds(), over)), Some((40, true)));
}
