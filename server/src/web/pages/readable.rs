//! What goes wrong around the pages, as a page that somebody can read.

use super::wants_page;
use crate::web::{Web, rest::Problem};
use axum::{
    extract::Request,
    response::{Html, IntoResponse, Response},
};
use http::{HeaderValue, header};

const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; font-src 'self'; frame-ancestors 'none'; base-uri 'none'",
);

/// Whether a problem would be told as a page: to a browser, outside of REST.
pub fn wants_readable(request: &Request) -> bool {
    wants_page(request.headers()) && !request.uri().path().starts_with("/api")
}

/// A browser gets problems as pages.
pub fn readable(web: &Web, page: bool, mut response: Response) -> Response {
    match response.extensions_mut().remove::<Problem>() {
        Some(problem) if page => tell(web, &response, &problem),
        _ => response,
    }
}

fn tell(web: &Web, told: &Response, problem: &Problem) -> Response {
    let (title, detail) = (escaped(problem.title()), escaped(&problem.refusal.detail));
    let help = problem.refusal.who_can_help.as_deref().map(|who| format!("<p>{} can help.</p>", escaped(who)));
    let styles = web.dist.as_ref().map_or("", |dist| &dist.styles);
    let text = format!(
        "<!DOCTYPE html><html lang=\"en-GB\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title} · Pilothouse</title>\
         {styles}</head><body><main id=\"content\" class=\"doorway\"><h1>{title}</h1><p>{detail}</p>{}\
         <p><a href=\"/\">Go to Overview</a></p></main></body></html>",
        help.unwrap_or_default()
    );
    let mut response = (told.status(), Html(text)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    if let Some(wait) = told.headers().get(header::RETRY_AFTER) {
        headers.insert(header::RETRY_AFTER, wait.clone());
    }
    response
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
