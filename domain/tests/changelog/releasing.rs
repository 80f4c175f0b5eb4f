//! What is not released yet becomes a release.

use super::written;
use chrono::NaiveDate;
use domain::{
    changelog::{Links, Style, Target, entries, regenerate, release},
    outline::Written,
    playbook,
};

fn day() -> NaiveDate {
    "2026-11-21".parse().expect("a day")
}

fn links() -> Links {
    Links { repository: "https://github.com/acme/shop".to_owned(), tag: None }
}

fn released(text: &str, version: &str) -> String {
    let version = version.parse().expect("a version");
    release(text, &Style::default(), &version, day(), Some(&links())).expect("released")
}

const TEXT: &str = "# Changelog\n\n## [Unreleased]\n\nBy hand.\n\n### Added\n\n- Search\n";

#[test]
fn a_release_takes_over_what_was_written() {
    assert_eq!(
        released(TEXT, "1.0.0"),
        "# Changelog\n\n## [Unreleased]\n\n## [1.0.0] - 2026-11-21\n\nBy hand.\n\n### Added\n\n- Search\n\n[Unreleased]: \
         https://github.com/acme/shop/compare/v1.0.0...HEAD\n[1.0.0]: \
         https://github.com/acme/shop/releases/tag/v1.0.0\n"
    );
}

#[test]
fn the_next_one_differs_from_the_one_before() {
    let text = released(&released(TEXT, "1.0.0"), "1.1.0-rc.1");
    let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part} is missing: {text}"));
    assert!(at("## [Unreleased]") < at("## [1.1.0-rc.1] - 2026-11-21"));
    assert!(at("## [1.1.0-rc.1]") < at("## [1.0.0]"));
    at("[Unreleased]: https://github.com/acme/shop/compare/v1.1.0-rc.1...HEAD\n");
    at("[1.1.0-rc.1]: https://github.com/acme/shop/compare/v1.0.0...v1.1.0-rc.1\n");
    assert_eq!(text.matches("[Unreleased]:").count(), 1);
}

#[test]
fn a_link_that_a_person_wrote_stays() {
    let by_hand = format!("{TEXT}\n[unreleased]: https://example.org/next\n[1.0.0]: https://example.org/one\n");
    let text = released(&by_hand, "1.0.0");
    assert!(text.ends_with("\n[unreleased]: https://example.org/next\n[1.0.0]: https://example.org/one\n"), "{text}");
}

#[test]
fn gitlab_has_addresses_of_its_own() {
    let links = Links { repository: "https://gitlab.example.org/acme/shop.git".to_owned(), tag: None };
    let version = "1.0.0".parse().expect("a version");
    let text = release(TEXT, &Style::default(), &version, day(), Some(&links)).expect("released");
    assert!(text.contains("https://gitlab.example.org/acme/shop/-/compare/v1.0.0...HEAD"), "{text}");
    assert!(text.contains("https://gitlab.example.org/acme/shop/-/tags/v1.0.0"), "{text}");
}

#[test]
fn a_version_is_released_once() {
    let version = "1.0.0".parse().expect("a version");
    let refused = release(&released(TEXT, "1.0.0"), &Style::default(), &version, day(), None).expect_err("twice");
    assert_eq!(refused.class, domain::Class::Conflict);
}

#[test]
fn the_playbook_says_how_a_release_is_headed() {
    let version = "2.0.0".parse().expect("a version");
    let style = |name: &str| {
        let text = std::fs::read_to_string(format!("{}/../playbooks/{name}.toml", env!("CARGO_MANIFEST_DIR")));
        let playbook = playbook::parse(&text.expect("a playbook")).expect("sound");
        Style::of(&playbook.changelog.expect("has one"))
    };
    let orca = release(TEXT, &style("orca"), &version, day(), None).expect("released");
    assert!(orca.contains("\n## [2.0.0] - 2026-11-21\n"), "{orca}");
    // This one is not dated, keeps a file for each version, and its oldest stands first.
    let mesh = release("", &style("mesh-os"), &version, day(), None).expect("released");
    assert!(mesh.ends_with("\n## [2.0.0]\n\n"), "{mesh}");
    let cites = release("", &style("orca"), &version, day(), None).expect("released");
    assert!(cites.contains("https://keepachangelog.com/en/1.0.0/"), "{cites}");
}

#[test]
fn a_release_can_be_written_into_as_well() {
    let (text, memory) = written(TEXT, &Written::default(), &["fix: leak (#2)"]);
    let text = released(&text, "1.0.0");
    let version = "1.0.0".parse().expect("a version");
    let target = Target::Release { version, date: day() };
    let entries = entries(&super::history(&["fix: leak (#2)", "fix: late (#3)"]), &Style::default());
    let (text, _) = regenerate(&text, &Style::default(), &target, &memory, &entries).expect("written");
    assert!(text.contains("- Leak (#2)\n- Late (#3)\n\n[Unreleased]"), "{text}");
    assert!(text.contains("## [Unreleased]\n\n## [1.0.0]"), "{text}");
}

#[test]
fn an_older_line_gets_its_release_in_its_place() {
    let text = "# Changelog\n\n## [2.0.0] - 2026-01-01\n\n## [1.0.0] - 2025-01-01\n";
    let text = released(text, "1.0.1");
    let order: Vec<_> = text.lines().filter(|line| line.starts_with("## ")).collect();
    assert_eq!(order, ["## [2.0.0] - 2026-01-01", "## [1.0.1] - 2026-11-21", "## [1.0.0] - 2025-01-01"]);
    assert!(text.contains("compare/v1.0.0...v1.0.1"), "{text}");
}

#[test]
fn what_would_vanish_in_a_code_block_is_not_written() {
    for (text, line) in [("# Changelog\n\n```sh\nmake\n", "line 3"), ("<!-- to do\n\n## [Unreleased]\n", "line 1")] {
        let version = "1.0.0".parse().expect("a version");
        let refused = release(text, &Style::default(), &version, day(), None).expect_err("refused");
        assert_eq!((refused.class, refused.field.as_deref()), (domain::Class::Invalid, Some("changelog")));
        assert!(refused.detail.contains(line), "{refused}");
    }
}
