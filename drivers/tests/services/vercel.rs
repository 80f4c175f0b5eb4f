//! The driver `vercel`.

use crate::{
    given::{connection, place, said, task, version},
    service::{Answer, Service, Trouble},
    vercel_project::{PROJECT, TOKEN, Vercel as Fake, link},
};
use axum::http::Method;
use control::driver::{Arm, Asked, Certainty, Connection, Done, Driver, DriverKind, Observed, Progress, Task};
use domain::{
    playbook::Percent,
    rollout::{Action, ActionKind},
};
use drivers::vercel::Vercel;
use serde_json::{Value, json};
use std::sync::Arc;

pub fn settings(more: &Value) -> Connection {
    let mut settings = json!({
        "project": PROJECT, "team": "team_7", "repository": "acme/shop", "listed_within_seconds": 1, "allow_hosts": ["127.0.0.1"],
    });
    settings.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    connection(DriverKind::Vercel, settings, &[("token", TOKEN)])
}

pub fn driver(vercel: &Service<Fake>) -> Vercel {
    let api = format!("http://{}", vercel.address);
    Vercel::new(&place(), &settings(&json!({ "api": api })), Arc::default()).expect("a driver")
}

fn ledger(vercel: &Service<Fake>) -> Vec<String> {
    vercel.vendor(|vercel| vercel.ledger.clone())
}

fn back(n: u8) -> Task {
    Task { version: version("1.9.0"), other: Some(version("2.0.0")), ..task(n, Action::RollBack) }
}

async fn deployed(vercel: &Service<Fake>, driver: &Vercel) {
    driver.perform(&task(1, Action::Deploy)).await.expect("accepted");
    vercel.vendor(|vercel| vercel.build("READY", "STAGED"));
}

fn share(asked: &Asked) -> Option<Percent> {
    match asked {
        Asked::Done(Done { share, .. }) => *share,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_version_is_built_promoted_and_taken_back() {
    let vercel = Fake::start().await;
    let driver = driver(&vercel);
    deployed(&vercel, &driver).await;
    assert_eq!(share(&driver.ask(&task(1, Action::Deploy)).await), Some(Percent::nothing()), "staged");
    for (task, wanted) in [(task(2, Action::Promote), Percent::whole()), (back(3), Percent::nothing())] {
        let progress = driver.perform(&task).await.expect("accepted");
        assert!(matches!(progress, Progress::Running { .. }), "{progress:?}");
        for status in ["pending", "in-progress"] {
            vercel.vendor(|vercel| vercel.turned(status));
            assert!(matches!(driver.ask(&task).await, Asked::Running { .. }));
        }
        vercel.vendor(|vercel| vercel.turned("succeeded"));
        assert_eq!(share(&driver.ask(&task).await), Some(wanted));
        let again = driver.perform(&task).await.expect("there");
        assert!(matches!(again, Progress::Done(_)), "{again:?}");
    }
    assert_eq!(ledger(&vercel), ["build v2.0.0", "promote dpl_1", "rollback dpl_0"]);
    let made = vercel.calls().into_iter().find(|call| call.template == "/v13/deployments").expect("made");
    assert_eq!(made.body["gitSource"], json!({ "type": "github", "org": "acme", "repo": "shop", "ref": "v2.0.0" }));
    assert_eq!((&made.body["target"], made.query["forceNew"].as_str()), (&json!("production"), "1"));
}

#[tokio::test]
async fn a_build_is_followed_to_its_end() {
    let vercel = Fake::start().await;
    let driver = driver(&vercel);
    let task = task(1, Action::Deploy);
    driver.perform(&task).await.expect("accepted");
    for state in ["QUEUED", "INITIALIZING", "BUILDING"] {
        vercel.vendor(|vercel| vercel.build(state, ""));
        let asked = driver.ask(&task).await;
        assert!(matches!(&asked, Asked::Running { url: Some(url), .. } if *url == link(1)), "{state}: {asked:?}");
    }
    for state in ["ERROR", "CANCELED", "BLOCKED", "DELETED"] {
        vercel.vendor(|vercel| vercel.build(state, ""));
        let asked = driver.ask(&task).await;
        assert!(matches!(&asked, Asked::Failed(said) if said.contains(&link(1))), "{state}: {asked:?}");
    }
    assert_eq!(ledger(&vercel).len(), 1);
}

#[tokio::test]
async fn the_same_key_twice_is_one_effect_even_before_it_is_listed() {
    let vercel = Fake::start().await;
    let (first, second) = (driver(&vercel), driver(&vercel));
    vercel.vendor(|vercel| vercel.blind = 2);
    for driver in [&first, &first, &second] {
        driver.perform(&task(1, Action::Deploy)).await.expect("accepted");
    }
    vercel.vendor(|vercel| vercel.build("READY", "STAGED"));
    for driver in [&first, &first, &second] {
        driver.perform(&task(2, Action::Promote)).await.expect("accepted");
    }
    assert_eq!(ledger(&vercel), ["build v2.0.0", "promote dpl_1"]);
}

#[tokio::test]
async fn a_lost_reply_is_unknown_and_asking_tells() {
    let vercel = Fake::start().await;
    let driver = driver(&vercel);
    assert_eq!(driver.ask(&task(1, Action::Deploy)).await, Asked::NeverSeen);
    for (task, after) in [(task(1, Action::Deploy), 1), (task(2, Action::Promote), 2), (back(3), 3)] {
        vercel.trouble(Method::POST, Trouble::ReplyLost);
        let fault = driver.perform(&task).await.expect_err("the reply is lost");
        assert_eq!(fault.certainty, Certainty::Unknown, "{}", said(&fault, TOKEN));
        let asked = driver.ask(&task).await;
        assert!(matches!(asked, Asked::Running { .. }), "{asked:?}");
        vercel.vendor(|vercel| if after == 1 { vercel.build("READY", "STAGED") } else { vercel.turned("succeeded") });
        assert!(matches!(driver.ask(&task).await, Asked::Done(_)));
        assert_eq!(ledger(&vercel).len(), after);
    }
}

#[tokio::test]
async fn two_deployments_with_one_key_are_for_a_human() {
    let vercel = Fake::start().await;
    let driver = driver(&vercel);
    let task = task(1, Action::Deploy);
    driver.perform(&task).await.expect("accepted");
    vercel.vendor(|vercel| {
        let meta = vercel.deployments[1]["meta"].clone();
        vercel.add(&meta)
    });
    let asked = driver.ask(&task).await;
    assert!(
        matches!(&asked, Asked::CannotSay(said) if said.contains(&link(1)) && said.contains(&link(2))),
        "{asked:?}"
    );
    assert_eq!(driver.perform(&task).await.expect_err("nobody knows").certainty, Certainty::Unknown);
}

#[tokio::test]
async fn a_project_that_gives_its_domains_away_is_not_deployed_to() {
    let vercel = Fake::start().await;
    let driver = driver(&vercel);
    assert!(driver.test().await.iter().all(|finding| finding.good));
    vercel.vendor(|vercel| vercel.project["autoAssignCustomDomains"] = json!(true));
    let fault = driver.perform(&task(1, Action::Deploy)).await.expect_err("all traffic would move");
    assert_eq!(fault.certainty, Certainty::Declined);
    assert!(driver.test().await.iter().any(|finding| !finding.good && finding.said.contains("Auto-assign")));
    assert!(ledger(&vercel).is_empty());
}

#[tokio::test]
async fn only_a_version_that_is_built_gets_the_domains() {
    let vercel = Fake::start().await;
    let driver = driver(&vercel);
    let fault = driver.perform(&task(2, Action::Promote)).await.expect_err("not built");
    assert_eq!(fault.certainty, Certainty::Declined);
    driver.perform(&task(1, Action::Deploy)).await.expect("accepted");
    assert_eq!(driver.perform(&task(2, Action::Promote)).await.expect_err("queued").certainty, Certainty::Declined);
    // Going back while the new version was never promoted: nothing is to be done.
    let progress = driver.perform(&back(3)).await.expect("there");
    assert!(matches!(&progress, Progress::Done(Done { share: Some(share), .. }) if share.is_nothing()), "{progress:?}");
    let fault = driver.perform(&task(4, Action::Weight { share: Percent::of(5) })).await.expect_err("no weights");
    assert_eq!(fault.certainty, Certainty::Declined);
    assert!(!driver.abilities().can(ActionKind::Weight) && driver.abilities().asks);
    assert_eq!(ledger(&vercel), ["build v2.0.0"]);
}

#[tokio::test]
async fn a_way_back_overtakes_a_promotion_and_a_promotion_waits() {
    let vercel = Fake::start().await;
    let driver = driver(&vercel);
    deployed(&vercel, &driver).await;
    driver.perform(&task(2, Action::Promote)).await.expect("accepted");
    vercel.vendor(|vercel| vercel.project["lastAliasRequest"]["fromDeploymentId"] = json!("dpl_9"));
    driver.perform(&back(3)).await.expect("accepted");
    let fault = driver.perform(&task(4, Action::Promote)).await.expect_err("under way elsewhere");
    assert_eq!(fault.certainty, Certainty::NotDone);
    assert_eq!(ledger(&vercel)[1..], ["promote dpl_1", "rollback dpl_0"]);
    vercel.vendor(|vercel| vercel.turned("failed"));
    let asked = driver.ask(&back(3)).await;
    assert!(matches!(asked, Asked::Failed(_)), "{asked:?}");
    // After a restart the reason of the rollback still tells whose it was.
    assert!(matches!(self::driver(&vercel).ask(&back(3)).await, Asked::Failed(_)));
    assert_eq!(self::driver(&vercel).ask(&back(5)).await, Asked::NeverSeen);
}

#[tokio::test]
async fn refusals_say_whether_anything_happened() {
    let vercel = Fake::start().await;
    let driver = driver(&vercel);
    for (answer, certainty) in [
        (Answer::new(429, Value::Null).header("x-ratelimit-reset", "1767225600"), Certainty::NotDone),
        (Answer::new(409, json!({ "error": { "code": "conflict" } })), Certainty::NotDone),
        (Answer::new(400, json!({ "error": { "code": "bad_request" } })), Certainty::Declined),
        (Answer::new(402, Value::Null), Certainty::Declined),
        (Answer::new(403, Value::Null), Certainty::Declined),
        (Answer::new(500, Value::Null), Certainty::Unknown),
    ] {
        let status = answer.status;
        vercel.trouble(Method::POST, Trouble::Refused(answer));
        let fault = driver.perform(&task(1, Action::Deploy)).await.expect_err("refused");
        assert_eq!(fault.certainty, certainty, "{status}: {}", said(&fault, TOKEN));
    }
    vercel.trouble(Method::GET, Trouble::Refused(Answer::new(502, Value::Null)));
    assert_eq!(driver.perform(&task(1, Action::Deploy)).await.expect_err("refused").certainty, Certainty::NotDone);
    assert!(ledger(&vercel).is_empty());
}

#[tokio::test]
async fn what_the_domains_point_to_is_what_runs_and_older_pages_are_read() {
    let vercel = Fake::start().await;
    let driver = driver(&vercel);
    vercel.vendor(|vercel| vercel.page = 2);
    for _ in 0..3 {
        vercel.vendor(|vercel| vercel.add(&json!({})));
    }
    let arm = |text: &str| Arm { version: Some(version(text)), share: Percent::whole(), instances: 1, healthy: 1 };
    assert_eq!(driver.observe().await.expect("read"), Observed { arms: vec![arm("1.9.0")] });
    deployed(&vercel, &driver).await;
    driver.perform(&task(2, Action::Promote)).await.expect("accepted");
    assert_eq!(driver.observe().await.expect("read"), Observed { arms: vec![arm("1.9.0")] }, "on its way");
    vercel.vendor(|vercel| vercel.turned("succeeded"));
    assert_eq!(driver.observe().await.expect("read"), Observed { arms: vec![arm("2.0.0")] });
}

#[tokio::test]
async fn the_token_stands_in_no_text() {
    let vercel = Fake::start().await;
    let wrong = "vcp_AnotherTokenThatIsWrong";
    let mut connection = settings(&json!({ "api": format!("http://{}", vercel.address) }));
    connection.secrets.insert("token".into(), control::driver::Secret::new(wrong));
    let driver = Vercel::new(&place(), &connection, Arc::default()).expect("a driver");
    assert!(!format!("{driver:?} {connection:?}").contains(wrong));
    let fault = driver.perform(&task(1, Action::Deploy)).await.expect_err("not accepted");
    assert_eq!(fault.certainty, Certainty::Declined);
    assert!(said(&fault, wrong).contains("does not accept the token"));
    let findings = format!("{:?} {:?}", driver.test().await, driver.ask(&task(1, Action::Deploy)).await);
    assert!(!findings.contains(wrong), "{findings}");
}

#[test]
fn wrong_settings_are_refused_by_their_names() {
    for (more, field) in [
        (json!({ "project": "a/b" }), "project"),
        (json!({ "team": "../x" }), "team"),
        (json!({ "repository": "shop" }), "repository"),
        (json!({ "ref": "main" }), "ref"),
        (json!({ "ref": "v{{verison}}" }), "ref"),
        (json!({ "api": "vercel" }), "api"),
        (json!({ "teamId": "team_7" }), "teamId"),
    ] {
        let refusal = Vercel::new(&place(), &settings(&more), Arc::default()).expect_err("refused");
        assert_eq!(refusal.field.as_deref(), Some(field), "{}", refusal.detail);
    }
    let mut without = settings(&json!({}));
    without.secrets.clear();
    assert_eq!(Vercel::new(&place(), &without, Arc::default()).expect_err("refused").field.as_deref(), Some("token"));
}
