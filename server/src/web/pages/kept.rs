//! Pages that the browser keeps and asks about: the same world, person and minute give the same page.

use crate::web::Web;
use axum::{extract::Request, response::Response};
use domain::{access::Actor, digest::sha256_hex};
use http::{HeaderMap, HeaderValue, header};

/// Names everything a page depends on. It is worked out before the page is rendered: a page may be newer than its tag,
/// never older. The minute is in it because pages hold deadlines that pass without an event.
pub(super) fn tag(web: &Web, request: &Request, place: &str) -> String {
    let headers = request.headers();
    let actor = request.extensions().get::<Actor>();
    let cookies: Vec<_> = headers.get_all(header::COOKIE).iter().collect();
    let (seq, minute) = (web.control.seq(), web.control.now().timestamp().div_euclid(60));
    let build = web.dist.as_ref().map_or("", |dist| &dist.id);
    let all = format!("{seq} {minute} {} {build} {actor:?} {cookies:?} {place}", web.boot_id);
    format!("W/\"{}\"", &sha256_hex(all.as_bytes())[..32])
}

/// Whether the browser says that it has the page under this tag.
pub(super) fn has(headers: &HeaderMap, tag: &str) -> bool {
    let texts = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let weak = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    texts.flat_map(|text| text.split(',')).any(|known| weak(known) == weak(tag))
}

/// Kept by this browser alone, and asked about every time.
pub(super) fn revalidate(mut response: Response, tag: &str) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::{HeaderMap, has, header};

    #[test]
    fn tags_are_compared_weakly_and_one_of_many_is_enough() {
        let mut headers = HeaderMap::new();
        assert!(!has(&headers, "W/\"a\""));
        headers.insert(header::IF_NONE_MATCH, "\"x\", W/\"a\"".parse().unwrap());
        assert!(has(&headers, "W/\"a\"") && has(&headers, "W/\"x\"") && !has(&headers, "W/\"b\""));
        headers.insert(header::IF_NONE_MATCH, "*".parse().unwrap());
        assert!(!has(&headers, "W/\"a\""));
    }
}
