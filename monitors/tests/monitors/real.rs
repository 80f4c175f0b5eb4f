//! A real Prometheus that watches two real versions of the demonstration's shop.

use crate::{
    demo::Shop,
    given::{Now, connection, now, part, place},
    running::{Running, until},
};
use control::{
    clock::Clock,
    monitor::{Arm, Lack, Look, Monitor, MonitorKind, Observatory, Shown, Stretch},
};
use domain::judge::Reading;
use monitors::Instruments;
use serde_json::json;
use std::sync::Arc;

const WINDOW: u32 = 4;

fn watching(url: &str) -> Arc<dyn Monitor> {
    let requests = "sum by (version) (increase(http_requests_total{service=\"{{service}}\"}[{{window}}]))";
    let settings = json!({
        "url": url, "allow_hosts": ["127.0.0.1"],
        "requests": requests,
        "errors": format!("sum by (version) (increase(http_requests_total{{service=\"{{{{service}}}}\",status=~\"5..\"}}[{{{{window}}}}])) or 0 * {requests}"),
        "latency": "sum by (version, le) (increase(http_request_duration_seconds_bucket{service=\"{{service}}\"}[{{window}}]))",
        "gauges": {
            "p95": "1000 * histogram_quantile(0.95, sum by (version, le) (rate(http_request_duration_seconds_bucket[{{window}}])))",
            "up": "min by (version) (up)",
        },
    });
    let instruments = Instruments::new(Arc::new(Now));
    instruments.monitor(&place(), &connection(MonitorKind::Prometheus, settings)).expect("a monitor")
}

async fn full(monitor: &dyn Monitor) -> Look {
    until("both arms are measured", || async {
        let look = monitor.look(&now(WINDOW)).await;
        let enough = |arm| part(&look, arm).requests.value().is_some_and(|requests| *requests > 200.0);
        let sound = matches!(look.reading(Arm::Stable), Reading::Counts(_))
            && matches!(look.reading(Arm::Canary), Reading::Counts(_));
        if sound && enough(Arm::Stable) && enough(Arm::Canary) { Ok(look) } else { Err(format!("{look:#?}")) }
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn prometheus_is_read_as_it_counts() {
    let stable = Shop::start("1.4.2", 100, &[]).await;
    let mut canary = Shop::start("1.5.0", 100, &["--error-rate", "0.2", "--latency-ms", "30"]).await;
    let begun = Now.now();
    let mut prometheus = Running::prometheus(&[("1.4.2", &stable.address), ("1.5.0", &canary.address)]).await;
    let monitor = watching(&prometheus.url);

    let look = full(&*monitor).await;
    let (b, c) = (part(&look, Arm::Stable), part(&look, Arm::Canary));
    assert_eq!(b.errors.value(), Some(&0.0), "none failed, which is a number");
    let share = c.errors.value().expect("errors") / c.requests.value().expect("requests");
    assert!((0.15..=0.25).contains(&share), "a fifth fails: {share}");
    for part in [b, c] {
        let (latency, requests) = (part.latency.value().expect("buckets"), part.requests.value().expect("requests"));
        let total: f64 = latency.counts.iter().sum();
        assert!((total / requests - 1.0).abs() < 0.2, "{total} of {requests} are in the histogram");
        assert_eq!((latency.bounds.len(), latency.bounds[0]), (12, 5.0), "in milliseconds");
        assert_eq!(part.gauges["up"].value(), Some(&1.0));
    }
    let p95 = |part: &control::monitor::Part| *part.gauges["p95"].value().expect("p95");
    assert!(p95(c) > 25.0 && p95(b) < p95(c), "{} and {} ms", p95(b), p95(c));

    let chart = |shown| Stretch {
        shown,
        arms: now(WINDOW).arms,
        from: begun - chrono::TimeDelta::minutes(5),
        to: Now.now(),
        points: 300,
        window: now(WINDOW).window,
    };
    for (shown, range) in
        [(Shown::Throughput, 20.0..200.0), (Shown::ErrorRate, 0.1..0.3), (Shown::Quantile(0.5), 20.0..60.0)]
    {
        // A chart ends at a whole step, and its last value may still be of the moment in which the service began.
        let line = until("the chart has come so far", || async {
            let drawn = monitor.chart(&chart(shown.clone())).await.expect("a chart");
            let line = drawn.lines.into_iter().find(|line| line.arm == Arm::Canary).expect("a line");
            let last = line.points.iter().rev().find_map(|point| point.value);
            let says = format!("{last:?} by {:?}", drawn.queries);
            if last.is_some_and(|value| range.contains(&value)) { Ok(line) } else { Err(says) }
        })
        .await;
        assert!(line.points[0].value.is_none(), "before it began there is a gap");
        assert!(line.points.len() <= 300);
    }

    canary.end();
    until("the canary is gone", || async {
        let look = monitor.look(&now(WINDOW)).await;
        assert!(part(&look, Arm::Canary).requests.value().is_none_or(|requests| *requests > 0.0), "never 0: {look:#?}");
        assert!(part(&look, Arm::Stable).requests.value().is_some());
        part(&look, Arm::Canary)
            .requests
            .missing()
            .map(|missing| assert_eq!(missing.lack, Lack::Absent))
            .ok_or_else(|| "it is there".into())
    })
    .await;

    canary.restart("1.5.0").await;
    let look = full(&*monitor).await;
    let requests = part(&look, Arm::Canary).requests.value().expect("requests");
    assert!(*requests < 1_000.0, "counters that began anew give no jump: {requests}");

    prometheus.end();
    let look = monitor.look(&now(WINDOW)).await;
    assert_eq!((look.reading(Arm::Stable), look.reading(Arm::Canary)), (Reading::Failed, Reading::Failed));
}
