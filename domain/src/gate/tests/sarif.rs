//! Findings of a scan, counted out of SARIF files.

use crate::{gate::findings_of_sarif, playbook::Gravity};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn file(results: &Value) -> Value {
    let rules = json!([
        { "id": "sql", "properties": { "security-severity": "9.8" } },
        { "id": "xss", "properties": { "security-severity": 7.0 } },
        { "id": "log", "defaultConfiguration": { "level": "note" } },
    ]);
    let driver = json!({ "name": "scanner", "rules": rules });
    json!({ "version": "2.1.0", "runs": [{ "tool": { "driver": driver }, "results": results }] })
}

#[track_caller]
fn counts(results: &Value, expected: &[(Gravity, u32)]) {
    let (tool, found) = findings_of_sarif(&file(results)).expect("a file");
    assert_eq!(tool, "scanner");
    assert_eq!(found, expected.iter().copied().collect::<BTreeMap<_, _>>());
}

#[test]
fn the_score_decides_and_otherwise_the_level() {
    use Gravity::{Critical, High, Low, Medium};
    counts(&json!([]), &[]);
    counts(&json!([{ "ruleId": "sql", "level": "note" }]), &[(Critical, 1)]);
    counts(&json!([{ "ruleIndex": 1 }, { "ruleId": "xss" }]), &[(High, 2)]);
    counts(&json!([{ "ruleId": "log" }]), &[(Low, 1)]);
    counts(&json!([{ "ruleId": "unknown" }]), &[(Medium, 1)]);
    counts(
        &json!([{ "level": "error" }, { "level": "warning" }, { "level": "none" }]),
        &[(High, 1), (Medium, 1), (Low, 1)],
    );
    let score = |score: &Value| json!({ "ruleId": "log", "properties": { "security-severity": score } });
    counts(
        &json!([score(&json!("9.0")), score(&json!(6.9)), score(&json!("3.9"))]),
        &[(Critical, 1), (Medium, 1), (Low, 1)],
    );
    // What is no score decides nothing.
    for odd in [json!("NaN"), json!("high"), json!(-1), json!(11), json!("inf"), json!(null)] {
        let result = json!({ "level": "error", "properties": { "security-severity": odd } });
        counts(&json!([result]), &[(High, 1)]);
    }
}

#[test]
fn rules_of_extensions_are_found() {
    let extension = json!({ "name": "pack", "rules": [{ "id": "x", "properties": { "security-severity": "9.1" } }] });
    let mut sarif = file(&json!([
        { "ruleId": "x", "rule": { "id": "x", "index": 0, "toolComponent": { "index": 0 } }, "level": "warning" },
        { "ruleId": "x", "level": "warning" },
        { "rule": { "id": "x" } },
    ]));
    sarif["runs"][0]["tool"]["extensions"] = json!([extension]);
    let (_, found) = findings_of_sarif(&sarif).expect("a file");
    assert_eq!(found, [(Gravity::Critical, 3)].into());
}

#[test]
fn suppressed_and_gone_findings_and_notices_do_not_count() {
    let of = |more: &Value| {
        let mut result = json!({ "ruleId": "sql" });
        result.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        json!([result])
    };
    counts(&of(&json!({ "suppressions": [{ "kind": "inSource" }] })), &[]);
    counts(&of(&json!({ "suppressions": [{ "kind": "external", "status": "accepted" }] })), &[]);
    counts(&of(&json!({ "baselineState": "absent" })), &[]);
    for kind in ["pass", "informational", "notApplicable"] {
        counts(&of(&json!({ "kind": kind })), &[]);
    }
    for standing in [
        json!({ "suppressions": [] }),
        json!({ "suppressions": null }),
        json!({ "suppressions": [{ "kind": "external", "status": "rejected" }] }),
        json!({ "suppressions": [{ "kind": "inSource" }, { "kind": "external", "status": "underReview" }] }),
        json!({ "baselineState": "unchanged" }),
        json!({ "kind": "fail" }),
    ] {
        counts(&of(&standing), &[(Gravity::Critical, 1)]);
    }
}

#[test]
fn several_runs_add_up() {
    let one = file(&json!([{ "ruleId": "sql" }]));
    let runs = json!({ "runs": [one["runs"][0], one["runs"][0]] });
    assert_eq!(findings_of_sarif(&runs), Ok(("scanner".to_owned(), [(Gravity::Critical, 2)].into())));
}

#[test]
fn broken_files_name_the_field() {
    let driver = json!({ "driver": { "name": "scanner" } });
    let cases = [
        (json!({}), "runs", "nothing"),
        (json!([]), "runs", "nothing"),
        (json!({ "runs": [] }), "runs", "a list of 0"),
        (json!({ "runs": {} }), "runs", "an object"),
        (json!({ "runs": "none" }), "runs", "\"none\""),
        (json!({ "runs": [{}] }), "runs[0].tool.driver.name", "nothing"),
        (json!({ "runs": [{ "tool": { "driver": { "name": 5 } } }] }), "runs[0].tool.driver.name", "5"),
        (json!({ "runs": [{ "tool": driver }] }), "runs[0].results", "nothing"),
        (json!({ "runs": [{ "tool": driver, "results": null }] }), "runs[0].results", "nothing"),
        (json!({ "runs": [{ "tool": driver, "results": [] }, 7] }), "runs[1].tool.driver.name", "nothing"),
        (
            json!({ "runs": [{ "tool": driver, "results": [], "invocations": [{ "executionSuccessful": false }] }] }),
            "runs[0].invocations[0].executionSuccessful",
            "false",
        ),
    ];
    for (broken, field, found) in cases {
        let fault = findings_of_sarif(&broken).expect_err("broken");
        assert_eq!((fault.field.as_str(), fault.found.as_str()), (field, found), "{broken}");
        assert!(fault.to_string().contains(fault.allowed));
    }
}
