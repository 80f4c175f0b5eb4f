//! A name for every request, in the log and in the answer; and what is counted of it.

use crate::web::Web;
use axum::{
    extract::{MatchedPath, Request},
    response::Response,
};
use http::{HeaderName, HeaderValue};
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Instant,
};
use tracing::Instrument as _;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Counts the requests of this process; with the moment of its start that names each.
static COUNT: AtomicU64 = AtomicU64::new(1);

pub async fn traced<Then: Future<Output = Response>>(
    web: &Web,
    request: Request,
    next: impl FnOnce(Request) -> Then,
) -> Response {
    let id = format!("{:x}-{:x}", web.boot_id, COUNT.fetch_add(1, Ordering::Relaxed));
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    // The path without its query: secrets of links stand in neither logs nor metrics.
    let span = tracing::info_span!("request", id, %method, route);
    let began = Instant::now();
    let mut response = next(request).instrument(span.clone()).await;
    let took = began.elapsed();
    let status = response.status();
    span.in_scope(|| tracing::debug!(status = status.as_u16(), ms = took.as_millis(), "answered"));
    web.metrics.answered(&method, &route, status, took);
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}
