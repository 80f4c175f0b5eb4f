//! What is said about wrong playbooks: everything at once, each with line, key, found, allowed, nearest.

use super::{parse, text};
use crate::playbook::Fault;

/// The faults of `orca` with one change.
fn changed(from: &str, to: &str) -> Vec<Fault> {
    let before = text("orca");
    assert!(before.contains(from), "“{from}” is not in the text");
    parse(&before.replacen(from, to, 1)).expect_err("broken")
}

fn only(faults: Vec<Fault>) -> Fault {
    assert_eq!(faults.len(), 1, "{faults:#?}");
    faults.into_iter().next().expect("one")
}

fn line_of(text: &str, words: &str) -> usize {
    text.lines().position(|line| line.contains(words)).expect("there") + 1
}

#[test]
fn all_faults_come_at_once_in_the_order_of_their_lines() {
    let text = text("orca")
        .replacen("bump = \"minor\"", "bump = \"minr\"", 1)
        .replacen("limit = \"< 700 ms\"", "limit = \"< 700 %\"", 1)
        .replacen("needs = { checklist = \"manual_qa\" }", "needs = { checklist = \"manual\" }", 1)
        .replacen("within = \"2 h\"", "within = \"2 hours\"", 1)
        .replacen("permissions = [\"approve\"]", "permisions = [\"approve\"]", 1);
    let faults = parse(&text).expect_err("five faults");
    let keys: Vec<&str> = faults.iter().map(|f| f.key.as_str()).collect();
    assert!(faults.is_sorted_by_key(|f| f.line), "{faults:#?}");
    for wanted in
        ["type[1].bump", "threshold[1].limit", "gate[3].needs.checklist", "clock[0].within", "role[9].permisions"]
    {
        assert!(keys.contains(&wanted), "{wanted} is not among {keys:?}");
    }
}

#[test]
fn an_unknown_key_word_or_name_offers_the_nearest() {
    let fault = only(changed("purpose = \"Customers.\"", "purpose = \"Customers.\"\nbrnch = \"main\""));
    assert_eq!((fault.key.as_str(), fault.did_you_mean.as_deref()), ("environment[1].brnch", Some("branch")));
    assert_eq!(fault.line, line_of(text("orca"), "purpose = \"Customers.\"") + 1);

    let fault = only(changed("kind = \"canary\"", "kind = \"canari\""));
    assert_eq!((fault.key.as_str(), fault.did_you_mean.as_deref()), ("strategy[1].kind", Some("canary")));
    assert!(fault.allowed.expect("allowed").contains("blue_green"));
    assert_eq!(fault.found.as_deref(), Some("“canari”"));

    let fault = only(changed("[{ role = \"engineering_lead\" }]", "[{ role = \"enginering_lead\" }]"));
    assert_eq!(fault.key, "type[0].approvals[0].role");
    assert_eq!(fault.did_you_mean.as_deref(), Some("engineering_lead"));

    let fault = only(changed("needs = { checks = ", "needs = { cheks = "));
    assert_eq!((fault.key.as_str(), fault.did_you_mean.as_deref()), ("gate[0].needs.cheks", Some("checks")));

    let fault = only(changed("Captain: {{captain}}", "Captain: {{captin}}"));
    assert_eq!((fault.key.as_str(), fault.did_you_mean.as_deref()), ("message[1].body", Some("captain")));
}

#[test]
fn values_without_their_unit_or_beyond_their_range_are_refused() {
    for (from, to, key) in [
        ("weight = \"25 %\"", "weight = \"125 %\"", "strategy[1].phase[1].weight"),
        ("weight = \"25 %\"", "weight = \"3 %\"", "strategy[1].phase"),
        ("{ weight = \"100 %\" },", "", "strategy[1].phase"),
        ("weight = \"5 %\"", "weight = \"0 %\"", "strategy[1].phase[0].weight"),
        ("hold = \"30 min\"", "hold = \"30\"", "strategy[1].phase[0].hold"),
        ("limit = \"< 1.5 %\"", "limit = \"< 1.5 ms\"", "threshold[0].limit"),
        ("limit = \"> 5 %\"", "limit = \"5 %\"", "threshold[2].limit"),
        ("time = \"12:00\"\nreasons", "time = \"24:00\"\nreasons", "calendar.train[0].time"),
        ("zone = \"UTC\"", "zone = \"London\"", "calendar.zone"),
        ("end_of_day = \"18:00\"", "", "calendar.end_of_day"),
        ("every = \"1 week\"\nday", "every = \"2 weeks\"\nday", "calendar.train[0].anchor"),
        ("any_day = [\"patch\", \"hotfix\"]", "any_day = [\"minor\"]", "calendar.any_day"),
        ("target = \"< 10 min\"", "target = \"< 10 %\"", "metric[0].target"),
        ("date = 2025-10-31", "date = \"yesterday\"", "head.date"),
        ("on = \"12-25\"", "on = \"12-32\"", "calendar.holiday[1].on"),
        ("days_before = 2", "days_before = 300", "calendar.blackout[0].days_before"),
        ("path = \"/health\"", "path = \"health\"", "endpoint[0].path"),
        ("floor = [\"review\", ", "floor = [\"canary\", ", "type[3].floor"),
        ("from = \"2 weeks\", to = \"4 weeks\"", "from = \"4 weeks\", to = \"2 weeks\"", "type[1].cadence.between.to"),
    ] {
        let faults = changed(from, to);
        assert!(faults.iter().any(|f| f.key == key), "{to}: {key} is not among {faults:#?}");
    }
}

#[test]
fn names_that_stand_twice_are_refused_at_any_depth() {
    let fault = only(changed("id = \"leadership\"", "id = \"support\""));
    assert!(fault.what.contains("twice") && fault.key == "role[8].id", "{fault:?}");
    let faults = changed("{ id = \"agents\", text", "{ id = \"login\", text");
    assert!(faults.iter().any(|f| f.key == "checklist[3].item[1].id" && f.what.contains("twice")), "{faults:#?}");
}

#[test]
fn two_defaults_for_one_bump_are_refused() {
    let faults = changed(
        "id = \"hotfix\"\ntitle = \"Hotfix\"\n",
        "id = \"hotfix\"\ntitle = \"Hotfix\"\ndefault_for_bump = true\n",
    );
    assert!(only(faults).what.contains("2 defaults for a patch bump"));
}

#[test]
fn no_playbook_role_can_administer() {
    let fault = only(changed("permissions = [\"author\"", "permissions = [\"administer\""));
    assert!(fault.what.contains("administer") && fault.key == "role[0].permissions[0]", "{fault:?}");
}

#[test]
fn an_approver_must_be_allowed_to_approve() {
    let fault = only(changed("approvals = [{ role = \"engineering_lead\" }]", "approvals = [{ role = \"support\" }]"));
    assert!(fault.what.contains("may approve"), "{fault:?}");
}

#[test]
fn a_playbook_lacking_everything_says_what_is_needed() {
    let faults = parse("").expect_err("empty");
    let keys: Vec<&str> = faults.iter().map(|f| f.key.as_str()).collect();
    assert_eq!(keys, ["environment", "name", "summary", "title", "type"]);
}

#[test]
fn errors_of_the_notation_name_the_key_and_do_not_invent_others() {
    let fault = only(changed("id = \"canary\"\ntitle = \"Canary\"", "id = \"canary\"\ntitle = \"Canary"));
    assert_eq!(fault.key, "strategy.title");
    assert_eq!(fault.line, line_of(text("orca"), "title = \"Canary\""));
}

#[test]
fn a_line_that_is_not_toml_is_named_once() {
    let faults = parse("name = 4\n[calendar]\nzone = \n[calendar]\n").expect_err("two faults");
    let lines: Vec<_> = faults.iter().map(|f| f.line).collect();
    assert_eq!(lines, [3, 4]);
}

#[test]
fn a_bracket_that_is_never_closed_hides_nothing_above_it_and_invents_nothing_below() {
    let text = text("orca").replacen("bump = \"minor\"", "bump = \"minr\"", 1);
    let opened =
        text.replacen("disadvantages = [\"Everyone meets a fault at once\"]", "disadvantages = [\"Everyone\"", 1);
    let at = line_of(&opened, "disadvantages = [\"Everyone\"");
    let faults = parse(&opened).expect_err("two faults");
    assert!(faults.len() < 12, "{faults:#?}");
    assert!(faults.iter().any(|f| f.key == "type[1].bump"), "{faults:#?}");
    assert!(faults.iter().any(|f| f.key.starts_with("strategy") && (at..at + 4).contains(&f.line)), "{faults:#?}");
    assert!(faults.iter().filter(|f| f.line >= at).all(|f| f.what.contains("TOML")), "{faults:#?}");
}

#[test]
fn a_fault_reads_as_one_sentence() {
    let fault = only(changed("kind = \"canary\"", "kind = \"canari\""));
    let line = line_of(text("orca"), "kind = \"canary\"");
    assert_eq!(
        fault.to_string(),
        format!(
            "line {line}, strategy[1].kind: is no word known here; found “canari”; \
             allowed is standard, rolling, blue_green, canary; did you mean “canary”?"
        )
    );
}

#[test]
fn endless_text_and_endless_faults_are_bounded() {
    assert_eq!(parse(&"#".repeat(2_000_000)).expect_err("too long").len(), 1);
    let keys: Vec<String> = (0..9000).map(|n| format!("k{n} = 1")).collect();
    let faults = parse(&keys.join("\n")).expect_err("many");
    assert!(faults.len() <= 201 && faults.last().expect("last").what.contains("more faults"), "{}", faults.len());
    for endless in
        ["[".repeat(200_000), "x = ".to_owned() + &"[".repeat(200_000), "= ".repeat(100_000), "=\n".repeat(100_000)]
    {
        let faults = parse(&endless).expect_err("endless");
        assert!((1..=201).contains(&faults.len()) && faults.iter().all(|f| f.line > 0 && !f.key.is_empty()));
    }
}
