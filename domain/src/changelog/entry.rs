//! What a changelog says of a change, and where.

use super::Style;
use crate::{
    change::{Change, Changes},
    outline::{Entry, Form, words},
    playbook::{ChangelogSection, CommitType},
};
use std::fmt::Write as _;

/// Every change that readers of a changelog want to know of, oldest first.
pub fn entries(changes: &Changes, style: &Style) -> Vec<Entry> {
    let told = changes.items.iter().rev().filter_map(|change| Some((change, section_of(change)?)));
    told.map(|(change, section)| Entry {
        id: change.origin.id.to_string(),
        slot: Some(style.fitting(section).name().to_owned()),
        form: Form::Item,
        text: line(change),
        marks: vec![reference(change)],
    })
    .collect()
}

/// Where a change belongs; nowhere what concerns only those who make the product. A footer `Changelog: fixed` says it
/// outright, `Changelog: none` keeps it out.
pub fn section_of(change: &Change) -> Option<ChangelogSection> {
    if let Some(footer) = change.footer("changelog") {
        let said = footer.value.to_ascii_lowercase();
        return ChangelogSection::ALL.iter().copied().find(|section| section.name() == said);
    }
    let message = &change.message;
    let scope = message.scope.as_deref().unwrap_or_default();
    let kind = message.kind.as_str();
    if matches!(kind, "security" | "sec") || scope == "security" || message.description.contains("CVE-") {
        return Some(ChangelogSection::Security);
    }
    if matches!(kind, "deprecate" | "deprecated")
        || ["deprecated", "deprecates"].iter().any(|t| change.footer(t).is_some())
    {
        return Some(ChangelogSection::Deprecated);
    }
    match change.known_type() {
        Some(CommitType::Feat) => Some(ChangelogSection::Added),
        Some(CommitType::Fix) => Some(ChangelogSection::Fixed),
        Some(CommitType::Perf | CommitType::Revert) => Some(ChangelogSection::Changed),
        _ if matches!(kind, "remove" | "removed") => Some(ChangelogSection::Removed),
        // Whatever breaks concerns everybody.
        _ if message.breaking.is_some() => Some(ChangelogSection::Changed),
        _ => None,
    }
}

/// “**Breaking:** **api:** Drop the first version (#12). Use the second.”
pub(crate) fn line(change: &Change) -> String {
    let message = &change.message;
    let mut line = String::new();
    if message.breaking.is_some() {
        line.push_str("**Breaking:** ");
    }
    if let Some(scope) = &message.scope {
        let _ = write!(line, "**{}:** ", plain(scope));
    }
    if message.kind == CommitType::Revert.name() {
        line.push_str("Taken back: ");
    }
    let described = plain(&message.description);
    let mut letters = described.chars();
    line.extend(letters.next().into_iter().flat_map(char::to_uppercase));
    line.push_str(letters.as_str().trim_end_matches('.'));
    let _ = write!(line, " ({})", reference(change));
    if let Some(breaking) = message.breaking.as_ref().filter(|text| !message.description.starts_with(text.as_str())) {
        let _ = write!(line, ". {}", plain(breaking));
    }
    words(&line)
}

/// How people find it: by the pull request, or else by the commit.
fn reference(change: &Change) -> String {
    match change.origin.pull_request {
        Some(number) => format!("#{number}"),
        None => change.origin.id.short().to_owned(),
    }
}

/// The text with `<` kept from being taken for HTML, which would make `Vec<T>` vanish. Code stays as it is.
pub(crate) fn plain(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut code = false;
    // A sign without its partner opens nothing.
    let mut signs = text.matches('`').count();
    for c in text.chars() {
        if c == '`' {
            signs -= 1;
            code = !code && signs > 0;
        } else if c == '<' && !code {
            safe.push('\\');
        }
        safe.push(c);
    }
    safe
}
