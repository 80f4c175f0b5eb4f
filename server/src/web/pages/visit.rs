//! A page load: clean addresses, what the last form said, and nothing rendered that the browser still has.

use super::{destination, document, flash, kept};
use crate::web::Web;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};

pub(super) async fn visit(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    if !super::reads(request.method()) {
        return next.run(request).await;
    }
    let place = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str).to_owned();
    if let Some(clean) = destination::without_error(&place) {
        return see(&destination::own_page(&web, request.headers(), request.uri(), &clean));
    }
    if let Some(flash) = flash::read(&web, request.headers(), &place) {
        request.extensions_mut().insert(flash);
        let mut response = next.run(request).await;
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.append(header::SET_COOKIE, flash::forget(&web));
        return response;
    }
    let tag = kept::tag(&web, &request, &place);
    if kept::has(request.headers(), &tag) {
        return kept::revalidate(StatusCode::NOT_MODIFIED.into_response(), &tag);
    }
    if let Some(page) = document::document(&web, &request) {
        return kept::revalidate(page, &tag);
    }
    let response = next.run(request).await;
    let whole = response.status() == StatusCode::OK && !response.headers().contains_key(header::SET_COOKIE);
    if whole { kept::revalidate(response, &tag) } else { response }
}

/// Sends the browser to another page, by GET.
pub(super) fn see(place: &str) -> Response {
    let place = HeaderValue::from_str(place).unwrap_or_else(|_| HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response()
}
