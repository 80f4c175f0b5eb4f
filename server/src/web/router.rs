//! Which address leads where, and through which middleware.

use super::{Web, assets, events, feed, health, hooks, middleware, pages, rest};
use axum::{
    Router,
    middleware::from_fn_with_state as with,
    routing::{get, post},
};

/// Everything that is served.
pub fn router(web: &Web) -> Router {
    let own = Router::new()
        .route("/calendar/feed/{file}", get(feed::feed))
        .route("/hooks/deployments/{product}/{env}", post(hooks::deployments))
        .route("/hooks/alertmanager", post(hooks::alerts))
        .route("/health", get(health::health))
        .route("/ready", get(health::ready))
        .route("/status", get(health::status))
        .route("/metrics", get(health::metrics));
    let asked = Router::new()
        .route("/events", get(events::events))
        .merge(rest::routes())
        .merge(pages::routes(web))
        .layer(with(web.clone(), middleware::asked));
    let mut all = own.merge(asked);
    if let Some(dist) = &web.dist {
        all = all.merge(assets::routes(dist));
    }
    all.layer(with(web.clone(), middleware::around)).with_state(web.clone())
}
