//! What a field may hold.

use crate::Timestamp;
use chrono::{DateTime, Datelike, Utc};
use serde_json::Value;
use std::borrow::Cow;

pub(super) const SLUG: &str = "1 to 40 of a–z, 0–9, “-” and “_”, beginning with a letter or digit";
pub(super) const ID: &str = "1 to 200 characters without spaces, “;” and control characters";
pub(super) const INSTANT: &str = "a time such as “2026-03-29T12:00:00Z”, in the years 1970 to 9999";

/// More changes than this came in no single deployment.
pub(super) const MOST_CHANGES: usize = 100_000;

/// What stands in a field.
pub(super) enum Cell<'a> {
    /// A cell of a table, never empty.
    Text(Cow<'a, str>),
    /// A value of JSON, never null.
    Json(Value),
}

impl Cell<'_> {
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Json(value) => value.as_str(),
        }
    }

    /// For a message.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Text(text) => format!("“{text}”"),
            Self::Json(Value::String(text)) => format!("“{text}”"),
            Self::Json(value) => value.to_string(),
        }
    }
}

pub(super) fn id(text: &str) -> Option<String> {
    let sound = |c: char| !c.is_whitespace() && !c.is_control() && c != ';';
    (!text.is_empty() && text.chars().count() <= 200 && text.chars().all(sound)).then(|| text.to_owned())
}

pub(super) fn instant(text: &str) -> Option<Timestamp> {
    let at = DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&Utc);
    (1970..=9999).contains(&at.year()).then_some(at)
}

/// A list of texts, or ids separated by spaces or semicolons.
pub(super) fn ids(cell: &Cell<'_>) -> Option<Vec<String>> {
    let ids: Option<Vec<String>> = match cell {
        Cell::Text(text) => text.split([' ', ';']).filter(|one| !one.is_empty()).map(id).collect(),
        Cell::Json(Value::Array(all)) => all.iter().map(|one| one.as_str().and_then(id)).collect(),
        Cell::Json(_) => None,
    };
    ids.filter(|ids| ids.len() <= MOST_CHANGES)
}
