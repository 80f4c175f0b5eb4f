//! What every request passes on its way in and out.

mod crosssite;
mod headers;
mod panics;
mod trace;
mod who;

pub use crosssite::is_own_origin;

use super::{Web, pages};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

// Each layer of the router is copied with everything below it for every request: what always goes together is one layer.

/// Around everything: named, counted, readable, careful, and never cut off by a panic.
pub async fn around(State(web): State<Web>, request: Request, next: Next) -> Response {
    let inside = async |request: Request| {
        let page = pages::wants_readable(&request);
        let response = panics::caught(request, next).await;
        headers::secure(&web, pages::readable(&web, page, response))
    };
    trace::traced(&web, request, inside).await
}

/// Around whatever depends on who asks.
pub async fn asked(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    if let Err(refused) = crosssite::same_site(&web, &request) {
        return refused.into_response();
    }
    match who::known(&web, &mut request).await {
        Ok(()) => next.run(request).await,
        Err(refused) => refused.into_response(),
    }
}
