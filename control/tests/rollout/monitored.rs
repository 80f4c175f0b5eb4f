//! Given monitors of an environment, when they are set, asked and taken away, then each is one, its secrets are its own,
//! and alerts arrive where they belong.

use super::house::{House, production, shop};
use chrono::TimeDelta;
use control::{
    Command,
    driver::{DriverKind, Secret, Settings},
    monitor::{Alert, Asking, Connection, Delivery, Look, MonitorKind, Question},
    rollout::Wiring,
};
use domain::{
    Class, Refusal,
    environment::{self, EnvironmentId},
    judge::WindowLength,
    playbook::AlertLevel,
};

const TOKEN: &str = "0123456789abcdef";

fn wanted(kind: MonitorKind, settings: &[(&str, &str)], secrets: &[(&str, &str)]) -> Connection {
    let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
    let secrets = secrets.iter().map(|(name, text)| ((*name).to_owned(), Secret::new(*text))).collect();
    Connection { kind, settings, secrets }
}

async fn watched(house: &House, place: &EnvironmentId, wanted: Connection) {
    let order = house.control.wire_monitor(house.admin, place, wanted).await.expect("may be kept");
    house.control.order(order).await.expect("kept");
}

async fn unwatched(house: &House, kind: MonitorKind) {
    let order = house.control.unwire_monitor(house.admin, &production(), kind, "It moved".to_owned()).expect("may go");
    house.control.order(order).await.expect("gone");
}

fn question(house: &House) -> Question {
    let running = house.production().running().expect("something runs").version.clone();
    let arms = vec![Asking { arm: control::monitor::Arm::Stable, version: running }];
    Question { arms, end: house.control.now(), window: WindowLength::MINUTE }
}

/// The secrets that the monitor was last made with.
fn secrets(house: &House) -> Vec<String> {
    let (_, connection) = house.instruments.made().pop().expect("one was made");
    connection.secrets.iter().map(|(name, secret)| format!("{name}={}", secret.reveal())).collect()
}

#[tokio::test]
async fn one_instance_is_kept_until_something_about_it_changes() {
    let house = House::new().await;
    watched(&house, &production(), wanted(MonitorKind::Scrape, &[("pages", "a")], &[("password", "one")])).await;
    watched(&house, &production(), wanted(MonitorKind::Health, &[], &[])).await;
    let before = house.instruments.made().len();
    for _ in 0..3 {
        let kinds: Vec<MonitorKind> =
            house.control.monitors(&production()).await.into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds, [MonitorKind::Scrape, MonitorKind::Health]);
    }
    assert_eq!(house.instruments.made().len(), before + 2, "each was made once");
    watched(&house, &production(), wanted(MonitorKind::Scrape, &[("pages", "b")], &[])).await;
    house.control.monitors(&production()).await;
    assert_eq!(secrets(&house), ["password=one"], "a secret that is left out stays");
    watched(&house, &production(), wanted(MonitorKind::Scrape, &[("pages", "b")], &[("password", "two")])).await;
    house.control.monitors(&production()).await;
    assert_eq!(secrets(&house), ["password=two"]);
    unwatched(&house, MonitorKind::Scrape).await;
    assert_eq!(house.control.monitors(&production()).await.len(), 1);
}

#[tokio::test]
async fn secrets_of_monitors_and_drivers_do_not_meet() {
    let house = House::new().await;
    let wiring = |kind| Wiring {
        kind,
        settings: Settings::new(),
        secrets: [("password".to_owned(), Secret::new("the driver's"))].into(),
        smoke: vec![],
        health: None,
    };
    let wire = async |kind| {
        let order = house.control.wire(house.admin, &production(), wiring(kind)).await.expect("wired");
        house.control.order(order).await.expect("connected");
    };
    wire(DriverKind::Local).await;
    watched(&house, &production(), wanted(MonitorKind::Prometheus, &[], &[("password", "the monitor's")])).await;
    watched(&house, &production(), wanted(MonitorKind::Json, &[], &[("password", "another's")])).await;

    // Given another driver, then the monitors' stay; given another look at the driver, it has its own only.
    wire(DriverKind::Webhook).await;
    house.control.monitors(&production()).await;
    assert_eq!(secrets(&house), ["password=another's"]);
    house.control.log_of(&production(), 1).await.expect("asked");
    let wired = house.ground.wired(&production()).expect("made");
    assert_eq!(wired.secrets.keys().collect::<Vec<_>>(), ["password"]);
    assert_eq!(wired.secrets["password"].reveal(), "the driver's");

    // Given one monitor goes, then the driver's and the other's stay.
    unwatched(&house, MonitorKind::Json).await;
    let sealed = house.control.journal().secrets(&production()).await.expect("read");
    assert_eq!(
        sealed.into_iter().map(|(name, _)| name).collect::<Vec<_>>(),
        ["monitor/prometheus/password", "password"]
    );
    let order = house.control.unwire(house.admin, &production(), "It moved".to_owned()).expect("may go");
    house.control.order(order).await.expect("gone");
    let sealed = house.control.journal().secrets(&production()).await.expect("read");
    assert_eq!(sealed.into_iter().map(|(name, _)| name).collect::<Vec<_>>(), ["monitor/prometheus/password"]);
}

#[tokio::test]
async fn what_it_saw_last_is_at_hand_and_asking_now_leaves_the_judges_monitor_alone() {
    let house = House::new().await;
    watched(&house, &production(), wanted(MonitorKind::Scrape, &[], &[])).await;
    assert_eq!(house.control.last_look(&production(), MonitorKind::Scrape), None);
    let (_, monitor) = house.control.monitors(&production()).await.pop().expect("one");
    let monitor = monitor.expect("made");
    monitor.look(&question(&house)).await;
    let first = house.control.last_look(&production(), MonitorKind::Scrape).expect("looked");
    assert_eq!(first.end, house.control.now());
    house.clock.advance(TimeDelta::minutes(1));
    house.instruments.show(&production(), MonitorKind::Scrape, Look::new(house.control.now()));
    let made = house.instruments.made().len();
    let (tried, look) = house.control.ask_now(house.engineer, &production(), MonitorKind::Scrape).await.expect("asked");
    assert!(tried.is_good());
    assert_eq!(house.control.last_look(&production(), MonitorKind::Scrape), look, "it shows what was asked just now");
    assert!(house.instruments.made().len() > made, "by one of its own");
    let again = house.control.monitors(&production()).await.pop().expect("one").1.expect("kept");
    assert!(std::sync::Arc::ptr_eq(&monitor, &again), "the judge's is the same as before");
}

#[tokio::test]
async fn who_may_not_connect_may_not_and_nothing_is_there_for_whoever_cannot_see_it() {
    let house = House::new().await;
    let health = wanted(MonitorKind::Health, &[], &[]);
    let refusal = house.control.try_monitor(house.engineer, &production(), &health).await.expect_err("refused");
    assert_eq!(refusal.class, Class::Forbidden);
    let refusal = house.control.wire_monitor(house.engineer, &production(), health).await.expect_err("refused");
    assert_eq!(refusal.class, Class::Forbidden);
    let refusal = house.control.ask_now(house.manager, &production(), MonitorKind::Health).await.expect_err("refused");
    assert_eq!(refusal.class, Class::Forbidden);
    let refusal = house.control.ask_now(house.engineer, &production(), MonitorKind::Health).await.expect_err("refused");
    assert_eq!(refusal.class, Class::NotFound, "nothing is connected");
}

fn alert(name: &str, fires: bool, level: AlertLevel, product: &str, env: &str) -> Alert {
    Alert {
        name: name.to_owned(),
        fires,
        level: Some(level),
        product: Some(product.to_owned()),
        env: Some(env.to_owned()),
        summary: Some("No instance\nanswers".to_owned()),
        labels: [("alertname".to_owned(), name.to_owned()), ("env".to_owned(), env.to_owned())].into(),
        since: domain::Timestamp::UNIX_EPOCH,
        until: None,
        fingerprint: String::new(),
    }
}

async fn sent(house: &House, token: &str, alerts: Vec<Alert>) -> Result<control::monitor::Taken, Refusal> {
    let body = serde_json::to_vec(&Delivery { alerts, left_out: 0 }).expect("JSON");
    let admitted = house.control.admitted(Some(&format!("Bearer {token}"))).await?;
    house.control.alerted(admitted, &body).await
}

fn firing(house: &House) -> Vec<String> {
    house.production().alarms.values().map(|raised| raised.alarm.name.clone()).collect()
}

#[tokio::test]
async fn alerts_arrive_where_the_token_and_the_labels_say_and_end_again() {
    let house = House::new().await;
    watched(&house, &production(), wanted(MonitorKind::Alertmanager, &[], &[("token", TOKEN)])).await;
    let staging = EnvironmentId { product: shop(), env: "staging".parse().expect("a name") };
    let mut alerts = vec![
        alert("Down", true, AlertLevel::Critical, "shop", "production"),
        alert("Slow", true, AlertLevel::Warning, "shop", "production"),
        alert("Elsewhere", true, AlertLevel::Critical, "shop", staging.env.as_str()),
        alert("Nobody's", true, AlertLevel::Critical, "till", "production"),
    ];
    alerts.push(Alert { product: None, ..alerts[0].clone() });
    let told = sent(&house, TOKEN, alerts.clone()).await.expect("taken");
    assert_eq!((told.taken, told.ignored), (1, 4));
    assert_eq!(
        told.reasons.iter().map(|why| why.alert.as_str()).collect::<Vec<_>>(),
        ["Slow", "Elsewhere", "Nobody's", "Down"]
    );
    assert_eq!(firing(&house), ["Down"]);
    let raised = house.production().alarms.into_values().next().expect("one");
    assert_eq!((raised.by, raised.alarm.critical, raised.alarm.said.as_str()), (None, true, "No instance answers"));

    // Given the same again, then nothing happens; given its end, it is over.
    let seq = house.control.seq();
    assert_eq!(sent(&house, TOKEN, alerts.clone()).await.expect("taken").taken, 1);
    assert_eq!(house.control.seq(), seq);
    alerts.truncate(1);
    alerts[0].fires = false;
    sent(&house, TOKEN, alerts).await.expect("taken");
    assert_eq!(firing(&house), [""; 0]);
}

#[tokio::test]
async fn without_the_token_nobody_is_heard_and_nobody_learns_why() {
    let house = House::new().await;
    let down = || vec![alert("Down", true, AlertLevel::Critical, "shop", "production")];
    let nobody = sent(&house, TOKEN, down()).await.expect_err("nothing is connected");
    watched(&house, &production(), wanted(MonitorKind::Alertmanager, &[], &[("token", TOKEN)])).await;
    let wrong = sent(&house, "fedcba9876543210", down()).await.expect_err("another token");
    let none = house.control.admitted(None).await.expect_err("no token");
    assert_eq!((nobody.class, &nobody.detail), (Class::Unauthenticated, &wrong.detail));
    assert_eq!(none.detail, wrong.detail);
    assert_eq!(firing(&house), [""; 0]);
    let admitted = house.control.admitted(Some(&format!("Bearer {TOKEN}"))).await.expect("heard");
    let refusal = house.control.alerted(admitted, b"{}").await.expect_err("no delivery");
    assert_eq!(refusal.class, Class::Invalid);
}

#[tokio::test]
async fn one_token_for_several_environments_reaches_each_with_its_own() {
    let house = House::new().await;
    let staging = EnvironmentId { product: shop(), env: "staging".parse().expect("a name") };
    for place in [production(), staging.clone()] {
        watched(&house, &place, wanted(MonitorKind::Alertmanager, &[], &[("token", TOKEN)])).await;
    }
    let alerts = vec![
        alert("Down", true, AlertLevel::Critical, "shop", "production"),
        alert("Also down", true, AlertLevel::Critical, "shop", "staging"),
    ];
    assert_eq!(sent(&house, TOKEN, alerts).await.expect("taken").taken, 2);
    assert_eq!(firing(&house), ["Down"]);
    let world = house.control.world();
    assert_eq!(world.environment(&staging).expect("there").alarms.len(), 1);
}

#[tokio::test]
async fn an_alarm_is_not_held_back_by_a_rollout_and_a_monitor_is() {
    let mut house = House::new().await;
    watched(&house, &production(), wanted(MonitorKind::Alertmanager, &[], &[("token", TOKEN)])).await;
    house.approved("1.0.1").await;
    house.promote("1.0.1", "canary").await;
    house.go_on().await;
    sent(&house, TOKEN, vec![alert("Down", true, AlertLevel::Critical, "shop", "production")]).await.expect("taken");
    assert_eq!(firing(&house), ["Down"]);
    let command = environment::Command::Unwatch { kind: "alertmanager".to_owned(), reason: "It moved".to_owned() };
    let refusal = house.refused(house.admin, Command::Environment(production(), command)).await;
    assert_eq!(refusal.class, Class::Conflict);
}
