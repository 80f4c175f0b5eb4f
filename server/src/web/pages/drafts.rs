//! Texts that are too long for a cookie: the page they are written on is asked for with them, by POST, and shows them
//! again with what is to be said. Nothing is kept on the server, so any replica can answer.

use super::{flash, forms::kept_fields};
use crate::web::{Web, body};
use app::{EDITOR_FORM, KNOWN_ISSUE_FORMS, forms::Flash};
use axum::{
    body::Body,
    extract::Request,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, Method, StatusCode, header};

/// The pages on which such texts are written: playbooks and known issues.
pub(super) const PAGES: [&str; 3] = ["/admin/playbooks/{name}", "/{product}/issues", "/{product}/issues/{issue}"];
/// Up to so many bytes of fields always fit into a cookie.
const FITS: usize = 2_000;
/// The largest text on its way, as browsers write it.
pub(super) const LARGEST: usize = 1024 * 1024;

/// Whether a form for this address may be larger than others.
pub(super) fn is_publishing(path: &str) -> bool {
    path == EDITOR_FORM
}

/// Whether what was typed into the form at `path` goes to its page at `place` once more, instead of into a cookie.
pub(super) fn go_again(path: &str, place: &str, fields: &[(String, String)]) -> bool {
    let bytes: usize = fields.iter().map(|(name, value)| name.len() + value.len()).sum();
    is_publishing(path) && is_editor(place)
        || KNOWN_ISSUE_FORMS.contains(&path) && is_of_known_issues(place) && bytes > FITS
}

fn is_editor(place: &str) -> bool {
    let name = place.strip_prefix("/admin/playbooks/").unwrap_or_default();
    !name.is_empty() && !name.contains('/')
}

fn is_of_known_issues(place: &str) -> bool {
    let path = place.split('?').next().unwrap_or(place);
    let parts: Vec<&str> = path.split('/').collect();
    matches!(parts[..], ["", product, "issues"] | ["", product, "issues", _] if !product.is_empty())
}

/// The same form once more, to the page it stands on.
pub(super) fn send_again(place: &str) -> Response {
    let place = HeaderValue::from_str(place).unwrap_or_else(|_| HeaderValue::from_static("/"));
    (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, place)]).into_response()
}

/// The page load that shows what was typed, with the refusal of the form if it was refused.
pub(super) async fn as_page_load(web: &Web, request: Request) -> Result<Request, Response> {
    let (mut parts, body) = request.into_parts();
    let bytes = match body::read(body, LARGEST).await {
        Ok(bytes) => bytes,
        Err(unread) => return Err(unread.problem(LARGEST).into_response()),
    };
    let place = parts.uri.path().to_owned();
    let said = flash::read(web, &parts.headers, &place);
    // Without a word of a form it is a text that is checked while somebody writes it.
    let path = said.as_ref().map_or_else(|| EDITOR_FORM.to_owned(), |said| said.path.clone());
    let refusal = said.and_then(|said| said.refusal);
    parts.extensions.insert(Flash { path, refusal, fields: kept_fields(&bytes), notice: None });
    parts.method = Method::GET;
    parts.headers.remove(header::CONTENT_TYPE);
    parts.headers.remove(header::CONTENT_LENGTH);
    Ok(Request::from_parts(parts, Body::empty()))
}

/// Asked for with a text, answered for this once.
pub(super) fn never_kept(web: &Web, mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.append(header::SET_COOKIE, flash::forget(web));
    response
}

#[cfg(test)]
mod tests {
    use super::{go_again, is_editor};

    #[test]
    fn only_the_page_of_one_playbook_takes_a_text_back() {
        assert!(is_editor("/admin/playbooks/orca"));
        for other in ["/", "/admin/playbooks", "/admin/playbooks/", "/admin/playbooks/a/b", "/admin/people/x"] {
            assert!(!is_editor(other), "{other}");
        }
    }

    #[test]
    fn long_texts_of_known_issues_go_back_to_their_page() {
        let fields = |long: usize| vec![("description".to_owned(), "x".repeat(long))];
        let goes = |place: &str, long: usize| go_again("/do/report_known_issue", place, &fields(long));
        assert!(goes("/shop/issues", 8_000) && goes("/shop/issues?state=all", 8_000) && goes("/shop/issues/1", 8_000));
        assert!(!goes("/shop/issues", 100), "a cookie holds it");
        for other in ["/", "/issues", "/shop/releases", "/shop/issues/1/2"] {
            assert!(!goes(other, 8_000), "{other}");
        }
        assert!(!go_again("/do/close_known_issue", "/shop/issues/1", &fields(8_000)));
    }
}
