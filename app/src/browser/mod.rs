//! The browser side of every page: takes over the parts that live here, and minds a few manners for all the rest, which
//! stays as the server rendered it.

mod checking;
mod crosshair;
mod kept;
mod manners;
mod sections;
mod times;

use crate::{
    forms::LastForm,
    live::{self, Voice},
    pages::release::{ReleaseSeed, release_part},
    part::Seed,
    status::{Status, status},
};
use gloo_net::http::Request;
use leptos::{mount::hydrate_from, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

pub use times::now;

/// Takes over the page that the server rendered.
pub fn begin() {
    console_error_panic_hook::set_once();
    let owner = Owner::new();
    owner.with(|| {
        let written = sections::remember();
        if let Some(seed) = seed::<Status>() {
            let voice = follow(seed);
            sections::begin(written, voice);
        }
        manners::begin();
        checking::begin();
        crosshair::begin();
        times::begin();
    });
    // For as long as the page.
    std::mem::forget(owner);
    request_animation_frame(|| {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-hydrated", "");
        }
    });
}

/// For somebody signed in: parts first, then the news that they listen to.
fn follow(seed_of_status: Status) -> Voice {
    let Status { reader, seq, .. } = seed_of_status;
    let live = live::provide_live(seq);
    live.now.set(Some(now()));
    set_interval(move || live.now.set(Some(now())), std::time::Duration::from_secs(1));
    let voice = live::provide_voice(live);
    let context = move || {
        provide_context(live);
        provide_context(voice);
    };
    take_over(seed_of_status, status, context);
    if let Some(seed) = seed::<ReleaseSeed>() {
        let last = LastForm(seed.flash.clone());
        take_over(seed, release_part, move || {
            context();
            provide_context(last);
        });
    }
    live::open(live, reader);
    voice
}

/// What the server put beside a part.
fn seed<S: Seed>() -> Option<S> {
    let place = format!("script[data-seed={}]", S::NAME);
    let text = document().query_selector(&place).ok().flatten()?.text_content()?;
    match serde_json::from_str(&text) {
        Ok(seed) => Some(seed),
        Err(error) => {
            leptos::logging::error!("the page cannot be taken over: {error}");
            None
        }
    }
}

fn take_over<S: Seed>(seed: S, part: fn(S) -> AnyView, context: impl FnOnce() + 'static) {
    let place = format!("[data-part={}]", S::NAME);
    let found = document().query_selector(&place).ok().flatten().and_then(|place| place.dyn_into::<HtmlElement>().ok());
    if let Some(place) = found {
        let part = hydrate_from(place, move || {
            context();
            part(seed)
        });
        part.forget();
    }
}

/// Keeps the number of releases that wait for the reader.
pub fn count_again(waiting: RwSignal<usize>) {
    live::follow_gently("release", move || {
        spawn_local(async move {
            if let Some(count) = ask("/see/inbox").await.and_then(|text| text.parse().ok()) {
                waiting.try_set(count);
            }
        });
    });
}

/// What the server answers to a question; none when it does not.
pub async fn ask(address: &str) -> Option<String> {
    let answer = Request::get(address).send().await.ok()?;
    if answer.ok() { answer.text().await.ok() } else { None }
}
