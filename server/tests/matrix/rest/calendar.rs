//! The calendar and its rotations.

use super::cast::*;
use super::freeze::*;
use serde_json::{Value, json};

pub(super) const ROWS: &[Row] = &[
    open("GET /calendar", |_| ("/calendar".into(), Value::Null)),
    // For which product stands in the body.
    row("POST /calendar/windows", |_| ("/calendar/windows".into(), freeze("shop")), PROMOTE, (Engineer, 201))
        .with_open_eyes(),
    row("DELETE /calendar/windows/{id}", freeze_in_shop, PROMOTE, (Engineer, 204)),
    row(
        "POST /products/{product}/calendar/simulations",
        |_| ("/products/shop/calendar/simulations".into(), freeze("shop")),
        VIEW,
        (Support, 200),
    ),
    row(
        "GET /products/{product}/rotations",
        |_| ("/products/shop/rotations".into(), Value::Null),
        VIEW,
        (Support, 200),
    ),
    row(
        "PUT /products/{product}/rotations/{role}",
        |s| {
            let body = json!({ "members": [s.tess.id], "starts": "2025-10-13", "weekday": "Mon", "at": "09:00", "zone": "UTC" });
            ("/products/shop/rotations/support".into(), body)
        },
        PROMOTE,
        (Engineer, 204),
    ),
    row(
        "POST /products/{product}/rotations/{role}/overrides",
        |s| {
            let body =
                json!({ "from": "2025-10-14", "to": "2025-10-14", "holder": s.support.id, "reason": "A day off." });
            ("/products/shop/rotations/support/overrides".into(), body)
        },
        PROMOTE,
        (Engineer, 201),
    ),
];
