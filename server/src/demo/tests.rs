//! The demonstration over a record in memory.

use super::begin;
use crate::{
    boot::{self, Parts},
    clock::SystemClock,
    config::Settings,
    web::{DatabaseKind, Web},
};
use control::{
    memory::{MemoryGround, MemoryJournal},
    tasks::Tasks,
};
use domain::{
    release::{Release, State, Verdict},
    slug::{ProductSlug, RoleId},
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

fn secrets(said: &str) -> BTreeMap<String, String> {
    let lines = said.lines().filter_map(|line| line.trim().split_once("  "));
    lines.filter_map(|(who, link)| Some((who.to_owned(), link.trim().rsplit_once("/sign-in/")?.1.to_owned()))).collect()
}

#[tokio::test]
async fn it_shows_every_turn_a_release_can_take() {
    let (journal, folder) = (Arc::new(MemoryJournal::default()), tempfile::tempdir().expect("a folder"));
    let web = house(&journal, &folder).await;
    let said = begin(&web.control, "http://127.0.0.1:7070").await.expect("seeded");
    assert!(said.contains("history begins at the moment it was seeded"), "{said}");
    let world = web.control.world();
    let slug = |name: &str| name.parse::<ProductSlug>().expect("a slug");
    let states = |product| world.releases_of(&slug(product)).map(Release::state).collect::<Vec<_>>();
    assert_eq!(states("shop"), [State::Draft, State::Candidate, State::Approved, State::Approved, State::Approved]);
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

#[tokio::test]
async fn each_link_signs_in_once_and_a_new_start_makes_new_ones() {
    let (journal, folder) = (Arc::new(MemoryJournal::default()), tempfile::tempdir().expect("a folder"));
    let web = house(&journal, &folder).await;
    let first = secrets(&begin(&web.control, "http://x").await.expect("seeded"));
    assert!(
        first.len() > 10 && first.contains_key("Product manager") && first.contains_key("Administrator"),
        "{first:?}"
    );
    let session = web.control.sign_in_by_link(&first["Product manager"]).await.expect("signed in");
    assert_eq!(web.control.name(session.person), "Product manager");
    assert!(web.control.sign_in_by_link(&first["Product manager"]).await.is_err(), "once");

    let web = house(&journal, &folder).await;
    let (releases, people) = (web.control.world().release_count(), web.control.world().people().count());
    let second = secrets(&begin(&web.control, "http://x").await.expect("there already"));
    assert_eq!((releases, people), (web.control.world().release_count(), web.control.world().people().count()));
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
    let refused = begin(&web.control, "http://x").await.expect_err("refused").to_string();
    assert!(refused.contains("--data"), "{refused}");
    assert_eq!(web.control.seq(), before);
    assert!(web.control.world().person(super::people::id(&RoleId::administrator())).is_none());
}
