//! A service that is not well, and a probe that could not be run, are two things.

use crate::{
    given::{monitor, question},
    http::{Answer, Server},
};
use control::monitor::{Arm, Health, Look, MonitorKind};
use domain::judge::Reading;
use serde_json::json;
use std::time::Duration;

async fn look_at(answer: Answer) -> Look {
    let server = Server::start(move |_| answer.clone()).await;
    let settings = json!({
        "url": server.url("/health"), "allow_hosts": ["127.0.0.1"], "limit_seconds": 1, "status": "200", "body": "ok", "every_seconds": 15,
    });
    let monitor = monitor(MonitorKind::Health, settings);
    assert_eq!(monitor.every(), Some(Duration::from_secs(15)));
    monitor.look(&question()).await
}

#[tokio::test]
async fn what_the_service_answers_or_fails_to_counts_for_or_against_it() {
    let look = look_at(Answer::ok("all ok")).await;
    assert!(matches!(look.probes[0].health, Health::Well(_)), "{look:?}");
    assert_eq!((look.probes.len(), look.probes[0].arm), (1, None));
    assert_eq!(look.reading(Arm::Canary), Reading::Missing, "it counts no requests");
    for (answer, words) in [
        (Answer::ok("starting"), "without “ok”: starting"),
        (Answer::Reply(503, "no database".to_owned()), "answered 503: no database; expected is 200"),
        (Answer::Reply(204, String::new()), "expected is 200"),
        (Answer::Reply(301, String::new()), "answered 301"),
        (Answer::Cut, "its reply was lost"),
        (Answer::Silence, "no reply in time"),
        (Answer::Half("ok".to_owned()), "its reply was lost"),
    ] {
        let look = look_at(answer).await;
        let Health::Unwell(said) = &look.probes[0].health else { panic!("{look:?}") };
        assert!(said.contains(words), "{said}");
        assert!(!look.asked[0].good && look.asked[0].answered == *said);
    }
}

#[tokio::test]
async fn nobody_listening_is_the_service_and_a_probe_that_cannot_run_is_not() {
    let server = Server::start(|_| Answer::Cut).await;
    let gone = server.url("/{{arm}}/health");
    drop(server);
    let look = |url: &str, hosts: serde_json::Value| {
        let monitor = monitor(MonitorKind::Health, json!({"url": url, "allow_hosts": hosts, "limit_seconds": 2}));
        async move { monitor.look(&question()).await }
    };
    let refused = look(&gone, json!(["127.0.0.1"])).await;
    assert_eq!(refused.probes.len(), 2, "one for each arm");
    for probe in &refused.probes {
        assert!(matches!(&probe.health, Health::Unwell(said) if said.contains("cannot be reached")), "{probe:?}");
    }
    let barred = look(&gone, json!([])).await;
    assert!(matches!(&barred.probes[0].health, Health::NotRun(said) if said.contains("allow_hosts")), "{barred:?}");
    let nameless = look("http://nowhere.invalid/health", json!(["nowhere.invalid"])).await;
    assert!(matches!(&nameless.probes[0].health, Health::NotRun(said) if said.contains("no address")), "{nameless:?}");
}
