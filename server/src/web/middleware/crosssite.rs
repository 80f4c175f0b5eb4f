//! Other sites cannot make a signed-in browser change anything here.

use crate::web::{Web, rest::Problem};
use axum::extract::Request;
use domain::Refusal;
use http::{HeaderMap, Method, header};

/// Every request that may change something must come from our own pages, or from something that is no browser.
pub(super) fn same_site(web: &Web, request: &Request) -> Result<(), Problem> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE);
    if reads || comes_from_here(web, request) {
        return Ok(());
    }
    let why = "This request comes from another site, or does not say where it comes from.";
    Err(Problem::from(Refusal::forbidden(why, "Opening Pilothouse itself and trying there")))
}

fn comes_from_here(web: &Web, request: &Request) -> bool {
    let headers = request.headers();
    let text = |name: header::HeaderName| headers.get(name).map(|v| v.to_str().unwrap_or_default());
    // Present in every browser of the last years, and no page can forge it.
    if let Some(site) = headers.get("sec-fetch-site") {
        return matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    match text(header::ORIGIN) {
        Some(origin) => {
            is_own_origin(web, headers, request.uri().authority().map(http::uri::Authority::as_str), origin)
        }
        // Neither header: not a browser, unless it carries a cookie.
        None => !headers.contains_key(header::COOKIE),
    }
}

/// The public address, or the very host that the request was sent to.
pub fn is_own_origin(web: &Web, headers: &HeaderMap, authority: Option<&str>, origin: &str) -> bool {
    if let Some(public) = &web.settings.public_url {
        return public.origin().ascii_serialization() == origin;
    }
    let host = headers.get(header::HOST).and_then(|v| v.to_str().ok()).or(authority);
    host.is_some_and(|host| origin == format!("http://{host}") || origin == format!("https://{host}"))
}
