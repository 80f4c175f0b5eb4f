//! The application: which address shows what.

use crate::{
    components::{Markup, RefusalPage},
    forms::LastForm,
    live::{provide_live, provide_voice},
    pages::{
        admin::{self, AdminPage, editor::EditorPage, people::PeoplePage, person::PersonPage, products::ProductsPage},
        audit::AuditPage,
        calendar::{CalendarPage, rotations::RotationsPage, rule::NewRulePage},
        dora::{BehindPage, DoraPage, ImportPage},
        known_issues::{KnownIssuePage, KnownIssuesPage, SearchPage},
        me::MePage,
        overview::OverviewPage,
        playbooks::{PlaybookPage, PlaybooksPage, RevisionsPage},
        release::ReleasePage,
        releases::{NewReleasePage, ReleasesPage},
        rollout::{DeploymentPage, list::DeploymentsPage},
        set_up::SetUpPage,
        settings::{MonitorPage, SettingsPage},
        sign_in,
        welcome::WelcomePage,
    },
    skeleton::Skeleton,
    viewer::Visit,
};
use domain::Refusal;
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

/// Every page is rendered whole before it is sent: complete without scripts, and with the right status.
const WHOLE: SsrMode = SsrMode::Async;

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    nothing_to_take_over();
    let visit = Visit::begin();
    provide_voice(provide_live(visit.seq));
    provide_context(LastForm(visit.flash.clone()));
    provide_context(visit);
    view! {
        <Title formatter=whole_title/>
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/sign-in") view=sign_in::SignInPage ssr=WHOLE/>
                <Route path=path!("/sign-in/:secret") view=sign_in::SignInByLinkPage ssr=WHOLE/>
                <Route path=path!("/set-up/:secret") view=SetUpPage ssr=WHOLE/>
                <Route path=path!("/welcome/:secret") view=WelcomePage ssr=WHOLE/>
                <ParentRoute path=path!("") view=Skeleton ssr=WHOLE>
                    <Route path=path!("") view=OverviewPage/>
                    <Route path=path!("/:product/releases/:version") view=ReleasePage/>
                    <Route path=path!("/:product/deployments") view=DeploymentsPage/>
                    <Route path=path!("/:product/deployments/:id") view=DeploymentPage/>
                    <Route path=path!("/:product/issues") view=KnownIssuesPage/>
                    <Route path=path!("/:product/issues/:issue") view=KnownIssuePage/>
                    <Route path=path!("/:product/settings") view=SettingsPage/>
                    <Route path=path!("/:product/settings/:env/:monitor") view=MonitorPage/>
                    <Route path=path!("/releases") view=ReleasesPage/>
                    <Route path=path!("/releases/new") view=NewReleasePage/>
                    <Route path=path!("/calendar") view=CalendarPage/>
                    <Route path=path!("/calendar/new") view=NewRulePage/>
                    <Route path=path!("/calendar/rotations") view=RotationsPage/>
                    <Route path=path!("/search") view=SearchPage/>
                    <Route path=path!("/dora") view=DoraPage/>
                    <Route path=path!("/dora/import") view=ImportPage/>
                    <Route path=path!("/dora/:figure") view=BehindPage/>
                    <Route path=path!("/me") view=MePage/>
                    <Route path=path!("/audit") view=AuditPage/>
                    <Route path=path!("/admin") view=AdminPage/>
                    <Route path=path!("/admin/people") view=PeoplePage/>
                    <Route path=path!("/admin/people/:id") view=PersonPage/>
                    <Route path=path!("/admin/products") view=ProductsPage/>
                    <Route path=path!("/admin/playbooks") view=admin::playbooks::PlaybooksPage/>
                    <Route path=path!("/admin/playbooks/:name") view=EditorPage/>
                    <Route path=path!("/playbooks") view=PlaybooksPage/>
                    <Route path=path!("/playbooks/:name") view=PlaybookPage/>
                    <Route path=path!("/playbooks/:name/revisions") view=RevisionsPage/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// What leptos writes between the tags as it is, whoever wrote it.
fn whole_title(title: String) -> String {
    Markup::new().text(title).html(" · Pilothouse").into_string()
}

/// The browser takes over parts, each with its own seed: what pages read meanwhile need not travel with them.
fn nothing_to_take_over() {
    if let Some(shared) = Owner::current_shared_context() {
        shared.set_is_hydrating(false);
    }
}

#[component]
fn NotFound() -> impl IntoView {
    let refusal = Refusal::not_found("page at this address");
    let _ = crate::failure::answer::<()>(Err(refusal.clone()));
    view! { <main id="content"><RefusalPage refusal/></main> }
}
