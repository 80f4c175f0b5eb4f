//! A calendar with something in it.

use crate::house::Stage;
use axum::body::Body;
use http::Method;
use serde_json::{Value, json};

pub(super) fn freeze(product: &str) -> Value {
    json!({ "product": product, "kind": "freeze", "title": "Audit week", "reason": "The auditors are in the house.",
        "zone": "Europe/London", "from": "2025-12-01T09:00", "to": "2025-12-05T18:00" })
}

/// The freeze of the stage, to be removed.
pub(super) fn freeze_in_shop(stage: &Stage) -> (String, Value) {
    (format!("/calendar/windows/{}", stage.rule_of_shop()), json!({ "reason": "They left." }))
}

/// The stage with a freeze and a rotation in the shop's calendar, an inbox for the alerts of production, a known
/// issue, a deployment into staging that hangs, and past deliveries.
pub async fn prepared() -> Stage {
    let mut stage = Stage::set().await;
    let admin = stage.house.admin();
    admin.post("/calendar/windows", &freeze("shop")).await.must(201);
    let rotation = json!({ "members": [stage.tess.id, stage.support.id], "starts": "2025-10-13", "weekday": "Mon",
        "at": "09:00", "zone": "UTC" });
    let body = Body::from(rotation.to_string());
    admin.send(Method::PUT, "/products/shop/rotations/support", body).await.must(204);
    let inbox = json!({ "secrets": { "token": "0123456789abcdef" } });
    admin.put("/products/shop/environments/production/monitors/alertmanager", &inbox).await.must(200);
    stage.support.client.post("/products/shop/known-issues", &super::known_issues::issue()).await.must(201);
    super::deployments::begin(&stage).await;
    super::figures::import(&mut stage).await;
    stage
}
