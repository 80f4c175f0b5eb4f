//! The sentence on a release and the say in it, for each reader and each state; and live events taken over.

use super::{
    model::{ReleaseView, Rights},
    say::{Say, say},
    verdict::{Act, verdict},
};
use crate::live::Heard;
use domain::{
    Timestamp,
    access::{Actor, Permission, Via},
    person::PersonId,
    playbook::{Requirement, Revision},
    release::{Bump, Contents, Event, ReleaseId, Traits, Verdict, Version, evolve},
    slug::{EnvName, RoleId},
};
use serde_json::{Map, json};
use uuid::Uuid;

const AUTHOR: u128 = 1;
const MANAGER: u128 = 2;
const READER: u128 = 3;

fn actor(n: u128) -> Actor {
    Actor::Person(PersonId(Uuid::from_u128(n)), Via::Session)
}

fn role(name: &str) -> RoleId {
    name.parse().expect("a role")
}

fn at() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().expect("an instant")
}

/// A draft of `shop 1.0.0` by the author, as the reader with `roles` and `permissions` sees it.
fn draft(reader: u128, roles: &[&str], permissions: &[Permission]) -> ReleaseView {
    let version: Version = "1.0.0".parse().expect("a version");
    let contents = Contents {
        version: version.clone(),
        kind: "minor".parse().expect("a type"),
        bump: Bump::Minor,
        title: "Faster".to_owned(),
        artifacts: Vec::new(),
        changes: Vec::new(),
        playbook: "orca".parse().expect("a name"),
        playbook_revision: Revision(1),
        approvals_needed: vec![Requirement { role: role("product_manager"), count: 1 }],
        plan: Map::new(),
        flags: Map::new(),
        traits: Traits::new(),
    };
    let id = ReleaseId { product: "shop".parse().expect("a slug"), version };
    let created = Event::Created { digest: contents.digest(), contents };
    let release = evolve(&id, None, &created, actor(AUTHOR), at()).expect("created");
    let names = [(AUTHOR, "Ann"), (MANAGER, "Mia"), (READER, "Rob")];
    ReleaseView {
        release,
        version: 1,
        seq: 1,
        rights: Rights {
            actor: actor(reader),
            roles: roles.iter().map(|name| (role(name), None)).collect(),
            permissions: permissions.iter().copied().collect(),
        },
        names: names.into_iter().map(|(n, name)| (Uuid::from_u128(n).to_string(), name.to_owned())).collect(),
        product_name: "Shop".to_owned(),
        kind_title: "Minor".to_owned(),
        before: None,
        running: None,
        ahead: None,
        production: None,
        rollback_target: None,
        moved: String::new(),
    }
}

fn heard(view: &ReleaseView, version: u64, by: u128, event: &Event) -> Heard {
    let mut whole = serde_json::to_value(event).expect("JSON");
    let kind = format!("release.{}", whole["kind"].as_str().expect("a kind"));
    let stream = format!("release/{}/{}", view.release.id.product, view.release.id.version);
    let fact = json!({
        "seq": version + 10, "stream": stream, "version": version, "at": at(), "actor": actor(by),
        "kind": kind, "body": whole["body"].take(),
    });
    serde_json::from_value(fact).expect("a fact")
}

fn happens(view: &mut ReleaseView, by: u128, event: &Event) {
    let heard = heard(view, view.version + 1, by, event);
    assert!(view.apply(&heard).is_some(), "{event:?} applies");
}

fn asked(view: &ReleaseView) -> Event {
    Event::ApprovalRequested { digest: view.release.digest.clone() }
}

fn decided(view: &ReleaseView, verdict: Verdict) -> Event {
    Event::Decided {
        role: role("product_manager"),
        env: EnvName::production(),
        verdict,
        digest: view.release.digest.clone(),
        comment: "Because.".to_owned(),
        for_absent: None,
        gate: None,
    }
}

#[test]
fn an_author_asks_and_then_waits_for_others() {
    let mut view = draft(AUTHOR, &["engineer", "product_manager"], &[Permission::Author, Permission::Approve]);
    assert_eq!(verdict(&view).act, Some(Act::AskForApproval));
    let ask = asked(&view);
    happens(&mut view, AUTHOR, &ask);
    assert_eq!(verdict(&view).sentence, "Waits for a product manager.");
    assert!(matches!(say(&view), Say::MayNot(why) if why.contains("nobody approves their own work")));
}

#[test]
fn an_approver_is_told_that_it_waits_for_them_and_then_by_whom_it_was_approved() {
    let mut view = draft(MANAGER, &["product_manager"], &[Permission::Approve]);
    assert!(matches!(say(&view), Say::MayNot(_)), "nobody has asked yet");
    let ask = asked(&view);
    happens(&mut view, AUTHOR, &ask);
    assert_eq!(verdict(&view).sentence, "Waits for you as product manager.");
    assert!(matches!(say(&view), Say::May { approve: true, reject: true, .. }));
    let approve = decided(&view, Verdict::Approve);
    happens(&mut view, MANAGER, &approve);
    assert_eq!(verdict(&view).sentence, "Approved for production by Mia.");
    assert!(matches!(say(&view), Say::May { approve: false, reject: true, .. }));
}

#[test]
fn a_reader_is_told_how_it_stands_and_why_they_have_no_say() {
    let mut view = draft(READER, &["support"], &[]);
    let ask = asked(&view);
    happens(&mut view, AUTHOR, &ask);
    let reject = decided(&view, Verdict::Reject);
    happens(&mut view, MANAGER, &reject);
    assert_eq!(verdict(&view).sentence, "Rejected by Mia as product manager.");
    assert_eq!(verdict(&view).act, None);
    assert!(matches!(say(&view), Say::MayNot(_)));
    happens(&mut view, AUTHOR, &Event::Cancelled { reason: "Not wanted".to_owned() });
    assert_eq!(verdict(&view).sentence, "Cancelled by Ann: “Not wanted”.");
}

#[test]
fn a_gap_or_a_stranger_makes_the_page_read_anew_and_what_is_known_already_does_nothing() {
    let mut view = draft(READER, &["support"], &[]);
    let ask = asked(&view);
    let gap = heard(&view, 3, AUTHOR, &ask);
    assert_eq!(view.apply(&gap), None);
    let stranger = heard(&view, 2, 99, &ask);
    assert_eq!(view.apply(&stranger), None);
    happens(&mut view, AUTHOR, &ask);
    let again = heard(&view, 2, AUTHOR, &ask);
    assert!(view.apply(&again).is_some());
    assert_eq!((view.version, view.release.events), (2, 2));
}
