//! A draft of the notes, made or made anew.

use super::{plan::sections, tell::told, topic::Topic};
use crate::{
    Refusal,
    change::Changes,
    changelog::plain,
    known_issue::KnownIssue,
    outline::{self, Entry, Form, Slot, Written},
    playbook::{Audience, Playbook, Variable},
    release::{Traits, Version},
};
use chrono::NaiveDate;

/// What notes are made from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    pub playbook: &'a Playbook,
    pub audience: Audience,
    /// The product's name.
    pub product: &'a str,
    pub version: &'a Version,
    pub previous: Option<&'a Version>,
    pub headline: Option<&'a str>,
    /// The day it is released, once that is known.
    pub date: Option<NaiveDate>,
    pub changes: &'a Changes,
    /// All known issues of the product; those that matter to this version are picked.
    pub issues: &'a [&'a KnownIssue],
    /// What its authors say it is or is not.
    pub traits: &'a Traits,
}

/// The draft, written into `old`, and what to remember of it. `old` is empty at first. Refused where a code block in it
/// never ends.
pub fn draft(old: &str, before: &Written, source: &Source<'_>) -> Result<(String, Written), Refusal> {
    outline::closed("notes", old)?;
    let planned = sections(source);
    let mut entries = head(source);
    for section in &planned {
        let mut paragraph = |id: String, text: String| {
            let slot = Some(section.slot.key.clone());
            entries.push(Entry { id, slot, form: Form::Paragraph, text, marks: Vec::new() });
        };
        // A known issue brings what is asked with it.
        if !section.asks.is_empty() && section.topic != Topic::KnownIssues {
            paragraph(format!("asks:{}", section.slot.key), prompt(&section.asks));
        }
        if let Some(stock) = &section.stock {
            paragraph(format!("stock:{}", section.slot.key), stock.clone());
        }
    }
    entries.extend(told(source, &planned));
    let slots: Vec<Slot> = planned.into_iter().map(|section| section.slot).collect();
    Ok(outline::merge(old, 2, &slots, before, &entries))
}

/// Title and day.
fn head(source: &Source<'_>) -> Vec<Entry> {
    let template = source.playbook.notes.as_ref().map(|notes| &notes.title);
    let title = match template {
        Some(template) => template.filled(|variable| {
            Some(match variable {
                Variable::Product => source.product.to_owned(),
                Variable::Version => source.version.to_string(),
                Variable::PreviousVersion => source.previous?.to_string(),
                Variable::Headline => source.headline.unwrap_or_default().to_owned(),
                Variable::Date => source.date?.to_string(),
                _ => return None,
            })
        }),
        None => format!("{} {}", source.product, source.version),
    };
    let lead = |id: &str, text: String| Entry {
        id: id.to_owned(),
        slot: None,
        form: Form::Paragraph,
        text,
        marks: Vec::new(),
    };
    // Without a headline nothing follows the colon.
    let title = plain(title.trim_end_matches([' ', ':', '-']));
    let mut head = vec![lead("title", format!("# {title}"))];
    let dated = source.playbook.notes.as_ref().is_none_or(|notes| notes.dated);
    if let Some(date) = source.date.filter(|_| dated) {
        head.push(lead("date", format!("Released on {}.", date.format("%-d %B %Y"))));
    }
    head
}

/// What people are asked to say, in a comment that readers do not see.
fn prompt(asks: &[String]) -> String {
    format!("<!-- To say here: {} -->", asks.join("; ").replace("--", "–"))
}
