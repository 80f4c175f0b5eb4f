//! Sections that keep up with the record though nothing of them lives in the browser: when news concern them, the page is
//! asked for once more and what differs is put in place.
//!
//! A section has an id and names the nouns it shows: `data-live="release product"`.

use super::ask;
use crate::live::{self, Voice};
use leptos::{prelude::*, task::spawn_local};
use std::collections::HashMap;
use wasm_bindgen::JsCast;
use web_sys::{Document, DomParser, Element, HtmlElement, SupportedType};

/// What the server last wrote into each section, by id; what stands there has been told in other words since.
type Written = StoredValue<HashMap<String, String>>;

/// Before anything on the page is told in other words.
pub(super) fn remember() -> Written {
    let written = all(&document()).into_iter().map(|section| (section.id(), section.inner_html()));
    StoredValue::new(written.collect())
}

pub(super) fn begin(written: Written, voice: Voice) {
    let nouns: Vec<String> = all(&document()).iter().filter_map(|section| section.get_attribute("data-live")).collect();
    if !nouns.is_empty() {
        live::follow_gently(nouns.join(" "), move || spawn_local(read_again(written, voice)));
    }
}

fn all(document: &Document) -> Vec<Element> {
    let Ok(found) = document.query_selector_all("[data-live]") else { return Vec::new() };
    (0..found.length()).filter_map(|n| found.item(n)?.dyn_into().ok()).collect()
}

async fn read_again(written: Written, voice: Voice) {
    let Ok(address) = window().location().href() else { return };
    let Some(text) = ask(&address).await else { return };
    let page = DomParser::new().and_then(|parser| parser.parse_from_string(&text, SupportedType::TextHtml));
    let Ok(page) = page else { return };
    for section in all(&page) {
        let (id, now) = (section.id(), section.inner_html());
        let before = written.try_update_value(|written| written.insert(id.clone(), now.clone())).flatten();
        if before.as_ref() != Some(&now)
            && let Some(here) = document().get_element_by_id(&id)
        {
            replace(&here, &now);
            if let Some(name) = name(&here) {
                voice.say(format!("{name}: changed."));
            }
        }
    }
}

/// What the section is called, by its label or its heading.
fn name(section: &Element) -> Option<String> {
    let heading = section.query_selector("h2").ok().flatten().and_then(|heading| heading.text_content());
    section.get_attribute("aria-label").or(heading)
}

/// The keyboard stays where it was, if that is still there.
fn replace(section: &Element, html: &str) {
    let focus = document().active_element().filter(|focus| section.contains(Some(focus)));
    let link = focus.and_then(|focus| focus.get_attribute("href"));
    section.set_inner_html(html);
    let Some(link) = link else { return };
    let same = section.query_selector(&format!("[href='{link}']")).ok().flatten();
    if let Some(same) = same.and_then(|same| same.dyn_into::<HtmlElement>().ok()) {
        let _ = same.focus();
    }
}
