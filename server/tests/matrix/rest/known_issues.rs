//! Known issues.

use super::cast::*;
use crate::house::Stage;
use serde_json::{Value, json};

/// One of the shop.
pub(super) fn issue() -> Value {
    json!({ "title": "Cart empties itself", "description": "After a day without a click.", "affected": ">= 0.9.0",
        "severity": "sev2", "audience": ["support"] })
}

fn at(stage: &Stage, rest: &str) -> String {
    format!("/products/shop/known-issues/{}{rest}", stage.issue_of_shop())
}

fn because() -> Value {
    json!({ "reason": "It comes from the browser." })
}

pub(super) const ROWS: &[Row] = &[
    open("GET /search", |_| ("/search?q=cart".into(), Value::Null)),
    row(
        "GET /products/{product}/known-issues",
        |_| ("/products/shop/known-issues".into(), Value::Null),
        VIEW,
        (Leader, 200),
    ),
    row(
        "POST /products/{product}/known-issues",
        |_| ("/products/shop/known-issues".into(), issue()),
        TICK,
        (Support, 201),
    ),
    row("GET /products/{product}/known-issues/{issue}", |s| (at(s, ""), Value::Null), VIEW, (Leader, 200)),
    row(
        "PATCH /products/{product}/known-issues/{issue}",
        |s| (at(s, ""), json!({ "workaround": "Sign in again." })),
        TICK,
        (Support, 200),
    ),
    row(
        "POST /products/{product}/known-issues/{issue}/fixes",
        |s| (at(s, "/fixes"), json!({ "version": "1.0.1" })),
        TICK,
        (Engineer, 201),
    ),
    row(
        "POST /products/{product}/known-issues/{issue}/closure",
        |s| (at(s, "/closure"), because()),
        TICK,
        (Support, 201),
    ),
    row(
        "POST /products/{product}/known-issues/{issue}/reopening",
        |s| (at(s, "/reopening"), because()),
        TICK,
        (Support, 201),
    ),
    row(
        "GET /products/{product}/releases/{version}/known-issues",
        |_| (of_release_at("/known-issues"), Value::Null),
        VIEW,
        (Leader, 200),
    ),
];
