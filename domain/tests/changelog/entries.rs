//! What a changelog says of changes.

use super::history;
use domain::{
    changelog::{Style, entries},
    playbook,
};

fn lines(messages: &[&str]) -> Vec<String> {
    let each = entries(&history(messages), &Style::default()).into_iter();
    each.map(|entry| format!("{}: {}", entry.slot.unwrap_or_default(), entry.text)).collect()
}

#[test]
fn each_change_stands_where_readers_look_for_it() {
    let cases = [
        ("feat: search by word (#12)", "added: Search by word (#12)"),
        ("feat(api): search", "added: **api:** Search (0000001)"),
        ("fix: überlauf.", "fixed: Überlauf (0000001)"),
        ("perf: faster lists", "changed: Faster lists (0000001)"),
        ("revert: noodles", "changed: Taken back: Noodles (0000001)"),
        ("security: close the hole", "security: Close the hole (0000001)"),
        ("fix(security): close the hole", "security: **security:** Close the hole (0000001)"),
        ("fix: CVE-2026-1234", "security: CVE-2026-1234 (0000001)"),
        ("feat: v2\n\nDeprecates: v1", "deprecated: V2 (0000001)"),
        ("remove: the old page", "removed: The old page (0000001)"),
        ("chore: tidy\n\nChangelog: fixed", "fixed: Tidy (0000001)"),
        ("refactor!: other names", "changed: **Breaking:** Other names (0000001)"),
        (
            "feat!: v2 (#3)\n\nBREAKING CHANGE: use `Vec<T>`\n  instead of Vec<U>",
            "added: **Breaking:** V2 (#3). use `Vec<T>` instead of Vec\\<U>",
        ),
        ("fix: `a < b` but b < c and ` < d", "fixed: `a < b` but b \\< c and ` \\< d (0000001)"),
    ];
    for (message, line) in cases {
        assert_eq!(lines(&[message]), [line], "{message}");
    }
}

#[test]
fn what_concerns_only_the_makers_is_left_out() {
    let silent = ["docs: a", "chore: b", "ci: c", "test: d", "build: e", "style: f", "refactor: g", "wip"];
    assert!(lines(&silent).is_empty());
    assert!(lines(&["feat: secret\n\nChangelog: none"]).is_empty());
}

#[test]
fn the_playbook_says_which_sections_there_are() {
    let text = include_str!("../../../playbooks/orca.toml");
    let text = text.replacen(
        "sections = [\"added\", \"changed\", \"fixed\", \"security\", \"deprecated\", \"removed\"]",
        "sections = [\"changed\", \"fixed\"]",
        1,
    );
    let playbook = playbook::parse(&text).expect("sound");
    let style = Style::of(playbook.changelog.as_ref().expect("has one"));
    let slots: Vec<_> =
        entries(&history(&["feat: a", "fix: b"]), &style).into_iter().filter_map(|entry| entry.slot).collect();
    assert_eq!(slots, ["changed", "fixed"]);
}
