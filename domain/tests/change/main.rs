//! From commit messages to changes: the convention's own examples, histories with reverts and merges, and nonsense.

mod dependencies;
mod merges;
mod messages;
mod nonsense;
mod reverts;
mod speed;
mod suggestions;

use domain::{
    Timestamp,
    change::{Change, Changes, Commit, Rules, Sha, changes},
};

/// The sha of the commit called `name`.
fn sha(name: &str) -> Sha {
    let hex = name.bytes().fold(String::new(), |hex, b| format!("{hex}{b:02x}"));
    format!("{hex:0<40}").parse().expect("a sha")
}

/// Where `SHA(x)` stands, the sha of x comes.
fn commit(name: &str, parents: &[&str], message: &str) -> Commit {
    let mut text = message.to_owned();
    while let Some((before, rest)) = text.split_once("SHA(") {
        let (of, after) = rest.split_once(')').expect("closed");
        text = format!("{before}{}{after}", sha(of));
    }
    Commit {
        sha: sha(name),
        parents: parents.iter().map(|parent| sha(parent)).collect(),
        author: "Engineer".to_owned(),
        committed_at: Timestamp::UNIX_EPOCH,
        message: text,
        files: Vec::new(),
    }
}

/// Commits on one line, written oldest first.
fn line(commits: &[(&str, &str)]) -> Vec<Commit> {
    let mut parent = "root";
    let mut line: Vec<Commit> = Vec::new();
    for (name, message) in commits {
        line.push(commit(name, &[parent], message));
        parent = name;
    }
    line.reverse();
    line
}

fn found(commits: &[Commit]) -> Changes {
    let found = changes(commits, &Rules::default());
    assert_eq!(found.commits(), commits.len(), "each commit stands in one list");
    found
}

fn one(message: &str) -> Change {
    let mut found = found(&line(&[("a", message)]));
    found.items.pop().unwrap_or_else(|| panic!("{message:?} does not conform: {found:?}"))
}

/// Type and description of what counts, oldest first.
fn said(found: &Changes) -> Vec<String> {
    found.items.iter().rev().map(|item| format!("{}: {}", item.message.kind, item.message.description)).collect()
}
