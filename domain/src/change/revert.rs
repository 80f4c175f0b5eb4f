//! What a message says it takes back: by the name of the commit, the number of the pull request, or its first line.

use super::{commit::is_sha, message::Message};
use crate::playbook::CommitType;

/// What is taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    Commit(String),
    PullRequest(u64),
}

/// What a message takes back, and whether that is all that it does.
#[derive(Debug, Default)]
pub(super) struct Revert {
    pub(super) targets: Vec<Target>,
    /// It calls itself a revert.
    pub(super) only: bool,
    /// The first line of what it takes back, as git quotes it. For commits that were picked or rebased since, which
    /// have another name now.
    pub(super) quoted: Option<String>,
}

impl Revert {
    pub(super) fn read(text: &str, message: Option<&Message>) -> Self {
        let typed = message.is_some_and(|message| message.kind == CommitType::Revert.name());
        let by_git = text.starts_with("Revert \"") || text.starts_with("Reapply \"");
        let mut targets = Vec::new();
        // “This reverts commit A.”, “This reverts commit A, reversing changes made to B.”
        for (at, said) in text.match_indices("This reverts commit") {
            let sentence = &text[at + said.len()..];
            let end = ["reversing", ". ", ".\n", "\n\n"].iter().filter_map(|stop| sentence.find(stop)).min();
            names(&sentence[..end.unwrap_or(sentence.len())], &mut targets);
        }
        if typed || by_git {
            for footer in message.into_iter().flat_map(|message| &message.footers) {
                if ["refs", "ref", "reverts"].iter().any(|token| footer.is(token)) {
                    names(&footer.value, &mut targets);
                }
            }
            // As GitHub writes it: “Reverts owner/repository#12”.
            for line in text.lines() {
                let number = line.strip_prefix("Reverts ").and_then(|rest| rest.trim().rsplit_once('#'));
                if let Some(number) = number.and_then(|(_, digits)| digits.trim_end_matches('.').parse().ok()) {
                    targets.push(Target::PullRequest(number));
                }
            }
        }
        Self { targets, only: typed || by_git, quoted: quoted(text) }
    }
}

/// `Revert "X"` takes back X, `Reapply "X"` the revert of it.
fn quoted(text: &str) -> Option<String> {
    let subject = text.lines().next()?;
    let inner = |rest: &str| rest.rsplit_once('"').map(|(inner, _)| inner.to_owned()).filter(|inner| !inner.is_empty());
    match (subject.strip_prefix("Revert \""), subject.strip_prefix("Reapply \"")) {
        (Some(rest), _) => inner(rest),
        (None, Some(rest)) => inner(rest).map(|inner| format!("Revert \"{inner}\"")),
        (None, None) => None,
    }
}

fn names(text: &str, targets: &mut Vec<Target>) {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| is_sha(word));
    for word in words.map(|word| Target::Commit(word.to_ascii_lowercase())) {
        if !targets.contains(&word) {
            targets.push(word);
        }
    }
}

/// The commit that a message says it was picked from: “(cherry picked from commit A)”.
pub(super) fn picked_from(text: &str) -> Option<&str> {
    let (_, after) = text.rsplit_once("(cherry picked from commit ")?;
    after.split_once(')').map(|(sha, _)| sha).filter(|sha| is_sha(sha))
}
