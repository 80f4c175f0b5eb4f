//! Notes drafted for each audience in the sections of the playbook, and edited by people whose words stay.

use domain::{
    Timestamp,
    change::{Changes, Commit, Rules, changes},
    known_issue::{Details, KnownIssue, KnownIssueId},
    notes::{Source, draft, empty_sections, presented},
    outline::Written,
    playbook::{self, Audience, Condition, Playbook},
    release::{Traits, Version},
};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn bundled(name: &str) -> Playbook {
    let text = std::fs::read_to_string(format!("{}/../playbooks/{name}.toml", env!("CARGO_MANIFEST_DIR")));
    playbook::parse(&text.expect("a playbook")).expect("sound")
}

fn history(messages: &[&str]) -> Changes {
    let sha = |n: usize| format!("{n:07}{}", "0".repeat(33)).parse().expect("a sha");
    let commit = |(n, message): (usize, &&str)| Commit {
        sha: sha(n + 1),
        parents: vec![sha(n)],
        author: "Engineer".to_owned(),
        committed_at: Timestamp::UNIX_EPOCH,
        message: (*message).to_owned(),
        files: vec![],
    };
    let mut commits: Vec<Commit> = messages.iter().enumerate().map(commit).collect();
    commits.reverse();
    changes(&commits, &Rules::default())
}

const COMMITS: [&str; 9] = [
    "feat: search by word (#1)",
    "fix(cart): empties no more (#2)",
    "perf: lists twice as fast (#3)",
    "feat(api)!: second version (#4)\n\nBREAKING CHANGE: call `/v2` instead",
    "docs: how to search (#5)",
    "chore: tidy (#6)",
    "build(deps): bump serde from 1.0.1 to 1.0.2 (#7)",
    "security: close the hole (#8)",
    "wip",
];

fn issue(n: u128, title: &str, audience: &[Audience]) -> KnownIssue {
    KnownIssue {
        id: KnownIssueId(uuid::Uuid::from_u128(n)),
        product: "shop".parse().expect("a slug"),
        details: Details {
            title: title.to_owned(),
            description: "After a day\nwithout a click".to_owned(),
            workaround: Some("Sign in again".to_owned()),
            affected: ">= 1.2.0".parse().expect("a range"),
            severity: "sev2".parse().expect("an id"),
            tracking: Some("https://example.org/12".to_owned()),
            audience: audience.iter().copied().collect(),
        },
        fixes: BTreeMap::new(),
        closed: None,
        reported_by: None,
        reported_at: Timestamp::UNIX_EPOCH,
        changed_at: Timestamp::UNIX_EPOCH,
    }
}

struct Desk {
    playbook: Playbook,
    audience: Audience,
    changes: Changes,
    issues: Vec<KnownIssue>,
    traits: Traits,
}

impl Desk {
    fn new(playbook: &str, audience: Audience, commits: &[&str]) -> Self {
        let issues = vec![issue(1, "Cart empties itself", &[Audience::Customers])];
        Self { playbook: bundled(playbook), audience, changes: history(commits), issues, traits: Traits::new() }
    }

    /// The draft, and the same once more to see that nothing moves.
    fn drafted(&self, old: &str, before: &Written) -> (String, Written) {
        let version: Version = "1.3.0".parse().expect("a version");
        let issues: Vec<&KnownIssue> = self.issues.iter().collect();
        let source = Source {
            playbook: &self.playbook,
            audience: self.audience,
            product: "Shop",
            version: &version,
            previous: None,
            headline: Some("Search"),
            date: "2026-11-06".parse().ok(),
            changes: &self.changes,
            issues: &issues,
            traits: &self.traits,
        };
        let (text, memory) = draft(old, before, &source).expect("drafted");
        assert_eq!(draft(&text, &memory, &source).expect("drafted"), (text.clone(), memory.clone()), "twice is once");
        (text, memory)
    }

    fn fresh(&self) -> String {
        self.drafted("", &Written::default()).0
    }
}

#[test]
fn customers_read_what_changes_for_them() {
    let notes = presented(&Desk::new("orca", Audience::Customers, &COMMITS).fresh());
    assert_eq!(
        notes,
        "# Shop v1.3.0: Search\n\nReleased on 6 November 2026.\n\n## What's new\n\n- Search by word\n- Second \
         version\n\n## Bug fixes\n\n- Empties no more\n\n## Performance\n\n- Lists twice as fast\n\n## Security\n\n- \
         Close the hole\n\n## Documentation\n\n- How to search\n\n## Migration notes\n\n- Call `/v2` instead\n\n## Known \
         issues\n\n- **Cart empties itself** (sev2): After a day without a click. Workaround: Sign in again. [Tracked \
         here](<https://example.org/12>)\n"
    );
}

#[test]
fn people_are_asked_for_what_no_machine_knows() {
    let notes = Desk::new("orca", Audience::Customers, &COMMITS[..2]).fresh();
    assert!(notes.contains("## Performance\n\n<!-- To say here: before; after; difference in % -->\n"), "{notes}");
    assert!(notes.contains("## Migration notes\n\nNo action required.\n"), "what breaks nothing says so: {notes}");
    assert_eq!(empty_sections(&notes), ["Performance", "Security", "Documentation", "Where to ask"]);
    assert!(!presented(&notes).contains("<!--"));
}

#[test]
fn engineers_read_everything_and_nothing_is_left_out() {
    let notes = Desk::new("octoacme", Audience::Engineering, &COMMITS).fresh();
    for part in [
        "- Search by word (#1)",
        "- **Breaking:** **api:** Second version (#4)",
        "## Breaking changes\n\n<!-- To say here: migration steps; estimated time -->\n\n1. Call `/v2` instead\n",
        "- Dependency serde 1.0.1 → 1.0.2",
        "## Testing performed",
        "## Rollback plan",
        "## Credits\n\n- Engineer\n",
        "## Other changes\n\n- How to search (#5)\n- Tidy (#6)\n",
        "- Wip (0000009)",
    ] {
        assert!(notes.contains(part), "{part:?} is missing:\n{notes}");
    }
}

#[test]
fn each_audience_gets_its_own() {
    let of = |audience| Desk::new("octoacme", audience, &COMMITS).fresh();
    let customers = of(Audience::Customers);
    for inside in
        ["## Technical details", "## Testing performed", "## Rollback plan", "## Other changes", "serde", "(#1)"]
    {
        assert!(!customers.contains(inside), "{inside} is nothing for customers:\n{customers}");
        assert!(of(Audience::Engineering).contains(inside), "{inside}");
    }
    // One that is kept for customers is seen by customers and inside of the house.
    for (audience, sees) in [(Audience::Customers, true), (Audience::Support, true), (Audience::Leadership, false)] {
        assert_eq!(of(audience).contains("Cart empties itself"), sees, "{audience}");
    }
}

#[test]
fn a_playbook_without_template_briefs_each_audience() {
    let of = |audience| {
        let notes = Desk::new("mesh-os", audience, &COMMITS).fresh();
        notes.lines().filter_map(|line| line.strip_prefix("## ").map(str::to_owned)).collect::<Vec<_>>()
    };
    let support = of(Audience::Support);
    assert_eq!(support, ["Known issues", "Workarounds", "FAQ", "Escalation", "Breaking changes"]);
    assert_eq!(
        of(Audience::Product),
        ["Features", "Availability", "Limits", "User-facing changes", "Breaking changes"]
    );
    assert_eq!(of(Audience::Leadership), ["Features", "Fixes", "Breaking changes"], "the usual ones");
}

#[test]
fn sections_come_when_they_apply() {
    let headings = |commits: &[&str], traits: &[(Condition, bool)]| {
        let desk = Desk { traits: traits.iter().copied().collect(), ..Desk::new("sarvanom", Audience::Users, commits) };
        let notes = desk.fresh();
        notes.lines().filter_map(|line| line.strip_prefix("## ").map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(headings(&["feat: a"], &[]), ["Features", "Fixes"]);
    assert_eq!(headings(&["feat!: a"], &[]), ["Features", "Fixes", "Migration"]);
    assert_eq!(headings(&["feat(api): a"], &[]), ["Features", "Fixes", "API changes"], "unknown, but there is one");
    assert_eq!(headings(&["feat: a"], &[(Condition::IfApplicable, true)]), ["Features", "Fixes", "API changes"]);
    assert_eq!(headings(&["feat(api): a"], &[(Condition::IfApplicable, false)]), ["Features", "Fixes"]);
}

#[test]
fn a_mended_issue_moves_to_the_fixes() {
    let mut desk = Desk::new("octoacme", Audience::Support, &COMMITS);
    let (text, memory) = desk.drafted("", &Written::default());
    assert!(text.contains("## Known issues\n\n- **Cart empties itself**"), "{text}");
    desk.issues[0].fixes.insert("1.3.0".parse().expect("a version"), Timestamp::UNIX_EPOCH);
    let (text, _) = desk.drafted(&text, &memory);
    assert!(text.contains("- Cart empties itself\n"), "{text}");
    assert!(!text.contains("Sign in again"), "{text}");
}

#[test]
fn words_of_people_stay_through_new_drafts() {
    let mut desk = Desk::new("octoacme", Audience::Customers, &COMMITS[..2]);
    let (text, memory) = desk.drafted("", &Written::default());
    let edited = text
        .replacen("# Shop 1.3.0 Search", "# Shop 1.3 finds things", 1)
        .replacen("<!-- To say here: 2 to 3 sentences -->", "You asked for it: search.", 1)
        .replacen("- Search by word", "- Find anything by a word of it", 1)
        .replacen("## Improvements", "## Made better", 1)
        .replacen("Sign in again.", "Close the page, then sign in again.", 1);
    desk.changes = history(&[COMMITS[0], COMMITS[1], "feat: sort by price (#9)", COMMITS[2]]);
    let (again, _) = desk.drafted(&edited, &memory);
    for words in [
        "# Shop 1.3 finds things\n",
        "You asked for it: search.\n",
        "- Find anything by a word of it\n- Sort by price\n",
        "## Made better\n",
        "Close the page, then sign in again.",
        "- Lists twice as fast",
    ] {
        assert!(again.contains(words), "{words:?} was lost:\n{again}");
    }
    for gone in ["# Shop 1.3.0 Search", "2 to 3 sentences", "- Search by word", "## Improvements"] {
        assert!(!again.contains(gone), "{gone:?} came back:\n{again}");
    }
}

#[test]
fn a_block_that_never_ends_is_refused() {
    let desk = Desk::new("orca", Audience::Users, &COMMITS);
    let version: Version = "1.3.0".parse().expect("a version");
    let source = Source {
        playbook: &desk.playbook,
        audience: desk.audience,
        product: "Shop",
        version: &version,
        previous: None,
        headline: None,
        date: None,
        changes: &desk.changes,
        issues: &[],
        traits: &desk.traits,
    };
    let refused = draft("# Notes\n\n```\ncode\n", &Written::default(), &source).expect_err("refused");
    assert_eq!(refused.field.as_deref(), Some("notes"));
    let (text, _) = draft("", &Written::default(), &source).expect("drafted");
    assert!(text.starts_with("# Shop v1.3.0\n"), "without a headline nothing hangs: {text}");
}

proptest! {
    #[test]
    fn any_history_gives_notes_that_stay_as_they_are(
        messages in proptest::collection::vec("(feat|fix|perf|docs|x)(\\(api\\))?!?: [-#`<*\\[\\]a-z~|> ]{1,20}|.{0,20}", 0..12),
        which in 0..6usize,
        audience in 0..Audience::ALL.len(),
    ) {
        let name = ["orca", "mesh-os", "octoacme", "sarvanom", "agentmesh", "demo"][which];
        let messages: Vec<&str> = messages.iter().map(String::as_str).collect();
        let desk = Desk::new(name, Audience::ALL[audience], &messages);
        let text = desk.fresh();
        presented(&text);
        empty_sections(&text);
    }
}
