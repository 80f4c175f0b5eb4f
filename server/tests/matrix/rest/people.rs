//! People, their links, roles and tokens; the record.

use super::cast::*;
use serde_json::{Value, json};

pub(super) const ROWS: &[Row] = &[
    open("GET /me", |_| ("/me".into(), Value::Null)),
    row("GET /users", |_| ("/users".into(), Value::Null), ADMINISTER, (Admin, 200)),
    row("POST /users", |_| ("/users".into(), json!({ "name": "Nora" })), ADMINISTER, (Admin, 201)),
    row("GET /users/{id}", |s| (of_tess(s, ""), Value::Null), OWN, (Tess, 200)),
    // Whether it needs an administrator stands in the body.
    row("PATCH /users/{id}", |s| (of_tess(s, ""), json!({ "disabled": true })), ADMINISTER, (Admin, 200))
        .with_open_eyes(),
    row("DELETE /users/{id}", |s| (of_tess(s, ""), Value::Null), ADMINISTER, (Admin, 200)),
    row("POST /users/{id}/link", |s| (of_tess(s, "/link"), Value::Null), ADMINISTER, (Admin, 201)),
    row(
        "POST /users/{id}/roles",
        |s| (of_tess(s, "/roles"), json!({ "product": "shop", "role": "on_call" })),
        ADMINISTER,
        (Admin, 200),
    ),
    row(
        "DELETE /users/{id}/roles/{product}/{role}",
        |s| (of_tess(s, "/roles/shop/support"), Value::Null),
        ADMINISTER,
        (Admin, 200),
    ),
    row(
        "POST /users/{id}/stand-ins",
        |s| {
            let body = json!({ "product": "shop", "role": "support", "substitute": s.outsider.id,
                "from": "2025-10-01T00:00:00Z", "until": "2025-11-01T00:00:00Z" });
            (of_tess(s, "/stand-ins"), body)
        },
        OWN,
        (Tess, 200),
    ),
    row(
        "DELETE /users/{id}/stand-ins/{product}/{role}/{substitute}",
        |s| (of_tess(s, &format!("/stand-ins/shop/support/{}", s.outsider.id)), Value::Null),
        OWN,
        (Tess, 200),
    ),
    open("GET /tokens", |_| ("/tokens".into(), Value::Null)),
    // For whom stands in the body.
    row("POST /tokens", |s| ("/tokens".into(), json!({ "user": s.tess.id, "scopes": ["view"] })), OWN, (Admin, 201))
        .with_open_eyes(),
    row(
        "DELETE /tokens/{id}",
        |s| (format!("/tokens/{}", s.token_of_tess()), Value::Null),
        &[(Outsider, 404), (Engineer, 404), (Manager, 404), (NarrowAdmin, 404)],
        (Tess, 204),
    ),
    open("GET /audit", |_| ("/audit".into(), Value::Null)),
    open("GET /audit/checkpoint", |_| ("/audit/checkpoint".into(), Value::Null)),
];
