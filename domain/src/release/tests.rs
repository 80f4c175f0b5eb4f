//! What must hold of every release: given / when / then, and properties over random command sequences.

use super::*;
use crate::{
    Class, Refusal, Timestamp,
    access::{Actor, Authority, HeldRole, Permission, Via},
    digest::Digest,
    journal::{Envelope, Fact, Stream},
    person::{PersonId, TokenId},
    playbook::{Playbook, Revision, parse},
    product::Product,
    slug::{EnvName, RoleId},
};
use proptest::prelude::*;
use std::sync::LazyLock;
use uuid::Uuid;

fn at(second: u64) -> Timestamp {
    Timestamp::from_timestamp_nanos(i64::try_from(second).unwrap_or(0) * 1_000_000_000)
}

fn person(n: u8) -> PersonId {
    PersonId(Uuid::from_u128(u128::from(n)))
}

fn role(name: &str) -> RoleId {
    name.parse().expect("a role name")
}

/// Read once: reading it takes longer than all that is asked of it.
fn playbook() -> &'static Playbook {
    static ORCA: LazyLock<Playbook> =
        LazyLock::new(|| parse(include_str!("../../../playbooks/orca.toml")).expect("bundled"));
    &ORCA
}

fn product() -> Product {
    Product {
        slug: "shop".parse().expect("slug"),
        name: "Shop".to_owned(),
        playbook: "orca".parse().expect("name"),
        playbook_revision: Revision(1),
        repository: None,
        created_at: at(0),
    }
}

/// Somebody with a role, or several, and what orca maps them to.
fn somebody(n: u8, roles: &[&str]) -> Authority {
    let playbook = playbook();
    let mut permissions: std::collections::BTreeSet<Permission> = [Permission::View].into();
    for id in roles {
        permissions.extend(playbook.roles.iter().filter(|r| r.id.as_str() == *id).flat_map(|r| r.permissions.clone()));
    }
    Authority {
        actor: Actor::Person(person(n), Via::Session),
        roles: roles.iter().map(|r| HeldRole { role: role(r), for_absent: None }).collect(),
        permissions,
        token_issuer: None,
    }
}

fn with_token(mut by: Authority, issuer: u8) -> Authority {
    by.actor = Actor::Person(by.actor.person().expect("a person"), Via::Token(TokenId(Uuid::from_u128(99))));
    by.token_issuer = Some(person(issuer));
    by
}

const ENGINEER: u8 = 1;
const MANAGER: u8 = 2;
const LEAD: u8 = 3;

/// A minor release created by the engineer: orca wants a product manager and an engineering lead.
fn draft() -> Release {
    let ask = Create { numbering: Numbering::Bump(Bump::Minor), kind: None, title: Some("Faster checkout".to_owned()) };
    let (version, bump) = number(ask.numbering.clone(), |_| false, None).expect("a number");
    let by = somebody(ENGINEER, &["engineer"]);
    let events = create(&product(), playbook(), &ask, version.clone(), bump, &by).expect("created");
    let id = ReleaseId { product: product().slug, version };
    evolve(&id, None, &events[0], by.actor, at(1)).expect("evolved")
}

fn apply(release: Release, command: Command, by: &Authority) -> Result<Release, Refusal> {
    let now = at(release.events + 1);
    let events = decide(&release, command, Given { by, playbook: playbook(), now })?;
    let id = release.id.clone();
    events.iter().try_fold(release, |state, event| evolve(&id, Some(state), event, by.actor, now))
}

fn decision(who: &str, verdict: Verdict, seen: &Digest) -> Command {
    Command::Decide(Decision {
        role: role(who),
        env: EnvName::production(),
        gate: None,
        verdict,
        seen: seen.clone(),
        comment: if verdict == Verdict::Reject { "not yet".to_owned() } else { String::new() },
    })
}

fn title(text: &str) -> Command {
    Command::Edit(Edit { title: Some(text.to_owned()), ..Edit::default() })
}

fn artifact(letter: char) -> Command {
    let digest = format!("sha256:{}", letter.to_string().repeat(64));
    let artifacts = Some(vec![Artifact { name: "image".to_owned(), digest }]);
    Command::Edit(Edit { artifacts, ..Edit::default() })
}

#[test]
fn approved_once_every_place_is_filled_by_another_person() {
    let release = draft();
    assert_eq!(release.state(), State::Draft);
    let seen = release.digest.clone();
    let release =
        apply(release, decision("product_manager", Verdict::Approve, &seen), &somebody(MANAGER, &["product_manager"]))
            .expect("first");
    assert_eq!(release.state(), State::Candidate, "one of two places is filled");
    let release =
        apply(release, decision("engineering_lead", Verdict::Approve, &seen), &somebody(LEAD, &["engineering_lead"]))
            .expect("second");
    assert_eq!(release.state(), State::Approved);
}

#[test]
fn one_person_with_both_roles_fills_one_place_only() {
    let both = somebody(MANAGER, &["product_manager", "engineering_lead"]);
    let release = draft();
    let seen = release.digest.clone();
    let release = apply(release, decision("product_manager", Verdict::Approve, &seen), &both).expect("first");
    let refusal =
        apply(release, decision("engineering_lead", Verdict::Approve, &seen), &both).expect_err("second place");
    assert_eq!(refusal.class, Class::Conflict);
}

#[test]
fn neither_creator_nor_editor_nor_issuer_of_the_token_approves() {
    let release = draft();
    let seen = release.digest.clone();
    let creator = somebody(ENGINEER, &["engineer", "product_manager"]);
    let refusal =
        apply(release.clone(), decision("product_manager", Verdict::Approve, &seen), &creator).expect_err("creator");
    assert_eq!(refusal.class, Class::Forbidden);
    assert_eq!(refusal.who_can_help.as_deref(), Some("Another product manager"));

    let editor = somebody(MANAGER, &["engineer", "product_manager"]);
    let edited = apply(release.clone(), title("Even faster"), &editor).expect("edited");
    let now = edited.digest.clone();
    let refusal = apply(edited, decision("product_manager", Verdict::Approve, &now), &editor).expect_err("editor");
    assert_eq!(refusal.class, Class::Forbidden);

    let by_token = with_token(somebody(MANAGER, &["product_manager"]), ENGINEER);
    let refusal =
        apply(release.clone(), decision("product_manager", Verdict::Approve, &seen), &by_token).expect_err("issuer");
    assert_eq!(refusal.class, Class::Forbidden);

    let mut stand_in = somebody(MANAGER, &["product_manager"]);
    stand_in.roles[0].for_absent = Some(person(ENGINEER));
    let refusal = apply(release, decision("product_manager", Verdict::Approve, &seen), &stand_in)
        .expect_err("stand-in of the author");
    assert_eq!(refusal.class, Class::Forbidden);
}

#[test]
fn a_stale_decision_is_told_what_changed() {
    let release = draft();
    let seen = release.digest.clone();
    let release = apply(release, artifact('a'), &somebody(ENGINEER, &["engineer"])).expect("edited");
    let refusal =
        apply(release, decision("product_manager", Verdict::Approve, &seen), &somebody(MANAGER, &["product_manager"]))
            .expect_err("stale");
    assert_eq!((refusal.class, refusal.changed), (Class::Conflict, vec!["artifacts".to_owned()]));
}

#[test]
fn an_edit_voids_approvals_and_names_the_part_and_going_back_does_not_revive_them() {
    let release = draft();
    let seen = release.digest.clone();
    let engineer = somebody(ENGINEER, &["engineer"]);
    let release =
        apply(release, decision("product_manager", Verdict::Approve, &seen), &somebody(MANAGER, &["product_manager"]))
            .expect("approved");
    let release = apply(release, title("Other words"), &engineer).expect("edited");
    assert_eq!(release.approvals[0].void.as_deref(), Some("title changed"));
    let release = apply(release, title("Faster checkout"), &engineer).expect("back again");
    assert_eq!(release.digest, seen);
    assert_eq!(release.standing().count(), 0, "what was void stays void");
}

#[test]
fn every_part_of_the_digest_voids_by_name() {
    let release = draft();
    let mut changed = release.contents.clone();
    let before = changed.parts();
    let expect = |part: &str, contents: &Contents| {
        assert_eq!(crate::digest::changed_parts(&before, &contents.parts()), [part]);
    };
    changed.title.push('!');
    expect("title", &changed);
    changed = release.contents.clone();
    changed.version = "9.9.9".parse().expect("version");
    expect("version", &changed);
    changed = release.contents.clone();
    changed.kind = "hotfix".parse().expect("kind");
    expect("kind", &changed);
    changed = release.contents.clone();
    changed.artifacts.push(Artifact { name: "a".to_owned(), digest: "sha256:0".to_owned() });
    expect("artifacts", &changed);
    changed = release.contents.clone();
    changed.changes.push(Change { id: "c1".to_owned(), description: "x".to_owned() });
    expect("changes", &changed);
    changed = release.contents.clone();
    changed.playbook_revision = Revision(2);
    expect("playbook", &changed);
    changed = release.contents.clone();
    changed.plan.insert("strategy".to_owned(), "canary".into());
    expect("plan", &changed);
    changed = release.contents.clone();
    changed.flags.insert("new_checkout".to_owned(), true.into());
    expect("flags", &changed);
}

#[test]
fn a_rejection_needs_a_reason_and_stands_until_something_changes() {
    let manager = somebody(MANAGER, &["product_manager"]);
    let release = draft();
    let seen = release.digest.clone();
    let silent = Command::Decide(Decision {
        role: role("product_manager"),
        env: EnvName::production(),
        gate: None,
        verdict: Verdict::Reject,
        seen: seen.clone(),
        comment: "  ".to_owned(),
    });
    assert_eq!(apply(release.clone(), silent, &manager).expect_err("no reason").field.as_deref(), Some("comment"));
    let release = apply(release, decision("product_manager", Verdict::Reject, &seen), &manager).expect("rejected");
    let release =
        apply(release, decision("engineering_lead", Verdict::Approve, &seen), &somebody(LEAD, &["engineering_lead"]))
            .expect("approved");
    assert_eq!(release.state(), State::Candidate);
    let release =
        apply(release, decision("product_manager", Verdict::Approve, &seen), &manager).expect("changed their mind");
    assert_eq!(release.state(), State::Approved);
}

#[test]
fn numbers_are_raised_from_the_highest_and_used_once() {
    let highest: Version = "1.4.2".parse().expect("version");
    let next = |bump| number(Numbering::Bump(bump), |_| false, Some(&highest)).map(|(v, _)| v.to_string());
    assert_eq!(next(Bump::Patch).as_deref(), Ok("1.4.3"));
    assert_eq!(next(Bump::Minor).as_deref(), Ok("1.5.0"));
    assert_eq!(next(Bump::Major).as_deref(), Ok("2.0.0"));
    let candidate: Version = "2.0.0-rc.1".parse().expect("version");
    let finished = number(Numbering::Bump(Bump::Major), |_| false, Some(&candidate)).map(|(v, _)| v.to_string());
    assert_eq!(finished.as_deref(), Ok("2.0.0"));
    let taken = number(Numbering::Exact(highest.clone()), |v| v == &highest, Some(&highest)).expect_err("taken");
    assert_eq!(taken.class, Class::Conflict);
    assert_eq!("1.4".parse::<Version>().expect_err("no SemVer").field.as_deref(), Some("version"));
}

/// Any command by anybody, about what is there or about a digest seen earlier.
#[derive(Debug, Clone)]
enum Step {
    Title(u8),
    Artifact(u8),
    Request,
    Decide { who: u8, role: &'static str, verdict: Verdict, stale: bool },
    Cancel,
}

fn step() -> impl Strategy<Value = Step> {
    let roles = prop::sample::select(vec!["product_manager", "engineering_lead", "qa_engineer", "nobody"]);
    let verdicts = prop::sample::select(vec![Verdict::Approve, Verdict::Approve, Verdict::Approve, Verdict::Reject]);
    prop_oneof![
        2 => (0..3u8).prop_map(Step::Title),
        2 => (0..3u8).prop_map(Step::Artifact),
        1 => Just(Step::Request),
        8 => (1..5u8, roles, verdicts, any::<bool>()).prop_map(|(who, role, verdict, stale)| Step::Decide { who, role, verdict, stale }),
        1 => Just(Step::Cancel),
    ]
}

fn take(release: &Release, step: &Step) -> (Command, Authority) {
    let all = ["engineer", "product_manager", "engineering_lead"];
    match step {
        Step::Title(n) => (title(&format!("title {n}")), somebody(ENGINEER, &["engineer"])),
        Step::Artifact(n) => (artifact(char::from(b'a' + n)), somebody(ENGINEER, &["engineer"])),
        Step::Request => (Command::RequestApproval, somebody(ENGINEER, &["engineer"])),
        Step::Decide { who, role, verdict, stale } => {
            let seen = if *stale { release.past[0].0.clone() } else { release.digest.clone() };
            (decision(role, *verdict, &seen), somebody(*who, &all))
        }
        Step::Cancel => (Command::Cancel { reason: "withdrawn".to_owned() }, somebody(ENGINEER, &["engineer"])),
    }
}

proptest! {
    #[test]
    fn what_is_approved_is_exactly_what_was_seen(steps in prop::collection::vec(step(), 0..40)) {
        let mut release = draft();
        for step in &steps {
            let (command, by) = take(&release, step);
            let before = release.clone();
            // A refusal changes nothing: the state it was decided on is still the state.
            let after = apply(release.clone(), command, &by);
            prop_assert_eq!(&release, &before);
            release = after.unwrap_or(release);
            prop_assert_eq!(&release.digest, &release.contents.digest(), "the recorded digest is that of the contents");
            if release.state() == State::Approved {
                let standing: Vec<_> = release.standing().collect();
                prop_assert!(standing.iter().all(|a| a.digest == release.contents.digest()));
                let people: std::collections::BTreeSet<_> = standing.iter().map(|a| a.by).collect();
                prop_assert_eq!(people.len(), standing.len(), "nobody fills two places");
                prop_assert!(people.is_disjoint(&release.authors), "nobody approves their own work");
            }
        }
    }

    #[test]
    fn replay_is_deterministic_and_survives_storage(steps in prop::collection::vec(step(), 0..30)) {
        let mut release = draft();
        let mut record = Vec::new();
        let stream = Stream::Release(release.id.clone());
        let first = Event::Created { contents: release.contents.clone(), digest: release.digest.clone() };
        record.push(Envelope { seq: 1, stream: stream.clone(), version: 1, at: at(1), actor: Actor::Person(person(ENGINEER), Via::Session), fact: Fact::Release(first) });
        for step in &steps {
            let (command, by) = take(&release, step);
            let Ok(events) = decide(&release, command, Given { by: &by, playbook: playbook(), now: at(500) }) else { continue };
            for event in events {
                let version = release.events + 1;
                release = evolve(&release.id.clone(), Some(release), &event, by.actor, at(version)).expect("evolved");
                record.push(Envelope { seq: version, stream: stream.clone(), version, at: at(version), actor: by.actor, fact: Fact::Release(event) });
            }
        }
        let stored = serde_json::to_string(&record).expect("stored");
        let read: Vec<Envelope> = serde_json::from_str(&stored).expect("read");
        prop_assert_eq!(&read, &record);
        let mut replayed = None;
        for envelope in &read {
            let Fact::Release(event) = &envelope.fact else { unreachable!("only releases") };
            replayed = Some(evolve(&release.id, replayed, event, envelope.actor, envelope.at).expect("evolved"));
        }
        prop_assert_eq!(replayed, Some(release));
    }
}
