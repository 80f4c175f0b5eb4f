//! Orders: each key once, never an old one after a new one, and nothing forgotten when the fleet ends.

mod yard;

use fleet::{
    Entry, Mark, Silence, WHOLE,
    protocol::{Action, Answer, Outcome, Question},
    read_ledger,
};
use rustix::process::{Pid, Signal, kill_process_group};
use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Write},
    os::unix::process::CommandExt,
    process::{Command, Stdio},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufStream},
    net::UnixStream,
};
use yard::{
    SERVICE, TRIAL, Yard,
    customers::{Crowd, Customer},
    until, words,
};

fn marks(yard: &Yard, key: uuid::Uuid) -> Vec<Mark> {
    let entries: Vec<Entry> = read_ledger(yard.folder()).expect("a ledger");
    entries.into_iter().filter(|entry| entry.key == key).map(|entry| entry.outcome).collect()
}

#[tokio::test]
async fn the_same_key_twice_is_one_effect_and_the_same_answer() {
    let yard = Yard::new().await;
    let order = yard.order(Action::Deploy, "1.0.0", None);
    let (first, second) = tokio::join!(yard.carry_out(&order), yard.carry_out(&order));
    assert!(matches!(first, Outcome::Done { .. }), "{first:?}");
    assert_eq!(first, second);
    assert_eq!(yard.carry_out(&order).await, first);
    assert_eq!(marks(&yard, order.key), [Mark::Begun, Mark::Done]);
    assert_eq!(yard.observe().await[0].instances, 2);
}

#[tokio::test]
async fn an_order_that_comes_too_late_is_declined() {
    let yard = Yard::new().await;
    let late = yard.order(Action::Deploy, "0.9.0", None);
    yard.running("1.0.0").await;
    let answer = yard.send(&late).await;
    assert!(matches!(&answer, Answer::Declined { said } if said.contains("too late")), "{answer:?}");
    assert_eq!(marks(&yard, late.key), [Mark::Declined]);
    assert_eq!(yard.observe().await.len(), 1);
}

#[tokio::test]
async fn a_key_that_nobody_sent_was_never_seen() {
    let yard = Yard::new().await;
    let key = uuid::Uuid::from_u128(7);
    let answer = yard.client().ask(&Question::Outcome { key }).await.expect("the fleet answers");
    assert_eq!(answer, Answer::Outcome(Outcome::NeverSeen));
}

#[tokio::test]
async fn a_control_room_of_another_version_is_understood_as_far_as_can_be() {
    let yard = Yard::new().await;
    let mut stream = BufStream::new(UnixStream::connect(yard.folder().join("fleet.sock")).await.expect("it listens"));
    for (question, expected) in [
        (r#"{"ask":"hello","colour":"blue"}"#, r#""answer":"hello""#),
        (r#"{"ask":"dance"}"#, r#""answer":"declined""#),
        ("nonsense", r#""answer":"declined""#),
        (r#"{"ask":"observe","service":"nobody@nowhere"}"#, r#""arms":[]"#),
    ] {
        stream.write_all(format!("{question}\n").as_bytes()).await.expect("sent");
        stream.flush().await.expect("sent");
        let mut answer = String::new();
        stream.read_line(&mut answer).await.expect("a line");
        assert!(answer.contains(expected), "{question}: {answer}");
    }
}

#[tokio::test]
async fn whoever_took_the_place_of_the_socket_is_not_spoken_to() {
    let yard = Yard::new().await;
    let another = uuid::Uuid::from_u128(5).to_string();
    std::fs::write(yard.folder().join("fleet.nonce"), another).expect("written");
    let silence = yard.client().hello().await.expect_err("not who wrote the nonce");
    assert!(matches!(silence, Silence::Stranger(_)), "{silence}");
}

#[tokio::test]
async fn two_fleets_do_not_live_in_one_folder() {
    let yard = Yard::new().await;
    let second = Command::new(TRIAL).args(["fleet", "--folder"]).arg(yard.folder()).output().expect("it runs");
    assert!(!second.status.success());
    assert!(String::from_utf8_lossy(&second.stderr).contains("another fleet lives in"), "{second:?}");
    assert!(yard.client().hello().await.is_ok(), "the first one still answers");
}

#[tokio::test]
async fn a_service_that_is_removed_is_gone_for_good() {
    let mut yard = Yard::new().await;
    yard.running("1.0.0").await;
    let remove = |order| Question::Remove { service: SERVICE.into(), order };
    let late = yard.client().ask(&remove(1)).await.expect("an answer");
    assert!(matches!(late, Answer::Declined { .. }), "{late:?}");
    assert_eq!(yard.client().ask(&remove(9)).await.expect("an answer"), Answer::Well);
    assert!(Customer::at(yard.front()).await.is_err(), "nobody listens there");
    yard.kill();
    yard.start().await;
    assert_eq!(yard.observe().await, []);
}

#[tokio::test]
async fn the_way_back_does_not_wait_for_what_is_at_work() {
    let mut yard = Yard::new().await;
    yard.running("1.0.0").await;
    // It never says that it is well.
    yard.spec.health = "/fails".into();
    let stuck = yard.order(Action::Deploy, "2.0.0", Some("1.0.0"));
    assert!(matches!(yard.send(&stuck).await, Answer::Outcome(Outcome::Running { .. })));
    yard.spec.health = "/health".into();
    yard.done(Action::RollBack, "1.0.0", Some("2.0.0")).await;
    let outcome = yard.carry_out(&stuck).await;
    assert!(matches!(&outcome, Outcome::Failed { said } if said.contains("later order")), "{outcome:?}");
    assert_eq!(yard.observe().await.len(), 1);
}

#[tokio::test]
async fn a_fleet_that_was_killed_comes_back_with_the_same_versions_and_shares() {
    let mut yard = Yard::new().await;
    yard.running("1.0.0").await;
    yard.done(Action::Deploy, "1.1.0", Some("1.0.0")).await;
    let weight = yard.order(Action::Weight { share: WHOLE / 4 }, "1.1.0", Some("1.0.0"));
    let done = yard.carry_out(&weight).await;
    let before = yard.observe().await;
    let nonce = yard.client().hello().await.expect("it answers").nonce;
    let mut customer = Customer::at(yard.front()).await.expect("the front listens");
    let mut instances = BTreeSet::new();
    for _ in 0..40 {
        instances.insert(customer.get("/pid").await.expect("an answer").1);
    }
    assert_eq!(instances.len(), 4);

    yard.kill();
    yard.start().await;

    assert_ne!(yard.client().hello().await.expect("it answers").nonce, nonce);
    // Whoever comes now is held until the first instance is well again.
    let mut customer = Customer::at(yard.front()).await.expect("the front listens");
    assert_eq!(customer.get("/").await.expect("an answer").0, 200);
    until("all is as it was", || async { yard.observe().await == before }).await;
    assert_eq!(yard.carry_out(&weight).await, done, "it still knows what it did");
    assert_eq!(marks(&yard, weight.key), [Mark::Begun, Mark::Done]);
    until("what the first one left behind has ended", || async {
        instances.iter().all(|id| !std::path::Path::new("/proc").join(id).exists())
    })
    .await;
}

#[tokio::test]
async fn an_order_at_work_when_the_fleet_was_killed_is_finished_by_the_next_one() {
    let mut yard = Yard::new().await;
    yard.running("1.0.0").await;
    yard.spec.run.extend(words(&["--well-after", "1500"]));
    let order = yard.order(Action::Deploy, "1.1.0", Some("1.0.0"));
    assert!(matches!(yard.send(&order).await, Answer::Outcome(Outcome::Running { .. })));
    yard.kill();
    yard.start().await;
    let outcome = yard.carry_out(&order).await;
    assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    assert_eq!(marks(&yard, order.key), [Mark::Begun, Mark::Resumed, Mark::Done]);
    assert_eq!(yard.observe().await.len(), 2);
}

#[tokio::test]
async fn the_way_back_overtakes_an_order_that_a_new_fleet_has_taken_up() {
    let mut yard = Yard::new().await;
    yard.running("1.0.0").await;
    yard.spec.run.extend(words(&["--well-after", "60000"]));
    let order = yard.order(Action::Deploy, "1.1.0", Some("1.0.0"));
    assert!(matches!(yard.send(&order).await, Answer::Outcome(Outcome::Running { .. })));
    yard.kill();
    yard.start().await;
    yard.done(Action::RollBack, "1.0.0", Some("1.1.0")).await;
    assert!(matches!(yard.carry_out(&order).await, Outcome::Failed { .. }));
    assert_eq!(marks(&yard, order.key), [Mark::Begun, Mark::Resumed, Mark::Failed]);
    let arms = yard.observe().await;
    assert_eq!((arms.len(), arms[0].version.as_str(), arms[0].share), (1, "1.0.0", WHOLE));
}

#[tokio::test]
async fn where_nothing_can_be_written_only_the_way_back_goes_on() {
    let yard = Yard::new().await;
    yard.running("1.0.0").await;
    yard.done(Action::Deploy, "1.1.0", Some("1.0.0")).await;
    yard.done(Action::Weight { share: WHOLE / 2 }, "1.1.0", Some("1.0.0")).await;
    // What is written first, so that it can take the place of the old, stands in the way: like a full disk.
    std::fs::create_dir(yard.folder().join("state.new")).expect("made");

    let more = yard.order(Action::Weight { share: WHOLE }, "1.1.0", Some("1.0.0"));
    let answer = yard.send(&more).await;
    assert!(matches!(&answer, Answer::NotNow { said } if said.contains("write")), "{answer:?}");
    assert_eq!(yard.observe().await[0].share, WHOLE / 2);
    assert_eq!(marks(&yard, more.key), []);

    yard.done(Action::RollBack, "1.0.0", Some("1.1.0")).await;
    assert_eq!(yard.observe().await[0].share, WHOLE);
}

#[tokio::test]
async fn half_a_line_of_the_ledger_is_no_line() {
    let mut yard = Yard::new().await;
    yard.running("1.0.0").await;
    yard.kill();
    let file = std::fs::OpenOptions::new().append(true).open(yard.folder().join("ledger.jsonl"));
    file.and_then(|mut file| file.write_all(b"{\"key\":\"0000")).expect("written");
    yard.start().await;
    yard.done(Action::Deploy, "1.1.0", Some("1.0.0")).await;
    assert_eq!(read_ledger(yard.folder()).expect("whole lines only").len(), 6);
}

#[tokio::test]
async fn the_end_of_the_control_room_is_nothing_to_the_traffic() {
    let mut yard = Yard::new().await;
    yard.kill();
    let room = |folder: &std::path::Path| {
        let mut room = Command::new(TRIAL)
            .args(["room", "--folder"])
            .arg(folder)
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .expect("a room");
        let mut nonce = String::new();
        BufReader::new(room.stdout.take().expect("a pipe")).read_line(&mut nonce).expect("a line");
        (room, nonce)
    };
    let (mut first, nonce) = room(yard.folder());
    yard.running("1.0.0").await;
    let crowd = Crowd::of(4, yard.front());
    crowd.ask(200).await;
    // As a terminal or a service manager does: with everything that belongs to it.
    let group = i32::try_from(first.id()).ok().and_then(Pid::from_raw).expect("an id");
    kill_process_group(group, Signal::KILL).expect("killed");
    first.wait().expect("ended");
    crowd.ask(500).await;
    let (mut second, same) = room(yard.folder());
    assert_eq!(same, nonce, "the fleet is adopted, not started anew");
    yard.done(Action::Deploy, "1.1.0", Some("1.0.0")).await;
    let tally = crowd.home().await;
    assert_eq!(tally.failures, Vec::<String>::new());
    second.kill().expect("killed");
    second.wait().expect("ended");
    let _ = yard.client().ask(&Question::Stop).await;
    until("the fleet has ended", || async { yard.client().hello().await.is_err() }).await;
}
