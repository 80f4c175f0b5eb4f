//! An instant: absolute in UTC as the server writes it; once the page is alive relative, with local time and UTC at hand.

use crate::live;
use domain::Timestamp;
use leptos::prelude::*;

#[component]
pub fn When(at: Timestamp) -> impl IntoView {
    let absolute = at.format("%-d %b %Y, %H:%M UTC").to_string();
    let machine = at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    let (shown, utc) = (absolute.clone(), absolute);
    let live = live::live();
    let text = move || match live.now.get() {
        Some(now) => relative(now, at.timestamp_millis()),
        None => shown.clone(),
    };
    let title = move || live.now.get().map(|_| format!("{} · {utc}", local(at.timestamp_millis())));
    view! { <time datetime=machine title=title>{text}</time> }
}

/// In words that a glance takes in. Both are milliseconds since 1970.
fn relative(now: i64, at: i64) -> String {
    let seconds = (now - at) / 1_000;
    let span = |n: i64, unit: &str| if seconds < 0 { format!("in {n} {unit}") } else { format!("{n} {unit} ago") };
    match seconds.abs() {
        0..10 => "just now".to_owned(),
        s @ 10..90 => span(s, "s"),
        s @ 90..5_400 => span((s + 30) / 60, "min"),
        s @ 5_400..129_600 => span((s + 1_800) / 3_600, "h"),
        s => span((s + 43_200) / 86_400, "days"),
    }
}

/// As the reader's own settings write it; only the browser knows.
fn local(at: i64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit into 53 bits for 285 000 years")]
    let date = js_sys::Date::new(&(at as f64).into());
    String::from(date.to_locale_string("default", &wasm_bindgen::JsValue::UNDEFINED))
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn spans_read_well_in_both_directions() {
        assert_eq!(relative(10_000, 5_000), "just now");
        assert_eq!(relative(60_000, 0), "60 s ago");
        assert_eq!(relative(600_000, 0), "10 min ago");
        assert_eq!(relative(0, 7_200_000), "in 2 h");
        assert_eq!(relative(86_400_000 * 3, 0), "3 days ago");
    }
}
