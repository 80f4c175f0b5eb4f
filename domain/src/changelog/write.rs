//! Writing into a changelog: what is not released yet, and a release.

use super::{About, Document, Links, Section, Style};
use crate::{
    Refusal,
    outline::{self, Entry, Written, newline},
    release::Version,
};
use chrono::NaiveDate;

/// The part that is written into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Unreleased,
    Release { version: Version, date: NaiveDate },
}

/// The text with these entries in the section asked for, and what to remember of it. Nothing else is touched; a
/// section that is missing is made. Refused where a code block never ends.
pub fn regenerate(
    text: &str,
    style: &Style,
    target: &Target,
    before: &Written,
    entries: &[Entry],
) -> Result<(String, Written), Refusal> {
    outline::closed("changelog", text)?;
    let mut done = write(text, style, target, before, entries);
    // Taking something out can make a line below it the first of the links at the end, and leave a heading empty.
    for _ in 0..3 {
        let again = write(&done.0, style, target, &done.1, entries);
        if again == done {
            break;
        }
        done = again;
    }
    Ok(done)
}

fn write(text: &str, style: &Style, target: &Target, before: &Written, entries: &[Entry]) -> (String, Written) {
    let newline = newline(text);
    let mut document = Document::parse(text);
    let found = match target {
        Target::Unreleased => document.unreleased(),
        Target::Release { version, .. } => document.version(version),
    };
    let at = match found {
        Some(at) => at,
        None if entries.is_empty() => return (text.to_owned(), before.clone()),
        None => {
            if document.preamble.trim().is_empty() && document.sections.is_empty() {
                document.preamble = style.preamble(newline);
            }
            let section = match target {
                Target::Unreleased => unreleased(newline),
                Target::Release { version, date } => released(style, version, *date, newline),
            };
            insert(&mut document, style, section, newline)
        }
    };
    let section = &mut document.sections[at];
    let old = if section.body.is_empty() { newline } else { &section.body };
    let (body, written) = outline::merge(old, 3, &style.slots(), before, entries);
    if body != old {
        if !section.heading.ends_with('\n') {
            section.heading.push_str(newline);
        }
        section.body = body;
        apart(&mut document, at, newline);
    }
    (document.to_string(), written)
}

/// What is not released yet becomes this release; a new empty section takes its place. What is remembered of the section
/// goes with it: of the new one nothing is.
pub fn release(
    text: &str,
    style: &Style,
    version: &Version,
    date: NaiveDate,
    links: Option<&Links>,
) -> Result<String, Refusal> {
    outline::closed("changelog", text)?;
    let newline = newline(text);
    let mut document = Document::parse(text);
    if document.version(version).is_some() {
        return Err(Refusal::conflict(
            format!("The changelog has a section for {version} already."),
            "a version without a section",
            version.to_string(),
        )
        .on("version"));
    }
    if document.preamble.trim().is_empty() && document.sections.is_empty() {
        document.preamble = style.preamble(newline);
    }
    let section = released(style, version, date, newline);
    match document.unreleased() {
        Some(at) => {
            let open = Section {
                heading: std::mem::replace(&mut document.sections[at].heading, section.heading),
                about: std::mem::replace(&mut document.sections[at].about, section.about),
                body: newline.to_owned(),
            };
            document.sections.insert(if style.newest_first { at } else { at + 1 }, open);
            apart(&mut document, at, newline);
        }
        None => drop(insert(&mut document, style, section, newline)),
    }
    let bracketed = document.version(version).is_some_and(|at| document.sections[at].heading.contains('['));
    if let Some(links) = links.filter(|_| bracketed) {
        let others: Vec<&Version> = document.versions().filter(|other| *other != version).collect();
        document.links = links.with(&document.links, version, &others, style.newest_first);
        let last = document.sections.len().saturating_sub(1);
        apart(&mut document, last, newline);
    }
    Ok(document.to_string())
}

fn unreleased(newline: &str) -> Section {
    Section { heading: format!("## [Unreleased]{newline}"), about: About::Unreleased, body: newline.to_owned() }
}

fn released(style: &Style, version: &Version, date: NaiveDate, newline: &str) -> Section {
    Section {
        heading: format!("## {}{newline}", style.heading(version, date)),
        about: About::Release { version: version.clone(), date: Some(date), yanked: false },
        body: newline.to_owned(),
    }
}

/// Puts a section where its age has it.
fn insert(document: &mut Document, style: &Style, section: Section, newline: &str) -> usize {
    let is_newer = |other: &Section| match (&section.about, &other.about) {
        (About::Unreleased, _) => true,
        (About::Release { version: new, .. }, About::Release { version: old, .. }) => new > old,
        _ => false,
    };
    let known = |other: &Section| other.about != About::Other;
    let sections = &document.sections;
    let at = if style.newest_first {
        sections.iter().position(|other| known(other) && is_newer(other))
    } else {
        sections.iter().position(|other| known(other) && !is_newer(other))
    };
    let at = at.unwrap_or(sections.len());
    document.sections.insert(at, section);
    match at.checked_sub(1) {
        Some(before) => apart(document, before, newline),
        None => separate(&mut document.preamble, newline),
    }
    apart(document, at, newline);
    at
}

/// An empty line between a section and what follows it.
fn apart(document: &mut Document, at: usize, newline: &str) {
    let last = at + 1 >= document.sections.len();
    let Some(section) = document.sections.get_mut(at) else { return };
    if last && document.links.is_empty() {
        return;
    }
    if section.body.is_empty() && !section.heading.ends_with('\n') {
        section.heading.push_str(newline);
    }
    if section.body.is_empty() {
        section.body.push_str(newline);
    } else {
        separate(&mut section.body, newline);
    }
}

fn separate(text: &mut String, newline: &str) {
    if text.is_empty() {
        return;
    }
    if !text.ends_with('\n') {
        text.push_str(newline);
    }
    let last = text.lines().next_back().unwrap_or_default();
    if !last.trim().is_empty() {
        text.push_str(newline);
    }
}
