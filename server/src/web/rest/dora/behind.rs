//! The very events behind a figure: recomputed from these rows, it is the same number.

use super::{
    Shape, View,
    export::{Table, number},
    report::Period,
};
use crate::web::{
    Web,
    credential::Caller,
    rest::{Problem, ProblemBody, page::Paging, page::cursor},
};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
    response::{IntoResponse as _, Response},
};
use control::{dora::figure_named, journal::stamp};
use domain::{
    Refusal,
    dora::{Behind, DEFINITION, Row},
};
use http::HeaderName;
use serde::Serialize;
use utoipa::ToSchema;

const USUAL: usize = 1_000;
const MOST: usize = 50_000;
/// How many rows there are in all.
const TOTAL: HeaderName = HeaderName::from_static("x-pilothouse-total");
/// Where the next part of the table begins, when this is not all.
const NEXT: HeaderName = HeaderName::from_static("x-pilothouse-next-cursor");

/// One page of rows, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct BehindShown {
    figure: &'static str,
    title: &'static str,
    /// By which version of the definitions.
    definition: u16,
    /// `seconds`, `per_day`, `ratio` or `per_release`.
    unit: String,
    /// How the rows make the figure.
    rule: &'static str,
    period: Period,
    /// Days of 86 400 seconds in the period.
    days: f64,
    env: String,
    total: u64,
    /// What each contributes: product, subject, id, at, version, kind, change, value or left_out, incidents, repairs.
    #[schema(value_type = Vec<Object>)]
    items: Vec<Row>,
    next_cursor: Option<String>,
}

/// The events behind one figure; a figure is recomputed from all pages together.
#[utoipa::path(get, path = "/dora/{figure}/behind", tag = "dora", params(("figure" = String, Path), View),
    responses((status = 200, body = BehindShown), (status = "default", body = ProblemBody)))]
pub async fn behind(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let figure = figure_named(&name)?;
    let (view, shape) = View::read(query.as_deref())?;
    let limit = limit(&view.limit)?;
    let paging = Paging { limit: None, cursor: Some(view.cursor.clone()).filter(|cursor| !cursor.is_empty()) };
    let wrong = |text: &str| Refusal::invalid("cursor", format!("“{text}”"), "a “next_cursor” of this list");
    let offset = match paging.after()? {
        None => 0,
        Some(text) => text.parse::<u64>().map_err(|_| wrong(&text))?,
    };
    let asked = web.control.asked_of_deliveries(caller.0, view.words())?;
    let book = web.control.deliveries().await?;
    // With many rows this is work for more than a moment.
    let query = asked.query.clone();
    let found = tokio::task::spawn_blocking(move || book.behind(&query, figure, offset, limit));
    let found = found.await.map_err(|_| Problem::plain(http::StatusCode::INTERNAL_SERVER_ERROR, "It broke off."))?;
    let upto = offset + found.rows.len() as u64;
    if shape == Shape::Csv {
        let mut answer = table(&found);
        // A table cannot say that it is only a part.
        let headers = answer.headers_mut();
        headers.insert(TOTAL, http::HeaderValue::from(found.total));
        if upto < found.total
            && let Ok(next) = http::HeaderValue::from_str(&cursor(&upto.to_string()))
        {
            headers.insert(NEXT, next);
        }
        return Ok(answer);
    }
    let window = asked.query.window;
    let shown = BehindShown {
        figure: figure.name(),
        title: figure.title(),
        definition: DEFINITION,
        unit: serde_json::to_value(found.unit).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default(),
        rule: figure.rule(),
        period: Period::of(window),
        days: (window.ends - window.starts).as_seconds_f64() / 86_400.0,
        env: asked.query.env.to_string(),
        total: found.total,
        next_cursor: (upto < found.total).then(|| cursor(&upto.to_string())),
        items: found.rows,
    };
    Ok(Json(shown).into_response())
}

fn limit(text: &str) -> Result<usize, Refusal> {
    if text.is_empty() {
        return Ok(USUAL);
    }
    let limit = text.parse().ok().filter(|n| (1..=MOST).contains(n));
    let short: String = text.chars().take(60).collect();
    limit.ok_or_else(|| Refusal::invalid("limit", format!("“{short}”"), format!("1 to {MOST}")))
}

fn table(behind: &Behind) -> Response {
    let mut table = Table::new(&[
        "figure",
        "unit",
        "product",
        "subject",
        "id",
        "at",
        "version",
        "kind",
        "change",
        "severity",
        "value",
        "left_out",
        "incidents",
        "repairs",
    ]);
    let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let unit = word(serde_json::to_value(behind.unit).unwrap_or_default());
    for row in &behind.rows {
        table.row([
            behind.figure.name().to_owned(),
            unit.clone(),
            row.product.to_string(),
            word(serde_json::to_value(row.subject).unwrap_or_default()),
            row.id.clone(),
            stamp(row.at),
            row.version.clone().unwrap_or_default(),
            row.kind.map(|kind| kind.as_str().to_owned()).unwrap_or_default(),
            row.change.clone().unwrap_or_default(),
            row.severity.clone().unwrap_or_default(),
            number(row.value),
            row.left_out.map(|reason| reason.name().to_owned()).unwrap_or_default(),
            row.incidents.join(" "),
            row.repairs.join(" "),
        ]);
    }
    table.answer(behind.figure.name())
}
