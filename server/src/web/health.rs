//! Pilothouse's own health: alive, ready, in detail, in numbers.

use super::{Web, metrics::Moment};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use serde_json::json;
use std::time::Duration;

/// How long the storage may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process answers.
pub async fn health() -> &'static str {
    "ok\n"
}

/// Whether requests should come here now.
pub async fn ready(State(web): State<Web>) -> Response {
    if web.stop.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "draining\n").into_response();
    }
    match tokio::time::timeout(PATIENCE, web.control.journal().ping()).await {
        Ok(Ok(())) => "ready\n".into_response(),
        Ok(Err(error)) => {
            tracing::warn!(%error, "the storage does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the storage does not answer\n").into_response()
        }
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the storage is too slow\n").into_response(),
    }
}

/// In detail; nothing in it is secret.
pub async fn status(State(web): State<Web>) -> Response {
    let (world, now) = (web.control.world(), web.control.now());
    Json(json!({
        "version": env!("CARGO_PKG_VERSION"),
        "seq": web.control.seq(),
        "now": now,
        "database": web.database,
        "uptime_seconds": web.started.elapsed().as_secs(),
        "draining": web.stop.is_cancelled(),
        "pages": web.dist.is_some(),
        "demo": web.settings.demo,
        "products": world.products().count(),
        "releases": world.release_count(),
        "live_streams": web.seats.taken(),
    }))
    .into_response()
}

pub async fn metrics(State(web): State<Web>) -> Response {
    let page = web.metrics.page(Moment::of(&web.control, web.seats.taken()));
    ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], page).into_response()
}
