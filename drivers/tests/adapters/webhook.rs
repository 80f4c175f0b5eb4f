//! Webhooks: the contract against a server that checks every signature and keeps its own ledger.

use crate::{
    contract::{self, Mood, Stand},
    http::{Answer, Request, Server},
    tasks::{connection, place, task, version, weight},
};
use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::STANDARD};
use control::{
    clock::HandClock,
    driver::{Asked, Certainty, Driver, DriverKind, Progress, Task},
};
use domain::{playbook::Percent, rollout::Action};
use drivers::webhook::Webhook;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

const SECRET: &str = "whsec_cGlsb3Rob3VzZS1hbmQtdGhlLW90aGVyLXNpZGU=";
const NOW: i64 = 1_790_000_000;

#[derive(Default)]
struct Ledger {
    effects: BTreeMap<String, usize>,
    mood: Option<Mood>,
    seen: Vec<Request>,
}

struct Other {
    driver: Webhook,
    ledger: Arc<Mutex<Ledger>>,
    _server: Server,
}

fn driver(settings: Value) -> Webhook {
    let connection = connection(DriverKind::Webhook, settings, &[("signing_secret", SECRET)]);
    let clock = HandClock::at(chrono::DateTime::from_timestamp(NOW, 0).expect("a time"));
    Webhook::new(&place(), &connection, Arc::new(clock)).expect("a driver")
}

async fn other() -> Other {
    let ledger = Arc::new(Mutex::new(Ledger::default()));
    let server = {
        let ledger = Arc::clone(&ledger);
        Server::start(move |request| answer(&mut ledger.lock().expect("a ledger"), &request)).await
    };
    let at = format!("http://{}", server.address);
    let driver = driver(json!({
        "url": format!("{at}/tasks"),
        "status_url": format!("{at}/tasks/{{{{key}}}}"),
        "observe_url": format!("{at}/runs?env={{{{env}}}}"),
        "allow_hosts": ["127.0.0.1"],
        "limit_seconds": 5,
    }));
    Other { driver, ledger, _server: server }
}

/// What a team would write behind its address: checked first, done once for each key.
fn answer(ledger: &mut Ledger, request: &Request) -> Answer {
    ledger.seen.push(request.clone());
    if !signed(request) {
        return Answer::Reply { status: 401, headers: Vec::new(), body: format!("not signed with {SECRET}") };
    }
    let path = request.path.as_str();
    match (request.method.as_str(), path) {
        ("HEAD", "/tasks") => Answer::empty(405),
        ("POST", "/tasks") => take(ledger, request),
        ("GET", "/runs?env=production") => Answer::json(
            200,
            &json!({ "arms": [{ "version": "1.5.0", "share": 25 }, { "version": "1.4.2", "share": 75, "instances": 2, "healthy": 2 }] }),
        ),
        ("GET", _) if path.strip_prefix("/tasks/").is_some_and(|key| ledger.effects.contains_key(key)) => Answer::json(
            200,
            &json!({ "state": "done", "share": 25, "said": "moved", "url": "https://deploy.example/log" }),
        ),
        _ => Answer::empty(404),
    }
}

fn take(ledger: &mut Ledger, request: &Request) -> Answer {
    let key = request.headers["idempotency-key"].clone();
    assert_eq!(key, request.headers["webhook-id"]);
    let mood = ledger.mood.take();
    match mood {
        Some(Mood::NotNow) => {
            return Answer::Reply { status: 503, headers: vec![("retry-after", "7".to_owned())], body: String::new() };
        }
        Some(Mood::Decline) => {
            return Answer::Reply {
                status: 422,
                headers: Vec::new(),
                body: format!("no: {SECRET} {}", &SECRET["whsec_".len()..]),
            };
        }
        _ => {}
    }
    ledger.effects.entry(key).or_insert(1);
    if mood == Some(Mood::LoseReply) {
        return Answer::Cut;
    }
    Answer::json(200, &json!({ "state": "done", "share": 25, "said": format!("moved, {SECRET}") }))
}

/// Worked out here once more, not with the driver's own code.
fn signed(request: &Request) -> bool {
    let header = |name: &str| request.headers.get(name).cloned().unwrap_or_default();
    let key = STANDARD.decode(&SECRET["whsec_".len()..]).expect("base64");
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("a key");
    mac.update(format!("{}.{}.", header("webhook-id"), header("webhook-timestamp")).as_bytes());
    mac.update(&request.body);
    header("webhook-timestamp") == NOW.to_string()
        && header("webhook-signature") == format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[async_trait]
impl Stand for Other {
    fn driver(&self) -> &dyn Driver {
        &self.driver
    }

    fn nowhere(&self) -> Box<dyn Driver> {
        // Port 1 of this machine: nobody listens there.
        let at = "http://127.0.0.1:1/";
        Box::new(driver(
            json!({ "url": at, "status_url": format!("{at}{{{{key}}}}"), "observe_url": at, "allow_hosts": ["127.0.0.1"] }),
        ))
    }

    fn task(&self, number: u8) -> Task {
        task(number, weight(number))
    }

    async fn effects(&self, task: &Task) -> usize {
        self.ledger.lock().expect("a ledger").effects.get(&task.key.to_string()).copied().unwrap_or(0)
    }

    async fn next(&self, mood: Mood) {
        self.ledger.lock().expect("a ledger").mood = Some(mood);
    }

    async fn mend(&self) {}

    fn secrets(&self) -> Vec<String> {
        vec![SECRET.to_owned(), SECRET["whsec_".len()..].to_owned()]
    }
}

#[tokio::test]
async fn the_contract_holds() {
    contract::holds(&other().await).await;
}

#[tokio::test]
async fn a_task_says_all_that_is_needed() {
    let other = other().await;
    let Ok(Progress::Done(done)) = other.driver.perform(&task(1, weight(25))).await else { panic!("done") };
    assert_eq!((done.share, done.said.as_str()), (Some(Percent::of(25)), "moved, (hidden)"));
    let seen = other.ledger.lock().expect("a ledger").seen.remove(0);
    let body: Value = serde_json::from_slice(&seen.body).expect("JSON");
    assert_eq!(body["type"], "rollout.weight");
    assert_eq!(body["data"]["percentage"], 25.0);
    assert_eq!(body["data"]["version"], "1.5.0");
    assert_eq!(body["data"]["other"], "1.4.2");
    assert_eq!(body["data"]["key"], seen.headers["idempotency-key"].as_str());
    assert_eq!(body["data"]["artifacts"][0]["digest"], "sha256:abc");
}

#[tokio::test]
async fn what_runs_and_the_test_of_the_connection() {
    let other = other().await;
    let observed = other.driver.observe().await.expect("seen");
    assert_eq!(observed.arms[0].version, Some(version("1.4.2")));
    let findings = other.driver.test().await;
    assert_eq!(findings.len(), 3);
    assert!(findings.iter().all(|finding| finding.good), "{findings:?}");
    assert!(other.ledger.lock().expect("a ledger").effects.is_empty(), "a test changes nothing");
}

/// A driver before a server that gives every request the same answer.
async fn before(status: u16, body: &'static str) -> (Webhook, Server) {
    let server = Server::start(move |_| Answer::Reply { status, headers: Vec::new(), body: body.to_owned() }).await;
    let at = format!("http://{}/", server.address);
    (driver(json!({ "url": at, "status_url": format!("{at}{{{{key}}}}"), "allow_hosts": ["127.0.0.1"] })), server)
}

#[tokio::test]
async fn running_is_asked_about_and_odd_answers_are_unknown() {
    let promote = task(1, Action::Promote);
    for (status, body) in [(202, ""), (202, r#"{"state":"running","said":"at 40 %"}"#), (200, r#"{"state":"running"}"#)]
    {
        let (driver, _server) = before(status, body).await;
        assert!(matches!(driver.perform(&promote).await, Ok(Progress::Running { .. })), "{status} {body}");
    }
    for (status, body) in [
        (200, ""),
        (204, ""),
        (200, "ok"),
        (200, "{}"),
        (200, r#"{"state":"perhaps"}"#),
        (200, r#"{"state":"failed","said":"half"}"#),
        (500, ""),
    ] {
        let (driver, _server) = before(status, body).await;
        let fault = driver.perform(&promote).await.expect_err("no success");
        assert_eq!(fault.certainty, Certainty::Unknown, "{status} {body}: {fault}");
    }
    for (status, body, asked) in [
        (404, "", "NeverSeen"),
        (200, r#"{"state":"failed","said":"half"}"#, "Failed"),
        (200, "ok", "CannotSay"),
        (401, "", "CannotSay"),
        (429, "", "CannotSay"),
        (500, "", "CannotSay"),
    ] {
        let (driver, _server) = before(status, body).await;
        let found = format!("{:?}", driver.ask(&promote).await);
        assert!(found.starts_with(asked), "{status} {body}: {found}");
    }
}

#[tokio::test]
async fn without_a_status_address_it_cannot_be_asked() {
    let driver = driver(json!({ "url": "https://deploy.example/", "actions": ["deploy", "roll_back"] }));
    assert!(!driver.abilities().asks);
    assert!(matches!(driver.ask(&task(1, Action::Deploy)).await, Asked::CannotSay(_)));
    let fault = driver.perform(&task(1, Action::Promote)).await.expect_err("not among the actions");
    assert_eq!(fault.certainty, Certainty::Declined);
}

#[tokio::test]
async fn an_address_inside_is_never_asked_unless_listed() {
    let server = Server::start(|_| Answer::empty(200)).await;
    let driver = driver(json!({ "url": format!("https://{}/", server.address) }));
    let fault = driver.perform(&task(1, Action::Promote)).await.expect_err("not allowed");
    assert_eq!(fault.certainty, Certainty::Declined, "{fault}");
    assert!(fault.said.contains("allow_hosts"), "{fault}");
}

#[test]
fn settings_are_checked_when_they_are_set() {
    for (settings, secret, field) in [
        (json!({}), SECRET, "url"),
        (json!({ "url": "ftp://x" }), SECRET, "url"),
        (json!({ "url": "https://x", "status_url": "https://x/{{nothing}}" }), SECRET, "status_url"),
        (json!({ "url": "https://x", "status_url": "not/{{key}}" }), SECRET, "status_url"),
        (json!({ "url": "https://x", "status_url": "https://x/status" }), SECRET, "status_url"),
        (json!({ "url": "https://x", "observe_url": "https://x/{{key}}" }), SECRET, "observe_url"),
        (json!({ "url": "https://x", "actions": ["rollback"] }), SECRET, "actions"),
        (json!({ "url": "https://x", "allow_hosts": ["https://x"] }), SECRET, "allow_hosts"),
        (json!({ "url": "https://x", "limit_seconds": 301 }), SECRET, "limit_seconds"),
        (json!({ "url": "https://x", "statusurl": "https://x" }), SECRET, "statusurl"),
        (json!({ "url": "https://x" }), "", "signing_secret"),
        (json!({ "url": "https://x" }), "hunter22", "signing_secret"),
    ] {
        let connection = connection(DriverKind::Webhook, settings, &[("signing_secret", secret)]);
        let clock = HandClock::at(chrono::DateTime::from_timestamp(NOW, 0).expect("a time"));
        let refusal = Webhook::new(&place(), &connection, Arc::new(clock)).expect_err("refused");
        assert_eq!(refusal.field.as_deref(), Some(field), "{}", refusal.detail);
        assert!(!format!("{refusal:?}").contains("hunter22"));
    }
}
