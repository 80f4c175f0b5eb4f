//! The pages: rendered by `app`, each with its own policy, and the server functions behind them.

mod destination;
mod document;
mod drafts;
mod flash;
mod forms;
mod kept;
mod policy;
mod readable;
mod uploads;
mod visit;

pub use readable::{readable, wants_readable};

use super::{
    Web,
    assets::{self, Dist},
    credential::Credential,
    rest::Problem,
};
use app::{App, pages::demo::Ends, session::Demo};
use axum::{
    Router,
    extract::{FromRef, Request},
    middleware::{Next, from_fn, from_fn_with_state as with},
    response::{IntoResponse, Response},
    routing::{MethodFilter, on, post},
};
use domain::{Refusal, access::Actor};
use http::{HeaderMap, Method, StatusCode, header};
use leptos::{config::LeptosOptions, prelude::provide_context, server_fn::axum::server_fn_paths};
use leptos_axum::{
    LeptosRoutes as _, generate_route_list_with_exclusions, handle_server_fns_with_context,
    render_app_async_with_context,
};
use std::sync::Arc;
use tower_http::compression::{CompressionLayer, CompressionLevel, Predicate as _, predicate::DefaultPredicate};

/// Pages and server functions; without browser files every address answers what is missing.
pub(super) fn routes(web: &Web) -> Router<Web> {
    let Some(dist) = &web.dist else { return Router::new().fallback(not_built) };
    // What was told once may stand beside what somebody else chose: such answers are not squeezed together.
    let squeezed =
        DefaultPredicate::new().and(|_: StatusCode, _: http::Version, headers: &HeaderMap, _: &http::Extensions| {
            headers.get(header::CACHE_CONTROL).is_none_or(|value| value != "no-store")
        });
    pages(web, dist)
        .merge(functions(web))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(squeezed))
        .layer(from_fn(by_session))
        .method_not_allowed_fallback(wrong_method)
}

fn pages(web: &Web, dist: &Dist) -> Router<Web> {
    let (context, head) = (context(web), Arc::new(dist.head.clone()));
    let shell = move || app::shell(&head);
    let elsewhere = render_app_async_with_context(context.clone(), shell.clone());
    let again = elsewhere.clone();
    let elsewhere = move |request: Request| async move {
        if reads(request.method()) && wants_page(request.headers()) {
            elsewhere(request).await
        } else {
            Problem::from(Refusal::not_found("anything at this address")).into_response()
        }
    };
    let options = Options(Arc::new(LeptosOptions::builder().output_name("web").build()));
    let functions = server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    let listed = generate_route_list_with_exclusions(App, Some(functions));
    let drafts = {
        let web = web.clone();
        move |request: Request| async move {
            match drafts::as_page_load(&web, request).await {
                Ok(request) => drafts::never_kept(&web, again(request).await),
                Err(refused) => refused,
            }
        }
    };
    let uploads = {
        let web = web.clone();
        move |request: Request| async move { uploads::import(&web, request).await }
    };
    let pages = Router::new().leptos_routes_with_context(&options, listed, context, shell).with_state(options);
    let pages = drafts::PAGES.into_iter().fold(pages, |pages, page| pages.route(page, post(drafts.clone())));
    pages
        .route(uploads::IMPORT, post(uploads).layer(uploads::limit()))
        .fallback(elsewhere)
        .layer(with(web.clone(), visit::visit))
}

/// Copied for every request and every layer around it.
#[derive(Clone)]
struct Options(Arc<LeptosOptions>);

impl FromRef<Options> for LeptosOptions {
    fn from_ref(options: &Options) -> Self {
        Self::clone(&options.0)
    }
}

fn functions(web: &Web) -> Router<Web> {
    let context = context(web);
    let route = |router: Router<Web>, (path, method): (&'static str, Method)| {
        let context = context.clone();
        let call = move |request: Request| handle_server_fns_with_context(context.clone(), request);
        match MethodFilter::try_from(method) {
            Ok(method) => router.route(path, on(method, call)),
            Err(_) => router,
        }
    };
    server_fn_paths().fold(Router::new(), route).layer(with(web.clone(), forms::forms))
}

/// What `app` finds around a page or a server function; a page also gets its policy.
fn context(web: &Web) -> impl Fn() + Clone + Send + Sync + 'static {
    let (control, cookie, demo) = (web.control.clone(), web.session_cookie(), Demo(web.settings.demo));
    let ends = web.wiping.clone().map(|wiping| -> Ends { Arc::new(wiping) });
    move || {
        provide_context(demo);
        if let Some(ends) = ends.clone() {
            provide_context(ends);
        }
        provide_context(control.clone());
        provide_context(cookie.clone());
        policy::announce();
    }
}

/// Tokens are for REST: here only a browser's session counts.
async fn by_session(mut request: Request, next: Next) -> Response {
    if matches!(request.extensions().get(), Some(Credential::Bearer(_))) {
        request.extensions_mut().remove::<Actor>();
    }
    next.run(request).await
}

fn reads(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// A browser on its way to a page, rather than a script or a program.
fn wants_page(headers: &HeaderMap) -> bool {
    headers.get_all(header::ACCEPT).iter().any(|v| v.to_str().is_ok_and(|v| v.contains("text/html")))
}

async fn wrong_method() -> Problem {
    Problem::plain(StatusCode::METHOD_NOT_ALLOWED, "This address does not take this method.")
}

async fn not_built() -> Problem {
    let detail =
        format!("The pages are not built. Run `{}`, then start again. REST and the command line work.", assets::BUILD);
    Problem::plain(StatusCode::SERVICE_UNAVAILABLE, detail)
}
