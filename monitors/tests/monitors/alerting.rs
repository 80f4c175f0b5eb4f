//! A real Alertmanager that sends what it was told.

use crate::{
    given::{SECRET, connection, instruments},
    http::{Answer, Server},
    running::{Running, until},
};
use chrono::TimeDelta;
use control::{
    clock::Clock,
    monitor::{Alert, Inbox, MonitorKind, Observatory},
};
use serde_json::json;
use std::sync::{Arc, Mutex};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_alertmanager_sends_is_admitted_and_understood() {
    let inbox: Arc<dyn Inbox> =
        instruments().inbox(&connection(MonitorKind::Alertmanager, json!({}))).expect("an inbox");
    let received: Arc<Mutex<Vec<Alert>>> = Arc::default();
    let (reader, keep) = (Arc::clone(&inbox), Arc::clone(&received));
    let server = Server::start(move |request| {
        if !reader.admits(request.headers.get("authorization").map(String::as_str)) {
            return Answer::Reply(401, String::new());
        }
        match reader.read(&request.body) {
            Ok(delivery) => keep.lock().expect("no panic").extend(delivery.alerts),
            Err(refusal) => panic!("{refusal}"),
        }
        Answer::ok("")
    })
    .await;
    let alertmanager = Running::alertmanager(&server.url("/hooks/alertmanager"), SECRET).await;
    let now = crate::given::Now.now();
    let post = |ends: chrono::DateTime<chrono::Utc>| {
        let alert = json!([{
            "labels": {"alertname": "HighErrorRate", "severity": "critical", "product": "shop", "env": "production"},
            "annotations": {"summary": "5 % of requests fail"}, "startsAt": (now - TimeDelta::minutes(3)).to_rfc3339(), "endsAt": ends.to_rfc3339(),
        }]);
        let url = format!("{}/api/v2/alerts", alertmanager.url);
        async move {
            let outbound =
                outbound::Outbound::new(&["127.0.0.1".to_owned()], outbound::Limits::default()).expect("a client");
            let request =
                outbound::Request::new(reqwest::Method::POST, url.parse().expect("a URL")).json(&alert).expect("JSON");
            let reply = outbound.send(request).await.expect("a reply");
            assert!(reply.good(), "{reply:?} {}", reply.quote());
        }
    };
    let last = || received.lock().expect("no panic").last().cloned();
    post(now + TimeDelta::minutes(5)).await;
    let fires = until("it fires", || async { last().ok_or_else(|| "nothing came".to_owned()) }).await;
    assert!(fires.is_critical_in("shop", "production"), "{fires:?}");
    assert_eq!(
        (fires.name.as_str(), fires.summary.as_deref(), fires.until),
        ("HighErrorRate", Some("5 % of requests fail"), None)
    );
    assert_eq!(fires.since.timestamp(), (now - TimeDelta::minutes(3)).timestamp());
    assert!(!fires.fingerprint.is_empty());
    post(crate::given::Now.now()).await;
    let over =
        until("it is over", || async { last().filter(|alert| !alert.fires).ok_or_else(|| "it fires on".to_owned()) })
            .await;
    assert_eq!(over.fingerprint, fires.fingerprint);
    assert!(over.until.is_some() && !over.is_critical_in("shop", "production"));
}
