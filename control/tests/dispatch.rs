//! Orders in, events out: decided at the head of the record, refused without a trace, told to those who listen.

use control::{
    Command, Control, Opening, Order, Outcome, Sight,
    clock::HandClock,
    dispatch::Idempotency,
    known_issues::Wanted,
    memory::{CountedSecrets, MemoryGround, MemoryJournal},
    people::{AddPerson, IssueToken, SignIn},
    tasks::Tasks,
    vault::LinkPurpose,
};
use domain::{
    Class, Refusal, Timestamp,
    access::{Actor, Permission, TokenScope, Via},
    journal::Stream,
    known_issue,
    person::{self, Grant, Nature, PersonId, Reach, StandIn},
    playbook::Audience,
    product,
    release::{self, Bump, Decision, Numbering, ReleaseId, State, Verdict},
    slug::{EnvName, ProductSlug, RoleId},
};
use std::sync::Arc;

struct House {
    control: Control,
    journal: Arc<MemoryJournal>,
    clock: Arc<HandClock>,
    tasks: Tasks,
    admin: Actor,
}

async fn open(journal: Arc<MemoryJournal>, clock: Arc<HandClock>) -> (Control, Tasks) {
    let tasks = Tasks::default();
    let opening = Opening {
        journal,
        clock,
        secrets: Arc::new(CountedSecrets::default()),
        machines: MemoryGround::default().machines(),
        tasks: tasks.clone(),
        follow: None,
    };
    (Control::open(opening, |_, _| {}).await.expect("opened"), tasks)
}

/// An installation with one administrator and the product `shop` on `orca`.
async fn house() -> House {
    let journal = Arc::new(MemoryJournal::default());
    let clock = Arc::new(HandClock::at(Timestamp::from_timestamp_nanos(1_760_000_000_000_000_000)));
    let (control, tasks) = open(journal.clone(), clock.clone()).await;
    let text = include_str!("../../playbooks/orca.toml").to_owned();
    let publish = Command::PublishPlaybook("orca".parse().expect("name"), text);
    control.order(Order::new(Actor::System, publish)).await.expect("published");
    let link = control.set_up_link().await.expect("asked").expect("nobody is there yet");
    let session = control
        .set_up(&link, "Administrator", "admin@example.org", "correct horse battery".to_owned())
        .await
        .expect("set up");
    let admin = Actor::Person(session.person, Via::Session);
    let create =
        product::Command::Create { name: "Shop".to_owned(), playbook: "orca".parse().expect("name"), repository: None };
    control.order(Order::new(admin, Command::Product(shop(), create))).await.expect("created");
    House { control, journal, clock, tasks, admin }
}

fn shop() -> ProductSlug {
    "shop".parse().expect("slug")
}

fn role(name: &str) -> RoleId {
    name.parse().expect("role")
}

impl House {
    async fn person(&self, name: &str, roles: &[&str]) -> Actor {
        let grants = roles.iter().map(|r| Grant { reach: Reach::Product(shop()), role: role(r) }).collect();
        let email = Some(format!("{}@example.org", name.replace(' ', ".")));
        let ask = AddPerson { name: name.to_owned(), email, nature: Nature::Human, grants };
        let invited = self.control.add_person(self.admin, ask).await.expect("added");
        Actor::Person(invited.person, Via::Session)
    }

    async fn release(&self, by: Actor) -> ReleaseId {
        let create = release::Create { numbering: Numbering::Bump(Bump::Patch), kind: None, title: None };
        let receipt =
            self.control.order(Order::new(by, Command::CreateRelease(shop(), create))).await.expect("created");
        let Stream::Release(id) = receipt.stream else { panic!("a release") };
        id
    }

    fn approval(&self, id: &ReleaseId, who: &str) -> Command {
        let seen = self.control.world().release(id).expect("there").digest.clone();
        let decision = Decision {
            role: role(who),
            env: EnvName::production(),
            gate: None,
            verdict: Verdict::Approve,
            seen,
            comment: String::new(),
        };
        Command::Release(id.clone(), release::Command::Decide(decision))
    }

    async fn refused(&self, actor: Actor, command: Command) -> Refusal {
        let before = self.control.seq();
        let refusal = self.control.order(Order::new(actor, command)).await.expect_err("refused");
        assert_eq!(self.control.seq(), before, "a refusal records nothing");
        refusal
    }
}

fn id(actor: Actor) -> PersonId {
    actor.person().expect("a person")
}

#[tokio::test]
async fn a_release_travels_the_whole_road_and_those_who_listen_hear_it() {
    let house = house().await;
    let engineer = house.person("engineer", &["engineer"]).await;
    let lead = house.person("lead", &["engineering_lead"]).await;
    let mut heard = house.control.listen();
    let id = house.release(engineer).await;
    house.control.order(Order::new(lead, house.approval(&id, "engineering_lead"))).await.expect("approved");
    assert_eq!(house.control.world().release(&id).expect("there").state(), State::Approved);
    let kinds = [heard.recv().await.expect("first").fact.kind(), heard.recv().await.expect("second").fact.kind()];
    assert_eq!(kinds, ["release.created", "release.decided"]);
}

#[tokio::test]
async fn a_restart_sees_the_same_world_with_and_without_a_snapshot() {
    let house = house().await;
    let engineer = house.person("engineer", &["engineer"]).await;
    let first = house.release(engineer).await;
    house.control.snapshot().await.expect("kept");
    let second = house.release(engineer).await;
    let before = house.control.world();
    house.tasks.stop().await;
    let (again, _tasks) = open(house.journal.clone(), house.clock.clone()).await;
    let after = again.world();
    assert_eq!(after.seq, before.seq);
    for id in [first, second] {
        assert_eq!(after.release(&id), before.release(&id));
    }
    assert_eq!(again.name(engineer.person().expect("person")), "engineer");
}

#[tokio::test]
async fn known_issues_survive_a_restart_and_are_found_again() {
    let house = house().await;
    let report = known_issue::Report {
        title: "Checkout asks twice".to_owned(),
        description: "On phones.".to_owned(),
        workaround: Some("Choose “as before”.".to_owned()),
        affected: ">= 1.0.0".parse().expect("a range"),
        severity: "sev2".to_owned(),
        tracking: None,
        audience: vec![Audience::Support],
    };
    let id = house.control.fresh_known_issue_id();
    let order = |command| Order::new(house.admin, Command::KnownIssue(shop(), id, command));
    let reported = house.control.order(order(known_issue::Command::Report(Box::new(report)))).await.expect("reported");
    assert_eq!(reported.known_issue.expect("one").id, id);
    house.control.snapshot().await.expect("kept");
    let version = "1.0.1".parse().expect("a version");
    house.control.order(order(known_issue::Command::Fix { version })).await.expect("fixed");
    let before = house.control.world().known_issue(&shop(), id).cloned().expect("there");
    house.tasks.stop().await;
    let (again, _tasks) = open(house.journal.clone(), house.clock.clone()).await;
    assert_eq!(again.world().known_issue(&shop(), id), Some(&before));
    let wanted = Wanted { words: "chekcout".to_owned(), ..Wanted::default() };
    let found = again.known_issues(&Sight::of(&again, house.admin), &wanted);
    assert_eq!(found, [before]);
}

#[tokio::test]
async fn what_cannot_be_recorded_does_not_happen() {
    let house = house().await;
    let engineer = house.person("engineer", &["engineer"]).await;
    let id = house.release(engineer).await;
    house.journal.set_full(true);
    let lead = house.person_refused().await;
    assert_eq!(lead.class, Class::Unavailable);
    let cancel = Command::Release(id.clone(), release::Command::Cancel { reason: "test".to_owned() });
    assert_eq!(house.refused(engineer, cancel.clone()).await.class, Class::Unavailable);
    assert_eq!(house.control.world().release(&id).expect("there").state(), State::Draft);
    house.journal.set_full(false);
    house.control.order(Order::new(engineer, cancel)).await.expect("works again");
}

impl House {
    async fn person_refused(&self) -> Refusal {
        let ask = AddPerson { name: "late".to_owned(), email: None, nature: Nature::Service, grants: [].into() };
        self.control.add_person(self.admin, ask).await.expect_err("full")
    }
}

#[tokio::test]
async fn rights_are_those_at_the_moment_of_recording() {
    let house = house().await;
    let engineer = house.person("engineer", &["engineer"]).await;
    let lead = house.person("lead", &["engineering_lead"]).await;
    let first = house.release(engineer).await;
    let approve = house.approval(&first, "engineering_lead");
    let grant = Grant { reach: Reach::Product(shop()), role: role("engineering_lead") };
    house.control.change_person(house.admin, id(lead), person::Command::RevokeRole(grant)).await.expect("revoked");
    // Without any role left, the product itself is out of sight.
    assert_eq!(house.refused(lead, approve.clone()).await.class, Class::NotFound);
    let disable = person::Command::Disable { reason: String::new() };
    house.control.change_person(house.admin, id(engineer), disable).await.expect("disabled");
    let create = release::Create { numbering: Numbering::Bump(Bump::Patch), kind: None, title: None };
    assert_eq!(house.refused(engineer, Command::CreateRelease(shop(), create)).await.class, Class::NotFound);
}

#[tokio::test]
async fn a_stand_in_decides_for_the_absent_within_the_dates() {
    let house = house().await;
    let engineer = house.person("engineer", &["engineer"]).await;
    let lead = house.person("lead", &["engineering_lead"]).await;
    let colleague = house.person("colleague", &["support"]).await;
    let release = house.release(engineer).await;
    let now = house.control.now();
    let stand_in = StandIn {
        grant: Grant { reach: Reach::Product(shop()), role: role("engineering_lead") },
        substitute: id(colleague),
        from: now + chrono::Duration::days(1),
        until: now + chrono::Duration::days(3),
    };
    house.control.change_person(lead, id(lead), person::Command::NameStandIn(stand_in)).await.expect("named");
    let approve = house.approval(&release, "engineering_lead");
    assert_eq!(house.refused(colleague, approve.clone()).await.class, Class::Forbidden, "not yet");
    house.clock.advance(chrono::Duration::days(2));
    house.control.order(Order::new(colleague, approve.clone())).await.expect("stands in");
    let state = house.control.world().release(&release).expect("there").clone();
    assert_eq!(state.approvals[0].for_absent, Some(id(lead)));
    house.clock.advance(chrono::Duration::days(2));
    let other = house.release(engineer).await;
    let late = house.approval(&other, "engineering_lead");
    assert_eq!(house.refused(colleague, late).await.class, Class::Forbidden, "over");
}

#[tokio::test]
async fn the_same_request_twice_takes_effect_once() {
    let house = house().await;
    let engineer = house.person("engineer", &["engineer"]).await;
    let ask = |request: &str| {
        let create = release::Create { numbering: Numbering::Bump(Bump::Patch), kind: None, title: None };
        let mut order = Order::new(engineer, Command::CreateRelease(shop(), create));
        order.idempotency = Some(Idempotency {
            key: "k1".to_owned(),
            request: request.to_owned(),
            answer: Box::new(|receipt| receipt.stream.to_string().into_bytes()),
        });
        order
    };
    let Ok(Outcome::Done(first)) = house.control.dispatch(ask("r1")).await else { panic!("done") };
    let Ok(Outcome::Repeated(answer)) = house.control.dispatch(ask("r1")).await else { panic!("repeated") };
    assert_eq!(answer, first.stream.to_string().into_bytes());
    assert_eq!(house.control.world().release_count(), 1);
    let refusal = house.control.dispatch(ask("r2")).await.expect_err("another request");
    assert_eq!(refusal.class, Class::Invalid);
}

#[tokio::test]
async fn simultaneous_creations_get_different_numbers() {
    let house = house().await;
    let engineer = house.person("engineer", &["engineer"]).await;
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let control = house.control.clone();
        all.spawn(async move {
            let create = release::Create { numbering: Numbering::Bump(Bump::Patch), kind: None, title: None };
            control.order(Order::new(engineer, Command::CreateRelease(shop(), create))).await.expect("created")
        });
    }
    let receipts = all.join_all().await;
    let streams: std::collections::BTreeSet<String> = receipts.iter().map(|r| r.stream.to_string()).collect();
    assert_eq!(streams.len(), 50);
}

#[tokio::test]
async fn links_open_once_and_passwords_end_other_sessions() {
    let house = house().await;
    let ask = AddPerson {
        name: "Product manager".to_owned(),
        email: Some("pm@example.org".to_owned()),
        nature: Nature::Human,
        grants: [Grant { reach: Reach::Everywhere, role: role("product_manager") }].into(),
    };
    let invited = house.control.add_person(house.admin, ask).await.expect("added");
    let link = invited.link.expect("a human gets a link");
    let short = house.control.set_password(&link, "short".to_owned()).await.expect_err("too short");
    assert_eq!(short.field.as_deref(), Some("password"));
    let first = house.control.set_password(&link, "a long enough password".to_owned()).await.expect("set");
    assert!(house.control.actor_of_session(&first.secret).await.expect("read").is_some());
    let again = house.control.set_password(&link, "a long enough password".to_owned()).await.expect_err("used");
    assert_eq!(again.class, Class::Forbidden);
    let reset = house.control.issue_link(house.admin, invited.person, LinkPurpose::SetPassword).await.expect("reset");
    house.control.set_password(&reset, "another long password".to_owned()).await.expect("set again");
    assert!(
        house.control.actor_of_session(&first.secret).await.expect("read").is_none(),
        "the old browser is signed out"
    );
    let ask = |password: &str| SignIn {
        email: "PM@example.org".to_owned(),
        password: password.to_owned(),
        address: "a".to_owned(),
    };
    assert!(house.control.sign_in(ask("another long password")).await.is_ok());
    for _ in 0..6 {
        let refusal = house.control.sign_in(ask("guess")).await.expect_err("wrong");
        assert_eq!(refusal.class, Class::Unauthenticated);
    }
    let slowed = house.control.sign_in(ask("another long password")).await.expect_err("must wait");
    assert_eq!(slowed.class, Class::Throttled);
    house.clock.advance(chrono::Duration::minutes(16));
    assert!(house.control.sign_in(ask("another long password")).await.is_ok());
}

#[tokio::test]
async fn tokens_are_limited_to_their_scopes_and_end_with_their_person() {
    let house = house().await;
    let lead = house.person("lead", &["engineering_lead"]).await;
    let scopes = [TokenScope::Only(Permission::View)].into();
    let ask = IssueToken { person: id(lead), scopes, expires_at: None };
    let issued = house.control.issue_token(lead, ask).await.expect("issued");
    let actor = house.control.actor_of_token(&issued.secret).await.expect("known");
    let create = release::Create { numbering: Numbering::Bump(Bump::Patch), kind: None, title: None };
    let refusal = house.refused(actor, Command::CreateRelease(shop(), create)).await;
    assert_eq!(refusal.class, Class::Forbidden);
    let wider = IssueToken { person: id(lead), scopes: [TokenScope::Everything].into(), expires_at: None };
    assert_eq!(house.control.issue_token(actor, wider).await.expect_err("wider").class, Class::Forbidden);
    let mistyped = format!("{}x", &issued.secret[..issued.secret.len() - 1]);
    assert!(house.control.actor_of_token(&mistyped).await.expect_err("checksum").detail.contains("mistyped"));
    house.control.change_person(house.admin, id(lead), person::Command::Erase).await.expect("erased");
    assert_eq!(house.control.actor_of_token(&issued.secret).await.expect_err("gone").class, Class::Unauthenticated);
    assert!(house.control.name(id(lead)).starts_with("erased person"));
}

#[tokio::test]
async fn the_configured_administrator_may_author_and_approve_nothing() {
    let house = house().await;
    let token = "a-token-of-at-least-24-characters";
    house.control.seed_administrator(token).await.expect("seeded");
    let seq = house.control.seq();
    house.control.seed_administrator(token).await.expect("again");
    assert_eq!(house.control.seq(), seq, "the same value again changes nothing");
    let machine = house.control.actor_of_token(token).await.expect("known");
    let release = house.release(machine).await;
    let approve = house.approval(&release, "engineering_lead");
    assert_eq!(house.refused(machine, approve).await.class, Class::Forbidden);
    let lead = house.person("lead", &["engineering_lead"]).await;
    let ask = IssueToken { person: id(lead), scopes: [TokenScope::Everything].into(), expires_at: None };
    let issued = house.control.issue_token(machine, ask).await.expect("issued");
    let by_token = house.control.actor_of_token(&issued.secret).await.expect("known");
    let approve = house.approval(&release, "engineering_lead");
    assert_eq!(house.refused(by_token, approve.clone()).await.class, Class::Forbidden, "issued by the author");
    house.control.order(Order::new(lead, approve)).await.expect("the lead, signed in, may");
}

#[tokio::test]
async fn the_set_up_link_opens_nothing_once_somebody_can_sign_in() {
    let journal = Arc::new(MemoryJournal::default());
    let clock = Arc::new(HandClock::at(Timestamp::from_timestamp_nanos(1_760_000_000_000_000_000)));
    let (control, _tasks) = open(journal, clock).await;
    let link = control.set_up_link().await.expect("asked").expect("nobody is there yet");
    control.seed_administrator("a-token-of-at-least-24-characters").await.expect("seeded");
    let machine = control.actor_of_token("a-token-of-at-least-24-characters").await.expect("known");
    let ask = AddPerson { name: "First".to_owned(), email: None, nature: Nature::Human, grants: [].into() };
    control.add_person(machine, ask).await.expect("added");
    let late = control.set_up(&link, "Late", "late@example.org", "correct horse battery".to_owned()).await;
    assert_eq!(late.expect_err("too late").class, Class::Forbidden);
}

#[tokio::test]
async fn names_are_corrected_by_their_owner_or_an_administrator() {
    let house = house().await;
    let (lead, other) = (house.person("lead", &["engineering_lead"]).await, house.person("other", &["support"]).await);
    house.control.correct_person(lead, id(lead), Some("Engineering lead"), None).await.expect("one's own");
    assert_eq!(house.control.name(id(lead)), "Engineering lead");
    let refusal =
        house.control.correct_person(other, id(lead), Some("Nobody"), None).await.expect_err("somebody else's");
    assert_eq!(refusal.class, Class::Forbidden);
    let taken = house.control.correct_person(lead, id(lead), None, Some("other@example.org")).await.expect_err("taken");
    assert_eq!(taken.class, Class::Conflict);
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let house = house().await;
    let disable = person::Command::Disable { reason: "left".to_owned() };
    let refusal = house.control.change_person(house.admin, id(house.admin), disable).await.expect_err("the last one");
    assert_eq!(refusal.class, Class::Conflict);
}
