//! Nobody approves their own work: neither who created it, nor who edited it, nor a token that one of them issued.

use crate::house::{Client, Stage, approval, at};
use serde_json::json;

/// 0 of these succeed.
async fn never(client: &Client, role: &str, digest: &str) {
    let path = format!("{}/approvals", at("shop", "1.0.0"));
    let problem = client.post(&path, &approval(role, digest)).await.refused(403);
    assert!(problem["who_can_help"].is_string(), "{problem}");
}

#[tokio::test]
async fn neither_creator_nor_editor() {
    let stage = Stage::set().await;
    // The lead may create and approve; having edited, they may not approve any more.
    let edited = stage.lead.client.patch(&at("shop", "1.0.0"), &json!({ "title": "By the lead" })).await.must(200);
    let digest = edited["digest"].as_str().expect("a digest");
    never(&stage.lead.client, "engineering_lead", digest).await;
    // Nor with another token of theirs, nor after somebody else has edited it as well.
    let token = stage.house.token(&stage.house.admin(), &stage.lead.id, &["*"]).await;
    never(&stage.house.with_token(&token), "engineering_lead", digest).await;
    let edited =
        stage.engineer.client.patch(&at("shop", "1.0.0"), &json!({ "title": "By the engineer" })).await.must(200);
    never(&stage.lead.client, "engineering_lead", edited["digest"].as_str().expect("a digest")).await;

    let creator = stage.house.person("Cora", &[("shop", "engineering_lead"), ("shop", "product_manager")]).await;
    let made = creator.client.post("/products/shop/releases", &json!({ "bump": "minor" })).await.must(201);
    let version = made["version"].as_str().expect("a version");
    for role in ["engineering_lead", "product_manager"] {
        let body = approval(role, made["digest"].as_str().expect("a digest"));
        creator.client.post(&format!("{}/approvals", at("shop", version)), &body).await.refused(403);
    }
}

#[tokio::test]
async fn no_token_that_an_author_issued() {
    let stage = Stage::set().await;
    // Ada administers and has edited the release; she issues a token for the manager, who has not.
    let edited = stage.ada.client.patch(&at("shop", "1.0.0"), &json!({ "title": "By Ada" })).await.must(200);
    let digest = edited["digest"].as_str().expect("a digest");
    let token = stage.house.token(&stage.ada.client, &stage.manager.id, &["*"]).await;
    never(&stage.house.with_token(&token), "product_manager", digest).await;
    // With a token that somebody else issued the manager may.
    let path = format!("{}/approvals", at("shop", "1.0.0"));
    stage.manager.client.post(&path, &approval("product_manager", digest)).await.must(201);
}

#[tokio::test]
async fn no_administrator_and_no_token_without_the_scope() {
    let stage = Stage::set().await;
    never(&stage.house.admin(), "product_manager", &stage.digest).await;
    let token = stage.house.token(&stage.house.admin(), &stage.manager.id, &["view", "author"]).await;
    never(&stage.house.with_token(&token), "product_manager", &stage.digest).await;
}

#[tokio::test]
async fn nobody_who_stands_in_for_an_author() {
    let stage = Stage::set().await;
    let edited = stage.lead.client.patch(&at("shop", "1.0.0"), &json!({ "title": "By the lead" })).await.must(200);
    let digest = edited["digest"].as_str().expect("a digest");
    let absent = |role: &str| {
        json!({ "product": "shop", "role": role, "substitute": stage.outsider.id, "from": "2025-10-01T00:00:00Z",
            "until": "2025-11-01T00:00:00Z" })
    };
    let path = |id: &str| format!("/users/{id}/stand-ins");
    stage.lead.client.post(&path(&stage.lead.id), &absent("engineering_lead")).await.must(200);
    never(&stage.outsider.client, "engineering_lead", digest).await;
    // For the manager, who is no author, the same person may.
    stage.manager.client.post(&path(&stage.manager.id), &absent("product_manager")).await.must(200);
    let decided = format!("{}/approvals", at("shop", "1.0.0"));
    let given = stage.outsider.client.post(&decided, &approval("product_manager", digest)).await.must(201);
    assert_eq!(given["for_absent"], stage.manager.id);
}

#[tokio::test]
async fn one_person_fills_one_place() {
    let stage = Stage::set().await;
    let both = stage.house.person("Bo", &[("shop", "engineering_lead"), ("shop", "product_manager")]).await;
    let path = format!("{}/approvals", at("shop", "1.0.0"));
    both.client.post(&path, &approval("product_manager", &stage.digest)).await.must(201);
    both.client.post(&path, &approval("engineering_lead", &stage.digest)).await.refused(409);
    both.client.post(&path, &approval("product_manager", &stage.digest)).await.refused(409);
}

/// The same for the question of a gate: through REST, with every token, and in the browser.
#[tokio::test]
async fn no_author_signs_a_gate_by_any_way() {
    let stage = Stage::set().await;
    let author = stage.house.person("Ann Author", &[("shop", "engineer"), ("shop", "qa_engineer")]).await;
    let edited = author.client.patch(&at("shop", "1.0.0"), &json!({ "title": "By Ann" })).await.must(200);
    let digest = edited["digest"].as_str().expect("a digest").to_owned();
    let path = format!("{}/approvals", at("shop", "1.0.0"));
    let sign = json!({ "role": "qa_engineer", "gate": "qa_sign_off", "decision": "approve", "digest": digest });
    let (by_admin, by_self) = (stage.house.admin(), author.client.clone());
    let mut clients = vec![author.client.clone()];
    for (by, scopes) in [(&by_admin, ["*"]), (&by_self, ["approve"]), (&by_self, ["*"])] {
        clients.push(stage.house.with_token(&stage.house.token(by, &author.id, &scopes).await));
    }
    for client in &clients {
        let problem = client.post(&path, &sign).await.refused(403);
        assert!(problem["who_can_help"].is_string(), "{problem}");
    }
    let browser = stage.browser(&author.id).await.with("content-type", "application/x-www-form-urlencoded");
    for role in ["qa_engineer", "engineering_lead", "product_manager"] {
        for verdict in ["approve", "reject"] {
            let fields = format!(
                "product=shop&version=1.0.0&role={role}&verdict={verdict}&digest={digest}&comment=x&gate=qa_sign_off"
            );
            let answer = browser.send(http::Method::POST, "/do/approve", fields.into()).await;
            assert!(answer.status >= 400, "{role} {verdict}: {}", answer.status);
        }
    }
    let world = stage.house.web.control.world();
    let release = world.releases_of(&"shop".parse().expect("a slug")).next().expect("there").clone();
    assert!(release.approvals.is_empty(), "0 succeed");
    // Nor does somebody else with a token that an author issued.
    let qa = stage.house.person("Quinn QA", &[("shop", "qa_engineer")]).await;
    let edited = stage.ada.client.patch(&at("shop", "1.0.0"), &json!({ "title": "By Ada" })).await.must(200);
    let sign =
        json!({ "role": "qa_engineer", "gate": "qa_sign_off", "decision": "approve", "digest": edited["digest"] });
    let issued = stage.house.token(&stage.ada.client, &qa.id, &["*"]).await;
    stage.house.with_token(&issued).post(&path, &sign).await.refused(403);
    qa.client.post(&path, &sign).await.must(201);
}
