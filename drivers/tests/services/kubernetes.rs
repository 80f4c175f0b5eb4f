//! The driver `kubernetes`, against an API server whose Deployment keeps a ledger of the images it was given.

use crate::{
    cluster::{TOKEN, kubeconfig, refusal},
    deployment::Api,
    given::{connection, place, said, task, version},
    service::{Answer, Service, Trouble},
};
use axum::http::Method;
use control::driver::{Asked, Certainty, Connection, Done, Driver, DriverKind, Observed, Progress};
use domain::{
    playbook::Percent,
    rollout::{Action, ActionKind},
};
use drivers::kubernetes::Kubernetes;
use serde_json::{Value, json};

pub fn settings(server: &str, more: &Value) -> Connection {
    let mut settings = json!({
        "namespace": "production", "deployment": "shop", "container": "app", "image": "registry.example/shop:{{version}}",
        "allow_hosts": ["127.0.0.1"],
    });
    settings.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    connection(DriverKind::Kubernetes, settings, &[("kubeconfig", &kubeconfig(server))])
}

pub fn driver(api: &Service<Api>) -> Kubernetes {
    Kubernetes::new(&place(), &settings(&format!("http://{}", api.address), &json!({}))).expect("a driver")
}

fn ledger(api: &Service<Api>) -> Vec<String> {
    api.vendor(|api| api.ledger.iter().map(|(image, _)| image.clone()).collect())
}

const NEW: &str = "registry.example/shop:2.0.0";

#[tokio::test]
async fn a_deployment_is_followed_until_all_instances_are_the_versions() {
    let api = Api::start().await;
    let driver = driver(&api);
    let task = task(1, Action::Deploy);
    let progress = driver.perform(&task).await.expect("accepted");
    assert!(matches!(progress, Progress::Running { .. }), "{progress:?}");
    assert_eq!(api.vendor(|api| api.ledger.clone()), [(NEW.to_owned(), task.key.to_string())]);
    let sidecar = api.vendor(|api| api.deployment.value["spec"]["template"]["spec"]["containers"][1]["image"].clone());
    assert_eq!(sidecar, "registry.example/proxy:7", "other containers stay");
    for (status, words) in [
        (json!({ "observedGeneration": 4, "replicas": 5, "updatedReplicas": 2 }), "2 of 4 instances run"),
        (
            json!({ "observedGeneration": 4, "replicas": 5, "updatedReplicas": 4, "availableReplicas": 5 }),
            "1 earlier instances",
        ),
        (
            json!({ "observedGeneration": 4, "replicas": 4, "updatedReplicas": 4, "availableReplicas": 3 }),
            "3 of 4 instances are",
        ),
    ] {
        api.vendor(|api| api.deployment.change(&json!({ "status": status })));
        let asked = driver.ask(&task).await;
        assert!(matches!(&asked, Asked::Running { said, .. } if said.contains(words)), "{words}: {asked:?}");
    }
    api.vendor(Api::roll_out);
    let asked = driver.ask(&task).await;
    assert!(matches!(&asked, Asked::Done(Done { share: Some(share), .. }) if *share == Percent::whole()), "{asked:?}");
    assert_eq!(ledger(&api).len(), 1);
}

#[tokio::test]
async fn promoting_and_going_back_write_once_each() {
    let api = Api::start().await;
    let driver = driver(&api);
    driver.perform(&task(1, Action::Deploy)).await.expect("accepted");
    api.vendor(Api::roll_out);
    let promoted = driver.perform(&task(2, Action::Promote)).await.expect("there already");
    assert!(
        matches!(&promoted, Progress::Done(Done { share: Some(share), .. }) if *share == Percent::whole()),
        "{promoted:?}"
    );
    let mut back = task(3, Action::RollBack);
    (back.version, back.other) = (version("1.9.0"), Some(version("2.0.0")));
    driver.perform(&back).await.expect("accepted");
    api.vendor(Api::roll_out);
    let asked = driver.ask(&back).await;
    assert!(matches!(&asked, Asked::Done(Done { share: Some(share), .. }) if share.is_nothing()), "{asked:?}");
    assert_eq!(ledger(&api), [NEW, NEW, "registry.example/shop:1.9.0"]);
}

#[tokio::test]
async fn the_same_key_twice_is_one_write() {
    let api = Api::start().await;
    let driver = driver(&api);
    for _ in 0..3 {
        driver.perform(&task(1, Action::Deploy)).await.expect("accepted");
    }
    assert_eq!(ledger(&api), [NEW]);
}

#[tokio::test]
async fn a_lost_reply_is_unknown_and_the_mark_tells() {
    let api = Api::start().await;
    let driver = driver(&api);
    let task = task(1, Action::Deploy);
    assert_eq!(driver.ask(&task).await, Asked::NeverSeen);
    api.trouble(Method::PATCH, Trouble::ReplyLost);
    let fault = driver.perform(&task).await.expect_err("the reply is lost");
    assert_eq!(fault.certainty, Certainty::Unknown, "{}", said(&fault, TOKEN));
    let asked = driver.ask(&task).await;
    assert!(matches!(asked, Asked::Running { .. }), "{asked:?}");
    assert_eq!(ledger(&api), [NEW]);
}

#[tokio::test]
async fn when_somebody_is_faster_it_is_looked_at_and_decided_again() {
    let api = Api::start().await;
    let driver = driver(&api);
    let others = |n: u32| (0..n).map(|n| json!({ "spec": { "replicas": 6 + n } })).collect();
    api.vendor(|api| api.meanwhile = others(8));
    let fault = driver.perform(&task(1, Action::Deploy)).await.expect_err("somebody is always faster");
    assert_eq!(fault.certainty, Certainty::NotDone, "{}", said(&fault, TOKEN));
    assert_eq!(ledger(&api), Vec::<String>::new());
    api.vendor(|api| api.meanwhile = others(1));
    driver.perform(&task(1, Action::Deploy)).await.expect("accepted at the second look");
    assert_eq!(api.vendor(|api| api.deployment.value["spec"]["replicas"].clone()), 6, "what others changed stays");
    assert_eq!(ledger(&api), [NEW]);
}

#[tokio::test]
async fn a_later_task_that_came_in_between_wins() {
    let api = Api::start().await;
    let driver = driver(&api);
    let mark = json!({ "pilothouse.dev/key": task(9, Action::RollBack).key, "pilothouse.dev/order": "9" });
    api.vendor(|api| api.meanwhile = [json!({ "metadata": { "annotations": mark } })].into());
    let fault = driver.perform(&task(1, Action::Deploy)).await.expect_err("overtaken");
    assert_eq!(fault.certainty, Certainty::Declined);
    assert_eq!(ledger(&api), Vec::<String>::new());
}

#[tokio::test]
async fn every_write_names_the_version_it_was_made_for() {
    let api = Api::start().await;
    driver(&api).perform(&task(1, Action::Deploy)).await.expect("accepted");
    let patch = api.calls().into_iter().find(|call| call.method == Method::PATCH).expect("a write");
    assert_eq!(patch.body["metadata"]["resourceVersion"], "41");
    assert_eq!(patch.query["fieldValidation"], "Strict");
}

#[tokio::test]
async fn a_task_that_was_overtaken_is_declined() {
    let api = Api::start().await;
    let driver = driver(&api);
    driver.perform(&task(7, Action::Deploy)).await.expect("accepted");
    let late = task(6, Action::Promote);
    assert_eq!(driver.ask(&late).await, Asked::NeverSeen);
    assert_eq!(driver.perform(&late).await.expect_err("too late").certainty, Certainty::Declined);
    assert_eq!(ledger(&api), [NEW]);
}

#[tokio::test]
async fn what_gets_stuck_or_is_changed_from_outside_has_failed() {
    let api = Api::start().await;
    let driver = driver(&api);
    let task = task(1, Action::Deploy);
    driver.perform(&task).await.expect("accepted");
    let late = json!({ "type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded", "message": "ReplicaSet \"shop-2\" has timed out progressing." });
    let stuck = json!({ "status": { "observedGeneration": 4, "updatedReplicas": 1, "conditions": [late] } });
    api.vendor(|api| api.deployment.change(&stuck));
    let asked = driver.ask(&task).await;
    assert!(matches!(&asked, Asked::Failed(said) if said.contains("timed out progressing")), "{asked:?}");
    let other = json!({ "name": "app", "image": "registry.example/shop:6.6.6" });
    api.vendor(|api| api.deployment.change(&json!({ "spec": { "template": { "spec": { "containers": [other] } } } })));
    let asked = driver.ask(&task).await;
    assert!(matches!(&asked, Asked::Failed(said) if said.contains("6.6.6")), "{asked:?}");
}

#[tokio::test]
async fn refusals_say_whether_anything_happened() {
    let api = Api::start().await;
    let driver = driver(&api);
    let mut later = refusal(503, "ServiceUnavailable", "later");
    later.body["details"] = json!({ "retryAfterSeconds": 3 });
    for (answer, certainty) in [
        (refusal(409, "Conflict", "modified"), Certainty::NotDone),
        (refusal(429, "TooManyRequests", "slow down"), Certainty::NotDone),
        (later, Certainty::NotDone),
        (refusal(403, "Forbidden", "cannot patch resource"), Certainty::Declined),
        (refusal(422, "Invalid", "spec.template"), Certainty::Declined),
        (refusal(500, "InternalError", "etcd"), Certainty::Unknown),
        (refusal(504, "Timeout", "timed out"), Certainty::Unknown),
        (Answer::new(502, Value::Null), Certainty::Unknown),
    ] {
        let status = answer.status;
        for _ in 0..if status == 409 { 5 } else { 1 } {
            api.trouble(Method::PATCH, Trouble::Refused(answer.clone()));
        }
        let before = api.calls().len();
        let fault = driver.perform(&task(1, Action::Deploy)).await.expect_err("refused");
        assert_eq!(fault.certainty, certainty, "{status}: {}", said(&fault, TOKEN));
        assert!(status == 409 || api.calls().len() - before == 2, "{status}: one look and one try");
    }
    api.trouble(Method::GET, Trouble::Refused(refusal(500, "InternalError", "etcd")));
    assert_eq!(driver.perform(&task(1, Action::Deploy)).await.expect_err("refused").certainty, Certainty::NotDone);
    let fault = driver.perform(&task(1, Action::Weight { share: Percent::of(5) })).await.expect_err("no weights");
    assert_eq!(fault.certainty, Certainty::Declined);
    assert!(!driver.abilities().can(ActionKind::Weight));
    assert_eq!(ledger(&api), Vec::<String>::new());
}

#[tokio::test]
async fn nobody_there_is_not_done() {
    let api = Api::start().await;
    let driver = driver(&api);
    drop(api);
    let fault = driver.perform(&task(1, Action::Deploy)).await.expect_err("nobody there");
    assert_eq!(fault.certainty, Certainty::NotDone, "{}", said(&fault, TOKEN));
}

#[tokio::test]
async fn a_paused_deployment_is_declined_and_the_test_says_so() {
    let api = Api::start().await;
    let driver = driver(&api);
    assert!(driver.test().await.iter().all(|finding| finding.good), "{:?}", driver.test().await);
    api.vendor(|api| api.deployment.change(&json!({ "spec": { "paused": true } })));
    assert!(driver.test().await.iter().any(|finding| !finding.good));
    let fault = driver.perform(&task(1, Action::Deploy)).await.expect_err("paused");
    assert_eq!(fault.certainty, Certainty::Declined);
    assert_eq!(ledger(&api), Vec::<String>::new());
}

#[tokio::test]
async fn what_runs_is_read_from_the_replica_sets() {
    let api = Api::start().await;
    let Observed { arms } = driver(&api).observe().await.expect("read");
    let seen: Vec<_> = arms.iter().map(|arm| (arm.version.clone(), arm.share, arm.instances, arm.healthy)).collect();
    let wanted = [(Some(version("1.9.0")), Percent::of(75), 3, 3), (Some(version("2.0.0")), Percent::of(25), 2, 1)];
    assert_eq!(seen, wanted);
}

#[tokio::test]
async fn an_artifact_is_deployed_by_its_digest() {
    let api = Api::start().await;
    let server = format!("http://{}", api.address);
    let driver = Kubernetes::new(&place(), &settings(&server, &json!({ "image": "{{artifact}}" }))).expect("a driver");
    driver.perform(&task(1, Action::Deploy)).await.expect("accepted");
    assert_eq!(ledger(&api), [format!("registry.example/shop@sha256:{}", "a".repeat(64))]);
    let mut without = task(2, Action::Promote);
    without.artifacts.clear();
    assert_eq!(driver.perform(&without).await.expect_err("no artifact").certainty, Certainty::Declined);
    let mut odd = task(3, Action::Promote);
    odd.version = version("2.0.0+build.7");
    let by_tag = Kubernetes::new(&place(), &settings(&server, &json!({}))).expect("a driver");
    assert_eq!(by_tag.perform(&odd).await.expect_err("no tag").certainty, Certainty::Declined);
}

#[tokio::test]
async fn the_token_stands_in_no_text() {
    let api = Api::start().await;
    let wrong = "eyJAnotherTokenThatIsWrong";
    let mut connection = settings(&format!("http://{}", api.address), &json!({}));
    let text = connection.secrets["kubeconfig"].reveal().replace(TOKEN, wrong);
    connection.secrets.insert("kubeconfig".into(), control::driver::Secret::new(text));
    let driver = Kubernetes::new(&place(), &connection).expect("a driver");
    assert!(!format!("{driver:?} {connection:?}").contains(wrong));
    let fault = driver.perform(&task(1, Action::Deploy)).await.expect_err("not accepted");
    assert_eq!(fault.certainty, Certainty::Declined);
    assert!(said(&fault, wrong).contains("credentials"), "{fault}");
    let findings = format!("{:?} {:?}", driver.test().await, driver.ask(&task(1, Action::Deploy)).await);
    assert!(!findings.contains(wrong), "{findings}");
}

#[test]
fn wrong_settings_are_refused_by_their_names() {
    let server = "https://cluster.example:6443";
    assert!(Kubernetes::new(&place(), &settings(server, &json!({}))).is_ok());
    for (more, field) in [
        (json!({ "namespace": "../x" }), "namespace"),
        (json!({ "deployment": "Shop" }), "deployment"),
        (json!({ "container": "" }), "container"),
        (json!({ "image": "registry.example/shop:latest" }), "image"),
        (json!({ "image": "shop:{{verison}}" }), "image"),
        (json!({ "in_cluster": true }), "in_cluster"),
        (json!({ "rollout": "shop" }), "rollout"),
    ] {
        let refusal = Kubernetes::new(&place(), &settings(server, &more)).expect_err("refused");
        assert_eq!(refusal.field.as_deref(), Some(field), "{}", refusal.detail);
    }
    let token = format!("token: {TOKEN}");
    for (from, to) in [
        (token.as_str(), "exec: {apiVersion: client.authentication.k8s.io/v1, command: /bin/sh}"),
        (token.as_str(), "tokenFile: /etc/shadow"),
        (token.as_str(), "client-key: /etc/ssl/private/key.pem"),
        (server, "http://cluster.example"),
        (server, "https://169.254.169.254"),
        (server, "https://x\n    certificate-authority: /etc/passwd"),
        (server, "https://x\n    insecure-skip-tls-verify: true"),
        (server, "https://x\n    proxy-url: http://127.0.0.1:3128"),
        ("current-context: here", "current-context: there"),
        ("apiVersion", "\t: ["),
    ] {
        let mut connection = settings(server, &json!({}));
        let text = connection.secrets["kubeconfig"].reveal().replace(from, to);
        connection.secrets.insert("kubeconfig".into(), control::driver::Secret::new(text));
        let refusal = Kubernetes::new(&place(), &connection).expect_err(to);
        assert_eq!(refusal.field.as_deref(), Some("kubeconfig"), "{}", refusal.detail);
        assert!(!format!("{refusal:?}").contains(TOKEN));
    }
}
