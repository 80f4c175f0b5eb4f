//! Whatever stands in a repository, nothing panics and no commit is lost.

use super::{commit, sha};
use domain::{
    change::{Commit, Rules, changes, suggest},
    playbook::PathPattern,
};
use proptest::prelude::*;

/// Pieces that messages are made of, in any order.
fn message() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z]{1,6}(\\([a-z ]*\\))?!?:",
        Just("feat: ".to_owned()),
        Just("\n\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("BREAKING CHANGE: ".to_owned()),
        Just("Revert \"".to_owned()),
        Just("This reverts commit ".to_owned()),
        Just("(cherry picked from commit ".to_owned()),
        Just("Reverts a/b#".to_owned()),
        Just("Merge pull request #".to_owned()),
        Just("bump ü from 1 to ".to_owned()),
        Just("| x | `1` -> ".to_owned()),
        (0..6u8).prop_map(|n| sha(&format!("c{n}")).to_string()),
        "[0-9#()!ß🛒 ]{0,8}",
        any::<String>(),
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn history() -> impl Strategy<Value = Vec<Commit>> {
    let one = (message(), proptest::collection::vec(0..8u8, 0..4));
    proptest::collection::vec(one, 0..8).prop_map(|all| {
        let made = all.iter().enumerate().map(|(at, (message, parents))| {
            let parents: Vec<String> = parents.iter().map(|n| format!("c{n}")).collect();
            let parents: Vec<&str> = parents.iter().map(String::as_str).collect();
            let mut made = commit(&format!("c{at}"), &parents, "");
            made.message.clone_from(message);
            made
        });
        made.collect()
    })
}

proptest! {
    #[test]
    fn every_commit_stands_in_exactly_one_list(history in history()) {
        let rules = Rules::default();
        let found = changes(&history, &rules);
        prop_assert_eq!(found.commits(), history.len());
        suggest(&found, &rules, None);
        found.dependencies();
        let json = serde_json::to_string(&found).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<domain::change::Changes>(&json).expect("read"), found);
    }

    #[test]
    fn patterns_take_any_path(pattern in "[a-z*?/ü]{1,12}", path in any::<String>()) {
        if let Ok(pattern) = pattern.parse::<PathPattern>() {
            pattern.matches(&path);
        }
    }
}

#[test]
fn a_very_long_message_is_read() {
    let long = format!("feat: {}\n\n{}\n\nRefs: #1", "x".repeat(100_000), "word #2 line\n".repeat(200_000));
    let found = changes(&[commit("a", &[], &long)], &Rules::default());
    assert_eq!(found.items[0].origin.issues.len(), 2);
}
