//! Items of checklists, messages and the planned time.

use crate::house::{Client, House, Stage, at};
use http::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

fn to(rest: &str) -> String {
    format!("{}{rest}", at("shop", "1.0.0"))
}

fn item(list: &str, item: &str) -> String {
    to(&format!("/checklists/{list}/{item}"))
}

async fn shown(by: &Client) -> Value {
    by.get(&to("")).await.must(200)
}

#[tokio::test]
async fn ticked_by_a_person_at_a_time_and_opened_again() {
    let stage = Stage::set().await;
    let support = &stage.support;
    let done = support.client.post(&item("manual_qa", "login"), &json!({ "state": "done" })).await.must(201);
    assert_eq!((&done["id"], &done["state"], &done["by"]), (&json!("login"), &json!("done"), &json!(support.id)));
    assert!(done["at"].is_string() && done["watched"] == false);
    let aside = json!({ "state": "not_applicable", "reason": "There are none." });
    let aside = support.client.post(&item("manual_qa", "agents"), &aside).await.must(201);
    assert_eq!((&aside["state"], &aside["reason"]), (&json!("not_applicable"), &json!("There are none.")));
    support.client.post(&item("manual_qa", "login"), &json!({ "state": "open" })).await.must(201);
    let release = shown(&support.client).await;
    let list = release["checklists"].as_array().and_then(|l| l.iter().find(|l| l["id"] == "manual_qa")).expect("it");
    let states: Vec<&str> =
        list["items"].as_array().expect("items").iter().filter_map(|i| i["state"].as_str()).collect();
    assert_eq!(states, ["open", "not_applicable", "open", "open", "open"]);
}

#[tokio::test]
async fn refused_by_field() {
    let stage = Stage::set().await;
    let by = &stage.engineer.client;
    let seq = stage.house.seq();
    by.post(&item("manual_qa", "login"), &json!({ "state": "not_applicable" })).await.refused_field(422, "reason");
    let blank = json!({ "state": "not_applicable", "reason": "  " });
    by.post(&item("manual_qa", "login"), &blank).await.refused_field(422, "reason");
    by.post(&item("manual_qa", "login"), &json!({ "state": "finished" })).await.refused_field(422, "state");
    by.post(&item("release_day", "load"), &json!({ "state": "done" })).await.refused_field(422, "evidence");
    let desk = json!({ "state": "done", "evidence": "my desk" });
    by.post(&item("release_day", "load"), &desk).await.refused_field(422, "evidence");
    for (list, id) in [("manual_qa", "nothing"), ("nothing", "login"), ("No!", "login"), ("manual_qa", "No!")] {
        by.post(&item(list, id), &json!({ "state": "done" })).await.refused(404);
    }
    // Pilothouse sees to these itself; what is wrong with the request comes before that.
    let watched = by.post(&item("pre_release", "ci_green"), &json!({ "state": "done" })).await.refused(409);
    assert!(watched["detail"].as_str().is_some_and(|why| why.contains("has not been reported")), "{watched}");
    let long = json!({ "state": "done", "evidence": "x".repeat(2_001) });
    by.post(&item("pre_release", "ci_green"), &long).await.refused_field(422, "evidence");
    assert_eq!(stage.house.seq(), seq);
    let link = json!({ "state": "done", "evidence": "https://example.org/load" });
    by.post(&item("release_day", "load"), &link).await.must(201);
    by.post(&to("/cancellation"), &json!({ "reason": "Enough." })).await.must(201);
    by.post(&item("manual_qa", "login"), &json!({ "state": "done" })).await.refused(409);
    by.post(&item("manual_qa", "login"), &json!({ "state": "not_applicable" })).await.refused_field(422, "reason");
}

#[tokio::test]
async fn messages_are_marked_as_sent_and_tick_what_waits_for_them() {
    let stage = Stage::set().await;
    let by = &stage.support.client;
    let body = json!({ "message": "freeze", "text": "The code is frozen." });
    by.post(&to("/messages"), &body).await.must(201);
    let release = shown(by).await;
    assert_eq!(release["messages"][0]["text"], "The code is frozen.");
    let gate = release["gates"].as_array().and_then(|g| g.iter().find(|g| g["id"] == "freeze_announced")).expect("it");
    assert_eq!(gate["state"], "met");
    let seq = stage.house.seq();
    by.post(&to("/messages"), &json!({ "message": "nothing", "text": "x" })).await.refused_field(422, "message");
    by.post(&to("/messages"), &json!({ "message": "hotfix_done", "text": "x" })).await.refused_field(422, "message");
    by.post(&to("/messages"), &json!({ "message": "freeze", "text": "" })).await.refused_field(422, "text");
    let odd = json!({ "message": "freeze", "channel": "pigeon", "text": "x" });
    by.post(&to("/messages"), &odd).await.refused_field(422, "channel");
    assert_eq!(stage.house.seq(), seq);
}

#[tokio::test]
async fn lists_are_due_by_the_plan() {
    let stage = Stage::set().await;
    let by = &stage.engineer.client;
    let put = async |body: Value| by.send(Method::PUT, &to("/schedule"), body.to_string().into()).await;
    let due = async || shown(by).await["checklists"][0]["due"].clone();
    assert_eq!(due().await, Value::Null);
    put(json!({ "at": "2025-10-10T12:00:00Z" })).await.must(200);
    assert_eq!(shown(by).await["planned_at"], "2025-10-10T12:00:00Z");
    assert!(due().await.is_string());
    put(json!({ "at": "2020-01-01T00:00:00Z" })).await.refused_field(422, "at");
    put(json!({ "at": "2999-01-01T00:00:00Z" })).await.refused_field(422, "at");
    put(json!({ "at": "soon" })).await.refused_field(422, "at");
    put(json!({ "at": null })).await.must(200);
    assert_eq!(due().await, Value::Null);
}

#[tokio::test]
async fn repetitions_count_once() {
    let stage = Stage::set().await;
    let cases = [
        (Method::POST, item("manual_qa", "login"), json!({ "state": "done" }), 201),
        (Method::POST, to("/messages"), json!({ "message": "freeze", "text": "Frozen." }), 201),
        (Method::PUT, to("/schedule"), json!({ "at": "2025-10-10T12:00:00Z" }), 200),
    ];
    for (n, (method, path, body, status)) in cases.into_iter().enumerate() {
        let by = stage.engineer.client.clone().with("idempotency-key", &format!("tick {n}"));
        let first = by.send(method.clone(), &path, body.to_string().into()).await.must(status);
        let seq = stage.house.seq();
        let again = by.send(method, &path, body.to_string().into()).await;
        assert_eq!(again.header("idempotency-replayed"), "true", "{path}");
        assert_eq!((again.must(status), stage.house.seq()), (first, seq), "{path}");
    }
}

/// Three hundred at the same moment, of different kinds, by several people: nothing is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn three_hundred_at_once_lose_nothing() {
    let stage = Stage::on(House::on_disk().await).await;
    let people = [&stage.engineer, &stage.lead, &stage.manager, &stage.support];
    let mut asks = JoinSet::new();
    for n in 0..300_usize {
        let by = people[n % people.len()].client.clone();
        let (path, body) = match n % 3 {
            0 => (to("/holds"), json!({ "env": "production", "reason": format!("Reason {n}") })),
            1 => (to("/messages"), json!({ "message": "freeze", "text": format!("Words {n}") })),
            _ => {
                let items = ["login", "agents", "workflows", "dashboard", "key_features"];
                let body = json!({ "state": "done", "evidence": format!("Tick {n}") });
                (item("manual_qa", items[n / 3 % 5]), body)
            }
        };
        asks.spawn(async move { (n, by.post(&path, &body).await) });
    }
    let before = stage.house.seq();
    let mut holds = std::collections::BTreeSet::new();
    for (n, answer) in asks.join_all().await {
        let body = answer.must(201);
        if n % 3 == 0 {
            assert_eq!(body["reason"], format!("Reason {n}"), "one's own hold is shown");
            assert!(holds.insert(body["id"].as_u64()), "each hold has a number of its own");
        }
    }
    let release = shown(&stage.support.client).await;
    let count = |field: &str| release[field].as_array().map_or(0, Vec::len);
    assert_eq!((count("holds"), count("messages"), holds.len()), (100, 100, 100));
    let list = release["checklists"].as_array().and_then(|l| l.iter().find(|l| l["id"] == "manual_qa")).expect("it");
    assert!(list["items"].as_array().is_some_and(|items| items.iter().all(|i| i["state"] == "done")));
    assert!(stage.house.seq() >= before, "the record goes on");
    let timeline = stage.support.client.get(&to("/timeline?limit=100")).await.must(200);
    assert!(timeline["next_cursor"].is_string(), "hundreds of events");
}
