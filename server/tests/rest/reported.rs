//! What CI, scanners and people report: taken, counted, shown by the gates; refused by field.

use crate::house::{Stage, at};
use serde_json::{Value, json};

const KEY: &str = "idempotency-key";

fn to(rest: &str) -> String {
    format!("{}{rest}", at("shop", "1.0.0"))
}

/// A gate before an environment, as the release shows it.
async fn gate(stage: &Stage, id: &str, env: &str) -> Value {
    let shown = stage.support.client.get(&to("")).await.must(200);
    let gates = shown["gates"].as_array().expect("gates");
    let found = gates.iter().find(|g| g["id"] == id && g["env"] == env);
    found.unwrap_or_else(|| panic!("no {id} before {env} in {gates:?}")).clone()
}

#[tokio::test]
async fn checks_open_their_gate_and_each_says_what_is_missing() {
    let stage = Stage::set().await;
    let engineer = &stage.engineer.client;
    let before = gate(&stage, "ci_checks", "production").await;
    assert_eq!((&before["state"], &before["act"]["do"]), (&json!("unmet"), &json!("report")));
    for name in ["lint", "typecheck", "test", "build"] {
        let body = json!({ "name": name, "state": "passed", "url": "https://ci.example.org/1", "commit": "abc" });
        let shown = engineer.post(&to("/checks"), &body).await.must(201);
        assert_eq!(shown["about"], format!("check {name}"));
        assert!(shown["gates"].as_array().is_some_and(|gates| !gates.is_empty()));
    }
    for env in ["staging", "production"] {
        assert_eq!(gate(&stage, "ci_checks", env).await["state"], "met");
    }
    engineer.post(&to("/checks"), &json!({ "name": "test", "state": "failed" })).await.must(201);
    let after = gate(&stage, "ci_checks", "production").await;
    assert!(after["why"].as_str().is_some_and(|why| why.contains("test failed")), "{after}");
    let wrong = [
        (json!({ "name": "test", "state": "green" }), "state"),
        (json!({ "name": " ", "state": "passed" }), "name"),
        (json!({ "name": "test" }), "state"),
        (json!({ "name": "test", "state": "passed", "url": "javascript:alert(1)" }), "url"),
        (json!({ "name": "test", "state": "passed", "commit": "x".repeat(65) }), "commit"),
        (json!({ "name": "test", "state": "passed", "colour": "green" }), "colour"),
    ];
    let seq = stage.house.seq();
    for (body, field) in wrong {
        engineer.post(&to("/checks"), &body).await.refused_field(422, field);
    }
    engineer.post(&format!("{}/checks", at("shop", "7.7.7")), &json!({})).await.refused(404);
    assert_eq!(stage.house.seq(), seq);
    // The same words again are no news.
    engineer.post(&to("/checks"), &json!({ "name": "test", "state": "failed" })).await.must(201);
    assert_eq!(stage.house.seq(), seq);
}

#[tokio::test]
async fn scans_come_as_counts_or_as_sarif() {
    let stage = Stage::set().await;
    let engineer = &stage.engineer.client;
    let counts = json!({ "tool": "scanner", "findings": { "critical": 0, "high": 2 } });
    let shown = engineer.post(&to("/scans"), &counts).await.must(201);
    assert_eq!(shown["about"], "scan scanner");
    let driver = json!({ "name": "sast", "rules": [{ "id": "a", "properties": { "security-severity": "9.1" } }] });
    let run = json!({ "tool": { "driver": driver }, "results": [{ "ruleId": "a" }, { "level": "note" }] });
    let sarif = json!({ "sarif": { "version": "2.1.0", "runs": [run] } });
    engineer.post(&to("/scans"), &sarif).await.must(201);
    let world = stage.house.web.control.world();
    let release = world.releases_of(&"shop".parse().expect("a slug")).next().expect("there").clone();
    let stored = serde_json::to_value(&release.reports).expect("JSON");
    assert_eq!(stored[1]["report"]["findings"], json!({ "critical": 1, "low": 1 }), "{stored}");
    let broken = |runs: Value| json!({ "sarif": { "runs": runs } });
    let wrong = [
        (json!({}), "findings"),
        (json!({ "findings": {} }), "tool"),
        (json!({ "tool": "a", "findings": {}, "sarif": {} }), "sarif"),
        (json!({ "tool": "a", "findings": { "awful": 1 } }), "findings.awful"),
        (json!({ "tool": "a", "findings": { "high": -1 } }), "findings.high"),
        (broken(json!([])), "sarif.runs"),
        (broken(json!([{ "tool": {} }])), "sarif.runs[0].tool.driver.name"),
        (broken(json!([{ "tool": { "driver": { "name": "a" } } }])), "sarif.runs[0].results"),
    ];
    let seq = stage.house.seq();
    for (body, field) in wrong {
        let problem = engineer.post(&to("/scans"), &body).await.refused(422);
        let named = problem["field"].as_str().expect("a field");
        assert!(named == field || field.starts_with(named) && !named.is_empty(), "{field}: {problem}");
    }
    assert_eq!(stage.house.seq(), seq);
}

#[tokio::test]
async fn people_vouch_with_their_tick_and_machines_with_authorship() {
    let stage = Stage::set().await;
    let (engineer, support) = (&stage.engineer.client, &stage.support.client);
    let plan = json!({ "about": "rollback_plan", "plan": "Deploy 0.9.0.", "tested": false });
    support.post(&to("/reports"), &plan).await.must(201);
    assert_eq!(gate(&stage, "rollback_plan", "production").await["state"], "met");
    support.post(&to("/reports"), &json!({ "about": "branch", "up_to_date": true })).await.refused(403);
    let all = [
        json!({ "about": "reviews", "approved": 2 }),
        json!({ "about": "branch", "up_to_date": true }),
        json!({ "about": "commits", "total": 3, "nonconforming": ["wip"] }),
        json!({ "about": "ticket", "id": "CHG-1", "url": "https://tickets.example.org/1" }),
        json!({ "about": "benchmarks", "met": true, "note": "" }),
        json!({ "about": "backup", "note": "Last night's." }),
        json!({ "about": "migrations", "steps": [{ "name": "1", "step": "expand", "applied": true }] }),
        json!({ "about": "flags_configured", "note": "" }),
        json!({ "about": "slo_budget", "left": "12 %" }),
        json!({ "about": "vulnerability", "id": "CVE-1", "score": "7.5", "known_at": "2025-10-01T00:00:00Z" }),
    ];
    for body in all {
        engineer.post(&to("/reports"), &body).await.must(201);
    }
    let wrong = [
        (json!({ "about": "weather" }), None),
        (json!({ "about": "reviews", "approved": 256 }), None),
        (json!({ "about": "reviews", "approved": 2, "colour": "red" }), None),
        (json!({ "about": "ticket", "id": "CHG-1", "url": "" }), Some("url")),
        (json!({ "about": "backup", "note": "" }), Some("note")),
        (json!({ "about": "slo_budget", "left": "12%" }), None),
        (
            json!({ "about": "vulnerability", "id": "CVE-2", "score": "7.5", "known_at": "2099-01-01T00:00:00Z" }),
            Some("known_at"),
        ),
        (json!({ "about": "signature", "artifact": "none", "signer": "ci" }), Some("artifact")),
        (json!({ "about": "evidence", "id": "none", "note": "x" }), Some("id")),
    ];
    let seq = stage.house.seq();
    for (body, field) in wrong {
        let problem = engineer.post(&to("/reports"), &body).await.refused(422);
        assert!(problem["field"].is_string() && field.is_none_or(|field| problem["field"] == field), "{problem}");
    }
    assert_eq!(stage.house.seq(), seq);
}

#[tokio::test]
async fn nothing_is_reported_on_what_was_cancelled_and_a_repetition_counts_once() {
    let stage = Stage::set().await;
    let keyed = |n: u8| stage.engineer.client.clone().with(KEY, &format!("report {n}"));
    let cases = [
        ("/checks", json!({ "name": "test", "state": "running" })),
        ("/scans", json!({ "tool": "a", "findings": { "low": 3 } })),
        ("/reports", json!({ "about": "reviews", "approved": 1 })),
    ];
    for (n, (path, body)) in (0..).zip(&cases) {
        let first = keyed(n).post(&to(path), body).await.must(201);
        let seq = stage.house.seq();
        let again = keyed(n).post(&to(path), body).await;
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!((again.must(201), stage.house.seq()), (first, seq));
    }
    stage.engineer.client.post(&to("/cancellation"), &json!({ "reason": "Enough." })).await.must(201);
    for (path, body) in &cases {
        stage.engineer.client.post(&to(path), body).await.refused(409);
    }
}
