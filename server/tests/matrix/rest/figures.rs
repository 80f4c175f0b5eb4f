//! Delivery figures and imports of past deliveries.

use super::cast::*;
use crate::house::Stage;
use control::Control;
use domain::access::{Actor, Via};
use serde_json::{Value, json};

const LINE: &str = r#"{"type":"change","product":"shop","id":"c1","committed_at":"2025-03-03T10:30:00Z"}"#;

pub(super) const ROWS: &[Row] = &[
    row("GET /dora", |_| ("/dora?product=shop".into(), Value::Null), VIEW, (Support, 200)),
    row(
        "GET /dora/{figure}/behind",
        |_| ("/dora/change_lead_time/behind?product=shop".into(), Value::Null),
        VIEW,
        (Support, 200),
    ),
    row("POST /import", |_| ("/import".into(), serde_json::from_str(LINE).expect("JSON")), ADMINISTER, (Admin, 200)),
    row("GET /imports", |_| ("/imports".into(), Value::Null), ADMINISTER, (Admin, 200)),
    row(
        "DELETE /imports/{id}",
        |s| (format!("/imports/{}", s.import()), json!({ "reason": "The wrong file." })),
        ADMINISTER,
        (Admin, 204),
    ),
];

/// An import that counts, and one that Ada has staged.
pub(super) async fn import(stage: &mut Stage) {
    let control: &Control = &stage.house.web.control;
    let ada = Actor::Person(stage.ada.id.parse().expect("an id"), Via::Session);
    let staged = control.stage_import(ada, "one".to_owned(), LINE.to_owned(), false).await.expect("staged");
    control.shown_in_figures(control.import_of(ada, &staged)).await.expect("imported");
    let staged = control.stage_import(ada, "two".to_owned(), LINE.to_owned(), false).await.expect("staged");
    stage.staged = staged.id.to_string();
}
