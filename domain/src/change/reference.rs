//! Pull requests and issues that a message points at.

use super::Message;
use serde::{Deserialize, Serialize};

/// An issue that a commit speaks of: `#12`, `owner/repository#12`, `ABC-12`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Issue {
    pub reference: String,
    /// It says that it settles it.
    pub closes: bool,
}

const CLOSING: [&str; 9] = ["close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved"];
const POINTING: [&str; 10] =
    ["ref", "refs", "references", "see", "issue", "issues", "ticket", "jira", "related", "part-of"];

/// Splits `add search (#12)` into what it says and the pull request it came by.
pub(super) fn pull_request(subject: &str) -> (&str, Option<u64>) {
    let subject = subject.trim_end();
    let found = subject
        .strip_suffix(')')
        .and_then(|open| open.rsplit_once('('))
        .map(|(before, inner)| (before, inner.strip_prefix("pull request ").unwrap_or(inner)))
        .and_then(|(before, inner)| Some((before, number(inner.strip_prefix(['#', '!'])?)?)));
    match found {
        Some((before, number)) => (before.trim_end(), Some(number)),
        None => (subject, None),
    }
}

fn number(digits: &str) -> Option<u64> {
    let sound = !digits.is_empty() && digits.len() <= 15 && digits.bytes().all(|b| b.is_ascii_digit());
    if sound { digits.parse().ok() } else { None }
}

/// What a merge says of the pull request it joined: its number, and its title with all below it.
pub(super) fn merged(message: &str) -> (Option<u64>, &str) {
    let (subject, rest) = message.split_once('\n').unwrap_or((message, ""));
    let by_hand = subject.strip_prefix("Merge pull request #").and_then(|rest| number(rest.split(' ').next()?));
    let of_subject = by_hand.or_else(|| pull_request(subject).1);
    let number = of_subject.or_else(|| {
        // GitLab: “See merge request group/project!12”.
        let (_, project) = rest.rsplit_once("See merge request ")?;
        number(project.lines().next()?.rsplit_once('!')?.1.trim())
    });
    (number, rest.trim())
}

/// Every issue that a message names, once; `own` is the pull request it came by, which is none.
pub(super) fn issues(text: &str, message: Option<&Message>, own: Option<u64>) -> Vec<Issue> {
    let mut found: Vec<Issue> = Vec::new();
    let mut add = |reference: String, closes: bool| {
        if own.is_some_and(|own| reference.strip_prefix('#').and_then(number) == Some(own)) {
            return;
        }
        match found.iter_mut().find(|issue| issue.reference == reference) {
            Some(issue) => issue.closes |= closes,
            None => found.push(Issue { reference, closes }),
        }
    };
    for (at, _) in text.match_indices('#') {
        if let Some((start, reference)) = numbered(text, at) {
            add(reference, closes_before(&text[..start]));
        }
    }
    for footer in message.into_iter().flat_map(|message| &message.footers) {
        let closes = CLOSING.iter().any(|word| footer.is(word));
        if !closes && !POINTING.iter().any(|word| footer.is(word)) {
            continue;
        }
        for word in footer.value.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';')) {
            if let Some((0, reference)) = word.find('#').and_then(|at| numbered(word, at)) {
                add(reference, closes);
            } else if is_key(word) {
                add(word.to_owned(), closes);
            }
        }
    }
    found
}

/// The reference around the `#` at `at`, and where it begins.
fn numbered(text: &str, at: usize) -> Option<(usize, String)> {
    let after = &text[at + 1..];
    let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    number(&after[..digits])?;
    if after[digits..].starts_with(|c: char| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    let before = &text[..at];
    let start = before.trim_end_matches(name).len();
    let repository = &text[start..at];
    let sound = match repository.split_once('/') {
        None => repository.is_empty(),
        Some((owner, name)) => !owner.is_empty() && !name.is_empty() && !name.contains('/'),
    };
    // `&#39;` is a letter and `##12` nothing known.
    if !sound || text[..start].ends_with(|c: char| c == '&' || c == '#' || c.is_alphanumeric()) {
        return None;
    }
    Some((start, text[start..=at + digits].to_owned()))
}

/// Whether the text ends with a word that settles what comes next.
fn closes_before(text: &str) -> bool {
    let text = text.trim_end_matches([' ', ':']);
    let word = text.len() - text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).len();
    let word = &text[text.len() - word..];
    CLOSING.iter().any(|closing| closing.eq_ignore_ascii_case(word))
}

/// `ABC-12`, as trackers number.
fn is_key(word: &str) -> bool {
    word.split_once('-').is_some_and(|(project, digits)| {
        project.len() >= 2
            && project.starts_with(|c: char| c.is_ascii_uppercase())
            && project.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
            && number(digits).is_some()
    })
}
