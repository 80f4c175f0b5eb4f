//! Headers that make browsers careful.

use crate::web::Web;
use axum::response::Response;
use http::{HeaderName, HeaderValue, header};

/// For everything that is not a page: nothing in it may do anything.
const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'");

pub fn secure(web: &Web, mut response: Response) -> Response {
    let unchanged = response.status() == http::StatusCode::NOT_MODIFIED;
    let headers = response.headers_mut();
    // A browser that revalidates keeps the policy stored with the page, whose nonce fits.
    if !unchanged && !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, NOTHING);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    if web.settings.is_https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}
