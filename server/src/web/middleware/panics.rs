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
