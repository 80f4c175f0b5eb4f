//! The driver `github-actions`.

use crate::{
    github::{GitHub, TOKEN, link},
    given::{connection, place, said, task},
    service::{Answer, Service, Trouble},
};
use axum::http::Method;
use control::driver::{Asked, Certainty, Connection, Done, Driver, DriverKind, Progress};
use domain::{
    playbook::Percent,
    rollout::{Action, ActionKind},
};
use drivers::github_actions::GithubActions;
use serde_json::{Value, json};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

pub fn settings(more: &Value) -> Connection {
    let mut settings = json!({ "repository": "acme/shop", "workflow": "deploy.yml", "allow_hosts": ["127.0.0.1"], "listed_within_seconds": 1 });
    settings.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    connection(DriverKind::GithubActions, settings, &[("token", TOKEN)])
}

pub fn driver(github: &Service<GitHub>) -> GithubActions {
    let api = format!("http://{}", github.address);
    let actions = ["deploy", "weight", "promote", "retire", "roll_back"];
    GithubActions::new(&place(), &settings(&json!({ "api": api, "actions": actions })), Arc::default())
        .expect("a driver")
}

fn started(github: &Service<GitHub>) -> usize {
    github.vendor(|github| github.runs.len())
}

#[tokio::test]
async fn each_action_starts_one_run_with_what_it_needs() {
    let github = GitHub::start().await;
    let driver = driver(&github);
    let weight = Action::Weight { share: "12.5 %".parse().expect("a share") };
    let actions = [Action::Deploy, weight, Action::Promote, Action::Retire, Action::RollBack];
    for (n, action) in (1..).zip(actions) {
        let progress = driver.perform(&task(n, action)).await.expect("accepted");
        assert!(matches!(progress, Progress::Running { .. }), "{progress:?}");
        assert_eq!(started(&github), usize::from(n));
    }
    let inputs: Vec<Value> = github.vendor(|github| github.runs.iter().map(|run| run.inputs.clone()).collect());
    let shares: Vec<&str> = inputs.iter().map(|input| input["percentage"].as_str().expect("a text")).collect();
    assert_eq!(shares, ["", "12.5", "100", "", "0"]);
    let wanted = json!({
        "action": "weight", "version": "2.0.0", "other": "1.9.0", "percentage": "12.5", "environment": "production",
        "key": task(2, weight).key.to_string(),
    });
    assert_eq!(inputs[1], wanted);
    assert_eq!(github.vendor(|github| github.runs[0].reference.clone()), "main");
}

#[tokio::test]
async fn the_same_key_twice_is_one_run_even_before_it_is_listed() {
    let github = GitHub::start().await;
    let (first, second) = (driver(&github), driver(&github));
    github.vendor(|github| github.blind = 2);
    let task = task(1, Action::Promote);
    for _ in 0..2 {
        first.perform(&task).await.expect("accepted");
    }
    assert_eq!(started(&github), 1, "the list did not show it yet, and the driver knew");
    // A driver after a restart knows only the list.
    let progress = second.perform(&task).await.expect("found");
    assert!(matches!(progress, Progress::Running { url: Some(_), .. }), "{progress:?}");
    assert_eq!(started(&github), 1);
}

#[tokio::test]
async fn a_run_is_followed_to_its_end() {
    let github = GitHub::start().await;
    let driver = driver(&github);
    let task = task(1, Action::Deploy);
    driver.perform(&task).await.expect("accepted");
    for status in ["queued", "waiting", "in_progress", "something new"] {
        github.vendor(|github| github.runs[0].status = status);
        let asked = driver.ask(&task).await;
        assert!(matches!(&asked, Asked::Running { url: Some(url), .. } if *url == link(0)), "{status}: {asked:?}");
    }
    for conclusion in ["failure", "cancelled", "timed_out", "skipped", "startup_failure", "neutral"] {
        github.vendor(|github| github.end(conclusion));
        let asked = driver.ask(&task).await;
        assert!(matches!(&asked, Asked::Failed(said) if said.contains(&link(0))), "{conclusion}: {asked:?}");
        let fault = driver.perform(&task).await.expect_err("it ended badly");
        assert_eq!(fault.certainty, Certainty::Declined);
    }
    github.vendor(|github| github.end("success"));
    let asked = driver.ask(&task).await;
    assert!(matches!(&asked, Asked::Done(Done { share: None, url: Some(url), .. }) if *url == link(0)), "{asked:?}");
    assert_eq!(started(&github), 1);
}

#[tokio::test]
async fn a_lost_reply_is_unknown_and_asking_finds_the_run() {
    let github = GitHub::start().await;
    let driver = driver(&github);
    github.trouble(Method::POST, Trouble::ReplyLost);
    let task = task(1, Action::Promote);
    let fault = driver.perform(&task).await.expect_err("the reply is lost");
    assert_eq!(fault.certainty, Certainty::Unknown, "{}", said(&fault, TOKEN));
    github.vendor(|github| github.blind = 1);
    let asked = driver.ask(&task).await;
    assert!(matches!(&asked, Asked::Running { url: Some(_), .. }), "listed only at the second look: {asked:?}");
    assert_eq!(started(&github), 1);
}

#[tokio::test]
async fn what_never_arrived_was_never_seen() {
    let github = GitHub::start().await;
    let driver = driver(&github);
    assert_eq!(driver.ask(&task(1, Action::Deploy)).await, Asked::NeverSeen);
}

#[tokio::test]
async fn two_runs_with_one_key_are_for_a_human() {
    let github = GitHub::start().await;
    let driver = driver(&github);
    let task = task(1, Action::Deploy);
    driver.perform(&task).await.expect("accepted");
    github.vendor(|github| {
        let again = github.runs[0].clone();
        github.runs.push(again);
    });
    let asked = driver.ask(&task).await;
    assert!(
        matches!(&asked, Asked::CannotSay(said) if said.contains(&link(0)) && said.contains(&link(1))),
        "{asked:?}"
    );
    assert_eq!(driver.perform(&task).await.expect_err("nobody knows").certainty, Certainty::Unknown);
    assert_eq!(started(&github), 2);
}

#[tokio::test]
async fn a_workflow_that_hides_the_key_is_not_started() {
    let github = GitHub::start().await;
    let driver = driver(&github);
    github.vendor(|github| github.key_in_name = false);
    let fault = driver.perform(&task(1, Action::Deploy)).await.expect_err("its run would not be found again");
    assert_eq!(fault.certainty, Certainty::Declined);
    assert!(fault.said.contains("run-name"), "{}", fault.said);
    assert_eq!(started(&github), 0);
    let findings = driver.test().await;
    assert!(findings.iter().any(|finding| !finding.good && finding.said.contains("run-name")), "{findings:?}");
}

#[tokio::test]
async fn what_was_accepted_and_is_never_listed_is_no_reason_to_start_it_again() {
    let github = GitHub::start().await;
    let driver = driver(&github);
    let task = task(1, Action::Deploy);
    driver.perform(&task).await.expect("accepted");
    github.vendor(|github| github.blind = usize::MAX);
    let deadline = Instant::now() + Duration::from_secs(10);
    let asked = loop {
        match driver.ask(&task).await {
            Asked::Running { .. } if Instant::now() < deadline => tokio::task::yield_now().await,
            other => break other,
        }
    };
    assert!(matches!(&asked, Asked::CannotSay(said) if said.contains("no run")), "{asked:?}");
    assert_eq!(started(&github), 1);
}

#[tokio::test]
async fn an_older_run_is_found_on_a_later_page() {
    let github = GitHub::start().await;
    let driver = driver(&github);
    let task = task(1, Action::Deploy);
    driver.perform(&task).await.expect("accepted");
    github.vendor(|github| {
        let mut other = github.runs[0].clone();
        other.inputs["key"] = json!("none");
        github.runs.extend(std::iter::repeat_n(other, 120));
    });
    assert!(matches!(driver.ask(&task).await, Asked::Running { url: Some(url), .. } if url == link(0)));
}

#[tokio::test]
async fn a_newer_interface_names_the_run_at_once() {
    let github = GitHub::start().await;
    let driver = driver(&github);
    github.vendor(|github| github.names_run = true);
    let progress = driver.perform(&task(1, Action::Deploy)).await.expect("accepted");
    assert!(matches!(&progress, Progress::Running { url: Some(url), .. } if *url == link(0)), "{progress:?}");
}

#[tokio::test]
async fn refusals_say_whether_anything_happened() {
    let github = GitHub::start().await;
    let driver = driver(&github);
    let forbidden = Answer::new(403, json!({ "message": "Resource not accessible by personal access token" }));
    let limited =
        Answer::new(403, json!({ "message": "API rate limit exceeded" })).header("x-ratelimit-remaining", "0");
    let secondary = Answer::new(403, json!({ "message": "slow down" })).header("retry-after", "60");
    for (answer, certainty) in [
        (limited.header("x-ratelimit-reset", "1767225600"), Certainty::NotDone),
        (secondary, Certainty::NotDone),
        (Answer::new(429, Value::Null).header("retry-after", "1"), Certainty::NotDone),
        (forbidden, Certainty::Declined),
        (Answer::new(404, json!({ "message": "Not Found" })), Certainty::Declined),
        (Answer::new(422, json!({ "message": "No ref found for: main" })), Certainty::Declined),
        (Answer::new(500, Value::Null), Certainty::Unknown),
        (Answer::new(502, Value::Null), Certainty::Unknown),
    ] {
        let status = answer.status;
        github.trouble(Method::POST, Trouble::Refused(answer));
        let fault = driver.perform(&task(1, Action::Deploy)).await.expect_err("refused");
        assert_eq!(fault.certainty, certainty, "{status}: {}", said(&fault, TOKEN));
    }
    // While only the list was read, nothing can have been started.
    github.trouble(Method::GET, Trouble::Refused(Answer::new(502, Value::Null)));
    let fault = driver.perform(&task(1, Action::Deploy)).await.expect_err("refused");
    assert_eq!(fault.certainty, Certainty::NotDone);
    assert_eq!(started(&github), 0);
}

#[tokio::test]
async fn only_the_actions_that_are_set_are_started() {
    let github = GitHub::start().await;
    let api = format!("http://{}", github.address);
    let driver = GithubActions::new(&place(), &settings(&json!({ "api": api })), Arc::default()).expect("a driver");
    let abilities = driver.abilities();
    assert!(abilities.asks && abilities.can(ActionKind::Deploy) && !abilities.can(ActionKind::Weight));
    let fault = driver.perform(&task(1, Action::Weight { share: Percent::of(5) })).await.expect_err("not set");
    assert_eq!(fault.certainty, Certainty::Declined);
    assert!(github.calls().is_empty());
}

#[tokio::test]
async fn the_test_of_the_connection_changes_nothing_and_names_what_is_wrong() {
    let github = GitHub::start().await;
    let driver = driver(&github);
    assert!(driver.test().await.iter().all(|finding| finding.good));
    github.vendor(|github| github.state = "disabled_manually");
    let findings = driver.test().await;
    assert!(findings.iter().any(|finding| !finding.good && finding.said.contains("disabled_manually")), "{findings:?}");
    assert!(github.calls().iter().all(|call| call.method == Method::GET));
    assert_eq!(started(&github), 0);
}

#[tokio::test]
async fn the_token_stands_in_no_text() {
    let github = GitHub::start().await;
    let wrong = "ghp_AnotherTokenThatIsWrong";
    let mut connection = settings(&json!({ "api": format!("http://{}", github.address) }));
    connection.secrets.insert("token".into(), control::driver::Secret::new(wrong));
    let driver = GithubActions::new(&place(), &connection, Arc::default()).expect("a driver");
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
        (json!({ "repository": "shop" }), "repository"),
        (json!({ "repository": "acme/../x" }), "repository"),
        (json!({ "repository": "acme/.." }), "repository"),
        (json!({ "workflow": ".github/workflows/deploy.yml" }), "workflow"),
        (json!({ "actions": ["deploy", "verify"] }), "actions"),
        (json!({ "api": "ftp://x" }), "api"),
        (json!({ "listed_within_seconds": 0 }), "listed_within_seconds"),
        (json!({ "branch": "main" }), "branch"),
    ] {
        let refusal = GithubActions::new(&place(), &settings(&more), Arc::default()).expect_err("refused");
        assert_eq!(refusal.field.as_deref(), Some(field), "{}", refusal.detail);
    }
    let mut without = settings(&json!({}));
    without.secrets.clear();
    assert_eq!(
        GithubActions::new(&place(), &without, Arc::default()).expect_err("refused").field.as_deref(),
        Some("token")
    );
}
