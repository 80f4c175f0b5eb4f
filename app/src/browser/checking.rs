//! A text that the server checks while somebody writes it: a moment after the last letter it is sent to the page it
//! stands on, and what that page says about it is put in place. Faults lead to their line. A question is answered the same
//! way, sooner.

use super::{
    ask,
    sections::{self, replace},
};
use gloo_net::http::Request;
use leptos::{prelude::*, task::spawn_local};
use std::{cell::Cell, rc::Rc, time::Duration};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, FormData, HtmlTextAreaElement, UrlSearchParams};

/// So long after the last letter of a text, and of a question.
const MOMENT: Duration = Duration::from_millis(600);
const SOON: Duration = Duration::from_millis(120);
const TEXT: &str = "[data-check]";
/// What is asked by an address instead of being sent.
const ASKS: &str = "data-asks";

pub(super) fn begin() {
    if !matches!(document().query_selector(TEXT), Ok(Some(_))) {
        return;
    }
    let latest = Rc::new(Cell::new(0_u32));
    window_event_listener_untyped("input", move |event| {
        let Some(text) = around(&event, TEXT) else { return };
        let turn = latest.get() + 1;
        latest.set(turn);
        let latest = latest.clone();
        let moment = if text.has_attribute(ASKS) { SOON } else { MOMENT };
        set_timeout(
            move || {
                if latest.get() == turn {
                    spawn_local(async move {
                        let page = page_with(&text).await;
                        // Somebody who writes on is told about what stands there then.
                        if let Some(page) = page.filter(|_| latest.get() == turn) {
                            show(&page);
                        }
                    });
                }
            },
            moment,
        );
    });
    window_event_listener_untyped("click", |event| {
        if let Some(fault) = around(&event, "a[data-line]") {
            event.prevent_default();
            let _ = to_line(&fault);
        }
    });
}

fn around(event: &Event, which: &str) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(which).ok().flatten()
}

/// The page as it is with this text.
async fn page_with(text: &Element) -> Option<String> {
    let address = text.get_attribute("data-check")?;
    let form = text.closest("form").ok().flatten()?;
    let fields = FormData::new_with_form(form.unchecked_ref()).ok()?;
    let body = UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?.to_string().as_string()?;
    if text.has_attribute(ASKS) {
        return ask(&format!("{address}?{body}")).await;
    }
    let request = Request::post(&address)
        .header("Accept", "text/html")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(body)
        .ok()?;
    let answer = request.send().await.ok()?;
    if answer.ok() { answer.text().await.ok() } else { None }
}

fn show(page: &str) {
    let Some(page) = sections::parsed(page) else { return };
    for said in sections::all(&page, "[data-checked]") {
        if let Some(here) = document().get_element_by_id(&said.id()) {
            replace(&here, &said.inner_html(), None);
        }
    }
}

/// Selects the line of a fault.
fn to_line(fault: &Element) -> Option<()> {
    let line: usize = fault.get_attribute("data-line")?.parse().ok()?;
    let text: HtmlTextAreaElement = document().query_selector(TEXT).ok().flatten()?.dyn_into().ok()?;
    let written = text.value();
    let long = |line: &str| u32::try_from(line.encode_utf16().count()).unwrap_or_default();
    let start: u32 = written.lines().take(line.saturating_sub(1)).map(|before| long(before) + 1).sum();
    let end = start + written.lines().nth(line.saturating_sub(1)).map_or(0, long);
    text.focus().ok()?;
    text.set_selection_range(start, end).ok()?;
    document().get_element_by_id(&format!("L{line}"))?.scroll_into_view();
    Some(())
}
