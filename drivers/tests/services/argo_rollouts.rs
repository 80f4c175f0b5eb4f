//! The driver `argo-rollouts`.

use crate::{
    argo::Argo,
    cluster::{TOKEN, kubeconfig, refusal},
    given::{connection, place, said, task, version},
    service::{Service, Trouble},
};
use axum::http::Method;
use control::driver::{Asked, Certainty, Connection, Done, Driver, DriverKind, Observed, Progress, Task};
use domain::{
    playbook::Percent,
    rollout::{Action, ActionKind},
};
use drivers::argo_rollouts::ArgoRollouts;
use serde_json::{Value, json};

const NEW: &str = "registry.example/shop:2.0.0";
const OLD: &str = "registry.example/shop:1.9.0";
const RESUME: &str = r#"{"pauseConditions":null}"#;
const FULL: &str = r#"{"promoteFull":true}"#;
const ABORT: &str = r#"{"abort":true}"#;

pub fn settings(server: &str, more: &Value) -> Connection {
    let mut settings = json!({
        "namespace": "production", "rollout": "shop", "container": "app", "image": "registry.example/shop:{{version}}",
        "allow_hosts": ["127.0.0.1"],
    });
    settings.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    connection(DriverKind::ArgoRollouts, settings, &[("kubeconfig", &kubeconfig(server))])
}

pub fn driver(argo: &Service<Argo>) -> ArgoRollouts {
    ArgoRollouts::new(&place(), &settings(&format!("http://{}", argo.address), &json!({}))).expect("a driver")
}

fn ledger(argo: &Service<Argo>) -> Vec<String> {
    argo.vendor(|argo| argo.ledger.iter().map(|(what, _)| what.clone()).collect())
}

fn weight(n: u8, share: u8) -> Task {
    task(n, Action::Weight { share: Percent::of(share) })
}

fn back(n: u8) -> Task {
    Task { version: version("1.9.0"), other: Some(version("2.0.0")), ..task(n, Action::RollBack) }
}

/// Carries it out, lets the controller look, and asks.
async fn carried_out(argo: &Service<Argo>, driver: &ArgoRollouts, task: &Task) -> Option<Percent> {
    driver.perform(task).await.expect("accepted");
    argo.vendor(Argo::settle);
    match driver.ask(task).await {
        Asked::Done(Done { share, .. }) => share,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_canary_goes_step_by_step_to_full() {
    let argo = Argo::start().await;
    let driver = driver(&argo);
    assert_eq!(carried_out(&argo, &driver, &task(1, Action::Deploy)).await, Some(Percent::nothing()));
    assert_eq!(carried_out(&argo, &driver, &weight(2, 25)).await, Some(Percent::of(25)));
    assert_eq!(argo.vendor(|argo| argo.weight()), 25);
    assert_eq!(carried_out(&argo, &driver, &weight(3, 50)).await, Some(Percent::of(50)));
    assert_eq!(
        carried_out(&argo, &driver, &weight(4, 75)).await,
        Some(Percent::of(75)),
        "past the analysis, which is not left out"
    );
    assert_eq!(carried_out(&argo, &driver, &task(5, Action::Promote)).await, Some(Percent::whole()));
    assert_eq!(ledger(&argo), [NEW, "mark", RESUME, "mark", RESUME, "mark", RESUME, "mark", FULL]);
    let other = argo.vendor(|argo| argo.rollout.value["spec"]["template"]["spec"]["containers"].clone());
    assert_eq!(other[1]["image"], "registry.example/proxy:7", "other containers stay");
    assert_eq!(other[0]["ports"][0]["containerPort"], 8080);
}

#[tokio::test]
async fn the_same_key_twice_has_one_effect() {
    let argo = Argo::start().await;
    let driver = driver(&argo);
    for task in [task(1, Action::Deploy), weight(2, 25), task(3, Action::Promote)] {
        for _ in 0..2 {
            driver.perform(&task).await.expect("accepted");
        }
        argo.vendor(Argo::settle);
        let progress = driver.perform(&task).await.expect("done");
        assert!(matches!(progress, Progress::Done(_)), "{progress:?}");
    }
    assert_eq!(ledger(&argo), [NEW, "mark", RESUME, "mark", FULL]);
}

#[tokio::test]
async fn a_stop_may_be_passed_over_but_an_analysis_may_not() {
    let argo = Argo::start().await;
    let driver = driver(&argo);
    carried_out(&argo, &driver, &task(1, Action::Deploy)).await;
    assert_eq!(carried_out(&argo, &driver, &weight(2, 50)).await, Some(Percent::of(50)));
    assert_eq!(ledger(&argo)[2], r#"{"currentStepIndex":4,"pauseConditions":null}"#);
    for (share, words) in [(25, "goes forward only"), (60, "ahead are: 75 %")] {
        let fault = driver.perform(&weight(3, share)).await.expect_err("not there");
        assert_eq!(fault.certainty, Certainty::Declined);
        assert!(fault.said.contains(words), "{}", fault.said);
    }
    let again = Argo::start().await;
    let other = self::driver(&again);
    carried_out(&again, &other, &task(1, Action::Deploy)).await;
    let fault = other.perform(&weight(2, 75)).await.expect_err("an analysis stands before it");
    assert!(fault.said.contains("analysis"), "{}", fault.said);
    assert_eq!(ledger(&again), [NEW], "nothing was marked either");
}

#[tokio::test]
async fn a_rollback_during_a_canary_aborts_and_sets_the_image_back() {
    let argo = Argo::start().await;
    let driver = driver(&argo);
    carried_out(&argo, &driver, &task(1, Action::Deploy)).await;
    carried_out(&argo, &driver, &weight(2, 50)).await;
    argo.vendor(|argo| argo.attentive = true);
    let progress = driver.perform(&back(3)).await.expect("accepted");
    assert!(matches!(&progress, Progress::Done(Done { share: Some(share), .. }) if share.is_nothing()), "{progress:?}");
    assert_eq!(ledger(&argo)[3..], [ABORT, OLD]);
    assert_eq!(argo.vendor(|argo| argo.rollout.value["status"]["stableRS"].clone()), "h-1.9.0");
}

#[tokio::test]
async fn a_rollback_after_full_goes_to_full_again() {
    let argo = Argo::start().await;
    let driver = driver(&argo);
    carried_out(&argo, &driver, &task(1, Action::Deploy)).await;
    carried_out(&argo, &driver, &task(2, Action::Promote)).await;
    argo.vendor(|argo| argo.attentive = true);
    let task = back(3);
    driver.perform(&task).await.expect("accepted");
    let asked = driver.ask(&task).await;
    assert!(matches!(&asked, Asked::Done(Done { share: Some(share), .. }) if share.is_nothing()), "{asked:?}");
    assert_eq!(ledger(&argo)[3..], [OLD, FULL], "no abort: no update was under way");
}

#[tokio::test]
async fn a_lost_reply_at_each_write_has_no_second_effect() {
    for lost in 0..2 {
        let argo = Argo::start().await;
        let driver = driver(&argo);
        carried_out(&argo, &driver, &task(1, Action::Deploy)).await;
        let task = weight(2, 25);
        if lost == 1 {
            argo.trouble(Method::PATCH, Trouble::Passed);
        }
        argo.trouble(Method::PATCH, Trouble::ReplyLost);
        let fault = driver.perform(&task).await.expect_err("the reply is lost");
        assert_eq!(fault.certainty, Certainty::Unknown, "{}", said(&fault, TOKEN));
        match (lost, driver.ask(&task).await) {
            // Only the mark is there.
            (0, Asked::NeverSeen) => assert!(driver.perform(&task).await.is_ok()),
            (1, Asked::Running { .. }) => {}
            (_, other) => panic!("{lost}: {other:?}"),
        }
        argo.vendor(Argo::settle);
        let asked = driver.ask(&task).await;
        assert!(matches!(asked, Asked::Done(_)), "{asked:?}");
        assert_eq!(ledger(&argo), [NEW, "mark", RESUME]);
    }
}

#[tokio::test]
async fn a_rollback_that_lost_a_reply_is_carried_on() {
    for passed in 0..2 {
        let argo = Argo::start().await;
        let driver = driver(&argo);
        carried_out(&argo, &driver, &task(1, Action::Deploy)).await;
        argo.vendor(|argo| argo.attentive = true);
        for _ in 0..passed {
            argo.trouble(Method::PATCH, Trouble::Passed);
        }
        argo.trouble(Method::PATCH, Trouble::ReplyLost);
        let task = back(2);
        assert_eq!(driver.perform(&task).await.expect_err("lost").certainty, Certainty::Unknown);
        if driver.ask(&task).await == Asked::NeverSeen {
            driver.perform(&task).await.expect("carried on");
        }
        let asked = driver.ask(&task).await;
        assert!(matches!(asked, Asked::Done(_)), "{asked:?}");
        assert_eq!(ledger(&argo)[1..], [ABORT, OLD]);
    }
}

#[tokio::test]
async fn what_is_degraded_has_failed() {
    let argo = Argo::start().await;
    let driver = driver(&argo);
    carried_out(&argo, &driver, &task(1, Action::Deploy)).await;
    let task = weight(2, 25);
    driver.perform(&task).await.expect("accepted");
    argo.vendor(Argo::settle);
    let degraded = json!({ "phase": "Degraded", "message": "ProgressDeadlineExceeded: timed out", "pauseConditions": [], "controllerPause": false });
    argo.vendor(|argo| argo.rollout.change(&json!({ "status": degraded })));
    let asked = driver.ask(&task).await;
    assert!(matches!(&asked, Asked::Failed(said) if said.contains("timed out")), "{asked:?}");
}

#[tokio::test]
async fn order_and_template_are_looked_at_before_anything_is_written() {
    let argo = Argo::start().await;
    let driver = driver(&argo);
    let fault = driver.perform(&task(5, Action::Promote)).await.expect_err("not deployed");
    assert!(fault.said.contains("deploying the version comes first"), "{}", fault.said);
    carried_out(&argo, &driver, &task(7, Action::Deploy)).await;
    let fault = driver.perform(&weight(6, 25)).await.expect_err("too late");
    assert_eq!(fault.certainty, Certainty::Declined);
    assert_eq!(driver.ask(&weight(6, 25)).await, Asked::NeverSeen);
    let abilities = driver.abilities();
    assert!(abilities.can(ActionKind::Weight) && !abilities.can(ActionKind::Retire) && abilities.asks);
    assert_eq!(
        driver.perform(&task(8, Action::Retire)).await.expect_err("not its work").certainty,
        Certainty::Declined
    );
    assert_eq!(ledger(&argo), [NEW]);
}

#[tokio::test]
async fn refusals_say_whether_anything_happened() {
    let argo = Argo::start().await;
    let driver = driver(&argo);
    for (code, certainty) in [
        (409, Certainty::NotDone),
        (429, Certainty::NotDone),
        (403, Certainty::Declined),
        (422, Certainty::Declined),
        (500, Certainty::Unknown),
    ] {
        for _ in 0..if code == 409 { 5 } else { 1 } {
            argo.trouble(Method::PATCH, Trouble::Refused(refusal(code, "Reason", "message")));
        }
        let fault = driver.perform(&task(1, Action::Deploy)).await.expect_err("refused");
        assert_eq!(fault.certainty, certainty, "{code}: {}", said(&fault, TOKEN));
    }
    assert!(ledger(&argo).is_empty());
}

#[tokio::test]
async fn what_runs_is_read_with_the_weights_of_the_router() {
    let argo = Argo::start().await;
    let driver = driver(&argo);
    carried_out(&argo, &driver, &task(1, Action::Deploy)).await;
    carried_out(&argo, &driver, &weight(2, 25)).await;
    let Observed { arms } = driver.observe().await.expect("read");
    let seen: Vec<_> = arms.iter().map(|arm| (arm.version.clone(), arm.share, arm.instances)).collect();
    assert_eq!(seen, [(Some(version("1.9.0")), Percent::of(75), 4), (Some(version("2.0.0")), Percent::of(25), 1)]);
    // Without a router the steps gone through say the weight.
    argo.vendor(|argo| argo.rollout.change(&json!({ "status": { "canary": { "weights": null } } })));
    assert_eq!(driver.observe().await.expect("read").arms[1].share, Percent::of(25));
}

#[tokio::test]
async fn the_test_changes_nothing_and_advises_a_first_stop_without_traffic() {
    let argo = Argo::start().await;
    let driver = driver(&argo);
    assert!(driver.test().await.iter().all(|finding| finding.good), "{:?}", driver.test().await);
    argo.vendor(|argo| argo.rollout.value["spec"]["strategy"]["canary"]["steps"][0]["setWeight"] = json!(5));
    assert!(driver.test().await.iter().any(|finding| !finding.good && finding.said.contains("5 %")));
    assert!(ledger(&argo).is_empty());
}

#[test]
fn wrong_settings_are_refused_by_their_names() {
    let server = "https://cluster.example:6443";
    assert!(ArgoRollouts::new(&place(), &settings(server, &json!({}))).is_ok());
    for (more, field) in [
        (json!({ "rollout": "a/b" }), "rollout"),
        (json!({ "deployment": "shop" }), "deployment"),
        (json!({ "image": "shop" }), "image"),
    ] {
        let refusal = ArgoRollouts::new(&place(), &settings(server, &more)).expect_err("refused");
        assert_eq!(refusal.field.as_deref(), Some(field), "{}", refusal.detail);
        assert!(!format!("{refusal:?}").contains(TOKEN));
    }
}
