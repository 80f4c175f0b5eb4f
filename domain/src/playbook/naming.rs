//! The name in a playbook's text: it is the one that the playbook is published under, and a copy gets its own.

use super::{Fault, Playbook, parse};
use crate::{Refusal, calendar::Calendar, slug::PlaybookName};
use std::ops::Range;
use toml::de::DeTable;

/// Reads a playbook that is published as `name`; the text must say so too.
pub fn parse_as(name: &PlaybookName, text: &str) -> Result<Playbook, Vec<Fault>> {
    let playbook = parse(text)?;
    if &playbook.name == name {
        return kept_by_the_calendar(text, playbook);
    }
    let line = place(text).map_or(1, |place| text[..place.start].matches('\n').count() + 1);
    let fault = Fault::new(line, "name", "is not the name that this playbook has")
        .found(format!("“{}”", playbook.name))
        .allowed(format!("“{name}”; to begin another playbook, copy this one"));
    Err(vec![fault])
}

/// Only whoever computes with time zones knows them all: what counts for no release is a fault too.
fn kept_by_the_calendar(text: &str, playbook: Playbook) -> Result<Playbook, Vec<Fault>> {
    let Err(refusals) = Calendar::new(playbook.calendar_rules()) else { return Ok(playbook) };
    let line = |found: &str| text.lines().position(|line| line.contains(found)).map_or(1, |at| at + 1);
    let fault = |refusal: Refusal| {
        let found = refusal.found.as_deref().map(|found| found.trim_matches(['“', '”']).to_owned());
        let line = line(found.as_deref().filter(|found| text.contains(*found)).unwrap_or("[calendar"));
        Fault::new(line, format!("calendar.{}", refusal.field.as_deref().unwrap_or("zone")), refusal.detail)
    };
    Err(refusals.into_iter().map(fault).collect())
}

/// The same text under another name; all else stays as it is written.
pub fn renamed(text: &str, name: &PlaybookName) -> String {
    match place(text) {
        Some(place) => format!("{}\"{name}\"{}", &text[..place.start], &text[place.end..]),
        None => format!("name = \"{name}\"\n{text}"),
    }
}

/// Where the name stands, quotes included.
fn place(text: &str) -> Option<Range<usize>> {
    let (root, _) = DeTable::parse_recoverable(text);
    let span = root.get_ref().get("name")?.span();
    text.get(span.clone()).is_some_and(|written| !written.is_empty()).then_some(span)
}
