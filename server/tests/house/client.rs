//! Somebody who asks, and what they are told.

use axum::{Router, body::Body};
use http::{HeaderMap, Method, Request, Response, request::Builder};
use serde_json::Value;
use tower::ServiceExt as _;

#[derive(Clone)]
pub struct Client {
    router: Router,
    headers: Vec<(String, String)>,
}

#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    /// Null when there is none, or when it is no JSON.
    pub body: Value,
}

impl Client {
    pub fn new(router: &Router) -> Self {
        Self { router: router.clone(), headers: Vec::new() }
    }

    /// One more header with every request.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, Body::empty()).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, Body::from(body.to_string())).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PATCH, path, Body::from(body.to_string())).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PUT, path, Body::from(body.to_string())).await
    }

    /// DELETE with a body.
    pub async fn withdraw(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::DELETE, path, Body::from(body.to_string())).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, Body::empty()).await
    }

    /// `path` is one of REST unless it begins with another of our roots.
    pub async fn send(&self, method: Method, path: &str, body: Body) -> Answer {
        let own = [
            "/api/",
            "/do/",
            "/see/",
            "/events",
            "/health",
            "/ready",
            "/status",
            "/metrics",
            "/calendar/feed/",
            "/hooks/",
        ];
        let rest = !own.iter().any(|root| path.starts_with(root));
        let path = if rest { format!("/api/v1{path}") } else { path.to_owned() };
        let response = self.response(Request::builder().method(method).uri(path), body).await;
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        let body = serde_json::from_slice(&bytes).unwrap_or_default();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    pub async fn response(&self, request: Builder, body: Body) -> Response<Body> {
        let request = self.headers.iter().fold(request, |request, (name, value)| request.header(name, value));
        let request = request.header("host", "127.0.0.1:7070").body(body).expect("a request");
        self.router.clone().oneshot(request).await.expect("an answer")
    }
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body of an answer with this status.
    #[track_caller]
    pub fn must(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// The body of a refusal with this status, which has the shape that all of them have.
    #[track_caller]
    pub fn refused(self, status: u16) -> Value {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.body);
        for field in ["type", "title", "detail"] {
            assert!(self.body[field].as_str().is_some_and(|text| !text.is_empty()), "no “{field}” in {}", self.body);
        }
        assert_eq!(self.body["status"], self.status, "{}", self.body);
        self.must(status)
    }

    /// A refusal with this status that is about this field.
    #[track_caller]
    pub fn refused_field(self, status: u16, field: &str) -> Value {
        let body = self.refused(status);
        assert_eq!(body["field"], field, "{body}");
        body
    }
}
