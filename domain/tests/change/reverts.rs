//! Reverts cancel what they revert.

use super::{commit, found, line, said, sha};

#[test]
fn a_revert_cancels_by_the_name_of_the_commit() {
    for revert in [
        "Revert \"feat: noodles\"\n\nThis reverts commit SHA(noodles).",
        "revert: feat: noodles\n\nThis reverts commit SHA(noodles).",
        "revert: let us never again speak of the noodle incident\n\nRefs: 6e6f6f646c6573",
    ] {
        let found = found(&line(&[("noodles", "feat: noodles"), ("b", "fix: soup"), ("undo", revert)]));
        assert_eq!(said(&found), ["fix: soup"], "{revert}");
        let cancelled: Vec<_> = found.cancelled.iter().map(|one| (&one.id, one.by.as_ref())).collect();
        assert_eq!(cancelled, [(&sha("undo"), None), (&sha("noodles"), Some(&sha("undo")))], "{revert}");
    }
}

#[test]
fn a_revert_of_a_revert_brings_it_back() {
    let history = [
        ("noodles", "feat: noodles"),
        ("undo", "Revert \"feat: noodles\"\n\nThis reverts commit SHA(noodles)."),
        ("redo", "Reapply \"feat: noodles\"\n\nThis reverts commit SHA(undo)."),
        ("again", "Revert \"Reapply \"feat: noodles\"\"\n\nThis reverts commit SHA(redo)."),
    ];
    assert_eq!(said(&found(&line(&history[..1]))), ["feat: noodles"]);
    assert!(said(&found(&line(&history[..2]))).is_empty());
    assert_eq!(said(&found(&line(&history[..3]))), ["feat: noodles"]);
    assert!(said(&found(&line(&history))).is_empty());
}

#[test]
fn a_revert_of_what_is_out_already_is_a_change() {
    let found = found(&line(&[("undo", "revert: noodles\n\nThis reverts commit SHA(long ago).")]));
    assert_eq!(said(&found), ["revert: noodles"]);
    let by_git = "Revert \"feat: noodles\"\n\nThis reverts commit SHA(long ago).";
    assert_eq!(super::found(&line(&[("undo", by_git)])).nonconforming.len(), 1);
}

#[test]
fn a_revert_is_known_by_what_it_quotes_where_names_have_changed() {
    // As in histories whose commits are picked onto the main line.
    let gone = "Revert \"feat: noodles\"\n\nThis reverts commit SHA(as it was called).";
    for undo in [gone, "Revert \"feat: noodles\"", "Revert \"feat: noodles\" (#9)"] {
        let found = found(&line(&[("a", "feat: noodles"), ("b", "fix: soup"), ("undo", undo)]));
        assert_eq!(said(&found), ["fix: soup"], "{undo}");
    }
    let back = found(&line(&[("a", "feat: noodles"), ("undo", gone), ("redo", "Reapply \"feat: noodles\"")]));
    assert_eq!(said(&back), ["feat: noodles"]);
    let which = found(&line(&[("a", "docs: update"), ("b", "docs: update"), ("undo", "Revert \"docs: update\"")]));
    assert_eq!(which.cancelled.len(), 0, "of two that say the same none is taken");
    let other = "Revert \"feat: noodles\"\n\nThis reverts commit SHA(b).";
    let named = found(&line(&[("a", "feat: noodles"), ("b", "fix: soup"), ("undo", other)]));
    assert_eq!(said(&named), ["feat: noodles"], "the name counts more than the words");
}

#[test]
fn a_revert_of_several_stays_while_one_of_them_is_out_already() {
    let message = "revert: both\n\nThis reverts commit SHA(a).\n\nThis reverts commit SHA(long ago).";
    let found = found(&line(&[("a", "feat: a"), ("undo", message)]));
    assert_eq!(said(&found), ["revert: both"]);
    assert_eq!(found.cancelled.len(), 1);
}

#[test]
fn a_fix_that_takes_something_back_remains_a_fix() {
    let message = "fix: do without noodles\n\nThis reverts commit SHA(noodles).";
    let found = found(&line(&[("noodles", "feat: noodles"), ("undo", message)]));
    assert_eq!(said(&found), ["fix: do without noodles"]);
}

#[test]
fn a_revert_names_the_pull_request_as_github_does() {
    let found = found(&line(&[
        ("a", "feat: noodles (#12)"),
        ("b", "feat: soup (#13)"),
        ("c", "Revert \"feat: noodles (#12)\" (#14)\n\nReverts acme/shop#12"),
    ]));
    assert_eq!(said(&found), ["feat: soup"]);
}

#[test]
fn reverting_a_merge_takes_back_all_that_it_brought() {
    // a - m - undo, with b and c brought by m.
    let history = [
        commit("undo", &["m"], "Revert \"Merge x\"\n\nThis reverts commit SHA(m), reversing\nchanges made to SHA(a)."),
        commit("m", &["a", "c"], "Merge pull request #3 from acme/x\n\nfeat: b and c"),
        commit("c", &["b"], "fix: c"),
        commit("b", &["a"], "feat: b"),
        commit("a", &["root"], "feat: a"),
    ];
    let found = found(&history);
    assert_eq!(said(&found), ["feat: a"]);
    assert_eq!(found.cancelled.len(), 4);
}

#[test]
fn a_name_of_the_future_or_of_itself_cancels_nothing() {
    let own = "Revert \"x\"\n\nThis reverts commit SHA(b).";
    let found = found(&line(&[("a", own), ("b", own)]));
    assert_eq!(found.nonconforming.len(), 2, "{found:?}");
}
