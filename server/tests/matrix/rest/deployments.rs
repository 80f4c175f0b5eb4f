//! Deployments, what moves them, and the switch that stops them. One into staging is under way, and hangs.

use super::cast::*;
use crate::house::Stage;
use serde_json::{Value, json};

/// The deployment that is under way.
fn under_way(stage: &Stage, rest: &str) -> String {
    let world = stage.house.web.control.world();
    let rollout = world.under_way().next().expect("one is under way");
    format!("/products/shop/deployments/{}{rest}", rollout.id)
}

fn at_env(rest: &str) -> String {
    format!("/products/shop/environments/production{rest}")
}

fn why() -> Value {
    json!({ "reason": "It is time." })
}

pub(super) const ROWS: &[Row] = &[
    // It is not approved: who may ask is told what is missing.
    row(
        "POST /products/{product}/releases/{version}/deployments",
        |_| (of_release_at("/deployments"), json!({ "env": "production" })),
        PROMOTE,
        (Engineer, 423),
    ),
    row(
        "GET /products/{product}/releases/{version}/deployments/plan",
        |_| (of_release_at("/deployments/plan?env=staging"), Value::Null),
        VIEW,
        (Support, 200),
    ),
    row(
        "GET /products/{product}/deployments",
        |_| ("/products/shop/deployments".into(), Value::Null),
        VIEW,
        (Support, 200),
    ),
    row("GET /products/{product}/deployments/{id}", |s| (under_way(s, ""), Value::Null), VIEW, (Support, 200)),
    row(
        "GET /products/{product}/deployments/{id}/samples",
        |s| (under_way(s, "/samples"), Value::Null),
        VIEW,
        (Support, 200),
    ),
    row("POST /products/{product}/deployments/{id}/{verb}", |s| (under_way(s, "/abort"), why()), PROMOTE, (Lead, 200)),
    // The step is at work: there is nothing to resolve.
    row(
        "POST /products/{product}/deployments/{id}/steps/{n}",
        |s| (under_way(s, "/steps/1"), json!({ "happened": true, "reason": "I saw it." })),
        PROMOTE,
        (Engineer, 409),
    ),
    row(
        "POST /products/{product}/rollbacks",
        |_| ("/products/shop/rollbacks".into(), json!({ "env": "staging", "reason": "It burns." })),
        PROMOTE,
        (Engineer, 202),
    ),
    row("DELETE /products/{product}/environments/{env}/hold", |_| (at_env("/hold"), why()), PROMOTE, (Engineer, 204)),
    row(
        "GET /products/{product}/environments/{env}/log",
        |_| ("/products/shop/environments/staging/log".into(), Value::Null),
        VIEW,
        (Support, 200),
    ),
    open("GET /drivers", |_| ("/drivers".into(), Value::Null)),
    row(
        "GET /products/{product}/environments/{env}/driver",
        |_| ("/products/shop/environments/staging/driver".into(), Value::Null),
        CONNECT,
        (Admin, 200),
    ),
    row(
        "PUT /products/{product}/environments/{env}/driver",
        |_| (at_env("/driver"), json!({ "driver": "local" })),
        CONNECT,
        (Admin, 200),
    ),
    row("DELETE /products/{product}/environments/{env}/driver", |_| (at_env("/driver"), why()), CONNECT, (Admin, 204)),
    row(
        "POST /products/{product}/environments/{env}/driver/test",
        |_| (at_env("/driver/test"), json!({ "driver": "local" })),
        CONNECT,
        (Admin, 200),
    ),
    open("GET /automation", |_| ("/automation".into(), Value::Null)),
    row("POST /automation", |_| ("/automation".into(), why()), ADMINISTER, (Admin, 201)),
    row("DELETE /automation", |_| ("/automation".into(), why()), ADMINISTER, (Admin, 204)),
    row(
        "POST /products/{product}/automation",
        |_| ("/products/shop/automation".into(), why()),
        PROMOTE,
        (Engineer, 201),
    ),
    row(
        "DELETE /products/{product}/automation",
        |_| ("/products/shop/automation".into(), why()),
        PROMOTE,
        (Engineer, 204),
    ),
];

/// Starts it, and waits until the first step is at work.
pub(super) async fn begin(stage: &Stage) {
    use control::memory::Mishap;
    use domain::rollout::{ActionKind, StepState};
    let (admin, engineer) = (stage.house.admin(), &stage.engineer.client);
    let staging = "/products/shop/environments/staging";
    admin.put(&format!("{staging}/driver"), &json!({ "driver": "local" })).await.must(200);
    engineer.post(&format!("{staging}/adopt"), &json!({ "version": "0.9.0" })).await.must(201);
    for check in ["lint", "typecheck", "test", "build"] {
        engineer.post(&of_release_at("/checks"), &json!({ "name": check, "state": "passed" })).await.must(201);
    }
    stage.house.ground.mishap(ActionKind::Deploy, Mishap::Hangs);
    engineer.post(&of_release_at("/deployments"), &json!({ "env": "staging" })).await.must(202);
    let at_work = || {
        let world = stage.house.web.control.world();
        world.under_way().any(|rollout| rollout.step(1).is_some_and(|step| step.state == StepState::Running))
    };
    let waiting = async {
        while !at_work() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(crate::house::PATIENCE, waiting).await.expect("the first step is at work");
}
