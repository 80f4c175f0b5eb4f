//! The REST face, described by `/api/openapi.json`. Every operation: who asks, may they, what do they ask, one order.

mod alarms;
mod answer;
mod approvals;
mod asked;
mod audit;
mod automation;
mod calendar;
mod checklists;
mod connecting;
mod deployments;
mod dora;
mod drivers;
mod environments;
mod holds;
mod json;
mod known_issues;
mod me;
mod monitors;
mod page;
mod path;
mod people;
mod playbooks;
mod problem;
mod products;
mod releases;
mod reports;
mod roles;
mod show;
mod tokens;

pub use asked::LARGEST;
pub use dora::IMPORTS_LARGEST;
pub use problem::{Problem, ProblemBody};

use super::Web;
use axum::{Json, Router, routing::get};
use http::StatusCode;
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::{router::OpenApiRouter, routes};

#[derive(OpenApi)]
#[openapi(
    info(title = "Pilothouse", description = "The control room for releases. Times are RFC 3339 in UTC; errors are application/problem+json."),
    components(schemas(ProblemBody)),
    modifiers(&Bearer),
    security(("bearer" = [])),
)]
struct Description;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("An API token")).build();
        api.components.get_or_insert_default().add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

fn operations() -> OpenApiRouter<Web> {
    let v1 = OpenApiRouter::new()
        .routes(routes!(me::show))
        .routes(routes!(people::list, people::add))
        .routes(routes!(people::show, people::change, people::erase))
        .routes(routes!(people::link))
        .routes(routes!(roles::grant))
        .routes(routes!(roles::revoke))
        .routes(routes!(roles::name_stand_in))
        .routes(routes!(roles::withdraw_stand_in))
        .routes(routes!(tokens::list, tokens::issue))
        .routes(routes!(tokens::revoke))
        .routes(routes!(products::list, products::create))
        .routes(routes!(products::show, products::change))
        .routes(routes!(environments::show))
        .routes(routes!(environments::resume))
        .routes(routes!(environments::log))
        .routes(routes!(drivers::kinds))
        .routes(routes!(drivers::show, drivers::set, drivers::remove))
        .routes(routes!(drivers::test))
        .routes(routes!(monitors::kinds))
        .routes(routes!(monitors::list))
        .routes(routes!(monitors::show, monitors::set, monitors::remove))
        .routes(routes!(monitors::test))
        .routes(routes!(monitors::last_look, monitors::look))
        .routes(routes!(monitors::past))
        .routes(routes!(alarms::raise))
        .routes(routes!(alarms::clear))
        .routes(routes!(environments::adopt))
        .routes(routes!(environments::report))
        .routes(routes!(releases::list, releases::create))
        .routes(routes!(releases::show, releases::edit))
        .routes(routes!(releases::request_approval))
        .routes(routes!(releases::follow))
        .routes(routes!(releases::cancel))
        .routes(routes!(releases::timeline))
        .routes(routes!(approvals::decide))
        .routes(routes!(deployments::start::start))
        .routes(routes!(deployments::start::plan))
        .routes(routes!(deployments::list::list))
        .routes(routes!(deployments::list::show))
        .routes(routes!(deployments::samples::samples))
        .routes(routes!(deployments::steer::steer))
        .routes(routes!(deployments::steer::resolve))
        .routes(routes!(deployments::back::roll_back))
        .routes(routes!(automation::list, automation::stop, automation::lift))
        .routes(routes!(automation::stop_product, automation::lift_product))
        .routes(routes!(reports::check))
        .routes(routes!(reports::scan))
        .routes(routes!(reports::report))
        .routes(routes!(checklists::mark))
        .routes(routes!(holds::hold))
        .routes(routes!(holds::lift))
        .routes(routes!(holds::break_glass))
        .routes(routes!(holds::concern))
        .routes(routes!(holds::sent))
        .routes(routes!(holds::plan))
        .routes(routes!(known_issues::list::list, known_issues::keep::report))
        .routes(routes!(known_issues::list::show, known_issues::keep::edit))
        .routes(routes!(known_issues::list::of_release))
        .routes(routes!(known_issues::keep::fix))
        .routes(routes!(known_issues::keep::close))
        .routes(routes!(known_issues::keep::reopen))
        .routes(routes!(known_issues::search::search))
        .routes(routes!(calendar::list::list))
        .routes(routes!(calendar::windows::set))
        .routes(routes!(calendar::windows::remove))
        .routes(routes!(calendar::windows::simulate))
        .routes(routes!(calendar::rotations::list))
        .routes(routes!(calendar::rotations::set))
        .routes(routes!(calendar::rotations::stand_in))
        .routes(routes!(dora::report::report))
        .routes(routes!(dora::behind::behind))
        .routes(routes!(dora::imports::import))
        .routes(routes!(dora::imports::list))
        .routes(routes!(dora::imports::undo))
        .routes(routes!(audit::list))
        .routes(routes!(audit::checkpoint))
        .routes(routes!(playbooks::list, playbooks::copy))
        .routes(routes!(playbooks::show))
        .routes(routes!(playbooks::preview))
        .routes(routes!(playbooks::revisions, playbooks::publish))
        .routes(routes!(playbooks::text))
        .routes(routes!(playbooks::compare));
    OpenApiRouter::with_openapi(Description::openapi()).nest("/api/v1", v1)
}

/// The description of every operation.
pub fn description() -> utoipa::openapi::OpenApi {
    operations().split_for_parts().1
}

pub(super) fn routes() -> Router<Web> {
    let (router, description) = operations().split_for_parts();
    let description = Json(description);
    router
        .route("/api/openapi.json", get(move || async move { description }))
        .route("/api/playbook.schema.json", get(async || Json(domain::playbook::schema())))
        .route("/api", axum::routing::any(nothing_here))
        .route("/api/{*rest}", axum::routing::any(nothing_here))
        .method_not_allowed_fallback(wrong_method)
}

async fn nothing_here() -> Problem {
    Problem {
        status: None,
        ..domain::Refusal::not_found("operation at this address; /api/openapi.json lists them all").into()
    }
}

async fn wrong_method() -> Problem {
    Problem::plain(StatusCode::METHOD_NOT_ALLOWED, "This address does not take this method; see /api/openapi.json.")
}
