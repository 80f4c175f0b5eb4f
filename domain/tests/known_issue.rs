//! The life of a known issue: reported, edited, carried from release to release, fixed, closed, opened again.

use domain::{
    Class, Refusal, Timestamp,
    access::{Actor, Authority, Permission},
    known_issue::{
        Affected, Command, Edit, Event, Given, KnownIssue, KnownIssueId, Report, State, carried, decide, evolve,
        fixed_with, severities, told,
    },
    playbook::{self, Audience, Playbook},
    release::Version,
    slug::ProductSlug,
};
use serde_json::json;

fn octoacme() -> Playbook {
    playbook::parse(include_str!("../../playbooks/octoacme.toml")).expect("sound")
}

fn version(text: &str) -> Version {
    text.parse().expect("a version")
}

fn id(n: u128) -> KnownIssueId {
    KnownIssueId(uuid::Uuid::from_u128(n))
}

fn asked(state: Option<&KnownIssue>, command: Command, permissions: &[Permission]) -> Result<Vec<Event>, Refusal> {
    let by = Authority { permissions: permissions.iter().copied().collect(), ..Authority::system() };
    let product: ProductSlug = "shop".parse().expect("a slug");
    decide(state, command, Given { by: &by, product: &product, playbook: &octoacme() })
}

fn report(affected: &str) -> Report {
    Report {
        title: "Cart empties itself".to_owned(),
        description: "After a day without a click.\n\n- on phones".to_owned(),
        workaround: Some("Sign in again.".to_owned()),
        affected: affected.parse().expect("a range"),
        severity: "sev2".to_owned(),
        tracking: Some("https://example.org/issues/12".to_owned()),
        audience: vec![Audience::Support, Audience::Customers],
    }
}

/// An issue after these commands, which must all be accepted.
fn issue(affected: &str, commands: Vec<Command>) -> KnownIssue {
    let mut state = None;
    for command in [Command::Report(Box::new(report(affected)))].into_iter().chain(commands) {
        for event in asked(state.as_ref(), command, &[Permission::Tick]).expect("accepted") {
            let stored = serde_json::to_value(&event).expect("JSON");
            assert_eq!(serde_json::from_value::<Event>(stored).expect("read"), event);
            state = Some(evolve(id(1), state, &event, Actor::System, Timestamp::UNIX_EPOCH).expect("evolved"));
        }
    }
    state.expect("reported")
}

fn fix(text: &str) -> Command {
    Command::Fix { version: version(text) }
}

fn because() -> String {
    "It comes from the browser.".to_owned()
}

#[test]
fn a_range_says_which_versions_it_holds() {
    let cases = [
        ("all", vec!["0.0.1", "9.9.9", "1.0.0-rc.1"], vec![]),
        (">= 1.2.0", vec!["1.2.0", "1.2.0+build.7", "2.0.0-rc.1"], vec!["1.1.9", "1.2.0-rc.1"]),
        ("<= 1.4.2", vec!["0.1.0", "1.4.2", "1.4.2+build.7", "1.4.2-rc.1"], vec!["1.4.3-rc.1", "1.4.3"]),
        (">= 1.2.0, <= 1.4.2", vec!["1.2.0", "1.4.2", "1.3.9"], vec!["1.1.0", "1.5.0"]),
        ("1.3.0", vec!["1.3.0", "1.3.0+again"], vec!["1.3.1", "1.3.0-rc.1"]),
    ];
    for (text, holds, not) in cases {
        let range: Affected = text.parse().expect("a range");
        assert_eq!(range.to_string(), text);
        for one in holds {
            assert!(range.holds(&version(one)), "{text} holds {one}");
        }
        for one in not {
            assert!(!range.holds(&version(one)), "{text} does not hold {one}");
        }
    }
    for text in ["", "new ones", ">= 2.0.0, <= 1.0.0", ">= 1.0.0, >= 2.0.0", "1.0.0, 2.0.0", "> 1.0.0", ">= 1.x", ","] {
        let refused = text.parse::<Affected>().expect_err(text);
        assert_eq!((refused.class, refused.field.as_deref()), (Class::Invalid, Some("affected")), "{text}");
    }
}

#[test]
fn it_is_carried_from_release_to_release_until_it_is_fixed() {
    let open = issue(">= 1.2.0", vec![]);
    assert_eq!(open.state(), State::Open);
    for (release, has) in [("1.1.0", false), ("1.2.0", true), ("1.3.0", true), ("2.0.0", true)] {
        assert_eq!(open.affects(&version(release)), has, "{release}");
        assert_eq!(carried([&open], &version(release)).len(), usize::from(has));
    }
    let fixed = issue(">= 1.2.0", vec![fix("1.4.0")]);
    assert_eq!(fixed.state(), State::Fixed);
    for (release, has) in [("1.3.9", true), ("1.4.0-rc.1", true), ("1.4.0", false), ("2.0.0", false)] {
        assert_eq!(fixed.affects(&version(release)), has, "{release}");
    }
    assert_eq!(fixed_with([&fixed], &version("1.4.0")).len(), 1);
    assert!(fixed_with([&fixed], &version("1.4.1")).is_empty());
}

#[test]
fn a_fix_carried_back_mends_its_own_line() {
    let fixed = issue(">= 1.2.0", vec![fix("1.6.0"), fix("1.4.3")]);
    for (release, has) in
        [("1.4.2", true), ("1.4.3", false), ("1.4.9", false), ("1.5.0", true), ("1.6.0", false), ("2.0.0", false)]
    {
        assert_eq!(fixed.affects(&version(release)), has, "{release}");
    }
}

#[test]
fn what_is_closed_affects_nobody_and_can_be_opened_again() {
    let closed = issue("all", vec![Command::Close { reason: because() }]);
    assert_eq!(closed.state(), State::Closed);
    assert!(!closed.affects(&version("1.0.0")));
    let refused = asked(Some(&closed), fix("1.0.0"), &[Permission::Author]).expect_err("closed");
    assert_eq!(refused.class, Class::Conflict);
    let again = issue("all", vec![Command::Close { reason: because() }, Command::Reopen { reason: because() }]);
    assert!(again.affects(&version("1.0.0")));
    let not_held = issue("all", vec![fix("1.1.0"), Command::Reopen { reason: because() }]);
    assert_eq!(not_held.state(), State::Open);
}

#[test]
fn an_edit_changes_what_it_names_and_nothing_else() {
    let edit = Edit { workaround: Some(String::new()), severity: Some("sev3".to_owned()), ..Edit::default() };
    let before = issue("all", vec![]);
    let after = issue("all", vec![Command::Edit(Box::new(edit))]);
    assert_eq!(after.details.workaround, None);
    assert_eq!(after.details.severity.as_str(), "sev3");
    assert_eq!(after.details.description, before.details.description);
    let nothing = asked(Some(&before), Command::Edit(Box::default()), &[Permission::Author]).expect("nothing to do");
    assert!(nothing.is_empty());
}

#[test]
fn what_is_wrong_is_refused_with_the_field() {
    let spoilt = |spoil: fn(&mut Report)| {
        let mut report = report("all");
        spoil(&mut report);
        Command::Report(Box::new(report))
    };
    let cases: [(&str, Command); 7] = [
        ("title", spoilt(|r| r.title = " ".to_owned())),
        ("title", spoilt(|r| r.title = "a\nb".to_owned())),
        ("description", spoilt(|r| r.description = "x".repeat(8_001))),
        ("workaround", spoilt(|r| r.workaround = Some("bell \u{7}".to_owned()))),
        ("severity", spoilt(|r| r.severity = "dreadful".to_owned())),
        ("tracking", spoilt(|r| r.tracking = Some("javascript:alert(1)".to_owned()))),
        ("audience", spoilt(|r| r.audience = vec![])),
    ];
    for (field, command) in cases {
        let refused = asked(None, command, &[Permission::Author]).expect_err(field);
        assert_eq!((refused.class, refused.field.as_deref()), (Class::Invalid, Some(field)));
    }
    let early = asked(Some(&issue(">= 1.2.0", vec![])), fix("1.1.0"), &[Permission::Author]).expect_err("too early");
    assert_eq!(early.field.as_deref(), Some("version"));
}

#[test]
fn who_only_looks_may_not_write() {
    let command = || Command::Report(Box::new(report("all")));
    for permission in [Permission::Author, Permission::Tick, Permission::Respond] {
        asked(None, command(), &[permission]).expect("may");
    }
    let refused = asked(None, command(), &[Permission::View, Permission::Approve]).expect_err("may not");
    assert_eq!(refused.class, Class::Forbidden);
    assert!(refused.who_can_help.is_some());
}

#[test]
fn it_is_reported_once_and_belongs_to_one_product() {
    let there = issue("all", vec![]);
    let twice = asked(Some(&there), Command::Report(Box::new(report("all"))), &[Permission::Author]);
    assert_eq!(twice.expect_err("there already").class, Class::Conflict);
    let nowhere = asked(None, fix("1.0.0"), &[Permission::Author]).expect_err("not there");
    assert_eq!(nowhere.class, Class::NotFound);
    let other = KnownIssue { product: "desk".parse().expect("a slug"), ..there };
    assert_eq!(asked(Some(&other), fix("1.0.0"), &[Permission::Author]).expect_err("hidden").class, Class::NotFound);
}

#[test]
fn the_stored_form() {
    let events = asked(None, Command::Report(Box::new(report(">= 1.2.0"))), &[Permission::Author]).expect("reported");
    let details = json!({
        "title": "Cart empties itself",
        "description": "After a day without a click.\n\n- on phones",
        "workaround": "Sign in again.",
        "affected": ">= 1.2.0",
        "severity": "sev2",
        "tracking": "https://example.org/issues/12",
        "audience": ["support", "customers"],
    });
    let stored = serde_json::to_value(&events[0]).expect("JSON");
    assert_eq!(stored, json!({ "kind": "reported", "body": { "product": "shop", "details": details } }));
    let fixed = serde_json::to_value(Event::Fixed { version: version("1.4.0") }).expect("JSON");
    assert_eq!(fixed, json!({ "kind": "fixed", "body": { "version": "1.4.0" } }));
    let state = issue("all", vec![fix("1.4.0")]);
    let stored = serde_json::to_value(&state).expect("JSON");
    assert_eq!(stored["fixes"]["1.4.0"], "1970-01-01T00:00:00Z");
    assert_eq!(serde_json::from_value::<KnownIssue>(stored).expect("read"), state);
}

#[test]
fn told_as_text_it_has_all_that_helps() {
    let text = told(&issue(">= 1.2.0", vec![fix("1.4.3")]));
    let expected = "Known issue: Cart empties itself\nshop fixed, severity sev2, affects >= 1.2.0, fixed in 1.4.3\n\n\
        After a day without a click.\n\n- on phones\n\nWorkaround: Sign in again.\n\nhttps://example.org/issues/12\n";
    assert_eq!(text, expected);
    let closed = told(&issue("all", vec![Command::Close { reason: because() }]));
    assert!(
        closed.contains("affects all versions") && closed.contains("Closed: It comes from the browser."),
        "{closed}"
    );
}

#[test]
fn severities_are_those_of_everywhere_and_the_playbooks_own() {
    let all = severities(&octoacme());
    let ids: Vec<&str> = all.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids[..3], ["sev1", "sev2", "sev3"]);
    let distinct: std::collections::BTreeSet<&&str> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len(), "each stands once");
}
