//! Given monitors, when a version has traffic, then what they say decides: it goes on, waits or goes back.

use super::house::{House, production, version};
use control::{
    Command,
    driver::{Secret, Settings},
    monitor::{Arm, Buckets, Connection, Look, Measured, Missing, MonitorKind, Part},
    rollout::{Judges, Sample},
};
use domain::{
    environment::{self, Alarm},
    rollout::{Cause, Opinion, RolloutId, State},
};

const WINDOW: i64 = 15;

async fn watched_by(house: &House, kind: MonitorKind) {
    let secrets = [("token".to_owned(), Secret::new("t0ken"))].into();
    let wanted = Connection { kind, settings: Settings::new(), secrets };
    let order = house.control.wire_monitor(house.admin, &production(), wanted).await.expect("wired");
    house.control.order(order).await.expect("connected");
}

/// So many requests in each window, of which so many fail.
fn part(house: &House, arm: Arm, requests: f64, errors: f64) -> Part {
    let at = house.control.now();
    let latency =
        Buckets { bounds: vec![50.0, 100.0, 250.0], counts: [0.5, 0.3, 0.15, 0.05].map(|p| p * requests).to_vec() };
    Part {
        service: "shop".to_owned(),
        arm,
        requests: Measured::Value { value: requests, at },
        errors: Measured::Value { value: errors, at },
        latency: Measured::Value { value: latency, at },
        gauges: [].into(),
    }
}

/// From now on so large a part of the new version's requests fails, whatever share of 10 000 it has.
fn fails(house: &House, part_of: f64) {
    let world = house.control.world();
    let share = world.under_way().next().map_or(0.0, |rollout| rollout.desired().fraction());
    let canary = 10_000.0 * share;
    let parts = vec![
        part(house, Arm::Stable, 10_000.0 - canary, (10_000.0 - canary) * 0.001),
        part(house, Arm::Canary, canary, canary * part_of),
    ];
    house.instruments.show(&production(), MonitorKind::Prometheus, Look { parts, ..Look::new(house.control.now()) });
}

fn says(house: &House, missing: &Missing) {
    let lost = || Measured::Missing(missing.clone());
    let latency = || Measured::Missing(missing.clone());
    let part = |arm| Part {
        service: "shop".to_owned(),
        arm,
        requests: lost(),
        errors: lost(),
        latency: latency(),
        gauges: [].into(),
    };
    let parts = vec![part(Arm::Stable), part(Arm::Canary)];
    house.instruments.show(&production(), MonitorKind::Prometheus, Look { parts, ..Look::new(house.control.now()) });
}

/// Windows pass, each looked at.
async fn windows(house: &mut House, judges: &mut Judges, count: i64) {
    for _ in 0..count {
        house.seconds_later(WINDOW).await;
        judges.look().await;
        house.go_on().await;
    }
}

async fn coming(house: &mut House) -> RolloutId {
    house.approved("1.0.1").await;
    let id = house.promote("1.0.1", "canary").await;
    house.go_on().await;
    assert_eq!(house.state(id), State::Judging);
    id
}

/// A version has its first traffic, is as good as the old one, and has not been looked at yet.
async fn watched() -> (House, RolloutId, Judges) {
    let mut house = House::new().await;
    watched_by(&house, MonitorKind::Prometheus).await;
    fails(&house, 0.001);
    let id = coming(&mut house).await;
    fails(&house, 0.001);
    let judges = Judges::new(house.control.clone());
    (house, id, judges)
}

async fn kept(house: &House, id: RolloutId) -> Vec<Sample> {
    let kept = house.control.journal().samples(id).await.expect("read");
    kept.iter().map(|(_, body)| serde_json::from_slice(body).expect("a sample")).collect()
}

#[tokio::test]
async fn a_good_version_comes_in_when_its_time_has_come_and_it_was_shown_to_do_no_harm() {
    let (mut house, id, mut judges) = watched().await;
    windows(&mut house, &mut judges, 4 * 29).await;
    assert_eq!(house.rollout(id).desired().to_string(), "5 %", "half an hour is not over");
    assert_eq!(house.rollout(id).judged.map(|judged| judged.opinion), Some(Opinion::Promote));
    while house.rollout(id).desired().to_string() == "5 %" {
        windows(&mut house, &mut judges, 1).await;
    }
    fails(&house, 0.001);
    windows(&mut house, &mut judges, 4).await;
    assert_eq!(house.rollout(id).desired().to_string(), "25 %");
    assert_eq!(kept(&house, id).await.len(), 4 * 31);
}

#[tokio::test]
async fn whoever_listens_is_told_of_each_window_once_it_can_be_read() {
    let (mut house, id, mut judges) = watched().await;
    let mut looks = house.control.listen_to_looks();
    for count in 1..=3 {
        windows(&mut house, &mut judges, 1).await;
        assert_eq!(looks.try_recv().ok(), Some(production()));
        assert_eq!(kept(&house, id).await.len(), count);
    }
    assert!(looks.try_recv().is_err(), "one word for one window");
}

#[tokio::test]
async fn a_version_that_fails_goes_back_by_itself_once_and_is_held() {
    let (mut house, id, mut judges) = watched().await;
    windows(&mut house, &mut judges, 20).await;
    fails(&house, 0.05);
    windows(&mut house, &mut judges, 3).await;
    assert_eq!(house.state(id), State::RolledBack);
    let turned = house.rollout(id).turned.expect("turned back");
    assert_eq!(turned.cause, Cause::Judge);
    assert!(turned.reason.contains("Canary is failing"), "{}", turned.reason);
    assert!(house.production().hold.is_some());
    assert_eq!(house.running(), "1.0.0");
    windows(&mut house, &mut judges, 20).await;
    assert_eq!(house.ledger().iter().filter(|effect| effect.starts_with("roll_back")).count(), 1);
}

#[tokio::test]
async fn what_is_not_known_neither_promotes_nor_rolls_back_and_the_reason_is_said() {
    for (missing, word) in [
        (Missing::failed("The server answers with 500."), "answers with 500"),
        (Missing::absent("The answer is empty."), "answer is empty"),
    ] {
        let mut house = House::new().await;
        watched_by(&house, MonitorKind::Prometheus).await;
        fails(&house, 0.001);
        let id = coming(&mut house).await;
        says(&house, &missing);
        let mut judges = Judges::new(house.control.clone());
        windows(&mut house, &mut judges, 4 * 60).await;
        assert_eq!((house.state(id), house.rollout(id).desired().to_string().as_str()), (State::Judging, "5 %"));
        let last = house.rollout(id).judged.expect("said");
        assert_eq!(last.opinion, Opinion::Hold);
        assert!(last.said.contains(word), "{}", last.said);
        assert!(last.said.starts_with("Nothing was measured for 5 min."), "{}", last.said);
    }
}

#[tokio::test]
async fn a_restart_in_the_middle_goes_on_with_the_same_count_and_every_sample_rests_on_the_one_before() {
    let mut steady = House::new().await;
    let mut restarted = House::new().await;
    let mut verdicts = Vec::new();
    for (house, restarts) in [(&mut steady, false), (&mut restarted, true)] {
        watched_by(house, MonitorKind::Prometheus).await;
        fails(house, 0.001);
        let id = coming(house).await;
        let mut judges = Judges::new(house.control.clone());
        for window in 0..60 {
            fails(house, 0.001 + f64::from(window) * 0.000_05);
            windows(house, &mut judges, 1).await;
            if restarts && window % 7 == 3 {
                house.restart().await;
                judges = Judges::new(house.control.clone());
            }
        }
        let samples = kept(house, id).await;
        let mut before = String::new();
        for sample in &samples {
            assert_eq!(sample.hash, sample.hashed(&before));
            before.clone_from(&sample.hash);
        }
        verdicts.push(samples.into_iter().map(|sample| (sample.verdict, sample.said)).collect::<Vec<_>>());
    }
    assert_eq!(verdicts[0], verdicts[1]);
}

fn alarm() -> Command {
    let (key, name) = ("alertmanager:1".to_owned(), "DiskFull".to_owned());
    let alarm = Alarm { key, name, critical: true, trigger: None, said: String::new() };
    Command::Environment(production(), environment::Command::Raise(Box::new(alarm)))
}

#[tokio::test]
async fn an_alarm_that_fires_with_the_new_version_takes_it_back_even_where_nothing_is_counted() {
    let mut house = House::new().await;
    watched_by(&house, MonitorKind::Alertmanager).await;
    let id = coming(&mut house).await;
    let mut judges = Judges::new(house.control.clone());
    windows(&mut house, &mut judges, 4).await;
    assert_eq!(house.rollout(id).judged, None, "nothing is compared, so nothing is said of it");
    house.order(domain::access::Actor::System, alarm()).await;
    windows(&mut house, &mut judges, 1).await;
    assert_eq!(house.state(id), State::RolledBack);
    assert!(house.rollout(id).turned.expect("turned").reason.contains("DiskFull"));
}

#[tokio::test]
async fn an_alarm_that_fired_before_holds_the_new_version_back_and_does_not_blame_it() {
    let mut house = House::new().await;
    watched_by(&house, MonitorKind::Prometheus).await;
    fails(&house, 0.001);
    house.order(domain::access::Actor::System, alarm()).await;
    house.seconds_later(1).await;
    let id = coming(&mut house).await;
    fails(&house, 0.001);
    let mut judges = Judges::new(house.control.clone());
    windows(&mut house, &mut judges, 4 * 40).await;
    assert_eq!(house.rollout(id).desired().to_string(), "5 %");
    let last = house.rollout(id).judged.expect("said");
    assert!(last.opinion == Opinion::Hold && last.said.contains("DiskFull"), "{}", last.said);
    assert_eq!(house.running(), version("1.0.0").to_string());
}
