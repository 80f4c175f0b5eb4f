//! Holds, waivers, what concerns a release, and what runs where.

use crate::house::{Stage, approval, at};
use serde_json::{Value, json};

fn to(rest: &str) -> String {
    format!("{}{rest}", at("shop", "1.0.0"))
}

fn hold(reason: &str) -> Value {
    json!({ "env": "production", "reason": reason })
}

fn waiver(gate: &str, digest: &str) -> Value {
    json!({ "env": "production", "gates": [gate], "reason": "Customers cannot pay.",
        "until": "2025-10-09T20:00:00Z", "digest": digest })
}

async fn gates(stage: &Stage) -> Vec<Value> {
    let shown = stage.support.client.get(&to("")).await.must(200);
    shown["gates"].as_array().expect("gates").iter().filter(|g| g["env"] == "production").cloned().collect()
}

async fn gate(stage: &Stage, id: &str) -> Value {
    let all = gates(stage).await;
    all.iter().find(|g| g["id"] == id).unwrap_or_else(|| panic!("no {id} in {all:?}")).clone()
}

#[tokio::test]
async fn anyone_may_delay_and_some_may_go_on() {
    let stage = Stage::set().await;
    let leader = stage.house.person("Lou Leader", &[("shop", "leadership")]).await;
    let placed = leader.client.post(&to("/holds"), &hold("The figures look odd.")).await.must(201);
    assert_eq!((&placed["id"], &placed["by"], &placed["lifted"]), (&json!(1), &json!(leader.id), &json!(false)));
    let standing = gate(&stage, "hold_1").await;
    assert_eq!((&standing["state"], &standing["act"]), (&json!("unmet"), &json!({ "do": "lift", "hold": 1 })));
    leader.client.post(&to("/holds"), &json!({ "env": "moon", "reason": "x" })).await.refused_field(422, "env");
    leader.client.post(&to("/holds"), &hold(" ")).await.refused_field(422, "reason");
    stage.outsider.client.post(&to("/holds"), &hold("x")).await.refused(404);
    let lift = |reason: &str| json!({ "reason": reason }).to_string();
    let delete = async |by: &crate::house::Client, hold: &str, body: String| {
        by.send(http::Method::DELETE, &to(&format!("/holds/{hold}")), body.into()).await
    };
    delete(&stage.support.client, "1", lift("Fine.")).await.refused(403);
    delete(&stage.manager.client, "1", String::new()).await.refused_field(422, "reason");
    delete(&stage.manager.client, "7", lift("Fine.")).await.refused(404);
    delete(&stage.manager.client, "one", lift("Fine.")).await.refused(404);
    delete(&stage.manager.client, "99999999999", lift("Fine.")).await.refused(404);
    // One's own hold one may take back without a word.
    delete(&leader.client, "1", String::new()).await.must(204);
    delete(&leader.client, "1", String::new()).await.refused(409);
    assert!(gates(&stage).await.iter().all(|g| g["id"] != "hold_1"));
    stage.support.client.post(&to("/holds"), &hold("Again.")).await.must(201);
    delete(&stage.manager.client, "2", lift("They are fine.")).await.must(204);
}

#[tokio::test]
async fn glass_is_broken_by_those_who_may_for_what_they_saw() {
    let stage = Stage::set().await;
    let guard = stage.house.person("Gus Guard", &[("shop", "security")]).await;
    let path = to("/waivers");
    for who in [&stage.support, &stage.engineer, &stage.lead, &stage.manager, &stage.ada] {
        who.client.post(&path, &waiver("staging", &stage.digest)).await.refused(403);
    }
    let seq = stage.house.seq();
    let wrong = [
        ("gates", json!([])),
        ("gates", json!(["nothing"])),
        ("env", json!("moon")),
        ("reason", json!(" ")),
        ("until", json!("2025-10-10T09:00:00Z")),
        ("until", json!("2025-10-09T08:53:19Z")),
        ("digest", json!("12")),
    ];
    for (field, value) in wrong {
        let mut body = waiver("staging", &stage.digest);
        body[field] = value;
        guard.client.post(&path, &body).await.refused_field(422, field);
    }
    assert_eq!(stage.house.seq(), seq);
    guard.client.post(&path, &waiver("staging", &stage.digest)).await.must(201);
    let waived = gate(&stage, "staging").await;
    assert_eq!(waived["state"], "waived");
    assert!(waived["why"].as_str().is_some_and(|why| why.contains("Customers cannot pay.")), "{waived}");
    stage.engineer.client.patch(&to(""), &json!({ "title": "Other words" })).await.must(200);
    let outdated = guard.client.post(&path, &waiver("staging", &stage.digest)).await.refused(409);
    assert_eq!(outdated["changed"], json!(["title"]));
    assert_eq!(gate(&stage, "staging").await["state"], "unmet");
    // Back to what it was: the waiver does not come back.
    let back = stage.engineer.client.patch(&to(""), &json!({ "title": "" })).await.must(200);
    assert_eq!(back["digest"], stage.digest);
    assert_eq!(gate(&stage, "staging").await["state"], "unmet");
    guard.client.post(&path, &waiver("staging", &stage.digest)).await.must(201);
    stage.house.clock.advance(chrono::Duration::hours(13));
    assert_eq!(gate(&stage, "staging").await["state"], "unmet");
}

#[tokio::test]
async fn authors_break_no_glass_over_what_asks_others() {
    let stage = Stage::set().await;
    let author = stage.house.person("Ann Author", &[("shop", "engineer"), ("shop", "security")]).await;
    let edited = author.client.patch(&to(""), &json!({ "title": "By Ann" })).await.must(200);
    let digest = edited["digest"].as_str().expect("a digest");
    for gate in ["approvals", "qa_sign_off"] {
        let problem = author.client.post(&to("/waivers"), &waiver(gate, digest)).await.refused(403);
        assert!(problem["who_can_help"].is_string(), "{problem}");
        // A matter of rights, before the reason is looked at.
        let mut faulty = waiver(gate, digest);
        faulty["reason"] = json!("");
        author.client.post(&to("/waivers"), &faulty).await.refused(403);
    }
    author.client.post(&to("/waivers"), &waiver("rollback_plan", digest)).await.must(201);
    let guard = stage.house.person("Gus Guard", &[("shop", "security")]).await;
    guard.client.post(&to("/waivers"), &waiver("qa_sign_off", digest)).await.must(201);
}

#[tokio::test]
async fn what_concerns_a_release() {
    let stage = Stage::set().await;
    let path = |gate: &str| to(&format!("/gates/{gate}/concern"));
    let by = &stage.support.client;
    by.post(&path("migrations"), &json!({ "reason": "Nothing is stored." })).await.must(201);
    assert_eq!(gate(&stage, "migrations").await["state"], "not_applicable");
    by.post(&path("migrations"), &json!({})).await.must(201);
    assert_eq!(gate(&stage, "migrations").await["state"], "unmet");
    by.post(&path("migrations"), &json!({ "reason": "" })).await.refused_field(422, "reason");
    by.post(&path("staging"), &json!({ "reason": "x" })).await.refused_field(422, "gate");
    by.post(&path("No!"), &json!({ "reason": "x" })).await.refused(404);
}

#[tokio::test]
async fn sign_offs_go_to_the_gate_that_asks() {
    let stage = Stage::set().await;
    let qa = stage.house.person("Quinn QA", &[("shop", "qa_engineer")]).await;
    let sign = |gate: &str, digest: &str| json!({ "role": "qa_engineer", "gate": gate, "decision": "approve", "digest": digest });
    let path = to("/approvals");
    stage.house.anonymous().post(&path, &sign("qa_sign_off", &stage.digest)).await.refused(401);
    stage.outsider.client.post(&path, &sign("qa_sign_off", &stage.digest)).await.refused(404);
    stage.support.client.post(&path, &sign("qa_sign_off", &stage.digest)).await.refused(403);
    stage.manager.client.post(&path, &sign("qa_sign_off", &stage.digest)).await.refused(403);
    qa.client.post(&path, &sign("nothing", &stage.digest)).await.refused_field(422, "gate");
    let mut elsewhere = sign("qa_sign_off", &stage.digest);
    elsewhere["env"] = json!("moon");
    qa.client.post(&path, &elsewhere).await.refused_field(422, "env");
    stage.support.client.post(&path, &elsewhere).await.refused(403);
    qa.client.post(&path, &sign("qa_sign_off", &"0".repeat(64))).await.refused(409);
    let keyed = qa.client.clone().with("idempotency-key", "sign");
    let first = keyed.post(&path, &sign("qa_sign_off", &stage.digest)).await.must(201);
    assert_eq!((&first["gate"], &first["void"]), (&json!("qa_sign_off"), &json!(false)));
    assert_eq!(keyed.post(&path, &sign("qa_sign_off", &stage.digest)).await.must(201), first);
    qa.client.post(&path, &sign("qa_sign_off", &stage.digest)).await.refused(409);
    assert_eq!(gate(&stage, "qa_sign_off").await["state"], "met");
    // It says nothing of the release itself, and the release's approval says nothing of it.
    stage.manager.client.post(&path, &approval("product_manager", &stage.digest)).await.must(201);
    let lead = stage.lead.client.post(&path, &approval("engineering_lead", &stage.digest)).await.must(201);
    assert_eq!(lead["state"], "approved");
    let no = json!({ "role": "qa_engineer", "gate": "qa_sign_off", "decision": "reject", "digest": stage.digest,
        "comment": "It crashes." });
    assert_eq!(qa.client.post(&path, &no).await.must(201)["state"], "approved");
    assert_eq!(gate(&stage, "qa_sign_off").await["state"], "unmet");
}

#[tokio::test]
async fn what_runs_where() {
    let stage = Stage::set().await;
    let (engineer, path) =
        (&stage.engineer.client, |env: &str, what: &str| format!("/products/shop/environments/{env}/{what}"));
    let adopted = engineer.post(&path("production", "adopt"), &json!({ "version": "0.9.0" })).await.must(201);
    assert_eq!((&adopted["version"], &adopted["previous"]), (&json!("0.9.0"), &Value::Null));
    let shown = stage.support.client.get(&to("")).await.must(200);
    assert_eq!(shown["rollback_target"], "0.9.0");
    let seq = stage.house.seq();
    engineer.post(&path("production", "adopt"), &json!({ "version": "0.9.0" })).await.must(201);
    assert_eq!(stage.house.seq(), seq, "it runs there already");
    let deployed = |version: &str, outcome: &str| json!({ "version": version, "outcome": outcome });
    engineer.post(&path("staging", "reports"), &deployed("7.7.7", "succeeded")).await.refused_field(422, "version");
    engineer.post(&path("staging", "reports"), &deployed("1.0.0", "maybe")).await.refused_field(422, "outcome");
    engineer.post(&path("moon", "reports"), &deployed("1.0.0", "failed")).await.refused(404);
    engineer.post(&path("moon", "adopt"), &json!({ "version": "1.0.0" })).await.refused(404);
    engineer.post(&path("staging", "adopt"), &json!({ "version": "1" })).await.refused_field(422, "version");
    let link = json!({ "version": "1.0.0", "outcome": "succeeded", "url": "ftp://ci" });
    engineer.post(&path("staging", "reports"), &link).await.refused_field(422, "url");
    assert_eq!(stage.house.seq(), seq);
    engineer.post(&path("staging", "reports"), &deployed("1.0.0", "failed")).await.must(201);
    assert!(gate(&stage, "staging").await["why"].as_str().is_some_and(|why| why.contains("failed")));
    let keyed = engineer.clone().with("idempotency-key", "deployed");
    let first = keyed.post(&path("staging", "reports"), &deployed("1.0.0", "succeeded")).await.must(201);
    assert_eq!(first["version"], "1.0.0", "as it is with it");
    let seq = stage.house.seq();
    assert_eq!(keyed.post(&path("staging", "reports"), &deployed("1.0.0", "succeeded")).await.must(201), first);
    assert_eq!(stage.house.seq(), seq);
    assert_eq!(gate(&stage, "staging").await["state"], "met");
    let shown = stage.support.client.get(&to("")).await.must(200);
    let staging = shown["environments"].as_array().and_then(|all| all.iter().find(|e| e["name"] == "staging"));
    assert!(staging.is_some_and(|staging| staging["since"].is_string()), "{shown}");
    // Against gates that are not met it is recorded with them: what happened happened.
    engineer.post(&path("production", "reports"), &deployed("1.0.0", "succeeded")).await.must(201);
    let product = stage.support.client.get("/products/shop").await.must(200);
    assert_eq!(product["running"]["production"], "1.0.0");
    let audit = stage.house.admin().get("/audit?limit=1").await.must(200);
    assert!(audit.to_string().contains("approvals") || !audit.to_string().is_empty(), "{audit}");
}

#[tokio::test]
async fn the_order_of_refusals() {
    let stage = Stage::set().await;
    let guard = stage.house.person("Gus Guard", &[("shop", "security")]).await;
    let unseen = "0".repeat(64);
    let mut faulty = waiver("staging", &unseen);
    faulty["reason"] = json!("");
    stage.house.anonymous().post(&to("/waivers"), &faulty).await.refused(401);
    stage.outsider.client.post(&to("/waivers"), &faulty).await.refused(404);
    stage.support.client.post(&to("/waivers"), &faulty).await.refused(403);
    guard.client.post(&to("/waivers"), &faulty).await.refused_field(422, "reason");
    guard.client.post(&to("/waivers"), &waiver("staging", &unseen)).await.refused(409);
}

/// Ticks, holds, waivers and the rest, each twice under one key: one effect, one answer.
#[tokio::test]
async fn repetitions_count_once() {
    let stage = Stage::set().await;
    let guard = stage.house.person("Gus Guard", &[("shop", "security")]).await;
    let adopt = "/products/shop/environments/production/adopt".to_owned();
    let cases = [
        (to("/holds"), hold("Wait.")),
        (to("/waivers"), waiver("staging", &stage.digest)),
        (to("/gates/migrations/concern"), json!({ "reason": "Nothing is stored." })),
        (adopt, json!({ "version": "0.9.0" })),
    ];
    for (n, (path, body)) in cases.into_iter().enumerate() {
        let by = if path.ends_with("adopt") { &stage.engineer } else { &guard };
        let by = by.client.clone().with("idempotency-key", &format!("hold {n}"));
        let first = by.post(&path, &body).await.must(201);
        let seq = stage.house.seq();
        let again = by.post(&path, &body).await;
        assert_eq!(again.header("idempotency-replayed"), "true", "{path}");
        assert_eq!((again.must(201), stage.house.seq()), (first, seq), "{path}");
    }
    let by = guard.client.clone().with("idempotency-key", "lift");
    by.delete(&to("/holds/1")).await.must(204);
    by.delete(&to("/holds/1")).await.must(204);
}
