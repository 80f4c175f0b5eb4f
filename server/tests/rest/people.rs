//! Changing people over REST.

use crate::house::Stage;
use serde_json::{Value, json};

#[tokio::test]
async fn names_and_addresses_are_corrected_by_oneself_and_by_administrators() {
    let stage = Stage::set().await;
    let path = format!("/users/{}", stage.tess.id);
    let corrected =
        stage.tess.client.patch(&path, &json!({ "name": "Tess T.", "email": "t@example.org" })).await.must(200);
    assert_eq!((&corrected["name"], &corrected["email"]), (&json!("Tess T."), &json!("t@example.org")));
    let corrected = stage.house.admin().patch(&path, &json!({ "name": "Tess" })).await.must(200);
    assert_eq!((&corrected["name"], &corrected["email"]), (&json!("Tess"), &json!("t@example.org")), "the rest stays");
    assert_eq!(stage.tess.client.get("/me").await.must(200)["name"], "Tess");
    let taken = json!({ "email": "T@EXAMPLE.org" });
    stage.house.admin().patch(&format!("/users/{}", stage.support.id), &taken).await.refused_field(409, "email");
    stage.tess.client.patch(&path, &json!({ "email": "nowhere" })).await.refused_field(422, "email");
    stage.tess.client.patch(&path, &json!({ "name": "" })).await.refused_field(422, "name");
    stage.support.client.patch(&path, &json!({ "name": "Mine" })).await.refused(403);
    stage
        .house
        .admin()
        .patch("/users/00000000-0000-0000-0000-000000000000", &json!({ "name": "X" }))
        .await
        .refused(404);
}

#[tokio::test]
async fn one_change_at_a_time() {
    let stage = Stage::set().await;
    let change = async |body: Value| stage.house.admin().patch(&format!("/users/{}", stage.tess.id), &body).await;
    let before = stage.house.seq();
    change(json!({})).await.refused_field(422, "body");
    change(json!({ "disabled": true, "name": "X" })).await.refused_field(422, "disabled");
    change(json!({ "disabled": false, "email": "x@example.org" })).await.refused_field(422, "disabled");
    change(json!({ "disabled": false, "reason": "why" })).await.refused_field(422, "reason");
    change(json!({ "name": "X", "reason": "why" })).await.refused_field(422, "reason");
    change(json!({ "reason": "why" })).await.refused_field(422, "reason");
    change(json!({ "disabled": "yes" })).await.refused_field(422, "disabled");
    assert_eq!(stage.house.seq(), before, "none of these did anything");
}

#[tokio::test]
async fn disabled_enabled_and_erased() {
    let stage = Stage::set().await;
    let (admin, path) = (stage.house.admin(), format!("/users/{}", stage.tess.id));
    let away = admin.patch(&path, &json!({ "disabled": true, "reason": "On leave." })).await.must(200);
    assert_eq!(away["disabled"], true);
    stage.tess.client.get("/me").await.refused(401);
    admin.patch(&path, &json!({ "disabled": false })).await.must(200);
    stage.tess.client.get("/me").await.must(200);
    let gone = admin.delete(&path).await.must(200);
    assert_eq!((&gone["erased"], &gone["name"], &gone["roles"]), (&json!(true), &Value::Null, &json!([])));
    stage.tess.client.get("/me").await.refused(401);
    admin.delete(&path).await.refused(409);
    admin.patch(&path, &json!({ "name": "Back" })).await.refused(404);
    let audit = admin.get("/audit?limit=1000").await.must(200).to_string();
    assert!(!audit.contains("Tess Target"), "no name stands in the record");
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let stage = Stage::set().await;
    let admin = stage.house.admin();
    let first = admin.get("/me").await.must(200)["id"].as_str().expect("an id").to_owned();
    admin.delete(&format!("/users/{}", stage.ada.id)).await.must(200);
    admin.delete(&format!("/users/{first}")).await.refused(409);
    admin.patch(&format!("/users/{first}"), &json!({ "disabled": true })).await.refused(409);
    admin.delete(&format!("/users/{first}/roles/*/administrator")).await.refused(409);
}

#[tokio::test]
async fn a_new_link_replaces_the_one_before() {
    let stage = Stage::set().await;
    let path = format!("/users/{}/link", stage.tess.id);
    let link = async || {
        let made = stage.house.admin().post(&path, &json!({})).await.must(201);
        made["invite_url"].as_str().and_then(|url| url.rsplit_once('/')).expect("a link").1.to_owned()
    };
    let (first, second) = (link().await, link().await);
    let control = &stage.house.web.control;
    let password = || "correct horse battery".to_owned();
    control.set_password(&first, password()).await.expect_err("replaced");
    control.set_password(&second, password()).await.expect("opens");
    control.set_password(&second, password()).await.expect_err("once");
}
