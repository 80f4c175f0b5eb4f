//! Which bump the changes ask for, and why.

use super::line;
use domain::{
    change::{Rules, changes, suggest},
    playbook,
    release::{Bump, Version},
};

fn rules(commits: &str) -> Rules {
    let text = include_str!("../../../playbooks/orca.toml");
    let text = text.replacen("[commits]\n", &format!("[commits]\n{commits}\n"), 1);
    Rules::of(&playbook::parse(&text).expect("sound"))
}

fn asked(rules: &Rules, running: &str, messages: &[&str]) -> (Option<Bump>, String) {
    let names: Vec<String> = (0..messages.len()).map(|n| format!("c{n}")).collect();
    let history: Vec<_> = names.iter().map(String::as_str).zip(messages.iter().copied()).collect();
    let running: Version = running.parse().expect("a version");
    let suggestion = suggest(&changes(&line(&history), rules), rules, Some(&running));
    (suggestion.bump, suggestion.reason)
}

#[test]
fn the_convention_decides_and_says_why() {
    let cases: [(&[&str], Option<Bump>, &str); 8] = [
        (&["feat: a", "feat: b", "feat: c"], Some(Bump::Minor), "minor: 3 features, no breaking change"),
        (&["fix: a"], Some(Bump::Patch), "patch: 1 fix, no feature, no breaking change"),
        (&["feat: a", "fix: b", "fix: c"], Some(Bump::Minor), "minor: 1 feature, 2 fixes, no breaking change"),
        (&["feat: a", "fix!: b"], Some(Bump::Major), "major: 1 breaking change, 1 feature, 1 fix"),
        (&["docs: a\n\nBREAKING CHANGE: b"], Some(Bump::Major), "major: 1 breaking change, 1 other change"),
        (
            &["chore: a", "wip"],
            Some(Bump::Patch),
            "patch: 1 other change, 1 commit outside of the convention, no feature, no breaking change",
        ),
        (&[], None, "none: nothing changed"),
        (&["feat: a", "Revert \"feat: a\"\n\nThis reverts commit SHA(c0)."], None, "none: nothing changed"),
    ];
    for (messages, bump, reason) in cases {
        assert_eq!(asked(&Rules::default(), "1.4.2", messages), (bump, reason.to_owned()), "{messages:?}");
    }
}

#[test]
fn a_playbook_says_what_raises_nothing() {
    let text = include_str!("../../../playbooks/agentmesh.toml");
    let rules = Rules::of(&playbook::parse(text).expect("sound"));
    let (bump, reason) = asked(&rules, "1.0.0", &["docs: a", "chore: b", "docs: c"]);
    assert_eq!((bump, reason.as_str()), (None, "none: only changes that raise nothing (2 docs and 1 chore)"));
    assert_eq!(asked(&rules, "1.0.0", &["docs: a", "feat: b"]).0, Some(Bump::Minor));
    assert_eq!(asked(&rules, "1.0.0", &["docs!: a"]).0, Some(Bump::Major), "what breaks is never silent");
}

#[test]
fn before_one_a_playbook_may_raise_less() {
    let rules = rules("initial = { breaking = \"minor\", bump = [{ commit = \"feat\", bump = \"patch\" }] }");
    let (bump, reason) = asked(&rules, "0.3.1", &["feat!: a"]);
    assert_eq!(bump, Some(Bump::Minor));
    assert_eq!(
        reason,
        "minor: 1 breaking change, 1 feature; before 1.0.0 the playbook raises minor instead of major for what breaks"
    );
    assert_eq!(asked(&rules, "0.3.1", &["feat: a"]).0, Some(Bump::Patch));
    assert_eq!(asked(&rules, "0.3.1", &["fix: a"]).0, Some(Bump::Patch));
    assert_eq!(asked(&rules, "1.0.0", &["feat!: a"]).0, Some(Bump::Major), "from 1.0.0 on as everywhere");
    assert_eq!(asked(&Rules::default(), "0.3.1", &["feat!: a"]).0, Some(Bump::Major), "only if a playbook says so");
}
