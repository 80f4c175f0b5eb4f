//! Products and their environments.

use super::cast::*;
use serde_json::{Value, json};

pub(super) const ROWS: &[Row] = &[
    open("GET /products", |_| ("/products".into(), Value::Null)),
    row(
        "POST /products",
        |_| ("/products".into(), json!({ "slug": "other", "name": "Other", "playbook": "orca" })),
        ADMINISTER,
        (Admin, 201),
    ),
    row("GET /products/{product}", |_| ("/products/shop".into(), Value::Null), VIEW, (Support, 200)),
    row(
        "PATCH /products/{product}",
        |_| ("/products/shop".into(), json!({ "playbook": "mesh-os", "playbook_revision": 1 })),
        ADMINISTER,
        (Admin, 200),
    ),
    row(
        "GET /products/{product}/environments/{env}",
        |_| ("/products/shop/environments/production".into(), Value::Null),
        VIEW,
        (Support, 200),
    ),
];
