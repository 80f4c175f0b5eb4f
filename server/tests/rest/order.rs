//! Who asks is checked before what they may, that before what they ask, that before how things stand: 401, 403 or 404,
//! 422, 409.

use crate::house::{Stage, approval, at};
use axum::body::Body;
use http::Method;
use serde_json::json;

#[tokio::test]
async fn a_request_with_every_fault_is_told_the_first_one() {
    let stage = Stage::set().await;
    let outdated = json!({ "title": "", "artifacts": [{ "name": "", "digest": "" }], "digest": "0".repeat(64) });
    let release = at("shop", "1.0.0");
    // Unknown, then not seen, then not allowed, then wrong, then outdated.
    stage.house.anonymous().patch(&release, &outdated).await.refused(401);
    stage.outsider.client.patch(&release, &outdated).await.refused(404);
    stage.support.client.patch(&release, &outdated).await.refused(403);
    stage.engineer.client.patch(&release, &outdated).await.refused_field(422, "artifacts[0].name");
    let outdated = json!({ "title": "Fine", "digest": "0".repeat(64) });
    stage.engineer.client.patch(&release, &outdated).await.refused(409);
}

#[tokio::test]
async fn the_same_for_decisions() {
    let stage = Stage::set().await;
    let path = format!("{}/approvals", at("shop", "1.0.0"));
    let outdated = "0".repeat(64);
    let faulty = json!({ "role": "product_manager", "decision": "reject", "digest": outdated });
    stage.house.anonymous().post(&path, &faulty).await.refused(401);
    stage.outsider.client.post(&path, &faulty).await.refused(404);
    stage.support.client.post(&path, &faulty).await.refused(403);
    // Holds another role: still a matter of rights, before comment and digest.
    stage.lead.client.post(&path, &faulty).await.refused(403);
    stage.manager.client.post(&path, &faulty).await.refused_field(422, "comment");
    stage.manager.client.post(&path, &approval("product_manager", &outdated)).await.refused(409);
}

#[tokio::test]
async fn what_is_gone_is_not_there_before_it_is_in_conflict() {
    let stage = Stage::set().await;
    let cancel = format!("{}/cancellation", at("shop", "1.0.0"));
    stage.engineer.client.post(&cancel, &json!({ "reason": "" })).await.refused_field(422, "reason");
    stage.engineer.client.post(&cancel, &json!({ "reason": "Enough." })).await.must(201);
    let problem = stage.engineer.client.post(&cancel, &json!({ "reason": "Again." })).await.refused(409);
    assert_eq!(problem["actual"], "cancelled");
    stage.engineer.client.post(&cancel, &json!({ "reason": "" })).await.refused_field(422, "reason");
    let nowhere = format!("{}/cancellation", at("shop", "7.7.7"));
    stage.engineer.client.post(&nowhere, &json!({ "reason": "" })).await.refused(404);
}

/// A body that is too large or broken costs nobody anything before it is clear that they may ask.
#[tokio::test]
async fn bodies_are_read_last() {
    let stage = Stage::set().await;
    let huge = || Body::from(vec![b'x'; 3 * 1024 * 1024]);
    stage.house.anonymous().send(Method::POST, "/users", huge()).await.refused(401);
    stage.support.client.send(Method::POST, "/users", huge()).await.refused(403);
    stage.house.admin().send(Method::POST, "/users", huge()).await.refused(413);
}
