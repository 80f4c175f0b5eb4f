//! What measures an environment, and the alarms there.

use super::cast::*;
use serde_json::{Value, json};

fn at_env(rest: &str) -> String {
    format!("/products/shop/environments/production{rest}")
}

/// Needs nothing that would have to answer.
fn inbox() -> Value {
    json!({ "secrets": { "token": "0123456789abcdef" } })
}

fn why() -> Value {
    json!({ "reason": "It is over." })
}

pub(super) const ROWS: &[Row] = &[
    open("GET /monitors", |_| ("/monitors".into(), Value::Null)),
    row(
        "GET /products/{product}/environments/{env}/monitors",
        |_| (at_env("/monitors"), Value::Null),
        CONNECT,
        (Admin, 200),
    ),
    row(
        "GET /products/{product}/environments/{env}/monitors/{kind}",
        |_| (at_env("/monitors/alertmanager"), Value::Null),
        CONNECT,
        (Admin, 200),
    ),
    row(
        "PUT /products/{product}/environments/{env}/monitors/{kind}",
        |_| (at_env("/monitors/alertmanager"), inbox()),
        CONNECT,
        (Admin, 200),
    ),
    row(
        "DELETE /products/{product}/environments/{env}/monitors/{kind}",
        |_| (at_env("/monitors/alertmanager"), why()),
        CONNECT,
        (Admin, 204),
    ),
    row(
        "POST /products/{product}/environments/{env}/monitors/{kind}/test",
        |_| (at_env("/monitors/alertmanager/test"), inbox()),
        CONNECT,
        (Admin, 200),
    ),
    row(
        "GET /products/{product}/environments/{env}/monitors/{kind}/look",
        |_| (at_env("/monitors/alertmanager/look"), Value::Null),
        VIEW,
        (Support, 200),
    ),
    row(
        "POST /products/{product}/environments/{env}/monitors/{kind}/look",
        |_| (at_env("/monitors/alertmanager/look"), Value::Null),
        PROMOTE,
        (Engineer, 200),
    ),
    row(
        "GET /products/{product}/environments/{env}/monitors/{kind}/past",
        |_| (at_env("/monitors/alertmanager/past?metric=p95"), Value::Null),
        VIEW,
        (Support, 200),
    ),
    row(
        "POST /products/{product}/environments/{env}/alarms",
        |_| (at_env("/alarms"), json!({ "key": "orders", "name": "Orders add up", "critical": true })),
        AUTHOR,
        (Engineer, 201),
    ),
    row(
        "DELETE /products/{product}/environments/{env}/alarms/{key}",
        |_| (at_env("/alarms/orders"), why()),
        AUTHOR,
        (Engineer, 204),
    ),
];
