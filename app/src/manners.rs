//! What the browser side does once for all pages: it keeps instants relative, copies what has a copy button, and says
//! when the page is alive. One listener each, however many rows there are.

use crate::{components::relative, live::Live};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Element, MouseEvent, MutationObserver, MutationObserverInit};

/// How often every instant is told anew.
const RETELL: Duration = Duration::from_secs(10);
/// How long a copy button says that it has copied.
const COPIED: Duration = Duration::from_secs(2);

/// Begins once the page has been taken over.
pub fn begin(live: Live) {
    live.now.set(Some(now()));
    set_interval(move || live.now.set(Some(now())), Duration::from_secs(1));
    tell_times("time[datetime]");
    set_interval(|| tell_times("time[datetime]"), RETELL);
    watch_for_new_times();
    window_event_listener_untyped("click", |event| copy(event.unchecked_ref()));
    request_animation_frame(|| {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-hydrated", "");
        }
    });
}

/// Milliseconds since 1970.
pub fn now() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
    let now = js_sys::Date::now() as i64;
    now
}

fn watch_for_new_times() {
    let tell = Closure::<dyn Fn()>::new(|| tell_times("time[datetime]:not([data-tip])"));
    let options = MutationObserverInit::new();
    options.set_child_list(true);
    options.set_subtree(true);
    if let (Ok(observer), Some(body)) = (MutationObserver::new(tell.as_ref().unchecked_ref()), document().body()) {
        let _ = observer.observe_with_options(&body, &options);
    }
    // For as long as the page.
    tell.forget();
}

fn tell_times(which: &str) {
    let Ok(found) = document().query_selector_all(which) else { return };
    let now = now();
    for n in 0..found.length() {
        if let Some(time) = found.item(n).and_then(|node| node.dyn_into::<Element>().ok()) {
            tell_time(&time, now);
        }
    }
}

fn tell_time(time: &Element, now: i64) {
    let Some(machine) = time.get_attribute("datetime") else { return };
    let Some(text) = time.first_child() else { return };
    let date = js_sys::Date::new(&JsValue::from_str(&machine));
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
    let words = relative(now, date.get_time() as i64);
    if !time.has_attribute("data-tip") {
        let utc = text.node_value().unwrap_or_default();
        let local = String::from(date.to_locale_string("default", &JsValue::UNDEFINED));
        let _ = time.set_attribute("data-tip", &format!("{local} · {utc}"));
    }
    if text.node_value().as_deref() != Some(words.as_str()) {
        text.set_node_value(Some(&words));
    }
}

/// A click on anything with `data-copy`.
fn copy(event: &MouseEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(button) = target.and_then(|target| target.closest("[data-copy]").ok().flatten()) else { return };
    let Some(text) = button.get_attribute("data-copy") else { return };
    if js_sys::Reflect::get(&window().navigator(), &"clipboard".into()).is_ok_and(|clipboard| clipboard.is_undefined()) {
        // Only on pages served securely: the whole text is beside the button.
        return;
    }
    let _ = window().navigator().clipboard().write_text(&text);
    let _ = button.class_list().add_1("done");
    set_timeout(
        move || {
            let _ = button.class_list().remove_1("done");
        },
        COPIED,
    );
}
