//! The demonstration's shop, read directly.

use crate::{
    demo::Shop,
    given::{Now, connection, now, part, place},
};
use control::{
    clock::Clock,
    monitor::{Arm, MonitorKind, Observatory, Question},
};
use domain::judge::Reading;
use monitors::Instruments;
use serde_json::json;
use std::{sync::Arc, time::Duration};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_shops_own_counters_are_read_and_a_restart_is_noticed() {
    let stable = Shop::start("1.4.2", 200, &[]).await;
    let mut canary = Shop::start("1.5.0", 200, &["--error-rate", "0.25"]).await;
    // One monitor for each of the two ports, as the arms would have one host name each.
    let at = |address: &str| {
        let settings = json!({
            "pages": [format!("http://{address}/metrics?of={{{{arm}}}}")], "allow_hosts": ["127.0.0.1"],
            "requests": "http_requests_total", "errors": "http_requests_total{status=\"5*\"}", "latency": "http_request_duration_seconds",
        });
        Instruments::new(Arc::new(Now))
            .monitor(&place(), &connection(MonitorKind::Scrape, settings))
            .expect("a monitor")
    };
    let (of_stable, of_canary) = (at(&stable.address), at(&canary.address));
    let first = now(2);
    of_stable.look(&first).await;
    of_canary.look(&first).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let second = Question { end: Now.now(), ..first.clone() };
    let (stable_look, canary_look) = (of_stable.look(&second).await, of_canary.look(&second).await);
    let (b, c) = (part(&stable_look, Arm::Canary), part(&canary_look, Arm::Canary));
    assert_eq!(b.errors.value(), Some(&0.0));
    let (requests, errors) = (c.requests.value().expect("requests"), c.errors.value().expect("errors"));
    assert!((100.0..900.0).contains(requests), "{requests} in two seconds at 200 a second");
    assert!((0.2..0.3).contains(&(errors / requests)), "{errors} of {requests}");
    let total: f64 = c.latency.value().expect("buckets").counts.iter().sum();
    assert!((total - requests).abs() <= 8.0, "{total} of {requests} are in the histogram; some were under way");
    assert!(matches!(canary_look.reading(Arm::Canary), Reading::Counts(_)));

    canary.restart("1.5.0").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let third = Question { end: second.end + chrono::TimeDelta::seconds(2), ..first };
    let look = of_canary.look(&third).await;
    assert_eq!(look.reading(Arm::Canary), Reading::Failed, "{look:#?}");
}
