//! Requests that arrive more than once and take effect once.

use crate::house::{Client, House, Stage, approval, at};
use http::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tokio::task::JoinSet;

const KEY: &str = "idempotency-key";

/// The same request by many at the same moment, each on a task of its own.
async fn together(client: &Client, method: Method, path: &str, body: &Value) -> Vec<(u16, Value, bool)> {
    let mut asks = JoinSet::new();
    for _ in 0..20 {
        let (client, method, path, body) = (client.clone(), method.clone(), path.to_owned(), body.to_string());
        asks.spawn(async move {
            let answer = client.send(method, &path, body.into()).await;
            let again = answer.header("idempotency-replayed") == "true";
            (answer.status, answer.body, again)
        });
    }
    asks.join_all().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_at_once_have_one_effect_and_one_answer() {
    let stage = Stage::on(House::on_disk().await).await;
    let admin = stage.house.admin();
    let release = at("shop", "1.0.0");
    let cases: Vec<(Client, Method, String, Value, u16)> = vec![
        (admin.clone(), Method::POST, "/users".into(), json!({ "name": "Ann", "email": "ann@example.org" }), 201),
        (admin.clone(), Method::POST, "/tokens".into(), json!({ "user": stage.tess.id, "scopes": ["*"] }), 201),
        (admin.clone(), Method::POST, "/products".into(), json!({ "slug": "b", "name": "B", "playbook": "orca" }), 201),
        (
            admin.clone(),
            Method::POST,
            format!("/users/{}/roles", stage.tess.id),
            json!({ "product": "shop", "role": "on_call" }),
            200,
        ),
        (
            admin,
            Method::DELETE,
            format!("/users/{}/roles/shop/on_call", stage.tess.id),
            Value::Object(serde_json::Map::new()),
            200,
        ),
        (
            stage.tess.client.clone(),
            Method::POST,
            format!("/users/{}/stand-ins", stage.tess.id),
            json!({ "product": "shop", "role": "support", "substitute": stage.outsider.id,
                "from": "2025-10-01T00:00:00Z", "until": "2025-11-01T00:00:00Z" }),
            200,
        ),
        (
            stage.engineer.client.clone(),
            Method::POST,
            "/products/shop/releases".into(),
            json!({ "bump": "patch", "title": "Once" }),
            201,
        ),
        (
            stage.manager.client.clone(),
            Method::POST,
            format!("{release}/approvals"),
            approval("product_manager", &stage.digest),
            201,
        ),
        (stage.engineer.client.clone(), Method::PATCH, release.clone(), json!({ "title": "Once" }), 200),
        (
            stage.engineer.client.clone(),
            Method::POST,
            format!("{release}/cancellation"),
            json!({ "reason": "Enough." }),
            201,
        ),
    ];
    for (n, (client, method, path, body, status)) in cases.into_iter().enumerate() {
        let client = client.with(KEY, &format!("key {n}"));
        let before = stage.house.seq();
        let answers = together(&client, method.clone(), &path, &body).await;
        let recorded = stage.house.seq() - before;
        let (_, first, _) = answers[0].clone();
        assert!(answers.iter().all(|(s, body, _)| *s == status && *body == first), "{method} {path}: {answers:?}");
        assert_eq!(answers.iter().filter(|(_, _, again)| !again).count(), 1, "{method} {path}: one was the first");
        assert!((1..=2).contains(&recorded), "{method} {path}: {recorded} events");
        // Long afterwards, too, and with everything changed in between.
        let later = client.send(method, &path, body.to_string().into()).await;
        assert_eq!(later.header("idempotency-replayed"), "true");
        assert!(later.headers.contains_key("x-pilothouse-seq"));
        assert_eq!(later.must(status), first);
        assert_eq!(stage.house.seq() - before, recorded);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_a_key_every_request_counts() {
    let stage = Stage::set().await;
    let body = json!({ "bump": "patch" });
    let answers = together(&stage.engineer.client, Method::POST, "/products/shop/releases", &body).await;
    let versions: BTreeSet<String> = answers.iter().map(|(_, body, _)| body["version"].to_string()).collect();
    assert_eq!(versions.len(), 20, "each has a number of its own: {versions:?}");
}

#[tokio::test]
async fn a_key_belongs_to_one_request_of_one_person() {
    let stage = Stage::set().await;
    let path = "/products/shop/releases";
    let (engineer, lead) = (stage.engineer.client.clone().with(KEY, "k"), stage.lead.client.clone().with(KEY, "k"));
    let first = engineer.post(path, &json!({ "bump": "patch" })).await.must(201);
    engineer.post(path, &json!({ "bump": "minor" })).await.refused_field(422, "Idempotency-Key");
    engineer.patch(&at("shop", "1.0.0"), &json!({ "title": "A" })).await.refused_field(422, "Idempotency-Key");
    let other = lead.post(path, &json!({ "bump": "patch" })).await.must(201);
    assert_ne!(first["version"], other["version"], "somebody else's key is another one");
    // The same person with another token is the same asker.
    let token = stage.house.token(&stage.house.admin(), &stage.engineer.id, &["*"]).await;
    let same = stage.house.with_token(&token).with(KEY, "k").post(path, &json!({ "bump": "patch" })).await.must(201);
    assert_eq!(first, same);
    for key in ["", &"x".repeat(201)] {
        let wrong = stage.engineer.client.clone().with(KEY, key);
        wrong.post(path, &json!({ "bump": "patch" })).await.refused_field(422, "Idempotency-Key");
    }
}

/// A refusal changed nothing, so the same key may be tried again once things are better.
#[tokio::test]
async fn refusals_are_not_kept() {
    let stage = Stage::set().await;
    let client = stage.engineer.client.clone().with(KEY, "k");
    let body = json!({ "version": "1.0.0" });
    client.post("/products/shop/releases", &body).await.refused(409);
    client.post("/products/shop/releases", &json!({ "version": "1.0.5" })).await.must(201);
}

/// Rights are looked at again: a kept answer is for those who still may ask.
#[tokio::test]
async fn a_kept_answer_is_no_way_around_rights() {
    let stage = Stage::set().await;
    let ada = stage.ada.client.clone().with(KEY, "k");
    let body = json!({ "user": stage.tess.id, "scopes": ["*"] });
    ada.post("/tokens", &body).await.must(201);
    let path = format!("/users/{}/roles/*/administrator", stage.ada.id);
    stage.house.admin().delete(&path).await.must(200);
    ada.post("/tokens", &body).await.refused(403);
}
