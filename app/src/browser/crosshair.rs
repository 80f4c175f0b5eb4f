//! The reader over a chart: a slider over its whole width, which keeps to the windows of the chart and says what they hold.
//! Its value is a place in thousandths of the width. Keys and fingers move a slider by themselves; here the mouse does too.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement, MouseEvent};

pub(super) fn begin() {
    window_event_listener_untyped("input", |event| {
        if let Some(reader) = reader(&event) {
            keep_to_a_window(&reader);
        }
    });
    window_event_listener_untyped("mousemove", |event| {
        if let Some(reader) = reader(&event) {
            let mouse: &MouseEvent = event.unchecked_ref();
            reader.set_value(&(mouse.offset_x() * 1_000 / reader.offset_width().max(1)).to_string());
            keep_to_a_window(&reader);
        }
    });
}

fn reader(event: &Event) -> Option<HtmlInputElement> {
    let input: HtmlInputElement = event.target()?.dyn_into().ok()?;
    input.has_attribute("data-places").then_some(input)
}

/// Those in a section that was written anew stay where they were, and say what is there now.
pub(super) fn again(section: &Element) {
    for reader in all_in(section) {
        if reader.value() != reader.default_value() {
            keep_to_a_window(&reader);
        }
    }
}

fn all_in(section: &Element) -> Vec<HtmlInputElement> {
    let Ok(found) = section.query_selector_all("[data-places]") else { return Vec::new() };
    (0..found.length()).filter_map(|n| found.item(n)?.dyn_into().ok()).collect()
}

/// The window nearest to where it was moved; by one thousandth from a window, as a key does, the next one on that side.
fn keep_to_a_window(reader: &HtmlInputElement) {
    let number = |text: &str| text.parse::<i32>().unwrap_or(0);
    let places: Vec<i32> = reader.get_attribute("data-places").unwrap_or_default().split(' ').map(number).collect();
    let to = number(&reader.value());
    let is = |place: i32| places.iter().position(|other| *other == place);
    let nearest = || (0..places.len()).min_by_key(|at| places.get(*at).map_or(0, |place| (place - to).abs()));
    let at = match (is(to), is(to - 1), is(to + 1)) {
        (None, Some(at), _) => Some((at + 1).min(places.len() - 1)),
        (None, None, Some(at)) => Some(at.saturating_sub(1)),
        (at, ..) => at.or_else(nearest),
    };
    if let Some((at, place)) = at.and_then(|at| Some((at, places.get(at)?))) {
        reader.set_value(&place.to_string());
        say(reader, at);
    }
}

fn say(reader: &Element, at: usize) -> Option<()> {
    let figure = reader.closest("figure").ok()??;
    let row = figure.query_selector(&format!("tr:nth-child({})[data-says]", at + 1)).ok()??;
    let says = row.get_attribute("data-says")?;
    figure.query_selector("[data-read]").ok()??.set_text_content(Some(&says));
    reader.set_attribute("aria-valuetext", &says).ok()
}
