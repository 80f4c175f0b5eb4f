//! What single messages say.

use super::{commit, found, line, one};
use domain::{
    change::{Offence, Rules, changes},
    playbook,
};

#[test]
fn the_convention_s_own_examples() {
    // Given its examples, then type, scope and what breaks are as it says.
    let cases = [
        (
            "feat: allow provided config object to extend other configs\n\nBREAKING CHANGE: `extends` key in config file \
             is now used for extending other config files",
            ("feat", None, Some("`extends` key in config file is now used for extending other config files")),
        ),
        (
            "feat!: send an email to the customer when a product is shipped",
            ("feat", None, Some("send an email to the customer when a product is shipped")),
        ),
        (
            "feat(api)!: send an email to the customer when a product is shipped",
            ("feat", Some("api"), Some("send an email to the customer when a product is shipped")),
        ),
        (
            "feat!: drop support for Node 6\n\nBREAKING CHANGE: use JavaScript features not available in Node 6.",
            ("feat", None, Some("use JavaScript features not available in Node 6.")),
        ),
        ("docs: correct spelling of CHANGELOG", ("docs", None, None)),
        ("feat(lang): add Polish language", ("feat", Some("lang"), None)),
        (
            "fix: prevent racing of requests\n\nIntroduce a request id and a reference to latest request. Dismiss\nincoming \
             responses other than from latest request.\n\nRemove timeouts which were used to mitigate the racing issue \
             but are\nobsolete now.\n\nReviewed-by: Z\nRefs: #123",
            ("fix", None, None),
        ),
        ("revert: let us never again speak of the noodle incident\n\nRefs: 676104e, a215868", ("revert", None, None)),
        ("FEAT(Lang): in capitals", ("feat", Some("Lang"), None)),
        ("fix: x\n\nBREAKING-CHANGE: with a hyphen", ("fix", None, Some("with a hyphen"))),
        ("fix: x\n\nbreaking change: in small letters is a sentence", ("fix", None, None)),
    ];
    for (message, (kind, scope, breaking)) in cases {
        let read = one(message).message;
        let is = (read.kind.as_str(), read.scope.as_deref(), read.breaking.as_deref());
        assert_eq!(is, (kind, scope, breaking), "{message}");
    }
}

#[test]
fn body_and_footers_are_kept_apart() {
    let change = one("fix: prevent racing\n\nIntroduce an id.\n\nRemove timeouts.\n\nReviewed-by: Z\nRefs: #123");
    assert_eq!(change.message.body.as_deref(), Some("Introduce an id.\n\nRemove timeouts."));
    assert_eq!(change.footer("reviewed-by").map(|footer| footer.value.as_str()), Some("Z"));
    assert_eq!(change.origin.issues[0].reference, "#123");
}

#[test]
fn what_other_systems_put_around_it_does_not_matter() {
    for message in [
        "feat(cart): überall zahlen 🛒\r\n\r\nMit Größe.\r\n\r\nRefs: #7\r\n",
        "\u{feff}feat(cart): überall zahlen 🛒\n\nMit Größe.\n\nRefs: #7",
        "\n\nfeat(cart): überall zahlen 🛒\n\nMit Größe.\u{0}\n\nRefs: #7\n\n\n",
    ] {
        let change = one(message);
        assert_eq!(change.message.description, "überall zahlen 🛒", "{message:?}");
        assert_eq!(change.message.body.as_deref(), Some("Mit Größe."), "{message:?}");
        assert_eq!(change.origin.issues.len(), 1, "{message:?}");
    }
}

#[test]
fn every_breaking_footer_is_kept() {
    let change = one("feat: new api\n\nBREAKING CHANGE: v1 is gone\nBREAKING CHANGE: tokens expire\n  after a day");
    assert_eq!(change.message.breaking.as_deref(), Some("v1 is gone\ntokens expire\n  after a day"));
}

#[test]
fn what_does_not_conform_is_listed_with_the_reason() {
    let cases = [
        ("wip", Offence::NoType),
        ("Merge the thing", Offence::NoType),
        ("", Offence::NoMessage),
        (" \n\r\n\t", Offence::NoMessage),
        ("feat: ", Offence::NoDescription),
        ("feat:\n\nbody", Offence::NoDescription),
        ("two words: nothing", Offence::NoType),
        (": nothing", Offence::NoType),
        ("feat(a(b)): nothing", Offence::NoScope),
        ("feat: x\n\nRefs:", Offence::Footer),
        ("feat(): nothing", Offence::NoScope),
        ("feat: search\nright below", Offence::NoEmptyLine),
        ("Bump lodash from 4.17.20 to 4.17.21", Offence::NoType),
    ];
    for (message, why) in cases {
        let found = found(&line(&[("a", message)]));
        assert!(found.items.is_empty(), "{message:?}");
        let listed = &found.nonconforming[0];
        assert_eq!(listed.why, why, "{message:?}");
        assert_eq!(listed.subject, message.trim().lines().next().unwrap_or_default());
    }
}

#[test]
fn pull_requests_come_from_the_subject() {
    let cases = [
        ("feat: search (#12)", "search", Some(12)),
        ("fix: undo (#3) again (#12)", "undo (#3) again", Some(12)),
        ("feat: search (!12)", "search", Some(12)),
        ("feat: search (pull request #12)", "search", Some(12)),
        ("feat: search (12)", "search (12)", None),
        ("feat: search (#12) at last", "search (#12) at last", None),
        ("feat: search (#99999999999999999999)", "search (#99999999999999999999)", None),
    ];
    for (message, description, number) in cases {
        let change = one(message);
        assert_eq!(
            (change.message.description.as_str(), change.origin.pull_request),
            (description, number),
            "{message}"
        );
    }
}

#[test]
fn issues_are_found_with_what_becomes_of_them() {
    let cases = [
        ("fix: x\n\nCloses #12", vec!["!#12"]),
        ("fix: x\n\nCloses: #12, #13", vec!["!#12", "!#13"]),
        ("fix: x\n\nThis resolves acme/shop#7, see #8.", vec!["!acme/shop#7", "#8"]),
        ("fix: x (#9)\n\nAs #9 says, fixes: #10", vec!["!#10"]),
        ("fix: x\n\nRefs: ABC-12, #4", vec!["#4", "ABC-12"]),
        ("fix: x\n\nUTF-8 and SHA-256, a&#39;b, ##5, c#6, #7a, #", vec![]),
        ("fix: x\n\nJira: PAY-1", vec!["PAY-1"]),
        ("fix: see #1 and fix #1", vec!["!#1"]),
    ];
    for (message, expected) in cases {
        let mark = |closes: bool| if closes { "!" } else { "" };
        let issues = one(message).origin.issues;
        let is: Vec<String> = issues.iter().map(|issue| format!("{}{}", mark(issue.closes), issue.reference)).collect();
        assert_eq!(is, expected, "{message}");
    }
}

#[test]
fn whoever_wrote_with_is_named_without_their_address() {
    let message = "feat: x\n\nCo-authored-by: Designer <d@example.org>\nCo-authored-by: Engineer <e@example.org>";
    let found = found(&line(&[("a", message)]));
    assert_eq!(found.items[0].origin.co_authors, ["Designer"]);
    assert_eq!(found.authors(), ["Designer", "Engineer"]);
}

#[test]
fn migrations_are_known_by_the_paths_of_the_playbook() {
    let text = include_str!("../../../playbooks/agentmesh.toml");
    let text = text.replacen("[migrations]\n", "[migrations]\npaths = [\"db/migrations/**\", \"**/*.sql\"]\n", 1);
    let rules = Rules::of(&playbook::parse(&text).expect("sound"));
    let mut with = commit("a", &["root"], "no convention here");
    with.files = ["db/migrations/1/up", "src/main.rs", "x/y.sql"].map(str::to_owned).to_vec();
    let found = changes(&[with], &rules);
    assert_eq!(found.migrations(), ["db/migrations/1/up", "x/y.sql"]);
}

#[test]
fn a_change_is_written_as_the_contract_says() {
    let change = one("feat(api)!: search (#12)");
    let json = serde_json::to_value(&change).expect("JSON");
    for (key, value) in [("type", "feat"), ("scope", "api"), ("description", "search"), ("author", "Engineer")] {
        assert_eq!(json[key], value);
    }
    assert_eq!(json["pr"], 12);
    assert_eq!(serde_json::from_value::<domain::change::Change>(json).expect("read"), change);
}
