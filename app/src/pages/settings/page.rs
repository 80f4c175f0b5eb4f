//! The page of a product's settings.

use super::{model::Settings, place::Place, switch::Switch};
use crate::{components::answered, failure::answer, icons::Icon};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn SettingsPage() -> impl IntoView {
    let product = use_params_map().with_untracked(|params| params.get("product")).unwrap_or_default();
    let (env, driver, monitor) = use_query_map().with_untracked(|query| {
        let text = |name: &str| query.get(name).unwrap_or_default();
        (text("env"), text("driver"), text("monitor"))
    });
    let told = async move { answer(Settings::of(&product, &env, &driver, &monitor)) };
    answered(told, |settings| view! { <Told settings/> }.into_any())
}

#[component]
fn Told(settings: Settings) -> impl IntoView {
    let Settings { product, name, administers, may_promote, alarms, places, stopped, stopped_everywhere } = settings;
    let title = format!("Settings of {name}");
    let deployments = format!("/{product}/deployments");
    let places: Vec<_> =
        places.into_iter().map(|place| view! { <Place place administers may_promote alarms/> }).collect();
    let above = stopped_everywhere.then(|| {
        view! {
            <p class="aside warning">
                {Icon::TRIANGLE_ALERT.view()} <span>"It is stopped everywhere; that is lifted by an administrator."</span>
            </p>
        }
    });
    let (slug, of) = (product.to_string(), name.clone());
    view! {
        <Title text=title/>
        <p class="crumbs">
            <a href="/releases">"Releases"</a> {Icon::CHEVRON_RIGHT.view()}
            <a href=format!("/releases?product={product}")>{name}</a> {Icon::CHEVRON_RIGHT.view()}
            <a href=deployments>"Deployments"</a>
        </p>
        <h1>"Settings"</h1>
        {places}
        <section id="automation" class="card" data-live="automation" data-in-place aria-labelledby="automation-title">
            {above}
            <Switch product=slug of stopped/>
        </section>
    }
}
