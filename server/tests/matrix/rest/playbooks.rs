//! Playbooks and what follows them.

use super::cast::*;
use serde_json::{Value, json};

pub(super) const ROWS: &[Row] = &[
    row(
        "POST /products/{product}/releases/{version}/playbook",
        |_| (of_release_at("/playbook"), json!({ "revision": 1 })),
        AUTHOR,
        (Engineer, 200),
    ),
    open("GET /playbooks", |_| ("/playbooks".into(), Value::Null)),
    row(
        "POST /playbooks",
        |_| ("/playbooks".into(), json!({ "name": "own", "copy_of": "orca" })),
        ADMINISTER,
        (Admin, 201),
    ),
    open("GET /playbooks/{name}", |_| ("/playbooks/orca".into(), Value::Null)),
    row(
        "POST /playbooks/{name}/preview",
        |s| ("/playbooks/orca/preview".into(), json!({ "text": s.revised_orca() })),
        ADMINISTER,
        (Admin, 200),
    ),
    open("GET /playbooks/{name}/revisions", |_| ("/playbooks/orca/revisions".into(), Value::Null)),
    row(
        "POST /playbooks/{name}/revisions",
        |s| ("/playbooks/orca/revisions".into(), json!({ "text": s.revised_orca(), "after": 1 })),
        ADMINISTER,
        (Admin, 201),
    ),
    open("GET /playbooks/{name}/revisions/{revision}", |_| ("/playbooks/orca/revisions/1".into(), Value::Null)),
    open("GET /playbooks/{name}/revisions/{revision}/differences", |_| {
        ("/playbooks/orca/revisions/1/differences".into(), Value::Null)
    }),
];
