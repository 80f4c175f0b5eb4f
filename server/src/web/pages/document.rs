//! Pages that are written as one text, past routes and signals.

use super::policy;
use crate::web::Web;
use app::Document;
use axum::{
    extract::Request,
    response::{Html, IntoResponse as _, Response},
};
use domain::access::Actor;
use http::{Method, header};
use leptos::nonce::Nonce;

/// Overview, for somebody signed in; everything else is rendered by `app`'s routes.
pub(super) fn document(web: &Web, request: &Request) -> Option<Response> {
    if request.method() != Method::GET || request.uri().path() != "/" {
        return None;
    }
    let (dist, actor) = (web.dist.as_ref()?, *request.extensions().get::<Actor>()?);
    let nonce = Nonce::new();
    let (headers, demo) = (request.headers(), web.settings.demo);
    let document = Document { head: &dist.head, nonce: &nonce, control: &web.control, actor, headers, demo };
    let mut response = Html(document.overview()?).into_response();
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy::policy(&nonce)?);
    Some(response)
}
