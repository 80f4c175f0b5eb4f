//! What every page can do in the browser without being made of anything there: copying, whole addresses, menus that close,
//! forms that are sent once, and the theme at once. One listener each, however much there is on the page.

use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement, HtmlFormElement, SubmitEvent};

/// How long a copy button says that it has copied.
const COPIED: Duration = Duration::from_secs(2);

pub(super) fn begin() {
    whole_addresses();
    window_event_listener_untyped("click", |event| clicked(&event));
    window_event_listener_untyped("submit", |event| submitted(event.unchecked_ref()));
    // Somebody comes back to a page kept by the browser: its forms can be sent again.
    window_event_listener_untyped("pageshow", |_| {
        for_each("form[aria-busy]", |form| {
            let _ = form.remove_attribute("aria-busy");
        });
    });
}

fn for_each(which: &str, act: impl Fn(&Element)) {
    let Ok(found) = document().query_selector_all(which) else { return };
    for n in 0..found.length() {
        if let Some(element) = found.item(n).and_then(|node| node.dyn_into::<Element>().ok()) {
            act(&element);
        }
    }
}

/// A path below this installation becomes an address that can be sent to somebody.
fn whole_addresses() {
    let Ok(origin) = window().location().origin() else { return };
    for_each("[data-address]", |place| {
        if let Some(path) = place.get_attribute("data-address") {
            let address = format!("{origin}{path}");
            place.set_text_content(Some(&address));
        }
    });
    for_each("[data-copy^='/']", |button| {
        if let Some(path) = button.get_attribute("data-copy") {
            let _ = button.set_attribute("data-copy", &format!("{origin}{path}"));
        }
    });
}

fn clicked(event: &Event) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    if let Some(button) = target.and_then(|target| target.closest("[data-copy]").ok().flatten()) {
        copy(button);
    }
}

fn copy(button: Element) {
    let Some(text) = button.get_attribute("data-copy") else { return };
    let navigator = window().navigator();
    // There is no clipboard on pages served insecurely; the whole text stands beside the button.
    if js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard")).is_ok_and(|it| it.is_undefined()) {
        return;
    }
    let _ = navigator.clipboard().write_text(&text);
    let _ = button.class_list().add_1("done");
    set_timeout(
        move || {
            let _ = button.class_list().remove_1("done");
        },
        COPIED,
    );
}

/// Forms that no part of the page takes care of are sent by the browser itself, once.
fn submitted(event: &SubmitEvent) {
    if event.default_prevented() {
        return;
    }
    let Some(form) = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok()) else { return };
    let posts = form.get_attribute("method").is_some_and(|method| method == "post");
    if form.get_attribute("action").as_deref() == Some("/do/theme") {
        event.prevent_default();
        choose_theme(event);
    } else if posts && form.has_attribute("aria-busy") {
        event.prevent_default();
    } else if posts {
        let _ = form.set_attribute("aria-busy", "true");
    }
}

/// At once; the cookie follows.
fn choose_theme(event: &SubmitEvent) {
    let Some(button) = event.submitter() else { return };
    let Some(theme) = button.get_attribute("value") else { return };
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-theme", &theme);
    }
    for_each("button[name=theme]", |other| {
        let pressed = if other.get_attribute("value").as_ref() == Some(&theme) { "true" } else { "false" };
        let _ = other.set_attribute("aria-pressed", pressed);
    });
    spawn_local(async move {
        let request = gloo_net::http::Request::post("/do/theme")
            .header("Accept", "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded");
        if let Ok(request) = request.body(format!("theme={theme}")) {
            let _ = request.send().await;
        }
    });
    let _ = button.unchecked_into::<HtmlElement>().focus();
}
