//! Which driver an environment has, the log of what runs there, and the switch that stops everything.

use crate::house::{Floor, at, floor::PRODUCTION};
use serde_json::json;

#[tokio::test]
async fn a_driver_is_tried_kept_shown_without_secrets_and_taken_away() {
    let floor = Floor::set().await;
    let admin = floor.house.admin();
    let path = "/products/kiosk/environments/staging/driver";
    admin.get(path).await.refused(404);
    let body = json!({ "driver": "webhook", "settings": { "url": "http://127.0.0.1:9/" },
        "secrets": { "secret": "hush-hush" }, "smoke": [["curl", "-f", "http://127.0.0.1:9/"]], "health": "http://127.0.0.1:9/" });
    let tried = admin.post(&format!("{path}/test"), &body).await.must(200);
    assert_eq!((&tried["good"], &tried["kept"]), (&json!(true), &json!(false)));
    assert!(tried["findings"][0]["what"].is_string() && tried["findings"][0]["good"] == true, "{tried}");
    admin.get(path).await.refused(404);

    let keyed = admin.clone().with("idempotency-key", "connect");
    let kept = keyed.put(path, &body).await.must(200);
    assert_eq!((&kept["kept"], &kept["forced"]), (&json!(true), &json!(false)));
    assert_eq!(keyed.put(path, &body).await.must(200), kept);
    let shown = admin.get(path).await.must(200);
    assert_eq!((&shown["driver"], &shown["secrets"]), (&json!("webhook"), &json!(["secret"])));
    assert_eq!((&shown["settings"], &shown["smoke"]), (&body["settings"], &body["smoke"]));
    let audit = admin.get("/audit?limit=1000").await.must(200);
    for told in [kept.to_string(), shown.to_string(), audit.to_string()] {
        assert!(!told.contains("hush"), "{told}");
    }
    let env = floor.support.client.get("/products/kiosk/environments/staging").await.must(200);
    assert_eq!(env["driver"], "webhook");

    // Who may look may not see this, and who may promote may not change it.
    for by in [&floor.support, &floor.engineer] {
        by.client.get(path).await.refused(403);
        by.client.put(path, &body).await.refused(403);
    }
    for (field, value) in [("driver", json!("catapult")), ("smoke", json!("curl")), ("password", json!("x"))] {
        let mut wrong = body.clone();
        wrong[field] = value;
        admin.put(path, &wrong).await.refused_field(422, field);
        admin.post(&format!("{path}/test"), &wrong).await.refused_field(422, field);
    }
    admin.put("/products/kiosk/environments/moon/driver", &body).await.refused(404);

    admin.withdraw(path, &json!({ "reason": "" })).await.refused_field(422, "reason");
    admin.withdraw(path, &json!({ "reason": "Moved away." })).await.must(204);
    admin.get(path).await.refused(404);
    let place = domain::environment::EnvironmentId {
        product: "kiosk".parse().expect("a slug"),
        env: "staging".parse().expect("a name"),
    };
    let sealed = floor.house.web.control.journal().secrets(&place).await.expect("asked");
    assert!(sealed.is_empty(), "its secrets went with it");
}

#[tokio::test]
async fn what_does_not_work_is_kept_only_when_that_is_said() {
    let floor = Floor::set().await;
    let admin = floor.house.admin();
    let path = "/products/kiosk/environments/staging/driver";
    floor.house.ground.set_unfit(true);
    let tried = admin.post(&format!("{path}/test"), &json!({ "driver": "local" })).await.must(200);
    assert_eq!((&tried["good"], &tried["findings"][0]["good"]), (&json!(false), &json!(false)));
    let refused = admin.put(path, &json!({ "driver": "local" })).await.refused_field(422, "settings");
    assert_eq!(refused["findings"], tried["findings"]);
    admin.get(path).await.refused(404);
    let forced = admin.put(path, &json!({ "driver": "local", "force": true })).await.must(200);
    assert_eq!((&forced["good"], &forced["kept"], &forced["forced"]), (&json!(false), &json!(true), &json!(true)));
    admin.get(path).await.must(200);
}

#[tokio::test]
async fn while_something_is_under_way_its_driver_stays() {
    let floor = Floor::set().await;
    floor.at_five_percent().await;
    let (admin, path) = (floor.house.admin(), format!("{PRODUCTION}/driver"));
    admin.put(&path, &json!({ "driver": "webhook" })).await.refused(409);
    admin.withdraw(&path, &json!({ "reason": "Away." })).await.refused(409);
    assert_eq!(admin.get(&path).await.must(200)["driver"], "local");
}

#[tokio::test]
async fn kinds_and_logs() {
    let floor = Floor::set().await;
    let kinds = floor.outsider.client.get("/drivers").await.must(200);
    let names: Vec<_> = kinds["items"].as_array().expect("items").iter().filter_map(|k| k["driver"].as_str()).collect();
    let all = ["local", "haproxy", "command", "webhook", "github-actions", "argo-rollouts", "kubernetes", "vercel"];
    assert_eq!(names, all);
    let log = format!("{PRODUCTION}/log");
    let shown = floor.support.client.get(&format!("{log}?lines=5")).await.must(200);
    assert_eq!(shown["lines"], json!([]));
    floor.outsider.client.get(&log).await.refused(404);
    for lines in ["0", "1001", "many", "-1"] {
        floor.support.client.get(&format!("{log}?lines={lines}")).await.refused_field(422, "lines");
    }
    floor.support.client.get("/products/kiosk/environments/staging/log").await.refused(404);
}

#[tokio::test]
async fn one_switch_stops_automation_and_the_way_back_goes_on() {
    let floor = Floor::set().await;
    let (own, all) = ("/products/kiosk/automation", "/automation");
    let why = json!({ "reason": "An outage elsewhere." });
    floor.engineer.client.post(all, &why).await.refused(403);
    floor.support.client.post(own, &why).await.refused(403);
    floor.outsider.client.post(own, &why).await.refused(404);
    floor.engineer.client.post(own, &json!({ "reason": " " })).await.refused_field(422, "reason");
    let keyed = floor.engineer.client.clone().with("idempotency-key", "stop");
    let stopped = keyed.post(own, &why).await.must(201);
    assert_eq!((&stopped["product"], &stopped["by"]), (&json!("kiosk"), &json!(floor.engineer.id)));
    assert_eq!(keyed.post(own, &why).await.must(201), stopped);
    assert_eq!(floor.engineer.client.post(own, &why).await.must(201), stopped, "it was stopped for that already");
    let listed = floor.support.client.get(all).await.must(200);
    assert_eq!(listed["items"], json!([stopped]));
    assert_eq!(floor.outsider.client.get(all).await.must(200)["items"], json!([]));
    let blocked = floor.promote(&floor.engineer.client, "1.0.1", "canary").await.refused(423);
    assert!(blocked["detail"].as_str().is_some_and(|why| why.contains("An outage elsewhere.")), "{blocked}");
    let plan = floor.support.client.get(&format!("{}/deployments/plan?env=production", at("kiosk", "1.0.1"))).await;
    assert_eq!(plan.must(200)["stopped"], "An outage elsewhere.");
    floor.engineer.client.withdraw(own, &why).await.must(204);
    floor.engineer.client.withdraw(own, &why).await.must(204);

    let id = floor.at_five_percent().await;
    floor.house.admin().post(all, &why).await.must(201);
    assert_eq!(floor.outsider.client.get(all).await.must(200)["items"][0]["product"], "*");
    floor.house.clock.advance(chrono::Duration::hours(3));
    floor.steer(&id, "abort", &json!({})).await.must(200);
    floor.comes_to(&id, "rolled_back").await;
    floor.engineer.client.withdraw(all, &why).await.refused(403);
    floor.house.admin().withdraw(all, &why).await.must(204);
    assert_eq!(floor.house.admin().get(all).await.must(200)["items"], json!([]));
}
