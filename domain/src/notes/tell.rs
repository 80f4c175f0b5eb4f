//! What the notes say of changes and known issues.

use super::{
    Source,
    plan::Planned,
    topic::{Topic, is_inside},
};
use crate::{
    change::{Change, Nonconforming},
    changelog::{line, plain, section_of},
    known_issue::{KnownIssue, carried, fixed_with},
    outline::{Entry, Form, words},
    playbook::{ChangelogSection, CommitType},
};
use std::fmt::Write as _;

/// Everything that is told, each below the section it belongs to.
pub(super) fn told(source: &Source<'_>, planned: &[Planned]) -> Vec<Entry> {
    let mut told = Told { planned, entries: Vec::new() };
    let inside = is_inside(source.audience);
    for change in source.changes.items.iter().rev() {
        let id = change.origin.id.to_string();
        told.add(&id, &homes(change), if inside { line(change) } else { sentence(&change.message.description) });
        if let Some(breaking) = &change.message.breaking {
            told.add(&format!("{id}:breaking"), &[Topic::Breaking, Topic::Migration], sentence(breaking));
        }
    }
    for one in source.changes.nonconforming.iter().rev() {
        told.add(&one.origin.id.to_string(), &[Topic::Others], outside(one));
    }
    for issue in fixed_with(source.issues.iter().copied(), source.version) {
        if concerns(issue, source) {
            told.add(&format!("fixed:{}", issue.id), &[Topic::Fixes, Topic::Improvements], plain(&issue.details.title));
        }
    }
    for issue in carried(source.issues.iter().copied(), source.version) {
        if concerns(issue, source) {
            told.add(&format!("issue:{}", issue.id), &[Topic::KnownIssues], known_issue(issue));
        }
    }
    for path in source.changes.migrations() {
        told.add(&format!("migration:{path}"), &[Topic::Technical], format!("Migration `{}`", path.replace('`', "")));
    }
    for raised in source.changes.dependencies() {
        let from = raised.from.map(|from| format!("{from} → ")).unwrap_or_default();
        let text = format!("Dependency {} {from}{}", plain(&raised.name), raised.to);
        told.add(&format!("dependency:{}", raised.name), &[Topic::Technical], text);
    }
    // Programs need no thanks.
    for author in source.changes.authors().into_iter().filter(|author| !author.ends_with("[bot]")) {
        told.add(&format!("credit:{author}"), &[Topic::Credits], plain(author));
    }
    told.entries
}

struct Told<'a> {
    planned: &'a [Planned],
    entries: Vec<Entry>,
}

impl Told<'_> {
    /// Below the first of these topics that the notes have; nowhere if they have none of them.
    fn add(&mut self, id: &str, homes: &[Topic], text: String) {
        let section = homes.iter().find_map(|topic| self.planned.iter().find(|section| section.topic == *topic));
        if let Some(section) = section {
            let slot = Some(section.slot.key.clone());
            self.entries.push(Entry { id: id.to_owned(), slot, form: Form::Item, text, marks: Vec::new() });
        }
    }
}

/// Where a change is told of, the best place first.
fn homes(change: &Change) -> Vec<Topic> {
    let mut homes = match section_of(change) {
        Some(ChangelogSection::Security) => vec![Topic::Security, Topic::Fixes, Topic::Features],
        Some(ChangelogSection::Deprecated | ChangelogSection::Removed) => {
            vec![Topic::Deprecations, Topic::Improvements, Topic::Features]
        }
        Some(ChangelogSection::Added) => vec![Topic::Features, Topic::Improvements],
        Some(ChangelogSection::Fixed) => vec![Topic::Fixes, Topic::Improvements, Topic::Features],
        Some(ChangelogSection::Changed) if change.is(CommitType::Perf) => {
            vec![Topic::Performance, Topic::Improvements, Topic::Features]
        }
        Some(ChangelogSection::Changed) => vec![Topic::Improvements, Topic::Features],
        None if change.is(CommitType::Docs) => vec![Topic::Documentation, Topic::Others],
        None => vec![Topic::Others],
    };
    if change.message.scope.as_deref() == Some("api") {
        homes.insert(0, Topic::Api);
    }
    homes
}

fn outside(one: &Nonconforming) -> String {
    let reference = match one.origin.pull_request {
        Some(number) => format!("#{number}"),
        None => one.origin.id.short().to_owned(),
    };
    let said = if one.subject.is_empty() { "No message".to_owned() } else { sentence(&one.subject) };
    format!("{said} ({reference})")
}

/// Inside of the house everybody sees every issue; outside those who are meant to.
fn concerns(issue: &KnownIssue, source: &Source<'_>) -> bool {
    is_inside(source.audience) || issue.is_for(source.audience)
}

/// “**Cart empties itself** (sev2): After a day. Workaround: Sign in again. [Tracked here](address)”
fn known_issue(issue: &KnownIssue) -> String {
    let details = &issue.details;
    let mut text = format!("**{}** ({}): {}", plain(&details.title), details.severity, ended(&details.description));
    if let Some(workaround) = &details.workaround {
        let _ = write!(text, " Workaround: {}", ended(workaround));
    }
    if let Some(address) = &details.tracking {
        let _ = write!(text, " [Tracked here](<{}>)", address.replace(['<', '>'], ""));
    }
    text
}

fn ended(text: &str) -> String {
    let text = words(text);
    if text.ends_with(['.', '!', '?', ':']) { text } else { format!("{text}.") }
}

/// Begins with a capital letter.
fn sentence(text: &str) -> String {
    let text = plain(&words(text));
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    first + letters.as_str()
}
