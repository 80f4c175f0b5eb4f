//! Pages of metrics that change, fail or begin anew between two looks.

use crate::{
    given::{end, monitor, part, question, why},
    http::{Answer, Server},
};
use control::monitor::{Arm, Lack, Look, MonitorKind, Question};
use domain::judge::Reading;
use serde_json::json;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

const FIRST: &str = "# TYPE r counter\nr_total{status=\"200\"} 1000\nr_total{status=\"500\"} 10\ncpu 0.5\n\
                     d_bucket{le=\"0.1\"} 900\nd_bucket{le=\"0.5\"} 1000\nd_bucket{le=\"+Inf\"} 1010\n";
const SECOND: &str = "# TYPE r counter\nr_total{status=\"200\"} 1100\nr_total{status=\"500\"} 15\ncpu 0.75\n\
                      d_bucket{le=\"0.1\"} 990\nd_bucket{le=\"0.5\"} 1100\nd_bucket{le=\"+Inf\"} 1115\n";

/// Looks a minute apart, at a canary that answers one after the other; stable is always as it should be.
async fn looks(answers: Vec<Answer>) -> Vec<Look> {
    let count = answers.len();
    let answers = Arc::new(Mutex::new(VecDeque::from(answers)));
    let total = Mutex::new(0);
    let server = Server::start(move |request| {
        if request.path.contains("1.5.0") {
            return answers.lock().expect("no panic").pop_front().expect("an answer");
        }
        let mut total = total.lock().expect("no panic");
        *total += 100;
        Answer::ok(format!("r_total{{status=\"200\"}} {total}\ncpu 0.5\nd_bucket{{le=\"0.1\"}} {total}\nd_bucket{{le=\"0.5\"}} {total}\nd_bucket{{le=\"+Inf\"}} {total}\n"))
    })
    .await;
    let settings = json!({
        "pages": [server.url("/{{arm}}/metrics")], "allow_hosts": ["127.0.0.1"], "limit_seconds": 1,
        "requests": "r_total", "errors": "r_total{status=\"5*\"}", "latency": "d", "gauges": {"cpu": "cpu"},
    });
    let monitor = monitor(MonitorKind::Scrape, settings);
    let mut looks = Vec::new();
    for n in 0..count {
        let end = end() + chrono::TimeDelta::minutes(i64::try_from(n).expect("a few"));
        looks.push(monitor.look(&Question { end, ..question() }).await);
    }
    looks
}

#[tokio::test]
async fn what_was_added_between_two_looks_is_counted() {
    let looks = looks(vec![Answer::ok(FIRST), Answer::ok(SECOND)]).await;
    let first = part(&looks[0], Arm::Canary);
    assert!(why(&looks[0], first.requests.missing(), first).why.contains("the first look"));
    assert_eq!(first.gauges["cpu"].value(), Some(&0.5), "a gauge needs one look only");
    assert_eq!(looks[0].reading(Arm::Canary), Reading::Missing);
    let canary = part(&looks[1], Arm::Canary);
    assert_eq!((canary.requests.value(), canary.errors.value()), (Some(&105.0), Some(&5.0)));
    assert_eq!(canary.latency.value().expect("buckets").counts, [90.0, 10.0, 5.0]);
    assert_eq!(canary.gauges["cpu"].value(), Some(&0.75));
    let stable = part(&looks[1], Arm::Stable);
    assert_eq!(stable.errors.value(), Some(&0.0), "requests are counted, and none of them failed");
    assert!(matches!(looks[1].reading(Arm::Canary), Reading::Counts(_)));
}

#[tokio::test]
async fn whatever_is_wrong_with_a_page_is_a_reason_and_the_look_after_the_next_counts_again() {
    let at = end().timestamp();
    let old = format!("r_total{{status=\"200\"}} 1100 {}000\n", at - 3_600);
    for (answer, lack, words) in [
        (Answer::ok("r_total{status=\"200\"} 5\nr_total{status=\"500\"} 11\n"), Lack::Failed, "fell from 1000 to 5"),
        (Answer::ok("r_total{status=\"200\"} 1100\n"), Lack::Failed, "vanished"),
        (Answer::ok(format!("{SECOND}process_start_time_seconds 1790000000\n")), Lack::Failed, "started anew"),
        (Answer::ok(SECOND.replace("1100", "NaN")), Lack::Failed, "NaN"),
        (Answer::ok(SECOND.replace("1100", "+Inf")), Lack::Failed, "infinite"),
        (Answer::ok(SECOND.replace("1100", "-7")), Lack::Failed, "less than nothing"),
        (Answer::ok(format!("{SECOND}{SECOND}")), Lack::Failed, "twice"),
        (Answer::ok(old), Lack::Absent, "old"),
        (Answer::ok("<!doctype html><p>Log in</p>"), Lack::Failed, "is no metric"),
        (Answer::ok("{\"status\": \"ok\"}"), Lack::Failed, "is no metric"),
        (Answer::Bytes("text/plain", vec![0xff, 0xfe, 0x00]), Lack::Failed, "no text"),
        (Answer::Half(SECOND.to_owned()), Lack::Failed, "its reply was lost"),
        (Answer::Reply(500, "oh no".to_owned()), Lack::Failed, "answered 500: oh no"),
        (Answer::Reply(404, String::new()), Lack::Failed, "answered 404"),
        (Answer::Cut, Lack::Failed, "its reply was lost"),
        (Answer::Silence, Lack::Failed, "no reply in time"),
        (Answer::ok("r_total{status=\"200\"} 1\n".repeat(500_000)), Lack::Failed, "larger than"),
    ] {
        let shown = format!("{answer:?}").chars().take(120).collect::<String>();
        let looks = looks(vec![Answer::ok(FIRST), answer, Answer::ok(FIRST), Answer::ok(SECOND)]).await;
        let canary = part(&looks[1], Arm::Canary);
        let missing = why(&looks[1], canary.requests.missing(), canary);
        assert!(missing.why.contains(words), "{shown}: {}", missing.why);
        assert_eq!(missing.lack, lack, "{shown}: {}", missing.why);
        assert!(!matches!(looks[1].reading(Arm::Canary), Reading::Counts(_)));
        assert_eq!(part(&looks[1], Arm::Stable).requests.value(), Some(&100.0), "{shown}: stable goes on");
        assert_eq!(part(&looks[3], Arm::Canary).requests.value(), Some(&105.0), "{shown}: counting goes on");
    }
}

#[tokio::test]
async fn an_empty_page_is_no_data_and_not_no_requests() {
    let looks = looks(vec![Answer::ok("# nothing yet\n"), Answer::ok("# nothing yet\n")]).await;
    let canary = part(&looks[1], Arm::Canary);
    let missing = why(&looks[1], canary.requests.missing(), canary);
    assert_eq!(missing.lack, Lack::Absent);
    assert!(missing.why.contains("No page has a series of r_total"), "{}", missing.why);
    assert!(canary.errors.missing().is_some(), "no errors are known either");
}

#[tokio::test]
async fn the_same_window_is_counted_once_and_a_longer_pause_begins_anew() {
    let server = Server::start(|_| Answer::ok(SECOND)).await;
    let settings = json!({"pages": [server.url("/{{arm}}")], "allow_hosts": ["127.0.0.1"], "requests": "r_total"});
    let monitor = monitor(MonitorKind::Scrape, settings);
    let at = |seconds| Question { end: end() + chrono::TimeDelta::seconds(seconds), ..question() };
    monitor.look(&at(0)).await;
    let question = at(60);
    let (once, again) = tokio::join!(monitor.look(&question), monitor.look(&question));
    assert_eq!(once, again, "asked at the same time");
    assert_eq!(part(&once, Arm::Canary).requests.value(), Some(&0.0), "counted, and none came");
    assert_eq!(monitor.look(&at(60)).await, once);
    let findings = monitor.test(&at(61)).await;
    assert!(findings.iter().all(|finding| finding.good), "{findings:?}");
    let next = monitor.look(&at(120)).await;
    assert_eq!(part(&next, Arm::Canary).requests.value(), Some(&0.0), "the test took nothing away");
    let late = monitor.look(&at(400)).await;
    let canary = part(&late, Arm::Canary);
    assert!(why(&late, canary.requests.missing(), canary).why.contains("280 s ago"));
}
