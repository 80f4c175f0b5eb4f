//! What people edit stays; what the machine wrote it keeps up to date.

use super::written;
use domain::outline::Written;

const FIRST: [&str; 3] = ["feat: search (#1)", "fix: leak (#2)", "feat: sort (#3)"];

fn first() -> (String, Written) {
    written("", &Written::default(), &FIRST)
}

#[test]
fn a_new_changelog_is_written_whole() {
    assert_eq!(
        first().0,
        "# Changelog\n\nAll notable changes to this project are written down in this file.\n\nIt follows [Keep a \
         Changelog 1.1.0](https://keepachangelog.com/en/1.1.0/) and [SemVer \
         2.0.0](https://semver.org/spec/v2.0.0.html).\n\n## [Unreleased]\n\n### Added\n\n- Search (#1)\n- Sort \
         (#3)\n\n### Fixed\n\n- Leak (#2)\n"
    );
}

/// The part about what is not released, after a person's edit and one more commit.
fn after(from: &str, to: &str, messages: &[&str]) -> String {
    let (text, memory) = first();
    assert!(text.contains(from), "{from:?} is not in {text}");
    let (text, _) = written(&text.replacen(from, to, 1), &memory, messages);
    text.split_once("## [Unreleased]\n").map(|(_, after)| after.to_owned()).unwrap_or(text)
}

#[test]
fn what_a_person_did_stays_done() {
    let more = ["feat: search (#1)", "fix: leak (#2)", "feat: sort (#3)", "feat: filter (#4)"];
    let cases = [
        (
            "nothing",
            "Search",
            "Search",
            "\n### Added\n\n- Search (#1)\n- Sort (#3)\n- Filter (#4)\n\n### Fixed\n\n- Leak (#2)\n",
        ),
        (
            "other words",
            "- Search (#1)",
            "- Find things by word",
            "\n### Added\n\n- Find things by word\n- Sort (#3)\n- Filter (#4)\n\n### Fixed\n\n- Leak (#2)\n",
        ),
        ("removed", "- Search (#1)\n", "", "\n### Added\n\n- Sort (#3)\n- Filter (#4)\n\n### Fixed\n\n- Leak (#2)\n"),
        (
            "more below",
            "- Sort (#3)\n",
            "- Sort (#3)\n  by price\n\n  - and by name\n",
            "\n### Added\n\n- Search (#1)\n- Sort (#3)\n  by price\n\n  - and by name\n- Filter (#4)\n\n### Fixed\n\n- Leak (#2)\n",
        ),
        (
            "an item of their own",
            "### Fixed\n\n",
            "### Fixed\n\n- By hand\n",
            "\n### Added\n\n- Search (#1)\n- Sort (#3)\n- Filter (#4)\n\n### Fixed\n\n- By hand\n- Leak (#2)\n",
        ),
        (
            "a sentence above",
            "\n### Added\n",
            "\nA quiet month.\n\n### Added\n",
            "\nA quiet month.\n\n### Added\n\n- Search (#1)\n- Sort (#3)\n- Filter (#4)\n\n### Fixed\n\n- Leak (#2)\n",
        ),
        (
            "another heading",
            "### Added",
            "### What's new",
            "\n### What's new\n\n- Search (#1)\n- Sort (#3)\n- Filter (#4)\n\n### Fixed\n\n- Leak (#2)\n",
        ),
        (
            "other signs",
            "- Search (#1)\n- Sort (#3)",
            "* Search (#1)\n* Sort (#3)",
            "\n### Added\n\n* Search (#1)\n* Sort (#3)\n* Filter (#4)\n\n### Fixed\n\n- Leak (#2)\n",
        ),
        (
            "moved",
            "- Sort (#3)\n\n### Fixed\n\n",
            "\n### Fixed\n\n- Sort (#3)\n",
            "\n### Added\n\n- Search (#1)\n- Filter (#4)\n\n### Fixed\n\n- Sort (#3)\n- Leak (#2)\n",
        ),
        (
            "a heading of a lower level",
            "\n### Fixed",
            "\n#### For administrators\n\n- A switch\n\n### Fixed",
            "\n### Added\n\n- Search (#1)\n- Sort (#3)\n- Filter (#4)\n\n#### For administrators\n\n- A switch\n\n### Fixed\n\n- Leak (#2)\n",
        ),
    ];
    for (name, from, to, expected) in cases {
        assert_eq!(after(from, to, &more), expected, "{name}");
    }
}

#[test]
fn what_was_taken_back_goes_unless_somebody_wrote_on_it() {
    let revert = "Revert \"fix: leak (#2)\" (#9)\n\nReverts acme/shop#2";
    let messages = [FIRST[0], FIRST[1], FIRST[2], revert];
    let gone = after("Search", "Search", &messages);
    assert_eq!(gone, "\n### Added\n\n- Search (#1)\n- Sort (#3)\n\n", "its heading goes as well");
    let kept = after("- Leak (#2)", "- Leak (#2), as customers told us", &messages);
    assert!(kept.contains("as customers told us"), "{kept}");
}

#[test]
fn other_words_of_the_machine_replace_its_own_only() {
    let (text, memory) = first();
    let renamed = ["feat: search by word (#1)", "fix: leak (#2)", "feat: sort by price (#3)"];
    let edited = text.replacen("- Sort (#3)", "- Sort, at last (#3)", 1);
    let (text, _) = written(&edited, &memory, &renamed);
    assert!(text.contains("- Search by word (#1)\n- Sort, at last (#3)\n"), "{text}");
}

#[test]
fn without_memory_everything_is_a_persons_and_nothing_is_doubled() {
    let (text, _) = first();
    let edited = text.replacen("- Sort (#3)", "- Sort, at last (#3)", 1);
    let (again, memory) = written(&edited, &Written::default(), &FIRST);
    assert_eq!(again, edited);
    assert_eq!(memory.taken(), 3);
    let (none, _) = written(&again, &memory, &[]);
    assert_eq!(none, edited, "and nothing is taken away");
}

#[test]
fn lines_end_as_they_did() {
    let text = "# Changelog\r\n\r\n## [Unreleased]\r\n\r\n### Fixed\r\n- By hand\r\n\r\n## [1.0.0] - 2026-01-01\r\n";
    let (text, _) = written(text, &Written::default(), &["feat: a (#1)", "fix: b (#2)"]);
    assert_eq!(
        text,
        "# Changelog\r\n\r\n## [Unreleased]\r\n\r\n### Added\r\n\r\n- A (#1)\r\n\r\n### Fixed\r\n- By hand\r\n- B \
         (#2)\r\n\r\n## [1.0.0] - 2026-01-01\r\n"
    );
}

#[test]
fn a_file_that_stops_in_the_middle_of_a_line_is_gone_on_with() {
    for (text, expected) in [
        ("## [Unreleased]", "## [Unreleased]\n\n### Added\n\n- A (#1)\n"),
        ("## [Unreleased]\n\n### Added", "## [Unreleased]\n\n### Added\n\n- A (#1)\n"),
        ("## [Unreleased]\n\n### Added\n\n- By hand", "## [Unreleased]\n\n### Added\n\n- By hand\n- A (#1)\n"),
        ("## [1.0.0]", "## [Unreleased]\n\n### Added\n\n- A (#1)\n\n## [1.0.0]"),
        ("# Changelog\n", "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A (#1)\n"),
    ] {
        assert_eq!(written(text, &Written::default(), &["feat: a (#1)"]).0, expected, "{text:?}");
    }
}

#[test]
fn two_commits_that_say_the_same_are_two_lines() {
    let (text, memory) = written("", &Written::default(), &["fix: typo (#1)", "fix: typo (#1)"]);
    assert_eq!(text.matches("- Typo (#1)").count(), 2);
    let (text, _) = written(&text, &memory, &["fix: typo (#1)", "fix: typo (#1)", "fix: typo (#1)"]);
    assert_eq!(text.matches("- Typo (#1)").count(), 3);
}
