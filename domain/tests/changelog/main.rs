//! Changelogs: read without losing a byte, written from changes, edited by people whose words stay.

mod entries;
mod interleaved;
mod lossless;
mod merging;
mod releasing;

use domain::{
    change::{Changes, Commit, Rules, changes},
    changelog::{Style, Target, entries, regenerate},
    outline::Written,
};

/// Commits on one line, written oldest first; each has a sha of its own number.
fn history(messages: &[&str]) -> Changes {
    let sha = |n: usize| format!("{n:07}{}", "0".repeat(33)).parse().expect("a sha");
    let commits = messages.iter().enumerate().map(|(n, message)| Commit {
        sha: sha(n + 1),
        parents: vec![sha(n)],
        author: "Engineer".to_owned(),
        committed_at: domain::Timestamp::UNIX_EPOCH,
        message: (*message).to_owned(),
        files: Vec::new(),
    });
    let mut commits: Vec<Commit> = commits.collect();
    commits.reverse();
    changes(&commits, &Rules::default())
}

/// The text with these commits in it, and the same once more to see that nothing moves.
fn written(text: &str, before: &Written, messages: &[&str]) -> (String, Written) {
    let entries = entries(&history(messages), &Style::default());
    let (text, memory) = regenerate(text, &Style::default(), &Target::Unreleased, before, &entries).expect("written");
    let again = regenerate(&text, &Style::default(), &Target::Unreleased, &memory, &entries).expect("written");
    assert_eq!(again, (text.clone(), memory.clone()), "writing twice is writing once");
    (text, memory)
}
