//! The application: which address shows what.

use crate::{
    components::RefusalPage,
    forms::provide_last_form,
    live::provide_live,
    pages::{
        admin::{AdminPage, people::PeoplePage, person::PersonPage, playbooks::PlaybooksPage, products::ProductsPage},
        audit::AuditPage,
        me::MePage,
        overview::OverviewPage,
        release::ReleasePage,
        releases::{NewReleasePage, ReleasesPage},
        set_up::SetUpPage,
        sign_in,
        welcome::WelcomePage,
    },
    skeleton::{Skeleton, Surroundings},
    viewer::provide_visit,
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
    let visit = provide_visit();
    provide_live(visit.seq, visit.viewer.as_ref().map(|viewer| viewer.id));
    provide_context(Surroundings { theme: visit.theme, demo: visit.demo });
    view! {
        <Title formatter=|title: String| format!("{title} · Pilothouse")/>
        <Router>
            <LastForm flash=visit.flash.clone()/>
            <Routes fallback=NotFound>
                <Route path=path!("/sign-in") view=sign_in::SignInPage ssr=WHOLE/>
                <Route path=path!("/sign-in/:secret") view=sign_in::SignInByLinkPage ssr=WHOLE/>
                <Route path=path!("/set-up/:secret") view=SetUpPage ssr=WHOLE/>
                <Route path=path!("/welcome/:secret") view=WelcomePage ssr=WHOLE/>
                <ParentRoute path=path!("") view=Skeleton ssr=WHOLE>
                    <Route path=path!("") view=OverviewPage/>
                    <Route path=path!("/:product/releases/:version") view=ReleasePage/>
                    <Route path=path!("/releases") view=ReleasesPage/>
                    <Route path=path!("/releases/new") view=NewReleasePage/>
                    <Route path=path!("/me") view=MePage/>
                    <Route path=path!("/audit") view=AuditPage/>
                    <Route path=path!("/admin") view=AdminPage/>
                    <Route path=path!("/admin/people") view=PeoplePage/>
                    <Route path=path!("/admin/people/:id") view=PersonPage/>
                    <Route path=path!("/admin/products") view=ProductsPage/>
                    <Route path=path!("/admin/playbooks") view=PlaybooksPage/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// Needs the router, to forget the form when somebody moves on.
#[component]
fn LastForm(flash: Option<crate::forms::Flash>) -> impl IntoView {
    provide_last_form(flash);
}

#[component]
fn NotFound() -> impl IntoView {
    let refusal = Refusal::not_found("page at this address");
    #[cfg(not(target_arch = "wasm32"))]
    let _ = crate::failure::answer::<()>(Err(refusal.clone()));
    view! { <main id="content"><RefusalPage refusal/></main> }
}
