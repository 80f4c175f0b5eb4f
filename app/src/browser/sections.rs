//! Sections that keep up with the record though nothing of them lives in the browser: when news concern them, the page is
//! asked for once more and what differs is put in place. Forms of sections with `data-in-place` are sent without leaving
//! the page, the same way: the answer is the page once more, with what was said against the form where it belongs.
//!
//! A section has an id and names the nouns it shows: `data-live="release product"`.

use super::{
    ask, crosshair,
    kept::{Kept, id_of},
};
use crate::live::{self, News, Voice};
use gloo_net::http::Request;
use leptos::{form::form_data_from_event, prelude::*, task::spawn_local};
use std::{collections::HashMap, time::Duration};
use wasm_bindgen::JsCast;
use web_sys::{Document, DomParser, Element, HtmlFormElement, SubmitEvent, SupportedType, UrlSearchParams};

/// What the server last wrote into each section, by id; what stands there has been told in other words since.
type Written = StoredValue<HashMap<String, String>>;

const LIVE: &str = "[data-live]";
/// Stands on a page as long as time alone changes what it says, and says after how many seconds to read anew.
const AGAIN: &str = "data-again";
const SECOND: Duration = Duration::from_secs(1);
/// Measurements come and go by themselves: nobody is told of a section with it.
const QUIET: &str = "data-quiet";

/// Before anything on the page is told in other words.
pub(super) fn remember() -> Written {
    let written = all(&document(), LIVE).into_iter().map(|section| (section.id(), section.inner_html()));
    StoredValue::new(written.collect())
}

pub(super) fn begin(written: Written, voice: Voice) {
    let nouns: Vec<String> =
        all(&document(), LIVE).iter().filter_map(|section| section.get_attribute("data-live")).collect();
    if !nouns.is_empty() {
        live::follow_gently(nouns.join(" "), move || spawn_local(read_again(written, voice)));
        window_event_listener_untyped("submit", move |event| submitted(event.unchecked_ref(), written, voice));
        let waited = StoredValue::new(0_u32);
        live::follow(move |news| {
            let News::Look(said) = news else { return };
            let judged = document().query_selector("[data-judged]").ok().flatten();
            let judged = judged.and_then(|place| place.get_attribute("data-judged"));
            if judged.is_some_and(|stream| said.contains(&stream)) && !document().hidden() {
                waited.set_value(0);
                spawn_local(read_again(written, voice));
            }
        });
        set_interval(
            move || {
                let again = document().query_selector("[data-again]").ok().flatten();
                let often = again.and_then(|place| place.get_attribute(AGAIN)?.parse().ok());
                let so_long = waited.try_update_value(|waited| {
                    *waited += 1;
                    *waited
                });
                // While nobody looks, nothing is asked for; who comes back sees the newest at once.
                if often.is_some_and(|often: u32| so_long >= Some(often)) && !document().hidden() {
                    waited.set_value(0);
                    spawn_local(read_again(written, voice));
                }
            },
            SECOND,
        );
    }
}

/// The elements of a document that `which` names.
pub(super) fn all(document: &Document, which: &str) -> Vec<Element> {
    let Ok(found) = document.query_selector_all(which) else { return Vec::new() };
    (0..found.length()).filter_map(|n| found.item(n)?.dyn_into().ok()).collect()
}

async fn read_again(written: Written, voice: Voice) {
    let Ok(address) = window().location().href() else { return };
    if let Some(text) = ask(&address).await {
        put(&text, written, Some(voice), None);
    }
}

/// Puts the sections of a page in place of those that differ. The form that was `sent` starts anew.
fn put(text: &str, written: Written, voice: Option<Voice>, sent: Option<&str>) {
    let Some(page) = parsed(text) else { return };
    for section in all(&page, LIVE) {
        let (id, now) = (section.id(), section.inner_html());
        let before = written.try_update_value(|written| written.insert(id.clone(), now.clone())).flatten();
        let holds_it =
            || sent.is_some_and(|sent| section.query_selector(&format!("[id='{sent}']")).is_ok_and(|f| f.is_some()));
        if (before.as_ref() != Some(&now) || holds_it())
            && let Some(here) = document().get_element_by_id(&id)
        {
            replace(&here, &now, sent);
            if let Some((name, voice)) = name(&here).zip(voice).filter(|_| !here.has_attribute(QUIET)) {
                voice.say(format!("{name}: changed."));
            }
        }
    }
}

/// What people are about in it stays as it is, but for the form that was `sent`.
pub(super) fn replace(section: &Element, html: &str, sent: Option<&str>) {
    let kept = Kept::of(section, sent);
    section.set_inner_html(html);
    kept.restore(section);
    crosshair::again(section);
}

/// A page that was asked for, not shown.
pub(super) fn parsed(text: &str) -> Option<Document> {
    DomParser::new().and_then(|parser| parser.parse_from_string(text, SupportedType::TextHtml)).ok()
}

/// What the section is called, by its label or its heading.
fn name(section: &Element) -> Option<String> {
    let heading = section.query_selector("h2").ok().flatten().and_then(|heading| heading.text_content());
    section.get_attribute("aria-label").or(heading)
}

/// A form of a section: sent from here, answered by the page it would have led to.
fn submitted(event: &SubmitEvent, written: Written, voice: Voice) {
    let Some(form) = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok()) else { return };
    let inside = form.closest("[data-in-place]").is_ok_and(|section| section.is_some());
    if event.default_prevented() || !inside {
        return;
    }
    event.prevent_default();
    if form.has_attribute("aria-busy") {
        return;
    }
    let _ = form.set_attribute("aria-busy", "true");
    let (to, id) = (form.get_attribute("action").unwrap_or_default(), id_of(&form));
    let body = form_data_from_event(event)
        .ok()
        .and_then(|data| UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?.to_string().as_string());
    let Some(body) = body else { return };
    spawn_local(async move {
        let answered = send(&to, body).await;
        let _ = form.remove_attribute("aria-busy");
        match answered {
            Some(text) => {
                put(&text, written, None, Some(&id));
                focus_on_answer(&id);
            }
            None => voice.say("Pilothouse could not be reached: nothing was sent.".to_owned()),
        }
    });
}

async fn send(to: &str, body: String) -> Option<String> {
    let request = Request::post(to)
        .header("Accept", "text/html")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(body)
        .ok()?;
    let response = request.send().await.ok()?;
    let elsewhere =
        web_sys::Url::new(&response.url()).is_ok_and(|url| Some(url.pathname()) != window().location().pathname().ok());
    if elsewhere {
        // Signed out meanwhile, or led on: the browser goes where the answer is.
        let _ = window().location().set_href(&response.url());
    }
    response.text().await.ok()
}

/// To the first field that something is said against.
fn focus_on_answer(form: &str) {
    let place = format!("[id='{form}'] [aria-invalid=true]");
    let wrong = document().query_selector(&place).ok().flatten();
    if let Some(field) = wrong.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = field.focus();
    }
}
