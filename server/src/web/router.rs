//! Which address leads where, and through which middleware.

use super::{Web, assets, events, health, middleware, rest};
use axum::{
    Router,
    extract::Request,
    middleware::{from_fn, from_fn_with_state as with},
    response::{IntoResponse, Response},
    routing::get,
};
use http::StatusCode;

/// Everything that is served.
pub fn router(web: &Web) -> Router {
    let own = Router::new()
        .route("/health", get(health::health))
        .route("/ready", get(health::ready))
        .route("/status", get(health::status))
        .route("/metrics", get(health::metrics));
    let asked = Router::new()
        .route("/events", get(events::events))
        .merge(rest::routes())
        .layer(with(web.clone(), middleware::known))
        .layer(with(web.clone(), middleware::same_site));
    let mut all = own.merge(asked);
    if let Some(dist) = &web.dist {
        all = all.merge(assets::routes(dist));
    }
    all.fallback(no_pages)
        .layer(from_fn(middleware::caught))
        .layer(with(web.clone(), middleware::secure))
        .layer(with(web.clone(), middleware::traced))
        .with_state(web.clone())
}

/// The pages need the browser files.
async fn no_pages(_: Request) -> Response {
    let text = format!(
        "The pages are not built. Run `{}`, then start again. REST and the command line work.\n",
        assets::BUILD
    );
    (StatusCode::SERVICE_UNAVAILABLE, text).into_response()
}
