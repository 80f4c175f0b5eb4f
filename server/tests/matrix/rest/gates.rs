//! What gates look at: reports, ticks, holds, waivers, messages, deployments recorded.

use super::cast::*;
use serde_json::json;

pub(super) const ROWS: &[Row] = &[
    row(
        "POST /products/{product}/environments/{env}/adopt",
        |_| ("/products/shop/environments/production/adopt".into(), json!({ "version": "0.9.0" })),
        PROMOTE,
        (Engineer, 201),
    ),
    row(
        "POST /products/{product}/environments/{env}/reports",
        |_| {
            let body = json!({ "version": "1.0.0", "outcome": "succeeded" });
            ("/products/shop/environments/staging/reports".into(), body)
        },
        PROMOTE,
        (Lead, 201),
    ),
    row(
        "POST /products/{product}/releases/{version}/checks",
        |_| (of_release_at("/checks"), json!({ "name": "test", "state": "passed" })),
        AUTHOR,
        (Engineer, 201),
    ),
    row(
        "POST /products/{product}/releases/{version}/scans",
        |_| (of_release_at("/scans"), json!({ "tool": "scanner", "findings": {} })),
        AUTHOR,
        (Engineer, 201),
    ),
    // What it takes depends on what is said: this is a machine's word.
    row(
        "POST /products/{product}/releases/{version}/reports",
        |_| (of_release_at("/reports"), json!({ "about": "branch", "up_to_date": true })),
        AUTHOR,
        (Engineer, 201),
    )
    .with_open_eyes(),
    row(
        "POST /products/{product}/releases/{version}/checklists/{list}/{item}",
        |_| (of_release_at("/checklists/manual_qa/login"), json!({ "state": "done" })),
        TICK,
        (Support, 201),
    ),
    row(
        "POST /products/{product}/releases/{version}/holds",
        |_| (of_release_at("/holds"), json!({ "env": "production", "reason": "The figures look odd." })),
        HOLD,
        (Leader, 201),
    ),
    // Whose hold it is decides who may; there is one of the engineer's.
    row(
        "DELETE /products/{product}/releases/{version}/holds/{hold}",
        |_| (of_release_at("/holds/1"), json!({ "reason": "They are fine." })),
        &[(Outsider, 404), (Support, 403), (Leader, 403), (NarrowManager, 403), (NarrowAdmin, 403)],
        (Manager, 204),
    )
    .with_open_eyes(),
    row(
        "POST /products/{product}/releases/{version}/waivers",
        |s| {
            let body = json!({ "env": "production", "gates": ["staging"], "reason": "Customers cannot pay.",
                "until": "2025-10-09T09:00:00Z", "digest": s.digest });
            (of_release_at("/waivers"), body)
        },
        BREAK_GLASS,
        (Guard, 201),
    ),
    row(
        "POST /products/{product}/releases/{version}/gates/{gate}/concern",
        |_| (of_release_at("/gates/migrations/concern"), json!({ "reason": "Nothing is stored." })),
        TICK,
        (Support, 201),
    ),
    row(
        "POST /products/{product}/releases/{version}/messages",
        |_| (of_release_at("/messages"), json!({ "message": "freeze", "text": "The code is frozen." })),
        TICK,
        (Support, 201),
    ),
    row(
        "PUT /products/{product}/releases/{version}/schedule",
        |_| (of_release_at("/schedule"), json!({ "at": "2025-10-10T12:00:00Z" })),
        &[(Outsider, 404), (Support, 403), (Manager, 403), (Leader, 403), (NarrowEngineer, 403)],
        (Engineer, 200),
    ),
];
