//! The operations of REST.

mod calendar;
mod cast;
mod deployments;
mod figures;
mod freeze;
mod gates;
mod known_issues;
mod monitors;
mod people;
mod playbooks;
mod products;
mod releases;

pub use freeze::prepared;

use crate::house::Stage;
use cast::{Row, client, of_release_at, of_tess};
use serde_json::json;
use std::collections::BTreeSet;

/// Every operation, by noun.
const TABLE: &[&[Row]] = &[
    people::ROWS,
    products::ROWS,
    releases::ROWS,
    gates::ROWS,
    calendar::ROWS,
    known_issues::ROWS,
    playbooks::ROWS,
    deployments::ROWS,
    monitors::ROWS,
    figures::ROWS,
];

fn rows() -> impl Iterator<Item = &'static Row> {
    TABLE.iter().copied().flatten()
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
    let listed: BTreeSet<String> = rows().map(|row| row.operation.to_owned()).collect();
    let described = described();
    let unlisted: Vec<_> = described.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&described).collect();
    assert!(unlisted.is_empty(), "operations without a row: {unlisted:?}");
    assert!(gone.is_empty(), "rows without an operation: {gone:?}");
    assert_eq!(listed.len(), rows().count(), "each stands once");
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
    for row in rows() {
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
    for row in rows() {
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
