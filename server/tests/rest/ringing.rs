//! A real Alertmanager rings over a real socket, and what it says arrives.

use crate::{
    running::{Running, until},
    watched::{HOOK, SHOP, TOKEN, heard},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

/// Tells Alertmanager of an alert; with an end it is over.
async fn tell(alertmanager: &Running, ends: Option<&str>) {
    let mut alert = json!({
        "labels": { "alertname": "HighErrorRate", "severity": "critical", "product": "shop", "env": "production",
            "trigger": "data_integrity" },
        "annotations": { "summary": "5 % of requests fail" }, "startsAt": "2026-01-01T10:00:00Z",
    });
    if let Some(ends) = ends {
        alert["endsAt"] = json!(ends);
    }
    let (address, body) = (alertmanager.url.trim_start_matches("http://"), json!([alert]).to_string());
    let head = format!("POST /api/v2/alerts HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n");
    let rest = format!("content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    stream.write_all(format!("{head}{rest}").as_bytes()).await.expect("sent");
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.expect("a reply");
    assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_real_alertmanager_sends_fires_and_ends() {
    let (house, engineer) = heard().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bound");
    let address = listener.local_addr().expect("an address");
    let router = house.router.clone();
    let mut serving = JoinSet::new();
    serving.spawn(async move { axum::serve(listener, router).await });
    let alertmanager = Running::alertmanager(&format!("http://{address}{HOOK}"), TOKEN).await;
    let alarms = async || engineer.client.get(SHOP).await.must(200)["alarms"].as_array().cloned().unwrap_or_default();

    tell(&alertmanager, None).await;
    let fires: Value = until("it fires", || async { alarms().await.pop().ok_or_else(|| "nothing".to_owned()) }).await;
    assert_eq!((&fires["name"], &fires["critical"]), (&json!("HighErrorRate"), &json!(true)));
    assert_eq!((&fires["said"], &fires["trigger"]), (&json!("5 % of requests fail"), &json!("data_integrity")));
    assert!(fires["key"].as_str().is_some_and(|key| key.starts_with("alertmanager:")), "{fires}");

    tell(&alertmanager, Some("2026-01-01T10:05:00Z")).await;
    let over = async || if alarms().await.is_empty() { Ok(()) } else { Err("it fires on".to_owned()) };
    until("it is over", over).await;
}
