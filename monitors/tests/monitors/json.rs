//! JSON answers, as they should be and otherwise.

use crate::{
    given::{end, monitor, part, question, why},
    http::{Answer, Server},
};
use control::monitor::{Arm, Lack, Look, MonitorKind};
use domain::judge::Reading;
use serde_json::{Value, json};

fn arm(requests: u32) -> Value {
    json!({"requests": requests, "errors": "3", "cpu": 0.4, "latency": [[10, 50], [20, 90], ["+Inf", 100]]})
}

fn sound() -> Value {
    json!({"at": end().timestamp(), "arms": {"1.4.2": arm(900), "1.5.0": arm(100)}})
}

async fn look_at(answer: Answer) -> Look {
    let server = Server::start(move |request| {
        assert!(request.path.starts_with("/shop?from=1789999940&to=1790000000"), "{}", request.path);
        answer.clone()
    })
    .await;
    let settings = json!({
        "url": server.url("/{{service}}?from={{from}}&to={{to}}"), "allow_hosts": ["127.0.0.1"], "limit_seconds": 1, "time": "/at",
        "requests": "/arms/{{arm}}/requests", "errors": "/arms/{{arm}}/errors", "latency": "/arms/{{arm}}/latency",
        "gauges": {"cpu": "/arms/{{arm}}/cpu"},
    });
    monitor(MonitorKind::Json, settings).look(&question()).await
}

#[tokio::test]
async fn each_value_is_found_at_its_place() {
    let look = look_at(Answer::ok(sound())).await;
    let canary = part(&look, Arm::Canary);
    assert_eq!((canary.requests.value(), canary.errors.value()), (Some(&100.0), Some(&3.0)));
    assert_eq!(canary.gauges["cpu"].value(), Some(&0.4));
    assert_eq!(canary.latency.value().expect("buckets").counts, [50.0, 40.0, 10.0]);
    assert!(matches!(look.reading(Arm::Stable), Reading::Counts(_)));
    assert_eq!(look.asked.len(), 1, "both arms stand in one answer");
}

#[tokio::test]
async fn whatever_is_wrong_with_an_answer_is_a_reason() {
    let with = |path: &str, value: Value| {
        let mut whole = sound();
        *whole.pointer_mut(path).expect("a place") = value;
        Answer::ok(whole)
    };
    let requests = |value: Value| with("/arms/1.5.0/requests", value);
    for (answer, lack, words) in [
        (requests(json!(null)), Lack::Absent, "nothing at /arms/1.5.0/requests"),
        (with("/arms/1.5.0", json!({})), Lack::Absent, "nothing at /arms/1.5.0/requests"),
        (with("/arms", json!([])), Lack::Absent, "nothing at"),
        (requests(json!("NaN")), Lack::Failed, "NaN"),
        (requests(json!("+Inf")), Lack::Failed, "infinite"),
        (requests(json!(-1)), Lack::Failed, "less than nothing"),
        (requests(json!("many")), Lack::Failed, "a text, not a number"),
        (requests(json!([1])), Lack::Failed, "a list, not a number"),
        (requests(json!(true)), Lack::Failed, "yes or no, not a number"),
        (with("/at", json!(end().timestamp() - 120)), Lack::Absent, "120 s old"),
        (with("/at", json!("2020-01-01T00:00:00Z")), Lack::Absent, "old"),
        (with("/at", json!("noon")), Lack::Failed, "no time at /at"),
        (with("/at", json!(1e300)), Lack::Failed, "no time at /at"),
        (Answer::ok("NaN"), Lack::Failed, "no JSON"),
        (Answer::ok(""), Lack::Failed, "no JSON"),
        (Answer::ok("[".repeat(100_000)), Lack::Failed, "no JSON"),
        (Answer::ok("<html>"), Lack::Failed, "no JSON"),
        (Answer::Reply(500, "oh no".to_owned()), Lack::Failed, "answered 500: oh no"),
        (Answer::Cut, Lack::Failed, "its reply was lost"),
        (Answer::Silence, Lack::Failed, "no reply in time"),
    ] {
        let shown = format!("{answer:?}").chars().take(120).collect::<String>();
        let look = look_at(answer).await;
        let canary = part(&look, Arm::Canary);
        let missing = why(&look, canary.requests.missing(), canary);
        assert!(missing.why.contains(words), "{shown}: {}", missing.why);
        assert_eq!(missing.lack, lack, "{shown}: {}", missing.why);
        assert!(!matches!(look.reading(Arm::Canary), Reading::Counts(_)));
    }
    for latency in [
        json!([]),
        json!([[10, 5]]),
        json!([[10, 5], [20, 3], ["+Inf", 9]]),
        json!({"10": 5}),
        json!([[10, 5, 6]]),
        json!([["x", 5]]),
    ] {
        let look = look_at(with("/arms/1.5.0/latency", latency)).await;
        let canary = part(&look, Arm::Canary);
        why(&look, canary.latency.missing(), canary);
        assert!(canary.requests.value().is_some());
        assert_eq!(look.reading(Arm::Canary), Reading::Failed);
    }
}
