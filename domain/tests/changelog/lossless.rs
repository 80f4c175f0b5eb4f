//! What is read can be written again, byte for byte.

use domain::changelog::{About, Document};
use proptest::prelude::*;

const REAL: &str = "# Changelog\n\nAll notable changes.\n\n## [Unreleased]\n\n### Added\n\n- v1.1 Brazilian Portuguese \
    translation.\n\n## [1.1.1] - 2023-03-05\n\n### Added\n\n- Arabic translation (#444).\n  With a second line.\n\n### \
    Fixed\n\n- Improve French translation (#377).\n\n## v1.1.0 (2019-02-15)\n\nWords without a heading.\n\n## \
    [1.0.0](https://example.org/1.0.0) - 2017-06-20 [YANKED]\n\n## Thanks\n\nTo everybody.\n\n## 0.0.5\n\n[unreleased]: \
    https://example.org/compare/v1.1.1...HEAD\n[1.1.1]: https://example.org/compare/v1.1.0...v1.1.1\n";

#[test]
fn versions_are_found_however_they_are_headed() {
    let document = Document::parse(REAL);
    let found: Vec<String> = document
        .sections
        .iter()
        .map(|section| match &section.about {
            About::Unreleased => "unreleased".to_owned(),
            About::Release { version, date, yanked } => format!("{version} {date:?} {yanked}"),
            About::Other => "other".to_owned(),
        })
        .collect();
    let expected = [
        "unreleased",
        "1.1.1 Some(2023-03-05) false",
        "1.1.0 Some(2019-02-15) false",
        "1.0.0 Some(2017-06-20) true",
        "other",
        "0.0.5 None false",
    ];
    assert_eq!(found, expected);
    assert!(document.links.starts_with("[unreleased]:"), "{:?}", document.links);
    assert_eq!(document.to_string(), REAL);
}

#[test]
fn what_stands_in_code_or_comments_is_no_heading() {
    for text in [
        "# Changelog\n\n```\n## [1.0.0]\n```\n\n## [Unreleased]\n",
        "# Changelog\n\n<!--\n## [1.0.0]\n-->\n\n## [Unreleased]\n",
        "# Changelog\n\n~~~md\n```\n## [1.0.0]\n~~~\n\n## [Unreleased]\n",
        "# Changelog\n\n    ## [1.0.0]\n\n## [Unreleased]\n",
    ] {
        let document = Document::parse(text);
        assert_eq!(document.versions().count(), 0, "{text}");
        assert_eq!(document.unreleased(), Some(0), "{text}");
    }
}

#[test]
fn this_project_s_own_changelog_is_read() {
    let text = include_str!("../../../CHANGELOG.md");
    let document = Document::parse(text);
    assert!(document.unreleased().is_some());
    assert_eq!(document.to_string(), text);
}

proptest! {
    #[test]
    fn any_text_comes_back(text in any::<String>()) {
        prop_assert_eq!(Document::parse(&text).to_string(), text);
    }

    #[test]
    fn any_markdown_comes_back(
        pieces in proptest::collection::vec(
            prop_oneof![
                Just("## [Unreleased]"), Just("## [1.2.3] - 2026-01-31"), Just("### Added"), Just("- item"), Just("\n"),
                Just("\r\n"), Just("\n\n"), Just("```"), Just("<!--"), Just("-->"), Just("[1.2.3]: https://x"),
                Just("  indented"), Just("ä🛒"), Just("# "), Just("["), Just("1. "), Just("\t"),
            ],
            0..40,
        ),
    ) {
        let text = pieces.concat();
        prop_assert_eq!(Document::parse(&text).to_string(), text);
    }
}
