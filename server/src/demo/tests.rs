//! The demonstration over a record in memory.

use super::{begin, seed};
use crate::{
    boot::{self, Parts},
    clock::SystemClock,
    config::Settings,
    web::{DatabaseKind, Web},
};
use control::{
    clock::Clock as _,
    driver::{Connection, Driver as _, DriverKind},
    journal::Journal as _,
    memory::{MemoryGround, MemoryJournal},
    tasks::Tasks,
};
use domain::{
    Timestamp,
    environment::EnvironmentId,
    release::{State, Verdict},
    rollout::{self, Cause, Purpose},
    slug::{EnvName, ProductSlug, RoleId},
};
use std::{collections::BTreeMap, net::SocketAddr, sync::Arc};
use tokio_util::sync::CancellationToken;

async fn house(journal: &Arc<MemoryJournal>, folder: &tempfile::TempDir) -> Web {
    let parts = Parts {
        settings: Settings::for_data(folder.path().to_owned()),
        journal: journal.clone(),
        database: DatabaseKind::Memory,
        clock: Arc::new(SystemClock::default()),
        tasks: Tasks::default(),
        drain: CancellationToken::new(),
        machines: Some(MemoryGround::default().machines()),
        bound: SocketAddr::from(([127, 0, 0, 1], 7070)),
    };
    boot::assemble(parts).await.expect("assembled")
}

async fn seeded(journal: &Arc<MemoryJournal>) -> Timestamp {
    let now = SystemClock::default().now();
    seed(journal.clone(), now).await.expect("seeded");
    now
}

fn secrets(said: &str) -> BTreeMap<String, String> {
    let lines = said.lines().filter_map(|line| line.trim().split_once("  "));
    lines.filter_map(|(who, link)| Some((who.to_owned(), link.trim().rsplit_once("/sign-in/")?.1.to_owned()))).collect()
}

#[tokio::test]
async fn it_shows_every_turn_a_release_can_take() {
    let (journal, folder) = (Arc::new(MemoryJournal::default()), tempfile::tempdir().expect("a folder"));
    seeded(&journal).await;
    let web = house(&journal, &folder).await;
    let said = begin(&web.control, "http://127.0.0.1:7070").await.expect("seeded");
    assert!(said.contains("so are the dates"), "{said}");
    let world = web.control.world();
    let slug = |name: &str| name.parse::<ProductSlug>().expect("a slug");
    let states = |product| world.releases_of(&slug(product)).map(|r| world.release_state(r)).collect::<Vec<_>>();
    let shop = [State::Draft, State::Candidate, State::Approved, State::Live, State::Superseded, State::Superseded];
    assert_eq!(states("shop"), [shop.as_slice(), &[State::Superseded]].concat());
    assert_eq!(states("portal"), [State::Cancelled, State::Candidate, State::Approved]);
    assert_eq!(states("agents"), [State::Candidate, State::Approved]);
    let (_, waiting) = world
        .waiting_for(&"product_manager".parse().expect("a role"))
        .find(|(_, r)| r.id.product == slug("agents"))
        .expect("waiting");
    assert!(waiting.standing().any(|a| a.verdict == Verdict::Approve && a.role.as_str() == "release_manager"));
    let all: Vec<_> = world.by_change(None).map(|(_, release)| release).collect();
    assert!(
        all.iter().any(|r| r.rejection().is_some_and(|no| !no.comment.is_empty())),
        "one is rejected with a reason"
    );
    assert!(all.iter().any(|r| r.approvals.iter().any(|a| !a.stands(r))), "one approval is void");
}

/// What the ticket office has seen: every way in which a rollout can end, and a day for each.
#[tokio::test]
async fn its_past_is_ninety_days_long_and_true_to_the_rules() {
    let journal = Arc::new(MemoryJournal::default());
    let now = seeded(&journal).await;
    let rows = journal.read(0, 10_000).await.expect("read");
    let events: Vec<_> = rows.iter().map(|row| row.envelope().expect("an event")).collect();
    assert!(events.is_sorted_by_key(|event| event.at), "time only runs forward");
    let (first, last) = (events.first().expect("some").at, events.last().expect("some").at);
    assert!((89..=90).contains(&(now - first).num_days()) && last <= now, "{first} to {last}");

    let folder = tempfile::tempdir().expect("a folder");
    let web = house(&journal, &folder).await;
    let world = web.control.world();
    let rollouts: Vec<_> = world.rollouts_of(&"tickets".parse().expect("a slug"), None).map(|(_, r)| r).collect();
    let count = |state| rollouts.iter().filter(|rollout| world.rollout_state(rollout) == state).count();
    assert_eq!(
        (count(rollout::State::Live), count(rollout::State::RolledBack)),
        (1, 3),
        "two and the way back of a third"
    );
    assert!(rollouts.iter().all(|rollout| rollout.is_over() && rollout.parked.is_none()));
    let turns = |cause| rollouts.iter().filter(|r| r.turned.as_ref().is_some_and(|turn| turn.cause == cause)).count();
    assert_eq!((turns(Cause::Step), turns(Cause::Person)), (1, 1));
    assert!(rollouts.iter().any(|rollout| rollout.purpose == Purpose::Rollback));
    let place = rollouts.first().expect("some").place.clone();
    let environment = world.environment(&place).expect("there");
    assert!(environment.hold.is_none() && environment.lock.is_none());
    assert_eq!(environment.running().map(|run| run.version.to_string()).as_deref(), Some("3.6.0"));
}

/// What its connection is said to do is what the driver of that name does with these settings.
#[tokio::test]
async fn the_tool_of_the_ticket_office_is_one_that_runs() {
    let said = super::past::said_only();
    let place = EnvironmentId { product: "tickets".parse().expect("a slug"), env: EnvName::production() };
    let kind = DriverKind::named(&said.driver).expect("a driver");
    let connection = Connection { kind, settings: said.settings, secrets: BTreeMap::new() };
    let driver = drivers::command::Command::new(&place, &connection).expect("sound settings");
    assert_eq!(driver.abilities(), said.abilities);
    for finding in driver.test().await {
        assert!(finding.good, "{}: {}", finding.what, finding.said);
    }
}

#[tokio::test]
async fn each_link_signs_in_once_and_a_new_start_makes_new_ones() {
    let (journal, folder) = (Arc::new(MemoryJournal::default()), tempfile::tempdir().expect("a folder"));
    seeded(&journal).await;
    let web = house(&journal, &folder).await;
    let first = secrets(&begin(&web.control, "http://x").await.expect("seeded"));
    assert!(
        first.len() > 10 && first.contains_key("Product manager") && first.contains_key("Administrator"),
        "{first:?}"
    );
    let session = web.control.sign_in_by_link(&first["Product manager"]).await.expect("signed in");
    assert_eq!(web.control.name(session.person), "Product manager");
    assert!(web.control.sign_in_by_link(&first["Product manager"]).await.is_err(), "once");

    seeded(&journal).await;
    let web = house(&journal, &folder).await;
    let (releases, people) = (web.control.world().release_count(), web.control.world().people().count());
    let second = secrets(&begin(&web.control, "http://x").await.expect("there already"));
    assert_eq!((releases, people), (web.control.world().release_count(), web.control.world().people().count()));
    assert_eq!((releases, people), (29, first.len()));
    assert!(web.control.sign_in_by_link(&first["Support"]).await.is_err(), "replaced");
    let session = web.control.sign_in_by_link(&second["Administrator"]).await.expect("signed in");
    assert!(web.control.world().person(session.person).expect("there").is_administrator());
}

/// Links into other people's accounts must never be printed.
#[tokio::test]
async fn a_record_of_real_people_is_left_alone() {
    let (journal, folder) = (Arc::new(MemoryJournal::default()), tempfile::tempdir().expect("a folder"));
    let web = house(&journal, &folder).await;
    let link = web.control.set_up_link().await.expect("asked").expect("nobody yet");
    web.control.set_up(&link, "Ada", "ada@example.org", "correct horse battery".to_owned()).await.expect("set up");
    let before = web.control.seq();
    let now = SystemClock::default().now();
    let refused = format!("{:#}", seed(journal.clone(), now).await.expect_err("refused"));
    assert!(refused.contains("--data"), "{refused}");
    assert_eq!(journal.head().await.expect("asked").seq, before);
    let said = begin(&web.control, "http://x").await.expect("said");
    assert!(secrets(&said).is_empty(), "{said}");
    assert!(web.control.world().person(super::people::id(&RoleId::administrator())).is_none());
}
