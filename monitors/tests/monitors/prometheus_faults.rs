//! Everything that can be wrong with the answers of Prometheus becomes a reason in words: never a number, never a panic.

use crate::{
    given::{SECRET, connection, end, instruments, monitor, part, place, question, why},
    http::{Answer, Request, Server},
};
use control::monitor::{Arm, Lack, Look, MonitorKind, Observatory, Shown, Stretch};
use domain::judge::Reading;
use serde_json::{Value, json};
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

fn settings(server: &Server) -> Value {
    json!({
        "url": server.url("/prometheus"), "allow_hosts": ["127.0.0.1"], "limit_seconds": 1,
        "requests": "sum by (version) (increase(http_requests_total{service=\"{{service}}\",env=\"{{env}}\"}[{{window}}]))",
        "errors": "sum by (version) (increase(errors_total[{{window}}]))",
        "latency": "sum by (version, le) (increase(http_duration_seconds_bucket[{{window}}]))",
        "gauges": {"cpu": "avg by (version) (cpu_share)"},
    })
}

fn vector(series: &Value) -> String {
    json!({"status": "success", "data": {"resultType": "vector", "result": series}}).to_string()
}

fn one(version: &str, at: i64, value: &str) -> Value {
    json!({"metric": {"version": version}, "value": [at, value]})
}

fn buckets(version: &str, counts: [(&str, u32); 3]) -> Vec<Value> {
    let at = end().timestamp();
    let one =
        |(le, count): (&str, u32)| json!({"metric": {"version": version, "le": le}, "value": [at, count.to_string()]});
    counts.into_iter().map(one).collect()
}

/// Everything as it should be; `canary` says what stands for the requests of 1.5.0.
fn sound(request: &Request) -> Answer {
    let (query, at) = (request.field("query"), end().timestamp());
    let body = if query.contains("_bucket") {
        let both = [
            buckets("1.4.2", [("0.1", 800), ("0.5", 990), ("+Inf", 1_000)]),
            buckets("1.5.0", [("0.1", 80), ("0.5", 99), ("+Inf", 100)]),
        ];
        vector(&json!(both.concat()))
    } else if query.contains("errors_total") {
        vector(&json!([one("1.4.2", at, "2"), one("1.5.0", at, "0")]))
    } else if query.contains("cpu") {
        vector(&json!([one("1.4.2", at, "0.25"), one("1.5.0", at, "0.5")]))
    } else {
        vector(&json!([one("1.4.2", at, "1000"), one("1.5.0", at, "100.5")]))
    };
    Answer::ok(body)
}

async fn look_at(answer: impl Fn(Request) -> Answer + Send + Sync + 'static) -> Look {
    let server = Server::start(answer).await;
    monitor(MonitorKind::Prometheus, settings(&server)).look(&question()).await
}

#[tokio::test]
async fn a_sound_answer_is_read_for_both_arms_with_one_query_for_each_metric() {
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let keep = Arc::clone(&seen);
    let look = look_at(move |request| {
        keep.lock().expect("no panic").push(request.clone());
        sound(&request)
    })
    .await;
    let canary = part(&look, Arm::Canary);
    assert_eq!(canary.requests.value(), Some(&100.5));
    assert_eq!(canary.errors.value(), Some(&0.0));
    assert_eq!(canary.gauges["cpu"].value(), Some(&0.5));
    let latency = canary.latency.value().expect("buckets");
    assert_eq!((latency.bounds.as_slice(), latency.counts.as_slice()), (&[100.0, 500.0][..], &[80.0, 19.0, 1.0][..]));
    assert!(matches!(look.reading(Arm::Stable), Reading::Counts(_)));
    let seen = seen.lock().expect("no panic");
    assert_eq!(seen.len(), 4, "one for each metric");
    let requests = seen.iter().find(|request| request.field("query").contains("requests_total")).expect("asked");
    assert_eq!(requests.path, "/prometheus/api/v1/query");
    assert_eq!(
        requests.field("query"),
        "sum by (version) (increase(http_requests_total{service=\"shop\",env=\"production\"}[60s]))"
    );
    assert_eq!(requests.field("time"), "1790000000.000");
    assert_eq!(requests.headers["authorization"], format!("Bearer {SECRET}"));
    let asked = look.asked.iter().find(|asked| asked.metric == "requests").expect("kept for the page");
    assert!(asked.good && asked.answered.starts_with("{\"data\"") && asked.query.contains("[60s]"), "{asked:?}");
}

/// Answers with this for the requests, soundly otherwise; gives back why the canary has none.
async fn canary(answer: Answer) -> (Lack, String) {
    let look =
        look_at(
            move |request| {
                if request.field("query").contains("requests_total") { answer.clone() } else { sound(&request) }
            },
        )
        .await;
    let canary = part(&look, Arm::Canary);
    let missing = why(&look, canary.requests.missing(), &canary.requests);
    assert!(!matches!(look.reading(Arm::Canary), Reading::Counts(_)), "nothing is heard of it");
    assert!(canary.gauges["cpu"].value().is_some(), "the others are not harmed");
    (missing.lack, missing.why)
}

#[tokio::test]
async fn whatever_is_wrong_with_an_answer_is_a_reason_and_never_a_number() {
    let at = end().timestamp();
    let both = |value: &str| Answer::ok(vector(&json!([one("1.4.2", at, "1000"), one("1.5.0", at, value)])));
    let large = format!("{{\"status\": \"success\", \"x\": \"{}\"}}", "x".repeat(9 << 20));
    for (answer, lack, words) in [
        (Answer::ok(vector(&json!([]))), Lack::Absent, "The answer is empty"),
        (
            Answer::ok(vector(&json!([one("1.4.2", at, "1000")]))),
            Lack::Absent,
            "canary (1.5.0) of shop; version is 1.4.2",
        ),
        (both("NaN"), Lack::Failed, "NaN"),
        (both("+Inf"), Lack::Failed, "infinite"),
        (both("-Inf"), Lack::Failed, "infinite"),
        (both("-3"), Lack::Failed, "less than nothing"),
        (both("many"), Lack::Failed, "“many” where a number belongs"),
        (both(""), Lack::Failed, "where a number belongs"),
        (Answer::Reply(500, "oh no".to_owned()), Lack::Failed, "answered 500: oh no"),
        (Answer::Reply(503, String::new()), Lack::Failed, "answered 503"),
        (Answer::Reply(401, String::new()), Lack::Failed, "The login that is set does not open it"),
        (Answer::Reply(302, String::new()), Lack::Failed, "a redirect"),
        (
            Answer::Reply(
                422,
                json!({"status": "error", "errorType": "execution", "error": "found duplicate series"}).to_string(),
            ),
            Lack::Failed,
            "found duplicate series",
        ),
        (
            Answer::ok(json!({"status": "error", "error": format!("{SECRET} is wrong")})),
            Lack::Failed,
            "(hidden) is wrong",
        ),
        (Answer::Cut, Lack::Failed, "its reply was lost"),
        (Answer::Half("{}".to_owned()), Lack::Failed, "its reply was lost"),
        (Answer::Silence, Lack::Failed, "no reply in time"),
        (Answer::ok(large), Lack::Failed, "larger than"),
        (Answer::ok(""), Lack::Failed, "another shape"),
        (Answer::ok("<html>Log in</html>"), Lack::Failed, "another shape"),
        (Answer::ok("[]"), Lack::Failed, "another shape"),
        (Answer::ok(json!({"status": "success"})), Lack::Failed, "no data"),
        (Answer::ok("[".repeat(100_000)), Lack::Failed, "another shape"),
        (
            Answer::ok(json!({"status": "success", "data": {"resultType": "scalar", "result": [at, "100"]}})),
            Lack::Failed,
            "a scalar",
        ),
        (
            Answer::ok(json!({"status": "success", "data": {"resultType": "matrix", "result": []}})),
            Lack::Failed,
            "a matrix",
        ),
        (
            Answer::ok(
                json!({"status": "success", "warnings": ["a store did not answer"], "data": {"resultType": "vector", "result": [one("1.5.0", at, "100")]}}),
            ),
            Lack::Failed,
            "may be incomplete: a store did not answer",
        ),
        (Answer::ok(vector(&json!([{"metric": {"version": "1.5.0"}}]))), Lack::Failed, "without a value"),
        (
            Answer::ok(vector(&json!([{"metric": {}, "value": [at, "100"]}]))),
            Lack::Failed,
            "No series of the answer has the label version",
        ),
        (
            Answer::ok(vector(&json!([one("1.5.0", at, "100"), one("1.5.0", at, "100")]))),
            Lack::Failed,
            "There are 2 series",
        ),
        (Answer::ok(vector(&json!([one("1.5.0", at - 61, "100")]))), Lack::Absent, "61 s old"),
        (Answer::ok(vector(&json!([one("1.5.0", at + 600, "100")]))), Lack::Failed, "ahead of our clock"),
        (
            Answer::ok(vector(&json!([{"metric": {"version": "1.5.0"}, "value": [1e300, "100"]}]))),
            Lack::Failed,
            "a time that is none",
        ),
        (
            Answer::ok(vector(
                &json!([{"metric": {"version": "1.5.0"}, "histogram": [at, {"count": "1", "sum": "1"}]}]),
            )),
            Lack::Failed,
            "a histogram where a number is wanted",
        ),
    ] {
        let shown = format!("{answer:?}").chars().take(200).collect::<String>();
        let (found, said) = canary(answer).await;
        assert!(said.contains(words), "{shown}\n  said: {said}");
        assert_eq!(found, lack, "{shown}: {said}");
    }
}

#[tokio::test]
async fn a_histogram_that_makes_no_sense_is_a_reason() {
    let sound_buckets = [("0.1", 80), ("0.5", 99), ("+Inf", 100)];
    let twice = [buckets("1.5.0", sound_buckets), buckets("1.5.0", sound_buckets)].concat();
    for (series, words) in [
        (buckets("1.5.0", [("0.1", 80), ("0.5", 99), ("1", 100)]), "no bucket +Inf"),
        (buckets("1.5.0", [("0.1", 80), ("0.5", 70), ("+Inf", 100)]), "falls from 80 to 70"),
        (buckets("1.5.0", [("0.1", 80), ("wide", 99), ("+Inf", 100)]), "a bound that is no number"),
        (buckets("1.5.0", [("NaN", 80), ("0.5", 99), ("+Inf", 100)]), "a bound that is no number"),
        (twice, "two series for the bound"),
        (buckets("1.5.0", sound_buckets)[2..].to_vec(), "fewer than two finite bounds"),
        (vec![one("1.5.0", end().timestamp(), "5")], "without the label le"),
        (vec![], "The answer is empty"),
    ] {
        let body = vector(&json!(series));
        let look =
            look_at(
                move |request| {
                    if request.field("query").contains("_bucket") { Answer::ok(&body) } else { sound(&request) }
                },
            )
            .await;
        let canary = part(&look, Arm::Canary);
        let missing = why(&look, canary.latency.missing(), &canary.latency);
        assert!(missing.why.contains(words), "{words}: {}", missing.why);
    }
}

#[tokio::test]
async fn an_address_that_nobody_listens_at_or_may_be_asked_is_a_reason() {
    let server = Server::start(|_| Answer::Cut).await;
    let mut gone = settings(&server);
    drop(server);
    let look = monitor(MonitorKind::Prometheus, gone.clone()).look(&question()).await;
    let stable = part(&look, Arm::Stable);
    assert!(why(&look, stable.requests.missing(), stable).why.contains("cannot be reached"));
    assert_eq!(look.reading(Arm::Stable), Reading::Failed);
    gone["allow_hosts"] = json!([]);
    let look = monitor(MonitorKind::Prometheus, gone).look(&question()).await;
    let stable = part(&look, Arm::Stable);
    assert!(why(&look, stable.requests.missing(), stable).why.contains("allow_hosts"));
}

#[tokio::test]
async fn arms_that_are_called_alike_are_not_told_apart() {
    let server = Server::start(|request| sound(&request)).await;
    let mut settings = settings(&server);
    settings["stable_value"] = json!("v");
    settings["canary_value"] = json!("v");
    let look = monitor(MonitorKind::Prometheus, settings).look(&question()).await;
    let canary = part(&look, Arm::Canary);
    assert!(why(&look, canary.requests.missing(), canary).why.contains("both called “v”"));
}

#[tokio::test]
async fn many_environments_of_one_prometheus_ask_once_and_other_logins_apart() {
    let asked = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&asked);
    let server = Server::start(move |request| {
        count.fetch_add(1, Ordering::Relaxed);
        sound(&request)
    })
    .await;
    let instruments = instruments();
    let connected = connection(MonitorKind::Prometheus, settings(&server));
    let monitors: Vec<_> = (0..20).map(|_| instruments.monitor(&place(), &connected).expect("a monitor")).collect();
    let question = question();
    let looks = futures::future::join_all(monitors.iter().map(|monitor| monitor.look(&question))).await;
    assert!(looks.iter().all(|look| part(look, Arm::Canary).requests.value() == Some(&100.5)));
    assert_eq!(asked.load(Ordering::Relaxed), 4, "one for each metric, for all twenty");
    let mut other = connected.clone();
    other.secrets.clear();
    let look = instruments.monitor(&place(), &other).expect("a monitor").look(&question).await;
    assert_eq!(part(&look, Arm::Canary).requests.value(), Some(&100.5));
    assert_eq!(asked.load(Ordering::Relaxed), 8, "what one login sees is not shown to another");
}

#[tokio::test]
async fn several_services_are_found_by_their_label() {
    let server = Server::start(|request| {
        assert!(!request.field("query").contains("{{"), "all places are filled");
        let at = end().timestamp();
        let of = |service, version, count: &str| json!({"metric": {"version": version, "service": service}, "value": [at, count]});
        Answer::ok(vector(&json!([of("web", "1.4.2", "10"), of("web", "1.5.0", "20"), of("api", "1.4.2", "30")])))
    })
    .await;
    let settings = json!({
        "url": server.url(""), "allow_hosts": ["127.0.0.1"], "services": ["web", "api"], "service_label": "service",
        "requests": "sum by (service, version) (increase(r_total{env=\"{{env}}\"}[{{window}}]))",
    });
    let look = monitor(MonitorKind::Prometheus, settings).look(&question()).await;
    let of =
        |service: &str, arm| look.parts.iter().find(|part| part.service == service && part.arm == arm).expect("a part");
    assert_eq!(of("web", Arm::Canary).requests.value(), Some(&20.0));
    assert_eq!(of("api", Arm::Stable).requests.value(), Some(&30.0));
    assert!(of("api", Arm::Canary).requests.missing().expect("a reason").why.contains("canary (1.5.0) of api"));
}

#[tokio::test]
async fn a_template_with_a_place_for_the_arm_is_asked_for_each() {
    let server = Server::start(|request| {
        let value = if request.field("query").contains("\"v1.5.0\\\"\"") { "7" } else { "3" };
        Answer::ok(vector(&json!([{"metric": {}, "value": [end().timestamp(), value]}])))
    })
    .await;
    let settings = json!({
        "url": server.url("/"), "allow_hosts": ["127.0.0.1"], "stable_value": "v{{version}}", "canary_value": "v{{version}}\"",
        "requests": "sum(increase(r_total{track=\"{{arm}}\"}[{{window}}]))",
    });
    let look = monitor(MonitorKind::Prometheus, settings).look(&question()).await;
    assert_eq!(part(&look, Arm::Canary).requests.value(), Some(&7.0), "with the quotation mark escaped");
    assert_eq!(part(&look, Arm::Stable).requests.value(), Some(&3.0));
    assert_eq!(look.asked.len(), 2);
}

#[tokio::test]
async fn charts_are_bounded_shared_and_keep_their_gaps() {
    let asked = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&asked);
    let server = Server::start(move |request| {
        count.fetch_add(1, Ordering::Relaxed);
        let (start, step): (f64, f64) =
            (request.field("start").parse().expect("a start"), request.field("step").parse().expect("a step"));
        let values = json!([[start, "1"], [start + step, "NaN"], [start + 2.0 * step, "0.5"]]);
        let series = json!([{"metric": {"version": "1.5.0"}, "values": values}]);
        Answer::ok(json!({"status": "success", "data": {"resultType": "matrix", "result": series}}))
    })
    .await;
    let monitor = monitor(MonitorKind::Prometheus, settings(&server));
    let question = question();
    let stretch = |seconds, points| Stretch {
        shown: Shown::ErrorRate,
        arms: question.arms.clone(),
        from: end() - chrono::TimeDelta::seconds(seconds),
        to: end(),
        points,
        window: question.window,
    };
    let hour = stretch(3_600, 300);
    let charts = futures::future::join_all((0..5).map(|_| monitor.chart(&hour))).await;
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    let chart = charts[0].as_ref().expect("a chart");
    assert!(
        chart.queries[0].starts_with("(sum by (version) (increase(errors_total[60s]))) / (sum by"),
        "{}",
        chart.queries[0]
    );
    let canary = chart.lines.iter().find(|line| line.arm == Arm::Canary).expect("a line");
    let values: Vec<Option<f64>> = canary.points.iter().take(4).map(|point| point.value).collect();
    assert_eq!(values, [Some(1.0), None, Some(0.5), None]);
    let stable = chart.lines.iter().find(|line| line.arm == Arm::Stable).expect("a line");
    assert!(stable.points.iter().all(|point| point.value.is_none()), "no data is a gap, not 0");
    for (seconds, points) in [(86_400 * 366, 1_000_000), (1, 1), (7, 1_000), (86_399, 999)] {
        let chart = monitor.chart(&stretch(seconds, points)).await.expect("a chart");
        assert!(
            chart.lines.iter().all(|line| (1..=1_000).contains(&line.points.len())),
            "{seconds} s in {points} points"
        );
    }
    for seconds in [0, -60, 86_400 * 400] {
        assert!(monitor.chart(&stretch(seconds, 300)).await.is_err(), "{seconds} s");
    }
    let unknown = Stretch { shown: Shown::Gauge("memory".to_owned()), ..hour.clone() };
    assert_eq!(monitor.chart(&unknown).await.expect_err("not set").lack, Lack::NotAsked);
    let odd = Stretch { shown: Shown::Quantile(f64::NAN), ..hour };
    assert!(monitor.chart(&odd).await.is_err());
}

#[tokio::test]
async fn a_test_of_the_connection_says_what_it_found_for_each_metric() {
    let server = Server::start(|request| match request.field("query").as_str() {
        "vector(1)" => Answer::ok(vector(&json!([{"metric": {}, "value": [end().timestamp(), "1"]}]))),
        query if query.contains("errors_total") => Answer::ok(vector(&json!([]))),
        _ => sound(&request),
    })
    .await;
    let findings = monitor(MonitorKind::Prometheus, settings(&server)).test(&question()).await;
    assert!(findings[0].good && findings[0].said.contains("answers queries"), "{findings:?}");
    let errors = findings.iter().find(|finding| finding.what == "errors: canary of shop").expect("a finding");
    assert!(!errors.good && errors.said.contains("The answer is empty"), "{errors:?}");
    let requests = findings.iter().find(|finding| finding.what == "requests: canary of shop").expect("a finding");
    assert!(requests.good && requests.said == "100.5", "{requests:?}");
    drop(server);
}
