//! A handler that panics answers 500 instead of cutting the connection.

use crate::web::rest::Problem;
use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::FutureExt as _;
use http::StatusCode;
use std::panic::AssertUnwindSafe;

pub async fn caught(request: Request, next: Next) -> Response {
    // The request is lost with the panic; nothing of it is looked at afterwards.
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(panic) => {
            let said = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
            tracing::error!(panic = said.unwrap_or("?"), "a request handler panicked");
            let detail = "Something broke inside Pilothouse; the log has it under the request id of this answer.";
            Problem::plain(StatusCode::INTERNAL_SERVER_ERROR, detail).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, body::Body, middleware::from_fn, routing::get};
    use tower::ServiceExt as _;

    #[tokio::test]
    async fn a_panic_answers_500_and_says_nothing_of_itself() {
        async fn broken() {
            panic!("a secret of the inside");
        }
        let router = Router::new().route("/", get(broken)).layer(from_fn(caught));
        let response = router.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        assert!(!String::from_utf8_lossy(&body).contains("a secret"));
    }
}
