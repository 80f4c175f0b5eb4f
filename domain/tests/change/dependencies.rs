//! Dependencies that commits raise.

use super::{found, line, one};

#[test]
fn bots_and_people_are_understood() {
    let cases = [
        ("build(deps): bump serde from 1.0.1 to 1.0.2", vec!["serde 1.0.1→1.0.2"]),
        ("build(deps-dev): bump @types/node from 18.0.0 to 20.1.0 in /web (#7)", vec!["@types/node 18.0.0→20.1.0"]),
        ("chore(deps): update dependency lodash to v4.17.21", vec!["lodash ?→v4.17.21"]),
        ("fix(deps): update rust crate tokio to v1.38.0 [security]", vec!["tokio ?→v1.38.0"]),
        ("chore(deps): update actions/checkout action to v4", vec!["actions/checkout ?→v4"]),
        ("build(deps): update rand requirement from ^0.8 to ^0.9", vec!["rand ^0.8→^0.9"]),
        (
            "chore(deps): bump the cargo group with 2 updates\n\nBumps the cargo group with 2 updates:\n\n\
             Updates `serde` from 1.0.1 to 1.0.2\nUpdates `toml` from 0.8 to 1.0",
            vec!["serde 1.0.1→1.0.2", "toml 0.8→1.0"],
        ),
        (
            "build(deps): bump axum from 0.7.5 to 0.8.0\n\nBumps [axum](https://example.org/axum) from 0.7.5 to 0.8.0.\n\
             - [Release notes](https://example.org)",
            vec!["axum 0.7.5→0.8.0"],
        ),
        (
            "chore(deps): update dependency vite to v6\n\n| Package | Change |\n|---|---|\n\
             | [vite](https://example.org) | [`5.4.0` -> `6.0.1`](https://example.org) |",
            vec!["vite 5.4.0→v6"],
        ),
        ("docs: update the guide to 2.0", vec![]),
        ("feat: update prices from 3 to 4 digits at once", vec!["prices 3→4"]),
        ("feat: update all prices from old to new", vec![]),
        ("fix: bump", vec![]),
    ];
    for (message, expected) in cases {
        let raised = one(message).origin.dependencies;
        let is: Vec<String> = raised
            .iter()
            .map(|one| format!("{} {}→{}", one.name, one.from.as_deref().unwrap_or("?"), one.to))
            .collect();
        assert_eq!(is, expected, "{message}");
    }
}

#[test]
fn one_outside_of_the_convention_counts_as_well() {
    let found = found(&line(&[("a", "Bump lodash from 4.17.20 to 4.17.21 in /web (#3)")]));
    assert_eq!(found.dependencies()[0].name, "lodash");
}

#[test]
fn each_dependency_is_told_once_from_before_to_after() {
    let mut history = line(&[
        ("a", "build(deps): bump serde from 1.0.1 to 1.0.2"),
        ("b", "build(deps): bump serde from 1.0.2 to 1.0.9"),
        ("c", "build(deps): bump toml from 1.0 to 1.1"),
        ("d", "build(deps): bump toml from 1.1 to 1.0"),
    ]);
    for (at, commit) in history.iter_mut().rev().enumerate() {
        commit.committed_at += chrono::TimeDelta::seconds(i64::try_from(at).expect("small"));
    }
    let all = found(&history).dependencies();
    let is: Vec<_> = all.iter().map(|one| (one.name.as_str(), one.from.as_deref(), one.to.as_str())).collect();
    assert_eq!(is, [("serde", Some("1.0.1"), "1.0.9")], "there and back is nowhere");
}
