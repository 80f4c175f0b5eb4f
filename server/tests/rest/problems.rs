//! Refusals of what cannot be understood: which field, what was found, what is allowed.

use crate::house::{Stage, at};
use axum::body::Body;
use http::Method;
use serde_json::json;

#[tokio::test]
async fn bodies_that_are_no_json() {
    let stage = Stage::set().await;
    for text in ["", "{", "nonsense", "[]", "{\"name\":\"a\"} x", "\u{0}", "{\"name\":1e999}"] {
        let answer = stage.house.admin().send(Method::POST, "/users", Body::from(text)).await;
        let problem = answer.refused(422);
        assert!(problem["field"].is_string() && problem["allowed"].is_string(), "{text:?}: {problem}");
    }
    let answer = stage.house.admin().send(Method::POST, "/users", Body::from(vec![0xff, 0xfe])).await;
    answer.refused_field(422, "body");
}

#[tokio::test]
async fn fields_are_named() {
    let stage = Stage::set().await;
    let admin = stage.house.admin();
    let problem = admin.post("/users", &json!({ "name": "A", "nmae": "B" })).await.refused_field(422, "nmae");
    assert!(problem["allowed"].as_str().is_some_and(|a| a.contains("name") && a.contains("email")), "{problem}");
    admin.post("/users", &json!({ "email": "a@example.org" })).await.refused_field(422, "name");
    let problem = admin.post("/users", &json!({ "name": 5 })).await.refused_field(422, "name");
    assert!(problem["found"].as_str().is_some_and(|found| found.contains('5')), "{problem}");
    let roles =
        json!({ "name": "A", "roles": [{ "product": "*", "role": "engineer" }, { "product": "*", "roel": "x" }] });
    admin.post("/users", &roles).await.refused_field(422, "roles[1].roel");
    admin.post("/users", &json!({ "name": "A", "email": "no address" })).await.refused_field(422, "email");
    admin.post("/users", &json!({ "name": " " })).await.refused_field(422, "name");
    admin.post("/users", &json!({ "name": "x".repeat(81) })).await.refused_field(422, "name");
    admin
        .post("/products", &json!({ "slug": "No!", "name": "A", "playbook": "orca" }))
        .await
        .refused_field(422, "slug");
    let problem = admin.post("/products", &json!({ "slug": "a", "name": "A", "playbook": "orka" })).await;
    let problem = problem.refused_field(422, "playbook");
    assert!(problem["allowed"].as_str().is_some_and(|a| a.contains("orca") && a.contains("mesh-os")), "{problem}");
}

#[tokio::test]
async fn unknown_words_are_answered_with_the_known_ones() {
    let stage = Stage::set().await;
    let (admin, engineer, manager) = (stage.house.admin(), &stage.engineer.client, &stage.manager.client);
    let allowed = |problem: serde_json::Value, words: &[&str]| {
        let text = problem["allowed"].as_str().expect("what is allowed").to_owned();
        assert!(words.iter().all(|word| text.contains(word)), "{problem}");
    };
    let problem = admin.post("/users", &json!({ "name": "A", "nature": "robot" })).await.refused_field(422, "nature");
    allowed(problem, &["human", "service"]);
    let problem = admin.post("/users", &json!({ "name": "A", "roles": [{ "product": "shop", "role": "boss" }] })).await;
    allowed(problem.refused_field(422, "role"), &["engineer", "administrator"]);
    let problem =
        admin.post("/users", &json!({ "name": "A", "roles": [{ "product": "shoop", "role": "engineer" }] })).await;
    allowed(problem.refused_field(422, "product"), &["shop"]);
    let body = json!({ "user": stage.tess.id, "scopes": ["fly"] });
    let problem = admin.post("/tokens", &body).await.refused(422);
    assert!(problem["detail"].as_str().is_some_and(|d| d.contains("fly") && d.contains("approve")), "{problem}");
    let problem = engineer.post("/products/shop/releases", &json!({ "bump": "tiny" })).await;
    allowed(problem.refused_field(422, "bump"), &["patch", "minor", "major"]);
    let problem = engineer.post("/products/shop/releases", &json!({ "bump": "patch", "kind": "epic" })).await;
    allowed(problem.refused_field(422, "kind"), &["patch", "hotfix"]);
    let path = format!("{}/approvals", at("shop", "1.0.0"));
    let body = json!({ "role": "product_manager", "decision": "maybe", "digest": stage.digest });
    allowed(manager.post(&path, &body).await.refused_field(422, "decision"), &["approve", "reject"]);
    let body = json!({ "role": "qa_engineer", "decision": "approve", "digest": stage.digest });
    allowed(manager.post(&path, &body).await.refused_field(422, "role"), &["product_manager", "engineering_lead"]);
    let body = json!({ "role": "product_manager", "env": "moon", "decision": "approve", "digest": stage.digest });
    allowed(manager.post(&path, &body).await.refused_field(422, "env"), &["staging", "production"]);
    let body = json!({ "role": "product_manager", "decision": "approve", "digest": "12" });
    manager.post(&path, &body).await.refused_field(422, "digest");
    let body = json!({ "role": "product_manager", "decision": "reject", "digest": stage.digest });
    manager.post(&path, &body).await.refused_field(422, "comment");
}

#[tokio::test]
async fn numbers_of_versions() {
    let stage = Stage::set().await;
    let create = async |body| stage.engineer.client.post("/products/shop/releases", &body).await;
    create(json!({})).await.refused_field(422, "bump");
    create(json!({ "bump": "patch", "version": "1.0.1" })).await.refused_field(422, "version");
    create(json!({ "version": "1.0" })).await.refused_field(422, "version");
    create(json!({ "version": "01.0.0" })).await.refused_field(422, "version");
    let problem = create(json!({ "version": "1.0.0" })).await.refused_field(409, "version");
    assert_eq!(problem["actual"], "1.0.0");
    assert_eq!(create(json!({ "version": "2.0.0-rc.1" })).await.must(201)["version"], "2.0.0-rc.1");
    assert_eq!(create(json!({ "bump": "major" })).await.must(201)["version"], "2.0.0");
}

#[tokio::test]
async fn artifacts_and_sizes() {
    let stage = Stage::set().await;
    let release = at("shop", "1.0.0");
    let edit = async |body| stage.engineer.client.patch(&release, &body).await;
    let sound = format!("sha256:{}", "b".repeat(64));
    let faulty = json!({ "artifacts": [{ "name": "a", "digest": sound }, { "name": "b", "digest": "md5:1" }] });
    edit(faulty).await.refused_field(422, "artifacts[1].digest");
    let twice = json!({ "artifacts": [{ "name": "a", "digest": sound }, { "name": "a", "digest": sound }] });
    edit(twice).await.refused_field(422, "artifacts[1].name");
    edit(json!({ "title": "x".repeat(201) })).await.refused_field(422, "title");
    edit(json!({ "plan": { "a": "x".repeat(70_000) } })).await.refused_field(422, "plan");
    edit(json!({ "plan": 5 })).await.refused_field(422, "plan");
    edit(json!({ "title": "x".repeat(2_000_000) })).await.refused(413);
    let before = stage.house.seq();
    let same = edit(json!({})).await.must(200);
    assert_eq!((&same["digest"], stage.house.seq()), (&json!(stage.digest), before), "nothing asked, nothing changed");
}

#[tokio::test]
async fn addresses_and_methods_that_are_none() {
    let stage = Stage::set().await;
    let admin = stage.house.admin();
    for path in
        ["/nothing", "/users/5", "/users/not-an-id", "/products/No!", "/products/shop/releases/1.x", "/playbooks/none"]
    {
        admin.get(path).await.refused(404);
    }
    admin.get("/products/shop/environments/moon").await.refused(404);
    admin.get("/products/shop/releases/9.9.9").await.refused(404);
    admin.get(&format!("/products/{}", "x".repeat(5_000))).await.refused(404);
    let answer = admin.send(Method::PUT, "/users", Body::empty()).await;
    answer.refused(405);
}
