//! Releases and approvals.

use super::cast::*;
use crate::house::approval;
use serde_json::{Value, json};

pub(super) const ROWS: &[Row] = &[
    row("GET /products/{product}/releases", |_| ("/products/shop/releases".into(), Value::Null), VIEW, (Support, 200)),
    row(
        "POST /products/{product}/releases",
        |_| ("/products/shop/releases".into(), json!({ "bump": "minor" })),
        AUTHOR,
        (Engineer, 201),
    ),
    row("GET /products/{product}/releases/{version}", |_| (of_release_at(""), Value::Null), VIEW, (Support, 200)),
    row(
        "PATCH /products/{product}/releases/{version}",
        |_| (of_release_at(""), json!({ "title": "Better" })),
        AUTHOR,
        (Lead, 200),
    ),
    row(
        "POST /products/{product}/releases/{version}/approval-requests",
        |_| (of_release_at("/approval-requests"), json!({})),
        AUTHOR,
        (Admin, 201),
    ),
    row(
        "POST /products/{product}/releases/{version}/cancellation",
        |_| (of_release_at("/cancellation"), json!({ "reason": "Not needed." })),
        AUTHOR,
        (Engineer, 201),
    ),
    row(
        "GET /products/{product}/releases/{version}/timeline",
        |_| (of_release_at("/timeline"), Value::Null),
        VIEW,
        (Support, 200),
    ),
    row(
        "POST /products/{product}/releases/{version}/approvals",
        |s| (of_release_at("/approvals"), approval("product_manager", &s.digest)),
        APPROVE,
        (Manager, 201),
    ),
];
