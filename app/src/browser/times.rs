//! Instants, which the server writes in UTC, told as people count: relative, with local time and UTC at hand.

use crate::components::relative;
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Element, MutationObserver, MutationObserverInit};

/// How often every instant is told anew.
const RETELL: Duration = Duration::from_secs(10);

pub(super) fn begin() {
    tell_all("time[datetime]");
    set_interval(|| tell_all("time[datetime]"), RETELL);
    watch_for_new();
}

/// Milliseconds since 1970.
pub fn now() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
    let now = js_sys::Date::now() as i64;
    now
}

fn watch_for_new() {
    let tell = Closure::<dyn Fn()>::new(|| tell_all("time[datetime]:not([data-tip])"));
    let options = MutationObserverInit::new();
    options.set_child_list(true);
    options.set_subtree(true);
    if let (Ok(observer), Some(body)) = (MutationObserver::new(tell.as_ref().unchecked_ref()), document().body()) {
        let _ = observer.observe_with_options(&body, &options);
    }
    tell.forget();
}

fn tell_all(which: &str) {
    let Ok(found) = document().query_selector_all(which) else { return };
    let now = now();
    for n in 0..found.length() {
        if let Some(time) = found.item(n).and_then(|node| node.dyn_into::<Element>().ok()) {
            tell(&time, now);
        }
    }
}

fn tell(time: &Element, now: i64) {
    let (Some(machine), Some(text)) = (time.get_attribute("datetime"), time.first_child()) else { return };
    let date = js_sys::Date::new(&JsValue::from_str(&machine));
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
    let words = relative(now, date.get_time() as i64);
    let written = text.node_value().unwrap_or_default();
    if !time.has_attribute("data-tip") {
        let local = String::from(date.to_locale_string("default", &JsValue::UNDEFINED));
        let _ = time.set_attribute("data-tip", &format!("{local} · {written}"));
    }
    if written != words {
        text.set_node_value(Some(&words));
    }
}
