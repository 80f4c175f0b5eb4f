//! The operations of REST.

use crate::house::{ADMIN, Client, Stage, approval, at};
use axum::body::Body;
use http::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Who is sent to ask.
#[derive(Debug, Clone, Copy)]
enum Who {
    /// Known, without any role.
    Outsider,
    /// May look at the product.
    Support,
    /// May create.
    Engineer,
    /// May create and approve.
    Lead,
    /// May approve.
    Manager,
    /// May look and nothing else.
    Leader,
    /// May break glass.
    Guard,
    /// The person that the operation is about.
    Tess,
    Admin,
    /// The administrator with a token that covers looking only.
    NarrowAdmin,
    /// The engineer with such a token.
    NarrowEngineer,
    /// The manager with such a token.
    NarrowManager,
}
use Who::{
    Admin, Engineer, Guard, Lead, Leader, Manager, NarrowAdmin, NarrowEngineer, NarrowManager, Outsider, Support, Tess,
};

/// Those who are refused, with their status.
type Refused = &'static [(Who, u16)];

struct Row {
    /// As the description has it, without `/api/v1`.
    operation: &'static str,
    /// What stands in the address and in the body.
    ask: fn(&Stage) -> (String, Value),
    refused: Refused,
    /// Somebody who may, with the status of success.
    allowed: (Who, u16),
    /// Who may is known before the body is read.
    blind: bool,
}

const fn row(
    operation: &'static str,
    ask: fn(&Stage) -> (String, Value),
    refused: Refused,
    allowed: (Who, u16),
) -> Row {
    Row { operation, ask, refused, allowed, blind: true }
}

/// Anybody who is known may ask; what they see in the answer is tested elsewhere.
const fn open(operation: &'static str, ask: fn(&Stage) -> (String, Value)) -> Row {
    row(operation, ask, &[], (Outsider, 200))
}

const ADMINISTER: Refused =
    &[(Outsider, 403), (Support, 403), (Engineer, 403), (Lead, 403), (Manager, 403), (Tess, 403), (NarrowAdmin, 403)];
/// Also refused to the person in question where it is not their own matter.
const OWN: Refused =
    &[(Outsider, 403), (Support, 403), (Engineer, 403), (Lead, 403), (Manager, 403), (NarrowAdmin, 403)];
const VIEW: Refused = &[(Outsider, 404)];
const AUTHOR: Refused =
    &[(Outsider, 404), (Support, 403), (Manager, 403), (Tess, 403), (NarrowEngineer, 403), (NarrowAdmin, 403)];
const APPROVE: Refused =
    &[(Outsider, 404), (Support, 403), (Engineer, 403), (Admin, 403), (NarrowManager, 403), (NarrowAdmin, 403)];

/// Whoever may look may ask for more time.
const HOLD: Refused = &[(Outsider, 404)];
const TICK: Refused = &[(Outsider, 404), (Leader, 403), (NarrowEngineer, 403), (NarrowAdmin, 403)];
/// Without the permission to promote or to administer.
const PROMOTE: Refused =
    &[(Outsider, 404), (Support, 403), (Manager, 403), (Leader, 403), (NarrowEngineer, 403), (NarrowAdmin, 403)];
const BREAK_GLASS: Refused = &[
    (Outsider, 404),
    (Support, 403),
    (Engineer, 403),
    (Lead, 403),
    (Manager, 403),
    (Admin, 403),
    (NarrowManager, 403),
    (NarrowAdmin, 403),
];

const TABLE: &[Row] = &[
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
        "POST /products/{product}/releases/{version}/playbook",
        |_| (of_release_at("/playbook"), json!({ "revision": 1 })),
        AUTHOR,
        (Engineer, 200),
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
    open("GET /audit", |_| ("/audit".into(), Value::Null)),
    open("GET /audit/checkpoint", |_| ("/audit/checkpoint".into(), Value::Null)),
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

impl Row {
    /// The body says what is asked, so it is read before the asker can be refused.
    const fn with_open_eyes(mut self) -> Self {
        self.blind = false;
        self
    }

    fn method(&self) -> Method {
        self.operation.split(' ').next().and_then(|method| method.parse().ok()).expect("a method")
    }

    async fn ask(&self, by: &Client, stage: &Stage, body: Option<&str>) -> (u16, String) {
        let (path, own) = (self.ask)(stage);
        let own = if own.is_null() { String::new() } else { own.to_string() };
        let body = Body::from(body.map_or(own, str::to_owned));
        let answer = by.send(self.method(), &path, body).await;
        let said = format!("{} → {} {}", self.operation, answer.status, answer.body);
        (answer.status, said)
    }
}

fn of_tess(stage: &Stage, rest: &str) -> String {
    format!("/users/{}{rest}", stage.tess.id)
}

fn of_release_at(rest: &str) -> String {
    format!("{}{rest}", at("shop", "1.0.0"))
}

fn freeze(product: &str) -> Value {
    json!({ "product": product, "kind": "freeze", "title": "Audit week", "reason": "The auditors are in the house.",
        "zone": "Europe/London", "from": "2025-12-01T09:00", "to": "2025-12-05T18:00" })
}

/// The freeze of the stage, to be removed.
fn freeze_in_shop(stage: &Stage) -> (String, Value) {
    (format!("/calendar/windows/{}", stage.rule_of_shop()), json!({ "reason": "They left." }))
}

/// The stage with a freeze and a rotation in the shop's calendar.
pub async fn prepared() -> Stage {
    let stage = Stage::set().await;
    let admin = stage.house.admin();
    admin.post("/calendar/windows", &freeze("shop")).await.must(201);
    let rotation = json!({ "members": [stage.tess.id, stage.support.id], "starts": "2025-10-13", "weekday": "Mon",
        "at": "09:00", "zone": "UTC" });
    let body = Body::from(rotation.to_string());
    admin.send(Method::PUT, "/products/shop/rotations/support", body).await.must(204);
    stage
}

async fn client(stage: &Stage, who: Who) -> Client {
    let house = &stage.house;
    let narrow = async |of: &Client| {
        let id = of.get("/me").await.must(200)["id"].as_str().expect("an id").to_owned();
        house.with_token(&house.token(&house.admin(), &id, &["view"]).await)
    };
    match who {
        Outsider => stage.outsider.client.clone(),
        Support => stage.support.client.clone(),
        Engineer => stage.engineer.client.clone(),
        Lead => stage.lead.client.clone(),
        Manager => stage.manager.client.clone(),
        Leader => house.person("Lou Leader", &[("shop", "leadership")]).await.client,
        Guard => house.person("Gus Guard", &[("shop", "security")]).await.client,
        Tess => stage.tess.client.clone(),
        Admin => house.with_token(ADMIN),
        NarrowAdmin => narrow(&house.admin()).await,
        NarrowEngineer => narrow(&stage.engineer.client).await,
        NarrowManager => narrow(&stage.manager.client).await,
    }
}

/// What the description names, as rows name it.
fn described() -> BTreeSet<String> {
    let description = serde_json::to_value(server::web::rest::description()).expect("JSON");
    let mut all = BTreeSet::new();
    for (path, item) in description["paths"].as_object().expect("paths") {
        let path = path.strip_prefix("/api/v1").expect("all operations stand below /api/v1");
        let methods = ["get", "put", "post", "patch", "delete", "head", "options", "trace"];
        all.extend(methods.iter().filter(|m| item.get(m).is_some()).map(|m| format!("{} {path}", m.to_uppercase())));
    }
    all
}

#[test]
fn every_operation_stands_in_one_row_and_every_row_is_one() {
    let rows: BTreeSet<String> = TABLE.iter().map(|row| row.operation.to_owned()).collect();
    let described = described();
    let unlisted: Vec<_> = described.difference(&rows).collect();
    let gone: Vec<_> = rows.difference(&described).collect();
    assert!(unlisted.is_empty(), "operations without a row: {unlisted:?}");
    assert!(gone.is_empty(), "rows without an operation: {gone:?}");
    assert_eq!(rows.len(), TABLE.len(), "each stands once");
}

#[tokio::test]
async fn nobody_known_is_told_401_whatever_they_ask() {
    let stage = prepared().await;
    let strangers = [
        stage.house.anonymous(),
        stage.house.with_token("nobody-knows-this-token-at-all"),
        stage.house.anonymous().with("authorization", "Basic YTpi"),
        stage.house.anonymous().with("cookie", "pilothouse=nobody").with("sec-fetch-site", "same-origin"),
    ];
    let before = stage.house.seq();
    for row in TABLE {
        for stranger in &strangers {
            for body in [None, Some("nonsense")] {
                let (status, said) = row.ask(stranger, &stage, body).await;
                assert_eq!(status, 401, "{said}");
            }
        }
    }
    assert_eq!(stage.house.seq(), before, "nothing was recorded");
}

#[tokio::test]
async fn who_may_not_is_refused_without_a_trace_and_who_may_is_not() {
    for row in TABLE {
        let stage = prepared().await;
        if row.operation.ends_with("/holds/{hold}") {
            let body = json!({ "env": "production", "reason": "The figures look odd." });
            stage.engineer.client.post(&of_release_at("/holds"), &body).await.must(201);
        }
        let mut refused = Vec::new();
        for (who, status) in row.refused {
            refused.push((*who, client(&stage, *who).await, *status));
        }
        let before = stage.house.seq();
        for (who, client, expected) in refused {
            let (status, said) = row.ask(&client, &stage, None).await;
            assert_eq!(status, expected, "{who:?}: {said}");
            if row.blind {
                let (status, said) = row.ask(&client, &stage, Some("nonsense")).await;
                assert_eq!(status, expected, "{who:?}, before the body is read: {said}");
            }
        }
        assert_eq!(stage.house.seq(), before, "{}: nothing was recorded", row.operation);
        let (who, expected) = row.allowed;
        let (status, said) = row.ask(&client(&stage, who).await, &stage, None).await;
        assert_eq!(status, expected, "{who:?}: {said}");
    }
}

/// A person who lost their roles, or was disabled, is refused with the next request.
#[tokio::test]
async fn rights_end_at_once() {
    let stage = Stage::set().await;
    let path = of_release_at("");
    stage.tess.client.get(&path).await.must(200);
    stage.house.admin().delete(&of_tess(&stage, "/roles/shop/support")).await.must(200);
    stage.tess.client.get(&path).await.refused(404);
    stage.support.client.get(&path).await.must(200);
    let change = json!({ "disabled": true });
    stage.house.admin().patch(&format!("/users/{}", stage.support.id), &change).await.must(200);
    stage.support.client.get(&path).await.refused(401);
}
