//! What measures an environment is connected, asked and taken away, and alarms arrive: from Alertmanager and from a team.

use crate::house::{Floor, House, Stage, floor::PRODUCTION};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    task::JoinSet,
};

pub(super) const TOKEN: &str = "a-token-of-the-team";
pub(super) const HOOK: &str = "/hooks/alertmanager";
pub(super) const SHOP: &str = "/products/shop/environments/production";

/// A service that is well, for as long as the test lasts.
async fn well(tasks: &mut JoinSet<()>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bound");
    let address = listener.local_addr().expect("an address");
    tasks.spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = [0; 4096];
            let _ = stream.read(&mut asked).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok").await;
        }
    });
    format!("http://{address}/health")
}

#[tokio::test]
async fn a_monitor_is_tried_kept_shown_without_secrets_asked_and_taken_away() {
    let (floor, mut tasks) = (Floor::set().await, JoinSet::new());
    let admin = floor.house.admin();
    let path = &format!("{PRODUCTION}/monitors/health");
    admin.get(path).await.refused(404);
    let body = json!({ "settings": { "url": well(&mut tasks).await, "body": "ok", "allow_hosts": ["127.0.0.1"] }, "secrets": { "token": "hush-hush" } });
    let tried = admin.post(&format!("{path}/test"), &body).await.must(200);
    assert_eq!((&tried["good"], &tried["kept"]), (&json!(true), &json!(false)), "{tried}");
    admin.get(path).await.refused(404);

    let keyed = admin.clone().with("idempotency-key", "watch");
    let kept = keyed.put(path, &body).await.must(200);
    assert_eq!((&kept["kept"], &kept["forced"]), (&json!(true), &json!(false)));
    let seq = floor.house.seq();
    assert_eq!(keyed.put(path, &body).await.must(200), kept);
    assert_eq!(floor.house.seq(), seq, "twice is once");
    let shown = admin.get(path).await.must(200);
    assert_eq!(shown, json!({ "monitor": "health", "settings": body["settings"], "secrets": ["token"] }));
    assert_eq!(admin.get(&format!("{PRODUCTION}/monitors")).await.must(200)["items"], json!([shown]));
    assert_eq!(floor.support.client.get(PRODUCTION).await.must(200)["monitors"], json!(["health"]));

    // Given it was kept, then whoever may look sees what it answered, once somebody who may promote has asked.
    let look = format!("{path}/look");
    assert_eq!(floor.support.client.get(&look).await.must(200), json!({ "end": null, "asked": [] }));
    let asked = floor.engineer.client.post(&look, &Value::Null).await.must(200);
    assert_eq!((&asked["asked"][0]["metric"], &asked["asked"][0]["good"]), (&json!("health"), &json!(true)), "{asked}");
    assert_eq!(asked["findings"][0]["good"], true);
    let seen = floor.support.client.get(&look).await.must(200);
    assert_eq!((&seen["end"], &seen["asked"]), (&asked["end"], &asked["asked"]));

    let audit = admin.get("/audit?limit=1000").await.must(200);
    for told in [kept, shown, asked, audit] {
        assert!(!told.to_string().contains("hush"), "{told}");
    }
    admin.withdraw(path, &json!({ "reason": "" })).await.refused_field(422, "reason");
    admin.withdraw(path, &json!({ "reason": "Moved away." })).await.must(204);
    admin.get(path).await.refused(404);
    let place = "kiosk"
        .parse()
        .and_then(|product| Ok(domain::environment::EnvironmentId { product, env: "production".parse()? }));
    let sealed = floor.house.web.control.journal().secrets(&place.expect("names")).await.expect("asked");
    assert!(sealed.is_empty(), "its secrets went with it");
}

#[tokio::test]
async fn what_does_not_answer_is_kept_only_when_that_is_said() {
    let floor = Floor::set().await;
    let (admin, path) = (floor.house.admin(), &format!("{PRODUCTION}/monitors/health"));
    let settings = json!({ "url": "http://127.0.0.1:9/", "allow_hosts": ["127.0.0.1"] });
    let deaf = json!({ "settings": settings });
    let tried = admin.post(&format!("{path}/test"), &deaf).await.must(200);
    assert_eq!(tried["good"], false, "{tried}");
    let refused = admin.put(path, &deaf).await.refused_field(422, "settings");
    assert_eq!(refused["findings"][0]["good"], false);
    admin.get(path).await.refused(404);
    let forced = admin.put(path, &json!({ "settings": settings, "force": true })).await.must(200);
    assert_eq!((&forced["good"], &forced["kept"], &forced["forced"]), (&json!(false), &json!(true), &json!(true)));
}

#[tokio::test]
async fn what_is_wrong_is_named_and_nothing_changes_under_a_rollout() {
    let floor = Floor::set().await;
    let (admin, path) = (floor.house.admin(), &format!("{PRODUCTION}/monitors/health"));
    for (body, field) in [
        (json!({ "settings": { "adress": "x" } }), "settings.adress"),
        (json!({ "settings": {} }), "settings.url"),
        (json!({ "settings": { "url": "http://127.0.0.1:9/", "token": "x" } }), "settings.token"),
        (json!({ "secrets": { "key": "x" } }), "secrets.key"),
    ] {
        let refused = admin.put(path, &body).await.refused(422);
        let named = refused["field"].as_str().unwrap_or_default();
        assert!(field.ends_with(named) && !named.is_empty(), "{field}: {refused}");
    }
    admin.put(&format!("{PRODUCTION}/monitors/crystal-ball"), &json!({})).await.refused(404);
    admin.put("/products/kiosk/environments/moon/monitors/health", &json!({})).await.refused(404);
    let kinds = floor.outsider.client.get("/monitors").await.must(200);
    let names: Vec<_> =
        kinds["items"].as_array().expect("items").iter().filter_map(|k| k["monitor"].as_str()).collect();
    assert_eq!(names, ["prometheus", "scrape", "json", "health", "alertmanager"]);
    assert!(kinds["items"][0]["fields"].as_array().is_some_and(|fields| !fields.is_empty()));

    floor.at_five_percent().await;
    let inbox = json!({ "secrets": { "token": TOKEN } });
    admin.put(&format!("{PRODUCTION}/monitors/alertmanager"), &inbox).await.refused(409);
}

/// What Alertmanager sends.
fn delivery(alerts: &Value) -> Value {
    json!({ "version": "4", "groupKey": "{}", "truncatedAlerts": 0, "status": "firing", "receiver": "pilothouse",
        "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {}, "externalURL": "http://alertmanager.example",
        "alerts": alerts })
}

fn alert(status: &str, print: &str, labels: &Value) -> Value {
    json!({ "status": status, "labels": labels, "annotations": { "summary": "Too many errors" },
        "startsAt": "2026-03-01T10:00:00.5Z", "endsAt": "2026-03-01T10:05:00Z", "fingerprint": print })
}

/// The shop on the playbook sarvanom, whose production hears Alertmanager.
pub(super) async fn heard() -> (House, crate::house::Person) {
    let house = House::new().await;
    house.product("shop", "sarvanom").await;
    let engineer = house.person("Eve Engineer", &[("shop", "engineer")]).await;
    let inbox = json!({ "secrets": { "token": TOKEN } });
    house.admin().put(&format!("{SHOP}/monitors/alertmanager"), &inbox).await.must(200);
    (house, engineer)
}

#[tokio::test]
async fn alertmanager_raises_and_clears_and_is_told_what_was_taken() {
    let (house, engineer) = heard().await;
    let teller = house.with_token(TOKEN);
    let down = json!({ "alertname": "Down", "severity": "critical", "product": "shop", "env": "production" });
    let mut sound = down.clone();
    sound["severity"] = json!("warning");
    sound["trigger"] = json!("data_integrity");
    let mut slow = sound.clone();
    slow["trigger"] = json!("moon");
    let mut elsewhere = down.clone();
    elsewhere["product"] = json!("till");
    let all = json!([
        alert("firing", "a1", &down),
        alert("firing", "a2", &sound),
        alert("firing", "a3", &slow),
        alert("firing", "a4", &elsewhere)
    ]);
    let told = teller.post(HOOK, &delivery(&all)).await.must(200);
    assert_eq!((&told["taken"], &told["ignored"]), (&json!(2), &json!(2)), "{told}");
    assert!(told["reasons"].to_string().contains("till"), "{told}");
    let alarms = engineer.client.get(SHOP).await.must(200)["alarms"].clone();
    assert_eq!(alarms.as_array().map(Vec::len), Some(2));
    assert_eq!((&alarms[0]["key"], &alarms[0]["critical"]), (&json!("alertmanager:a1"), &json!(true)));
    assert_eq!((&alarms[0]["said"], &alarms[0]["by"]), (&json!("Too many errors"), &Value::Null));
    assert_eq!((&alarms[1]["trigger"], &alarms[1]["critical"]), (&json!("data_integrity"), &json!(false)));

    let seq = house.seq();
    teller.post(HOOK, &delivery(&all)).await.must(200);
    assert_eq!(house.seq(), seq, "said again, it is no news");
    teller.post(HOOK, &delivery(&json!([alert("resolved", "a1", &down)]))).await.must(200);
    let left = engineer.client.get(SHOP).await.must(200)["alarms"].clone();
    assert_eq!(left.as_array().map(Vec::len), Some(1));
    let numbers = house.anonymous().get("/metrics").await;
    assert_eq!(numbers.status, 200);
    let audit = house.admin().get("/audit?limit=1000").await.must(200).to_string();
    assert!(audit.contains("environment.raised") && !audit.contains(TOKEN));
}

#[tokio::test]
async fn who_does_not_show_the_token_is_not_heard_and_learns_nothing() {
    let (house, _) = heard().await;
    let down = json!({ "alertname": "Down", "severity": "critical", "product": "shop", "env": "production" });
    let body = delivery(&json!([alert("firing", "a1", &down)]));
    let seq = house.seq();
    let mut answers = Vec::new();
    for stranger in [
        house.anonymous(),
        house.with_token("another-token-of-whoever"),
        house.anonymous().with("authorization", &format!("Basic {TOKEN}")),
        house.admin(),
    ] {
        let mut refused = stranger.post(HOOK, &body).await.refused(401);
        refused.as_object_mut().expect("an object").remove("instance");
        answers.push(refused);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "all are told the same: {answers:?}");
    let teller = house.with_token(TOKEN);
    for wrong in [json!({}), json!({ "version": "3", "alerts": [] }), json!({ "version": "4" })] {
        let refused = teller.post(HOOK, &wrong).await.refused(422);
        assert!(refused["field"].is_string(), "{refused}");
    }
    let large = json!({ "version": "4", "alerts": [], "filler": "x".repeat(1 << 20) });
    teller.post(HOOK, &large).await.refused(413);
    assert_eq!(house.seq(), seq, "nothing was recorded");
}

#[tokio::test]
async fn a_teams_own_check_raises_and_clears_and_a_wrong_trigger_is_told_the_right_ones() {
    let stage = Stage::set().await;
    let (team, path) = (&stage.engineer.client, &format!("{SHOP}/alarms"));
    let new = json!({ "key": "orders", "name": "Orders add up", "trigger": "data_integrity", "said": "12 do not." });
    let keyed = team.clone().with("idempotency-key", "orders");
    let raised = keyed.post(path, &new).await.must(201);
    assert_eq!((&raised["by"], &raised["trigger"]), (&json!(stage.engineer.id), &json!("data_integrity")));
    assert_eq!(keyed.post(path, &new).await.must(201), raised);
    let seq = stage.house.seq();
    assert_eq!(team.post(path, &new).await.must(201), raised, "it fires already");
    assert_eq!(stage.house.seq(), seq);
    for trigger in ["date_integrity", "No Trigger!"] {
        let mut wrong = new.clone();
        wrong["trigger"] = json!(trigger);
        let refused = team.post(path, &wrong).await.refused_field(422, "trigger");
        assert!(refused["allowed"].to_string().contains("data_integrity"), "{refused}");
    }
    for (field, value) in [("key", json!("a/b")), ("name", json!("")), ("said", json!("x".repeat(1_001)))] {
        let mut wrong = new.clone();
        wrong[field] = value;
        team.post(path, &wrong).await.refused_field(422, field);
    }
    assert_eq!(stage.support.client.get(SHOP).await.must(200)["alarms"], json!([raised]));
    team.withdraw(&format!("{path}/orders"), &json!({ "reason": "Mended." })).await.must(204);
    team.withdraw(&format!("{path}/orders"), &json!({ "reason": "Mended." })).await.must(204);
    assert_eq!(stage.support.client.get(SHOP).await.must(200)["alarms"], json!([]));
}
