//! Given a release and two revisions of its playbook, what moving does and when it is refused.

use super::super::{
    Approval, Bump, Command, Create, Event, Given, Numbering, Release, ReleaseId, State, Verdict, create, decide,
    evolve, move_to, number,
};
use crate::{
    Class, Refusal, Timestamp,
    access::{Actor, Authority, HeldRole, Permission, Via},
    person::PersonId,
    playbook::{self, Published, Revision, consequence},
    product::Product,
    slug::EnvName,
};
use uuid::Uuid;

const TEXT: &str = include_str!("../../../../playbooks/orca.toml");

fn at(second: i64) -> Timestamp {
    Timestamp::from_timestamp_nanos(second * 1_000_000_000)
}

/// Revisions in the order of the texts.
fn published(texts: &[String]) -> Published {
    let numbered = (1..).zip(texts);
    numbered.fold(Published::default(), |state, (n, text)| {
        let event = playbook::Event::Published { revision: Revision(n), text: text.clone() };
        playbook::evolve(state, &event, Actor::System, at(0)).expect("sound")
    })
}

/// Orca, and orca with one change.
fn orca(from: &str, to: &str) -> Published {
    assert!(TEXT.contains(from), "“{from}” is not in the text");
    published(&[TEXT.to_owned(), TEXT.replacen(from, to, 1)])
}

fn somebody(n: u128, role: &str) -> Authority {
    let role = role.parse().expect("a role");
    let known = published(&[TEXT.to_owned()]);
    let roles = &known.newest().expect("one").playbook.roles;
    let held = roles.iter().find(|r| r.id == role).expect("known");
    Authority {
        actor: Actor::Person(PersonId(Uuid::from_u128(n)), Via::Session),
        permissions: held.permissions.iter().copied().chain([Permission::View]).collect(),
        roles: vec![HeldRole { role, for_absent: None }],
        token_issuer: None,
    }
}

/// A minor release by the engineer, on revision 1.
fn release(published: &Published) -> Release {
    let product = Product {
        slug: "shop".parse().expect("slug"),
        name: "Shop".to_owned(),
        playbook: "orca".parse().expect("name"),
        playbook_revision: Revision(1),
        repository: None,
        created_at: at(0),
    };
    let ask = Create { numbering: Numbering::Bump(Bump::Minor), kind: None, title: None };
    let (version, bump) = number(ask.numbering.clone(), |_| false, None).expect("a number");
    let by = somebody(1, "engineer");
    let playbook = published.at(Revision(1)).expect("there");
    let events = create(&product, playbook, &ask, version.clone(), bump, &by).expect("created");
    let id = ReleaseId { product: product.slug, version };
    evolve(&id, None, &events[0], by.actor, at(1)).expect("evolved")
}

fn approved(mut release: Release, published: &Published) -> Release {
    for (n, role) in (2..).zip(["product_manager", "engineering_lead"]) {
        let by = somebody(n, role);
        release.approvals.push(Approval { by: by.actor.person().expect("a person"), ..approval(role, &release) });
    }
    assert_eq!(release.state(), State::Draft);
    release.phase = super::super::Phase::Candidate;
    assert_eq!(release.state(), State::Approved, "{:?}", published.known());
    release
}

/// As the record would give it back.
fn approval(role: &str, release: &Release) -> Approval {
    let by = somebody(9, role);
    let event = Event::Decided {
        role: role.parse().expect("a role"),
        env: EnvName::production(),
        gate: None,
        verdict: Verdict::Approve,
        digest: release.digest.clone(),
        comment: String::new(),
        for_absent: None,
    };
    let after = evolve(&release.id, Some(release.clone()), &event, by.actor, at(2)).expect("evolved");
    after.approvals.last().expect("one").clone()
}

fn moved(release: &Release, published: &Published, by: &Authority) -> Result<Release, Refusal> {
    let events = move_to(release, Revision(2), Some(published), by)?;
    events.iter().try_fold(release.clone(), |state, event| evolve(&release.id, Some(state), event, by.actor, at(3)))
}

const MINOR: &str =
    "approvals = [{ role = \"product_manager\" }, { role = \"engineering_lead\" }]\ncadence = { between";

#[test]
fn what_was_approved_is_void_and_names_the_playbook() {
    let published = orca(MINOR, "approvals = [{ role = \"engineering_lead\", count = 2 }]\ncadence = { between");
    let before = approved(release(&published), &published);
    let told = consequence(&before, published.at(Revision(1)).expect("now"), published.at(Revision(2)).expect("then"));
    assert_eq!((told.voids, told.blocked.len()), (2, 0));
    assert_eq!(told.approvals.len(), 2, "{told:#?}");

    let after = moved(&before, &published, &somebody(1, "engineer")).expect("moved");
    assert_eq!(after.contents.playbook_revision, Revision(2));
    assert_eq!(after.contents.approvals_needed[0].count, 2);
    assert_eq!(after.state(), State::Candidate);
    assert_eq!(after.digest, after.contents.digest(), "the recorded digest is that of the contents");
    assert!(after.approvals.iter().all(|a| a.void.as_deref() == Some("playbook changed")), "{:?}", after.approvals);
    assert_eq!(after.changed_since(&before.digest), ["playbook"]);
}

#[test]
fn the_revision_alone_is_reason_enough() {
    let published = orca("purpose = \"Customers.\"", "purpose = \"Everybody.\"");
    let before = approved(release(&published), &published);
    let after = moved(&before, &published, &somebody(7, "engineering_lead")).expect("moved");
    assert!(after.digest != before.digest && after.standing().count() == 0);
    let again = move_to(&after, Revision(2), Some(&published), &somebody(1, "engineer")).expect("allowed");
    assert_eq!(again, [], "it is there already");
    assert!(after.authors.contains(&PersonId(Uuid::from_u128(7))), "whoever moves it does not approve it");
}

#[test]
fn what_was_waived_or_set_aside_before_stands_no_longer() {
    let published = orca("purpose = \"Customers.\"", "purpose = \"Everybody.\"");
    let before = release(&published);
    let by = somebody(5, "security");
    let gate: crate::playbook::GateId = "ci_checks".parse().expect("a gate");
    let waived = Event::GlassBroken {
        env: EnvName::production(),
        gates: vec![gate.clone()],
        reason: "The site is down.".to_owned(),
        until: at(100),
        digest: before.digest.clone(),
    };
    let aside = Event::SetAside { gate, reason: Some("It concerns nobody.".to_owned()) };
    let before = [waived, aside]
        .iter()
        .fold(before, |state, event| evolve(&state.id.clone(), Some(state), event, by.actor, at(2)).expect("evolved"));
    assert!(!before.waivers[0].void && !before.set_aside[0].before_edit);
    let after = moved(&before, &published, &somebody(1, "engineer")).expect("moved");
    assert!(after.waivers[0].void && after.set_aside[0].before_edit);
}

#[test]
fn it_stays_where_its_type_or_an_environment_is_missing() {
    let gone = TEXT.replace("\"minor\"", "\"feature\"").replace("bump = \"feature\"", "bump = \"minor\"");
    let published_without = published(&[TEXT.to_owned(), gone]);
    let before = release(&published_without);
    let refusal = moved(&before, &published_without, &somebody(1, "engineer")).expect_err("no type");
    assert_eq!(refusal.class, Class::Blocked);
    assert!(refusal.detail.contains("no release type “minor”") && refusal.who_can_help.is_some(), "{refusal}");

    let published_elsewhere = published(&[
        TEXT.to_owned(),
        TEXT.replace("\"staging\"", "\"trial\"")
            .replace("parts = [\"qa\", \"trial\"", "parts = [\"qa\", \"staging\"")
            .replace("moment = \"trial\"", "moment = \"staging\""),
    ]);
    let refusal = moved(&before, &published_elsewhere, &somebody(1, "engineer")).expect_err("no environment");
    assert!(refusal.detail.contains("no environment “staging”"), "{refusal}");
    let told = consequence(
        &before,
        published_elsewhere.at(Revision(1)).expect("now"),
        published_elsewhere.at(Revision(2)).expect("then"),
    );
    assert_eq!(told.blocked, ["it has no environment “staging”"]);
}

#[test]
fn only_authors_move_only_forward_and_only_what_is_open() {
    let published = orca("purpose = \"Customers.\"", "purpose = \"Everybody.\"");
    let before = release(&published);
    let refused = |release: &Release, revision: u32, who: &str| {
        move_to(release, Revision(revision), Some(&published), &somebody(1, who)).expect_err("refused").class
    };
    assert_eq!(refused(&before, 2, "support"), Class::Forbidden);
    assert_eq!(refused(&before, 2, "product_manager"), Class::Forbidden);
    assert_eq!(refused(&before, 3, "engineer"), Class::Invalid);
    let after = moved(&before, &published, &somebody(1, "engineer")).expect("moved");
    assert_eq!(refused(&after, 1, "engineer"), Class::Invalid);
    let cancel = Event::Cancelled { reason: "No.".to_owned() };
    let by = somebody(1, "engineer");
    let cancelled = evolve(&before.id, Some(before.clone()), &cancel, by.actor, at(4)).expect("cancelled");
    assert_eq!(refused(&cancelled, 2, "engineer"), Class::Conflict);
    let given = Given { by: &by, playbook: published.at(Revision(1)).expect("there"), now: at(5) };
    let unknown =
        decide(&before, Command::Move { revision: Revision(2) }, given).expect_err("nobody gave the revisions");
    assert_eq!(unknown.class, Class::Invalid);
}
