//! Stored events are for ever: each kind ever written has a file here that must decode, and encode to the same again.

use domain::journal::Envelope;
use std::{collections::BTreeSet, fs, path::Path};

/// Every kind of event; a new one is added here together with its file.
const KINDS: [&str; 65] = [
    "automation.lifted",
    "automation.stopped",
    "calendar.rotation_set",
    "calendar.rule_removed",
    "calendar.rule_saved",
    "calendar.turn_overridden",
    "environment.adopted",
    "environment.cleared",
    "environment.connected",
    "environment.deployed",
    "environment.disconnected",
    "environment.drifted",
    "environment.raised",
    "environment.resumed",
    "environment.unwatched",
    "environment.watched",
    "import.finished",
    "import.undone",
    "known_issue.closed",
    "known_issue.edited",
    "known_issue.fixed",
    "known_issue.reopened",
    "known_issue.reported",
    "person.added",
    "person.corrected",
    "person.disabled",
    "person.enabled",
    "person.erased",
    "person.link_issued",
    "person.password_set",
    "person.role_granted",
    "person.role_revoked",
    "person.stand_in_named",
    "person.stand_in_withdrawn",
    "person.token_issued",
    "person.token_revoked",
    "playbook.published",
    "product.created",
    "product.followed",
    "release.approval_requested",
    "release.cancelled",
    "release.created",
    "release.decided",
    "release.edited",
    "release.glass_broken",
    "release.held",
    "release.lifted",
    "release.marked",
    "release.moved",
    "release.planned",
    "release.reported",
    "release.sent",
    "release.set_aside",
    "rollout.ended",
    "rollout.judged",
    "rollout.parked",
    "rollout.paused",
    "rollout.promoted",
    "rollout.resolved",
    "rollout.resumed",
    "rollout.started",
    "rollout.step_accepted",
    "rollout.step_ended",
    "rollout.step_intended",
    "rollout.turned_back",
];

#[test]
fn every_stored_form_still_decodes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut seen = BTreeSet::new();
    for file in fs::read_dir(folder).expect("the folder of golden files") {
        let path = file.expect("a file").path();
        let text = fs::read_to_string(&path).expect("text");
        let envelope: Envelope = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let stored: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let again = serde_json::to_value(&envelope).expect("encoded");
        assert_eq!(again, stored, "{} is written otherwise today", path.display());
        let kind = envelope.fact.kind();
        let name = path.file_stem().expect("a name").to_string_lossy();
        assert!(name.starts_with(&kind), "{name} holds {kind}");
        seen.insert(kind);
    }
    let all: BTreeSet<String> = KINDS.iter().map(|k| (*k).to_owned()).collect();
    assert_eq!(seen, all, "kinds and golden files differ");
}
