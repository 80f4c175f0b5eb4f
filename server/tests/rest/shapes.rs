//! The fields that the outer contract promises, in every answer.

use crate::house::{House, Stage, approval, at};
use serde_json::{Value, json};

/// Every one of these fields is there.
#[track_caller]
fn has(value: &Value, fields: &[&str]) {
    let object = value.as_object().expect("an object");
    for field in fields {
        assert!(object.contains_key(*field), "no “{field}” in {value}");
    }
}

fn is_digest(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[tokio::test]
async fn people_and_tokens() {
    let house = House::new().await;
    let body = json!({ "name": "Ann", "email": "ann@example.org", "roles": [{ "product": "*", "role": "engineer" }] });
    let added = house.admin().post("/users", &body).await.must(201);
    let link = added["invite_url"].as_str().expect("a link");
    assert!(link.starts_with("http://127.0.0.1:7070/welcome/"), "{link}");
    let id = added["id"].as_str().expect("an id");
    let expires = "2026-01-01T00:00:00Z";
    let body = json!({ "user": id, "scopes": ["*"], "expires_at": expires });
    let issued = house.admin().post("/tokens", &body).await.must(201);
    has(&issued, &["id", "token"]);
    let token = issued["token"].as_str().expect("a token");
    assert!(token.starts_with("pilothouse_"), "{token}");

    let me = house.with_token(token).get("/me").await.must(200);
    assert_eq!((&me["id"], &me["name"], &me["token"]), (&json!(id), &json!("Ann"), &issued["id"]));
    let shown = house.admin().get(&format!("/users/{id}")).await.must(200);
    has(&shown, &["id", "name", "email", "nature", "roles", "stand_ins", "disabled", "erased", "added_at"]);
    assert_eq!(shown["roles"], json!([{ "product": "*", "role": "engineer" }]));
    let listed = house.with_token(token).get("/tokens").await.must(200);
    assert_eq!(listed["items"][0]["expires_at"], expires);
    assert!(!listed.to_string().contains(token), "a token is shown once");
    house.with_token(token).delete(&format!("/tokens/{}", issued["id"].as_str().expect("an id"))).await.must(204);
    house.with_token(token).get("/me").await.refused(401);

    let service = house.admin().post("/users", &json!({ "name": "CI", "nature": "service" })).await.must(201);
    assert_eq!(service["invite_url"], Value::Null, "services have no password");
}

#[tokio::test]
async fn products_and_playbooks() {
    let house = House::new().await;
    let playbooks = house.admin().get("/playbooks").await.must(200);
    let mut names: Vec<&str> =
        playbooks["items"].as_array().expect("items").iter().filter_map(|p| p["name"].as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["agentmesh", "mesh-os", "octoacme", "orca", "sarvanom"]);
    for name in names {
        let playbook = house.admin().get(&format!("/playbooks/{name}")).await.must(200);
        let roles: Vec<&str> =
            playbook["role"].as_array().expect("roles").iter().filter_map(|role| role["id"].as_str()).collect();
        for role in
            ["engineer", "support", "leadership", "engineering_lead", "product_manager", "qa_engineer", "security"]
        {
            assert!(roles.contains(&role), "{name} has no {role}");
        }
        let body =
            json!({ "slug": format!("on-{name}"), "name": "Some", "playbook": name, "repository": "file:///tmp/x" });
        let made = house.admin().post("/products", &body).await.must(201);
        has(&made, &["slug", "playbook", "playbook_revision", "environments"]);
        let environments = made["environments"].as_array().expect("environments");
        assert!(environments.iter().any(|env| env["name"] == "production"), "{made}");
        let shown = house.admin().get(&format!("/products/on-{name}")).await.must(200);
        assert_eq!(shown["running"]["production"], Value::Null);
        assert_eq!(shown["repository"], "file:///tmp/x");
    }
}

#[tokio::test]
async fn a_release_from_draft_to_approved() {
    let stage = Stage::set().await;
    let answer = stage.engineer.client.post("/products/shop/releases", &json!({ "bump": "minor" })).await;
    assert_eq!(answer.header("x-pilothouse-seq"), stage.house.seq().to_string());
    let made = answer.must(201);
    has(&made, &["product", "version", "kind", "state", "digest"]);
    assert_eq!((&made["version"], &made["kind"], &made["state"]), (&json!("1.1.0"), &json!("minor"), &json!("draft")));
    assert!(is_digest(&made["digest"]), "{made}");
    let release = at("shop", "1.1.0");

    let artifacts = json!([{ "name": "web", "digest": format!("sha256:{}", "a".repeat(64)) }]);
    let edit =
        json!({ "title": "Search", "artifacts": artifacts, "flags": { "search": true }, "plan": { "canary": 5 } });
    let edited = stage.engineer.client.patch(&release, &edit).await.must(200);
    assert!(is_digest(&edited["digest"]) && edited["digest"] != made["digest"], "{edited}");

    let empty =
        stage.engineer.client.send(http::Method::POST, &format!("{release}/approval-requests"), "".into()).await;
    assert_eq!(empty.must(201)["state"], "candidate");
    let digest = edited["digest"].as_str().expect("a digest");
    let path = format!("{release}/approvals");
    let first = stage.manager.client.post(&path, &approval("product_manager", digest)).await.must(201);
    has(&first, &["role", "env", "by", "decision", "digest", "at", "void"]);
    let expected = (&json!("production"), &json!("approve"), &json!(false), &json!("candidate"));
    assert_eq!((&first["env"], &first["decision"], &first["void"], &first["state"]), expected);
    assert_eq!(first["by"], stage.manager.id);
    let second = stage.lead.client.post(&path, &approval("engineering_lead", digest)).await.must(201);
    assert_eq!(second["state"], "approved");

    let shown = stage.support.client.get(&release).await.must(200);
    let lists = ["gates", "approvals", "checklists", "environments"];
    has(&shown, &["version", "kind", "state", "digest", "rollback_target"]);
    has(&shown, &lists);
    assert!(lists.iter().all(|list| shown[list].is_array()), "{shown}");
    assert_eq!((&shown["artifacts"], &shown["flags"]["search"]), (&artifacts, &json!(true)));
    for gate in shown["gates"].as_array().expect("gates") {
        has(gate, &["id", "env", "state", "why", "owner", "title", "act", "proofs"]);
    }
    let states: Vec<&str> =
        shown["gates"].as_array().into_iter().flatten().filter_map(|g| g["state"].as_str()).collect();
    assert!(states.contains(&"met") && states.contains(&"unmet"), "{states:?}");
    let given = shown["gates"].as_array().and_then(|all| all.iter().find(|g| g["id"] == "approvals")).expect("a gate");
    assert_eq!((&given["state"], &given["env"]), (&json!("met"), &json!("production")));
    has(&shown["environments"][0], &["name"]);
}

#[tokio::test]
async fn a_rejection_and_a_void_approval_say_why() {
    let stage = Stage::set().await;
    let (release, path) = (at("shop", "1.0.0"), format!("{}/approvals", at("shop", "1.0.0")));
    stage.manager.client.post(&path, &approval("product_manager", &stage.digest)).await.must(201);
    stage.engineer.client.patch(&release, &json!({ "title": "Other" })).await.must(200);
    let shown = stage.support.client.get(&release).await.must(200);
    let approval = &shown["approvals"][0];
    assert_eq!(approval["void"], true);
    assert!(approval["void_reason"].as_str().is_some_and(|why| why.contains("title")), "{approval}");

    let body =
        json!({ "role": "engineering_lead", "decision": "reject", "digest": shown["digest"], "comment": "Not yet." });
    let rejected = stage.lead.client.post(&path, &body).await.must(201);
    assert_eq!((&rejected["decision"], &rejected["comment"]), (&json!("reject"), &json!("Not yet.")));
    let shown = stage.support.client.get(&release).await.must(200);
    let gate = shown["gates"].as_array().expect("gates").iter().find(|g| g["id"] == "approvals");
    assert!(gate.expect("a gate")["why"].as_str().is_some_and(|why| why.contains("Not yet.")), "{shown}");
    let cancelled = json!({ "reason": "Given up." });
    let answer = stage.engineer.client.post(&format!("{release}/cancellation"), &cancelled).await.must(201);
    assert_eq!(answer["state"], "cancelled");
}

#[tokio::test]
async fn environments_audit_and_the_timeline() {
    let stage = Stage::set().await;
    let env = stage.support.client.get("/products/shop/environments/production").await.must(200);
    has(&env, &["version", "previous"]);
    let fields = ["seq", "at", "actor", "kind", "stream", "body", "hash", "prev_hash"];
    let audit = stage.house.admin().get("/audit?limit=1000").await.must(200);
    let items = audit["items"].as_array().expect("items");
    let mut before = json!("");
    for (n, event) in (1..).zip(items) {
        has(event, &fields);
        assert_eq!((&event["seq"], &event["prev_hash"]), (&json!(n), &before), "in order, each chained to the last");
        before = event["hash"].clone();
    }
    let checkpoint = stage.outsider.client.get("/audit/checkpoint").await.must(200);
    has(&checkpoint, &["seq", "hash", "at", "signature", "public_key"]);
    assert_eq!((&checkpoint["seq"], &checkpoint["hash"]), (&json!(items.len()), &before));

    let timeline = stage.support.client.get(&format!("{}/timeline", at("shop", "1.0.0"))).await.must(200);
    let kinds: Vec<&str> =
        timeline["items"].as_array().expect("items").iter().filter_map(|event| event["kind"].as_str()).collect();
    assert_eq!(kinds, ["release.approval_requested", "release.created"]);
    has(&timeline["items"][0], &fields);
}

/// What the reader may not see stands in no answer.
#[tokio::test]
async fn the_audit_shows_each_reader_their_part() {
    let stage = Stage::set().await;
    let nothing = stage.outsider.client.get("/audit?limit=1000").await.must(200);
    assert_eq!(nothing["items"], json!([]));
    let part = stage.support.client.get("/audit?limit=1000").await.must(200);
    let streams: Vec<&str> =
        part["items"].as_array().expect("items").iter().filter_map(|event| event["stream"].as_str()).collect();
    assert!(
        !streams.is_empty() && streams.iter().all(|s| s.starts_with("product/shop") || s.starts_with("release/shop/"))
    );
}

#[tokio::test]
async fn health_of_its_own() {
    let house = House::new().await;
    for path in ["/health", "/ready", "/metrics"] {
        house.anonymous().get(path).await.must(200);
    }
    let status = house.anonymous().get("/status").await.must(200);
    has(&status, &["version", "seq", "now", "database", "demo", "products", "releases", "live_streams"]);
    house.drain.cancel();
    house.anonymous().get("/ready").await.must(503);
    let description = house.anonymous().get("/api/openapi.json").await.must(200);
    assert!(description["paths"]["/api/v1/users"]["post"].is_object());
}
