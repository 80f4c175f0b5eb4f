//! Given an approved release, when it is promoted, then it comes in as planned, and people stay in charge of it.

use super::house::{House, production, shop, version};
use control::{Command, world::Choice};
use domain::{
    Class, automation, environment,
    person::Reach,
    release::{self, Verdict},
    rollout::{Action, State, StepState, Verb},
};

#[tokio::test]
async fn a_canary_moves_traffic_share_by_share_and_each_step_happens_once() {
    let mut house = House::new().await;
    house.approved("1.0.1").await;
    let id = house.promote("1.0.1", "canary").await;
    assert_eq!(house.state(id), State::Pending);

    house.go_on().await;
    assert_eq!(house.state(id), State::Judging);
    assert_eq!(house.rollout(id).desired().to_string(), "5 %");
    assert_eq!(house.rollout(id).actual.map(|share| share.to_string()).as_deref(), Some("5 %"));
    house.minutes_later(29).await;
    assert_eq!(house.rollout(id).desired().to_string(), "5 %", "half an hour is not over");
    house.minutes_later(1).await;
    assert_eq!(house.rollout(id).desired().to_string(), "25 %");
    assert_eq!(house.running(), "1.0.0");
    house.minutes_later(60).await;
    assert_eq!(house.state(id), State::Validating);
    assert_eq!(house.running(), "1.0.1", "it has all traffic");
    house.minutes_later(30).await;

    assert_eq!(house.state(id), State::Live);
    assert_eq!(house.production().lock, None);
    assert_eq!(
        house.ledger(),
        ["deploy 1.0.1", "weight 1.0.1 5 %", "weight 1.0.1 25 %", "promote 1.0.1 100 %", "retire 1.0.1",]
    );
}

#[tokio::test]
async fn what_will_happen_is_said_before_it_starts_and_is_what_happens() {
    let house = House::new().await;
    house.approved("1.0.1").await;
    let choice = Choice { strategy: None, initial_traffic: Some(domain::playbook::Percent::of(10)) };
    let said = house.control.preview(&production(), &version("1.0.1"), &choice).expect("a plan");
    let (id, command) = house.control.promotion(production(), version("1.0.1"), choice, None, String::new());
    house.order(house.engineer, command).await;
    let planned: Vec<_> = house.rollout(id).steps.into_iter().map(|step| step.planned).collect();
    assert_eq!(said, planned);
    let shares: Vec<String> = said.iter().filter_map(|s| s.action.share()).map(|s| s.to_string()).collect();
    assert_eq!(shares, ["10 %", "25 %", "100 %"]);

    let too_much = Choice { strategy: None, initial_traffic: Some(domain::playbook::Percent::of(40)) };
    let no = house.control.preview(&production(), &version("1.0.1"), &too_much).expect_err("more than allowed");
    assert_eq!((no.class, no.field.as_deref()), (Class::Invalid, Some("initial_traffic")));
}

#[tokio::test]
async fn rolling_replaces_one_instance_at_a_time_and_blue_green_switches_at_once() {
    let mut house = House::new().await;
    house.approved("1.0.1").await;
    house.promote("1.0.1", "rolling").await;
    house.go_on().await;
    let shares: Vec<String> = house.ledger().into_iter().filter(|line| line.starts_with("replace")).collect();
    assert_eq!(shares, ["replace 1.0.1 25 %", "replace 1.0.1 50 %", "replace 1.0.1 75 %", "replace 1.0.1 100 %"]);
    house.minutes_later(31).await;

    house.approved("1.0.2").await;
    let id = house.promote("1.0.2", "blue_green").await;
    house.go_on().await;
    assert_eq!(house.state(id), State::Validating);
    assert_eq!(house.ledger()[6..], ["deploy 1.0.2", "promote 1.0.2 100 %"], "the old one is kept meanwhile");
    house.minutes_later(30).await;
    assert_eq!(house.state(id), State::Live);
    assert_eq!(house.ledger().last().map(String::as_str), Some("retire 1.0.2"));
}

#[tokio::test]
async fn people_pause_resume_move_on_and_move_all_the_way() {
    let mut house = House::new().await;
    house.approved("1.0.1").await;
    let id = house.promote("1.0.1", "canary").await;
    house.go_on().await;
    house.steer(id, Verb::Pause).await;
    house.minutes_later(600).await;
    assert_eq!(house.state(id), State::Paused);
    assert_eq!(house.rollout(id).desired().to_string(), "5 %");
    house.steer(id, Verb::Resume).await;
    house.go_on().await;
    assert_eq!(house.rollout(id).desired().to_string(), "25 %");
    house.steer(id, Verb::Promote).await;
    house.go_on().await;
    assert_eq!(house.state(id), State::Validating);
    house.steer(id, Verb::Promote).await;
    house.go_on().await;
    assert_eq!(house.state(id), State::Live);

    house.approved("1.0.2").await;
    let id = house.promote("1.0.2", "canary").await;
    house.steer(id, Verb::PromoteFully).await;
    house.go_on().await;
    assert_eq!(house.state(id), State::Validating);
    let skipped = house.rollout(id).steps.iter().filter(|s| s.state == StepState::Skipped).count();
    assert_eq!(skipped, 4, "two shares and the watch after each");
}

#[tokio::test]
async fn the_environment_belongs_to_one_rollout_and_gates_holds_and_the_switch_stand_in_the_way() {
    let mut house = House::new().await;
    let first = house.approved("1.0.1").await;
    house.approved("1.0.2").await;

    let (_, draft) = house.promotion("9.9.9", "canary");
    assert_eq!(house.refused(house.engineer, draft).await.class, Class::NotFound);
    let (_, command) = house.promotion("1.0.1", "nonsense");
    let no = house.refused(house.engineer, command).await;
    assert_eq!((no.class, no.field.as_deref()), (Class::Invalid, Some("strategy")));
    let (_, command) = house.promotion("1.0.1", "canary");
    assert_eq!(house.refused(house.manager, command).await.class, Class::Forbidden);

    house.decide(&first, Verdict::Reject).await;
    let (_, command) = house.promotion("1.0.1", "canary");
    let no = house.refused(house.engineer, command).await;
    assert_eq!(no.class, Class::Blocked);
    assert!(!no.gates.is_empty(), "it says which gates: {no:?}");
    house.decide(&first, Verdict::Approve).await;

    let stop = automation::Command::Stop { reason: "holidays".to_owned() };
    house.order(house.engineer, Command::Automation(Reach::Product(shop()), stop)).await;
    let (_, command) = house.promotion("1.0.1", "canary");
    let no = house.refused(house.engineer, command).await;
    assert!(no.class == Class::Blocked && no.detail.contains("holidays"), "{no}");
    let lift = automation::Command::Lift { reason: "back".to_owned() };
    house.order(house.engineer, Command::Automation(Reach::Product(shop()), lift)).await;

    house.promote("1.0.1", "canary").await;
    let (_, second) = house.promotion("1.0.2", "canary");
    assert_eq!(house.refused(house.engineer, second).await.class, Class::Conflict);
    house.go_on().await;
    house.roll_back(None).await;
    house.go_on().await;
    let (_, held) = house.promotion("1.0.2", "canary");
    let no = house.refused(house.engineer, held).await;
    assert!(no.class == Class::Blocked && no.detail.contains("held"), "{no}");
    let resume = environment::Command::Resume { reason: "understood".to_owned() };
    house.order(house.engineer, Command::Environment(production(), resume)).await;
    house.promote("1.0.2", "canary").await;
}

#[tokio::test]
async fn an_approval_taken_back_before_the_first_step_parks_it_and_nothing_happens() {
    let mut house = House::new().await;
    let release = house.approved("1.0.1").await;
    let id = house.promote("1.0.1", "canary").await;
    house.decide(&release, Verdict::Reject).await;
    house.go_on().await;
    assert_eq!(house.state(id), State::Parked);
    assert!(house.ledger().is_empty());
    house.steer(id, Verb::Abort).await;
    house.go_on().await;
    assert_eq!(house.state(id), State::RolledBack);
}

#[tokio::test]
async fn automation_that_is_stopped_halts_a_rollout_but_not_its_way_back() {
    let mut house = House::new().await;
    house.approved("1.0.1").await;
    let id = house.promote("1.0.1", "canary").await;
    house.go_on().await;
    let stop = automation::Command::Stop { reason: "an outage elsewhere".to_owned() };
    house.order(house.engineer, Command::Automation(Reach::Product(shop()), stop)).await;
    house.minutes_later(300).await;
    assert_eq!(house.rollout(id).desired().to_string(), "5 %");
    house.roll_back(None).await;
    house.go_on().await;
    assert_eq!(house.state(id), State::RolledBack);
    assert!(house.rollout(id).steps.iter().any(|s| s.back && s.planned.action == Action::RollBack));
}

#[tokio::test]
async fn a_release_ships_lives_and_is_superseded() {
    let mut house = House::new().await;
    let (first, second) = (house.approved("1.0.1").await, house.approved("1.0.2").await);
    let state = |house: &House, id| house.control.world().release_state(&house.release(id));
    assert_eq!(state(&house, &first), release::State::Approved);
    house.promote("1.0.1", "blue_green").await;
    assert_eq!(state(&house, &first), release::State::Shipping);
    house.go_on().await;
    assert_eq!(house.running(), "1.0.1");
    assert_eq!(state(&house, &first), release::State::Shipping, "it may still be taken back");
    house.minutes_later(30).await;
    assert_eq!(state(&house, &first), release::State::Live);

    let id = house.promote("1.0.2", "canary").await;
    house.go_on().await;
    assert_eq!(state(&house, &second), release::State::Shipping);
    assert_eq!(state(&house, &first), release::State::Live);
    house.steer(id, Verb::Abort).await;
    assert_eq!(state(&house, &second), release::State::Approved, "it never ran there");
    house.go_on().await;
    house.roll_back(Some("1.0.0")).await;
    house.go_on().await;
    assert_eq!(state(&house, &first), release::State::Superseded);
}
