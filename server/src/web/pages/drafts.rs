//! Texts that are too long for a cookie: the page they are written on is asked for with them, by POST, and shows them
//! again with what is to be said. Nothing is kept on the server, so any replica can answer.

use super::{flash, forms::kept_fields};
use crate::web::{Web, body};
use app::{EDITOR_FORM, forms::Flash};
use axum::{
    body::Body,
    extract::Request,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, Method, StatusCode, header};

/// The page on which a playbook is written.
pub(super) const EDITOR: &str = "/admin/playbooks/{name}";
/// The largest text on its way, as browsers write it.
pub(super) const LARGEST: usize = 1024 * 1024;

/// Whether a form for this address may hold a long text.
pub(super) fn is_publishing(path: &str) -> bool {
    path == EDITOR_FORM
}

/// Whether a page takes its text back.
pub(super) fn is_editor(place: &str) -> bool {
    let name = place.strip_prefix("/admin/playbooks/").unwrap_or_default();
    !name.is_empty() && !name.contains('/')
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
    let refusal = flash::read(web, &parts.headers, &place).and_then(|said| said.refusal);
    let path = EDITOR_FORM.to_owned();
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
    use super::is_editor;

    #[test]
    fn only_the_page_of_one_playbook_takes_a_text_back() {
        assert!(is_editor("/admin/playbooks/orca"));
        for other in ["/", "/admin/playbooks", "/admin/playbooks/", "/admin/playbooks/a/b", "/admin/people/x"] {
            assert!(!is_editor(other), "{other}");
        }
    }
}
