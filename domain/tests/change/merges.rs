//! Merges, squashes and picked commits count once.

use super::{commit, found, line, said, sha};

#[test]
fn a_merge_adds_nothing_to_what_it_brings() {
    let found = found(&[
        commit("m", &["a", "c"], "Merge pull request #3 from acme/search\n\nfeat: search and sort"),
        commit("c", &["b"], "feat: sort"),
        commit("b", &["root"], "feat: search"),
        commit("a", &["root"], "fix: a (#2)"),
    ]);
    assert_eq!(said(&found), ["fix: a", "feat: search", "feat: sort"]);
    assert_eq!(found.merges, [sha("m")]);
    let numbers: Vec<_> = found.items.iter().map(|item| item.origin.pull_request).collect();
    assert_eq!(numbers, [Some(3), Some(3), Some(2)], "what it brought came by its pull request");
}

#[test]
fn a_merge_speaks_for_commits_that_say_nothing() {
    for (message, number) in [
        ("Merge pull request #3 from acme/search\n\nfeat: search", 3),
        ("Merge branch 'search' into 'main'\n\nfeat: search\n\nSee merge request acme/shop!4", 4),
        ("Merged in search (pull request #5)\n\nfeat: search", 5),
        ("feat: search (#6)", 6),
    ] {
        let found = found(&[
            commit("m", &["a", "c"], message),
            commit("c", &["b"], "wip"),
            commit("b", &["root"], "more wip"),
            commit("a", &["root"], "fix: a"),
        ]);
        assert_eq!(said(&found), ["fix: a", "feat: search"], "{message}");
        assert_eq!(found.items[0].origin.pull_request, Some(number), "{message}");
        assert_eq!(found.nonconforming.len(), 2, "listed, not lost");
    }
}

#[test]
fn a_merge_without_its_commits_counts_itself() {
    // As a shallow clone, or a list of first parents, shows it.
    let found = found(&[
        commit("m", &["a", "gone"], "Merge pull request #3 from acme/search\n\nfeat: search"),
        commit("n", &["b", "lost"], "Merge branch 'main' into other"),
    ]);
    assert_eq!(said(&found), ["feat: search"]);
    assert_eq!(found.merges, [sha("n")]);
}

#[test]
fn a_break_that_only_the_merge_tells_is_not_lost() {
    let found = found(&[
        commit("m", &["a", "b"], "feat!: another search (#3)"),
        commit("b", &["a"], "feat: search by word"),
        commit("a", &["root"], "fix: a"),
    ]);
    assert_eq!(said(&found), ["fix: a", "feat: search by word", "feat: another search"]);
}

#[test]
fn merges_inside_of_merges_count_once() {
    // inner joins c into the branch, outer joins the branch into the line.
    let found = found(&[
        commit("outer", &["a", "inner"], "Merge pull request #9 from acme/big\n\nfeat: all of it"),
        commit("inner", &["b", "c"], "Merge pull request #8 from acme/small\n\nfeat: small"),
        commit("c", &["b"], "wip c"),
        commit("b", &["root"], "wip b"),
        commit("a", &["root"], "fix: a"),
    ]);
    assert_eq!(said(&found), ["fix: a", "feat: all of it"]);
    assert_eq!(found.merges, [sha("inner")]);
}

#[test]
fn a_commit_on_both_sides_belongs_to_the_line() {
    let found = found(&[
        commit("m", &["b", "a"], "Merge branch 'a'"),
        commit("b", &["a"], "feat: b"),
        commit("a", &["root"], "feat: a"),
    ]);
    assert_eq!(said(&found), ["feat: a", "feat: b"]);
}

#[test]
fn a_squash_counts_as_one_whatever_it_lists() {
    let message = "feat: search (#12)\n\n* feat: by word\n\n* fix: typo\n\n* Revert \"fix: typo\"\n\nThis reverts commit \
                   1234567890123456789012345678901234567890.";
    let found = found(&line(&[("a", message)]));
    assert_eq!(said(&found), ["feat: search"]);
}

#[test]
fn what_was_picked_from_a_commit_that_is_there_counts_once() {
    let found = found(&line(&[
        ("a", "fix: leak"),
        ("b", "fix: leak\n\n(cherry picked from commit SHA(a))"),
        ("c", "fix: other\n\n(cherry picked from commit SHA(elsewhere))"),
    ]));
    assert_eq!(said(&found), ["fix: leak", "fix: other"]);
    assert_eq!(found.repeated, [sha("b")]);
}

#[test]
fn a_commit_listed_twice_is_one() {
    let mut twice = line(&[("a", "fix: leak")]);
    twice.extend(twice.clone());
    let found = domain::change::changes(&twice, &domain::change::Rules::default());
    assert_eq!(found.commits(), 1);
}
