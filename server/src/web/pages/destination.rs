//! Where a browser goes after a form: pages of this installation only.

use crate::web::{Web, middleware::is_own_origin};
use http::{HeaderMap, Uri};
use url::{Url, form_urlencoded};

/// How leptos writes errors of forms into addresses; they go, whoever wrote them.
const ERROR: [&str; 2] = ["__err", "__path"];

/// Path and query of `place` if it is one of our pages, else Overview.
pub(super) fn own_page(web: &Web, headers: &HeaderMap, uri: &Uri, place: &str) -> String {
    let authority = uri.authority().map(http::uri::Authority::as_str);
    let found = if place.starts_with('/') { Some(place.to_owned()) } else { below_us(web, headers, authority, place) };
    let found = found.filter(|place| is_local(place)).unwrap_or_else(|| "/".to_owned());
    without_error(&found).unwrap_or(found)
}

fn below_us(web: &Web, headers: &HeaderMap, authority: Option<&str>, place: &str) -> Option<String> {
    let url = Url::parse(place).ok()?;
    let origin = url.origin().ascii_serialization();
    let query = url.query().filter(|query| !query.is_empty()).map(|query| format!("?{query}")).unwrap_or_default();
    is_own_origin(web, headers, authority, &origin).then(|| format!("{}{query}", url.path()))
}

/// Never another host, however it is written, and never something that is no page.
fn is_local(place: &str) -> bool {
    place.starts_with('/')
        && !place.starts_with("//")
        && !["/do/", "/see/", "/api/", "/pkg/"].iter().any(|other| place.starts_with(other))
        && place.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
}

/// The address without a form's error; none when there is none in it.
pub(super) fn without_error(place: &str) -> Option<String> {
    let (path, query) = place.split_once('?')?;
    let is_error = |key: &str| ERROR.contains(&key);
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.any(|(key, _)| is_error(&key)).then(|| {
        let kept = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| !is_error(key));
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    })
}

#[cfg(test)]
mod tests {
    use super::{is_local, without_error};

    #[test]
    fn errors_leave_the_address_and_all_else_stays() {
        assert_eq!(without_error("/releases?product=shop"), None);
        assert_eq!(without_error("/releases"), None);
        assert_eq!(without_error("/sign-in?__path=%2Fdo%2Fx&__err=abc").as_deref(), Some("/sign-in"));
        assert_eq!(without_error("/a?next=%2Fb%3Fc%3D1&__err=").as_deref(), Some("/a?next=%2Fb%3Fc%3D1"));
    }

    #[test]
    fn only_pages_of_ours_are_gone_to() {
        assert!(is_local("/shop/releases/1.0.0?x=1"));
        for foreign in ["", "x", "//evil.example", "/\\evil.example", "/a\r\nb", "/do/approve", "/api/v1/me"] {
            assert!(!is_local(foreign), "{foreign}");
        }
    }
}
