//! Forms: bounded bodies for all, and for browsers without scripts the way back to the page with what was said.

use super::{destination::own_page, drafts, flash, visit::see, wants_page};
use crate::web::{
    Web,
    body::{self, Unread},
};
use app::{
    forms::{Flash, Notice},
    session::NOTICE_HEADER,
};
use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{Class, Refusal};
use http::{HeaderMap, Method, StatusCode, Uri, header};
use url::form_urlencoded;

/// The largest form.
const LARGEST: usize = 64 * 1024;
/// The largest refusal that is handed on.
const LARGEST_ANSWER: usize = 64 * 1024;

pub(super) async fn forms(State(web): State<Web>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let sender = wants_page(&parts.headers).then(|| Sender { uri: parts.uri.clone(), headers: parts.headers.clone() });
    let largest = if drafts::is_publishing(parts.uri.path()) { drafts::LARGEST } else { LARGEST };
    let bytes = match body::read(body, largest).await {
        Ok(bytes) => bytes,
        Err(unread) => return too_much(&web, sender, unread, largest),
    };
    let fields = sender.as_ref().map(|_| kept_fields(&bytes)).unwrap_or_default();
    let mut response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
    let notice = response.headers_mut().remove(NOTICE_HEADER);
    let notice = notice.and_then(|value| serde_json::from_slice::<Notice>(value.as_bytes()).ok());
    match sender {
        Some(sender) => sender.back(&web, response, fields, notice).await,
        None => response,
    }
}

/// A browser that sent a plain form.
struct Sender {
    uri: Uri,
    headers: HeaderMap,
}

impl Sender {
    fn page(&self, web: &Web, place: Option<&header::HeaderValue>) -> String {
        let place = place.and_then(|value| value.to_str().ok()).unwrap_or("/");
        own_page(web, &self.headers, &self.uri, place)
    }

    fn path(&self) -> String {
        self.uri.path().to_owned()
    }

    /// To the page that the form stands on, or to where the server function sends it.
    async fn back(
        self,
        web: &Web,
        response: Response,
        fields: Vec<(String, String)>,
        notice: Option<Notice>,
    ) -> Response {
        let (parts, body) = response.into_parts();
        let refused = parts.status.is_client_error() || parts.status.is_server_error();
        let place = if refused { self.headers.get(header::REFERER) } else { parts.headers.get(header::LOCATION) };
        let place = self.page(web, place);
        // What does not fit into a cookie the browser sends once more, to the page itself.
        let whole = refused && drafts::go_again(self.uri.path(), &place, &fields);
        let fields = if whole { Vec::new() } else { fields };
        let refusal = if refused { Some(refusal(parts.status, body).await) } else { None };
        let flash = match (refusal, notice) {
            (None, None) => None,
            (Some(refusal), _) => Some(Flash { path: self.path(), refusal: Some(refusal), fields, notice: None }),
            (None, notice) => {
                let fields = if notice.as_ref().is_some_and(|notice| notice.keeps) { fields } else { Vec::new() };
                Some(Flash { path: self.path(), notice, fields, ..Flash::default() })
            }
        };
        let mut answer = if whole { drafts::send_again(&place) } else { see(&place) };
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            answer.headers_mut().append(header::SET_COOKIE, cookie.clone());
        }
        if let Some(flash) = flash {
            answer.headers_mut().append(header::SET_COOKIE, flash::cookie(web, &place, flash));
        }
        answer
    }
}

/// A server function writes its refusal as the body.
async fn refusal(status: StatusCode, body: Body) -> Refusal {
    let bytes = axum::body::to_bytes(body, LARGEST_ANSWER).await.unwrap_or_default();
    serde_json::from_slice(&bytes)
        .unwrap_or_else(|_| Refusal::new(Class::Unavailable, format!("This could not be done ({status}).")))
}

fn too_much(web: &Web, sender: Option<Sender>, unread: Unread, largest: usize) -> Response {
    let problem = unread.problem(largest);
    let Some(sender) = sender else { return problem.into_response() };
    let place = sender.page(web, sender.headers.get(header::REFERER));
    let flash = Flash { path: sender.path(), refusal: Some(problem.refusal), ..Flash::default() };
    let mut answer = see(&place);
    answer.headers_mut().append(header::SET_COOKIE, flash::cookie(web, &place, flash));
    answer
}

/// What was typed, to be filled in again. Passwords are typed again.
pub(super) fn kept_fields(bytes: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(bytes)
        .filter(|(name, _)| !name.contains("password"))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn passwords_are_not_kept() {
        let kept = super::kept_fields(b"email=a%40b.c&password=x&new_password=y&roles[]=a&roles[]=b");
        let names: Vec<&str> = kept.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["email", "roles[]", "roles[]"]);
        assert_eq!(kept[0].1, "a@b.c");
    }
}
