//! HAProxy: the journey with traffic measured, restarts, and what is refused. Against the real one.

use crate::{
    http::{Answer, Server},
    running::{Running, get},
    tasks::{back, connection, place, task, version, weight},
};
use control::driver::{Asked, Certainty, Done, Driver, DriverKind, Fault, Progress, Task};
use domain::{playbook::Percent, rollout::Action};
use drivers::haproxy::Haproxy;
use serde_json::{Value, json};
use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

pub const TOKEN: &str = "t0ken-of-the-team";
const DRAIN: u32 = 8;
const MAINTENANCE: u32 = 1;
/// Enough for a point of a hundred to show.
const REQUESTS: u32 = 2_000;

pub fn settings(running: &Running, more: Value) -> Value {
    let mut settings = json!({
        "socket": running.socket("admin.sock"),
        "backend": "shop",
        "servers": ["blue", "green"],
        "deploy": ["sh", "-c", "echo $DEPLOY_TOKEN; echo $PILOTHOUSE_KEY $1 $2 >> deployed", "x", "{{version}}", "{{slot}}"],
        "retire": ["sh", "-c", "echo $PILOTHOUSE_KEY $1 $2 >> retired", "x", "{{other}}", "{{slot}}"],
        "folder": running.folder.path(),
    });
    if let (Value::Object(settings), Value::Object(more)) = (&mut settings, more) {
        settings.extend(more);
    }
    settings
}

pub fn made(settings: Value, folder: &Path) -> Haproxy {
    let connection =
        connection(DriverKind::Haproxy, settings, &[("secret_environment", &format!("DEPLOY_TOKEN={TOKEN}"))]);
    Haproxy::new(&place(), &connection, folder).expect("a driver")
}

fn driver(running: &Running) -> Haproxy {
    made(settings(running, json!({})), running.folder.path())
}

pub async fn done(driver: &Haproxy, task: &Task) -> Done {
    match driver.perform(task).await {
        Ok(Progress::Done(done)) => {
            let asked = driver.ask(task).await;
            assert!(matches!(asked, Asked::Done(_)), "asked afterwards: {asked:?}");
            done
        }
        other => panic!("{:?} should be done: {other:?}", task.action),
    }
}

async fn fault(driver: &Haproxy, task: &Task) -> Fault {
    driver.perform(task).await.expect_err("it should not succeed")
}

fn lines(running: &Running, name: &str) -> Vec<String> {
    let text = fs::read_to_string(running.folder.path().join(name)).unwrap_or_default();
    text.lines().map(|line| line.split_once(' ').map_or(line, |(_, rest)| rest).to_owned()).collect()
}

/// Within one percentage point, by the servers' own count of what came from anybody.
async fn split(running: &Running, percent: u32) {
    let before = running.counted();
    running.visit(REQUESTS).await;
    let after = running.counted();
    let (blue, green) = (after.0 - before.0, after.1 - before.1);
    let all = blue + green;
    assert!(all >= REQUESTS, "{all} arrived");
    assert!(green.abs_diff(all * percent / 100) <= all / 100, "{green} of {all} went to green, wanted {percent} %");
}

#[tokio::test]
async fn the_journey_to_the_new_version_loses_no_request() {
    let running = Running::start().await;
    let driver = driver(&running);
    let travelling = Arc::new(AtomicBool::new(true));
    let mut customers = JoinSet::new();
    {
        let (front, travelling) = (running.front.clone(), Arc::clone(&travelling));
        customers.spawn(async move {
            let mut answered = 0_u32;
            while travelling.load(Ordering::Relaxed) {
                get(&front).await.expect("every request is answered well");
                answered += 1;
            }
            answered
        });
    }

    let stood = done(&driver, &task(1, Action::Deploy)).await;
    assert_eq!(stood.share, Some(Percent::nothing()));
    assert_eq!(lines(&running, "deployed"), ["1.5.0 green"]);
    assert_eq!(running.weights().await, (100, 0));
    split(&running, 0).await;
    for (number, share) in [(2, 5), (3, 25), (4, 50)] {
        let moved = done(&driver, &task(number, weight(share))).await;
        assert_eq!(moved.share, Some(Percent::of(share)));
        assert_eq!(running.weights().await, (100 - u32::from(share), u32::from(share)), "read from HAProxy itself");
        split(&running, share.into()).await;
        let arms = driver.observe().await.expect("seen").arms;
        let found: Vec<_> = arms.iter().map(|arm| (arm.version.clone(), arm.share)).collect();
        let mut wanted =
            vec![(Some(version("1.4.2")), Percent::of(100 - share)), (Some(version("1.5.0")), Percent::of(share))];
        wanted.sort_by_key(|(_, share)| std::cmp::Reverse(*share));
        assert_eq!(found, wanted);
    }
    done(&driver, &task(5, Action::Promote)).await;
    assert_eq!(running.weights().await, (0, 100));
    assert_eq!(running.servers().await["blue"].1 & DRAIN, DRAIN, "the old one stays up, without traffic");
    split(&running, 100).await;
    done(&driver, &task(6, Action::Retire)).await;
    assert_eq!(running.servers().await["blue"].1 & MAINTENANCE, MAINTENANCE);
    assert_eq!(lines(&running, "retired"), ["1.4.2 blue"]);
    done(&driver, &task(6, Action::Retire)).await;
    assert_eq!(lines(&running, "retired").len(), 1, "ended once");

    travelling.store(false, Ordering::Relaxed);
    let answered = customers.join_next().await.expect("a customer").expect("every request is answered well");
    assert!(answered > 100, "{answered} requests is no traffic");
}

#[tokio::test]
async fn the_way_back_from_a_canary_and_out_again() {
    let running = Running::start().await;
    let driver = driver(&running);
    done(&driver, &task(1, Action::Deploy)).await;
    done(&driver, &task(2, weight(25))).await;
    let left = done(&driver, &back(3)).await;
    assert_eq!(left.share, Some(Percent::nothing()), "what is left to the version that leaves");
    assert_eq!(running.weights().await, (100, 0));
    assert_eq!(running.servers().await["green"].1 & MAINTENANCE, MAINTENANCE);
    split(&running, 0).await;
    assert_eq!(lines(&running, "retired"), ["1.5.0 green"]);
    // What ended is deployed anew before it can have traffic again.
    let refused = fault(&driver, &task(4, weight(25))).await;
    assert_eq!(refused.certainty, Certainty::Declined, "{refused}");
    done(&driver, &task(5, Action::Deploy)).await;
    assert_eq!(lines(&running, "deployed").len(), 2);
    done(&driver, &task(6, weight(25))).await;
    split(&running, 25).await;
}

#[tokio::test]
async fn after_a_promotion_the_old_version_is_one_step_away() {
    let running = Running::start().await;
    let driver = driver(&running);
    done(&driver, &task(1, Action::Deploy)).await;
    done(&driver, &task(2, Action::Promote)).await;
    split(&running, 100).await;
    done(&driver, &back(3)).await;
    split(&running, 0).await;
    assert_eq!(lines(&running, "deployed").len(), 1, "nothing had to be deployed for it");
}

#[tokio::test]
async fn what_has_ended_is_stood_up_anew_for_the_way_back() {
    let running = Running::start().await;
    let driver = driver(&running);
    for (n, action) in (1..).zip([Action::Deploy, Action::Promote, Action::Retire]) {
        done(&driver, &task(n, action)).await;
    }
    assert_eq!(lines(&running, "retired"), ["1.4.2 blue"]);
    done(&driver, &back(4)).await;
    assert_eq!(running.weights().await, (100, 0));
    split(&running, 0).await;
    assert_eq!(lines(&running, "deployed"), ["1.5.0 green", "1.4.2 blue"]);
    assert_eq!(lines(&running, "retired"), ["1.4.2 blue", "1.5.0 green"]);
    done(&driver, &back(4)).await;
    assert_eq!(lines(&running, "deployed").len(), 2, "stood up once");
}

#[tokio::test]
async fn what_is_under_way_is_waited_for_before_the_old_version_ends() {
    let running = Running::start().await;
    let driver = driver(&running);
    done(&driver, &task(1, Action::Deploy)).await;
    // Half a request: blue has it, and waits for the rest.
    let mut slow = TcpStream::connect(&running.front).await.expect("a connection");
    let head = b"POST / HTTP/1.1\r\nhost: shop\r\nconnection: close\r\ncontent-length: 4\r\n\r\nha";
    slow.write_all(head).await.expect("written");
    running.busy("blue").await;
    done(&driver, &task(2, Action::Promote)).await;
    let retire = task(3, Action::Retire);
    let mut retiring = std::pin::pin!(driver.perform(&retire));
    tokio::select! {
        ended = &mut retiring => panic!("a request is under way: {ended:?}"),
        () = running.visit(500) => {}
    }
    assert!(lines(&running, "retired").is_empty());
    slow.write_all(b"lf").await.expect("written");
    let mut reply = String::new();
    slow.read_to_string(&mut reply).await.expect("a reply");
    assert!(reply.starts_with("HTTP/1.1 200") && reply.ends_with("blue"), "{reply}");
    assert!(matches!(retiring.await, Ok(Progress::Done(_))));
    assert_eq!(lines(&running, "retired"), ["1.4.2 blue"]);
}

#[tokio::test]
async fn haproxy_and_the_control_room_start_anew_in_between() {
    let mut running = Running::start().await;
    done(&driver(&running), &task(1, Action::Deploy)).await;
    done(&driver(&running), &task(2, Action::Promote)).await;
    assert_eq!(running.weights().await, (0, 100));

    // HAProxy forgets: the configuration says blue.
    running.restart().await;
    assert_eq!(running.weights().await, (100, 0));
    let driver = driver(&running);
    let arms = driver.observe().await.expect("seen").arms;
    assert_eq!((arms[0].version.clone(), arms[0].share), (Some(version("1.4.2")), Percent::whole()), "seen as it is");
    assert_eq!(driver.ask(&task(2, Action::Promote)).await, Asked::NeverSeen);
    done(&driver, &task(2, Action::Promote)).await;
    assert_eq!(running.weights().await, (0, 100));
    split(&running, 100).await;
}

#[tokio::test]
async fn another_replica_learns_from_haproxy_what_stands_where() {
    let running = Running::start().await;
    done(&driver(&running), &task(1, Action::Deploy)).await;
    let elsewhere = tempfile::TempDir::new().expect("a folder");
    let replica = made(settings(&running, json!({})), elsewhere.path());
    done(&replica, &task(2, weight(25))).await;
    assert_eq!(running.weights().await, (75, 25));
    // A task that was overtaken is declined.
    let late = fault(&driver(&running), &task(1, weight(50))).await;
    assert_eq!(late.certainty, Certainty::Declined, "{late}");
    assert_eq!(running.weights().await, (75, 25));
}

#[tokio::test]
async fn a_server_that_is_down_gets_no_traffic() {
    let running = Running::start().await;
    let nobody = "127.0.0.1:1";
    let driver = made(settings(&running, json!({ "address": nobody })), running.folder.path());
    let deployed = driver.perform(&task(1, Action::Deploy)).await;
    assert!(matches!(deployed, Ok(Progress::Running { .. })), "{deployed:?}");
    assert_eq!(running.servers().await["green"].2, nobody);
    assert!(matches!(driver.ask(&task(1, Action::Deploy)).await, Asked::Running { .. }));
    let refused = fault(&driver, &task(2, weight(25))).await;
    assert_eq!(refused.certainty, Certainty::NotDone, "{refused}");
    assert!(refused.said.contains("DOWN"), "{refused}");
    split(&running, 0).await;
}

#[tokio::test]
async fn a_version_is_found_at_its_own_address() {
    let mut running = Running::start().await;
    let body = || "fresh".to_owned();
    let fresh = Server::start(move |_| Answer::Reply { status: 200, headers: Vec::new(), body: body() }).await;
    let address = fresh.address.to_string();
    let mut set = settings(&running, json!({ "address": address }));
    set.as_object_mut().expect("an object").remove("deploy");
    let driver = made(set, running.folder.path());
    done(&driver, &task(1, Action::Deploy)).await;
    assert_eq!(running.servers().await["green"].2, address);
    done(&driver, &task(2, Action::Promote)).await;
    assert_eq!(get(&running.front).await.as_deref(), Ok("fresh"));

    // HAProxy starts anew and points to what is configured: its weights alone would send the traffic to the wrong program.
    running.restart().await;
    running
        .say("set server shop/green weight 100; set server shop/blue weight 0; set server shop/blue state drain")
        .await;
    assert_eq!(driver.ask(&task(2, Action::Promote)).await, Asked::NeverSeen);
    done(&driver, &task(2, Action::Promote)).await;
    assert_eq!(running.servers().await["green"].2, address);
    assert_eq!(get(&running.front).await.as_deref(), Ok("fresh"));
    // What was there before us stays where the configuration has it.
    let blue = running.servers().await["blue"].2.clone();
    done(&driver, &back(3)).await;
    assert_eq!(running.servers().await["blue"].2, blue);
    assert_eq!(get(&running.front).await.as_deref(), Ok("blue"));
}

#[tokio::test]
async fn what_cannot_be_told_apart_is_refused() {
    let running = Running::start().await;
    running.say("set server shop/green weight 100").await.expect("set");
    let both = fault(&driver(&running), &task(1, Action::Deploy)).await;
    assert_eq!(both.certainty, Certainty::Declined, "{both}");
    assert!(both.said.contains("cannot be told"), "{both}");
    let unknown = fault(&driver(&running), &task(1, weight(5))).await;
    assert_eq!(unknown.certainty, Certainty::Declined, "{unknown}");
    assert!(matches!(driver(&running).ask(&task(1, weight(5))).await, Asked::CannotSay(_)));
    assert_eq!(running.weights().await, (100, 100), "nothing was touched");
    assert!(lines(&running, "deployed").is_empty());
}

#[tokio::test]
async fn a_third_server_with_traffic_stands_in_the_way() {
    let running = Running::with("  server red 127.0.0.1:1 weight 10\n").await;
    let refused = fault(&driver(&running), &task(1, Action::Deploy)).await;
    assert_eq!(refused.certainty, Certainty::Declined, "{refused}");
    assert!(refused.said.contains("red"), "{refused}");
    let findings = driver(&running).test().await;
    assert!(findings.iter().any(|it| it.what == "other servers" && !it.good), "{findings:?}");
}

#[tokio::test]
async fn a_program_that_ended_oddly_is_not_run_twice_for_one_key() {
    let running = Running::start().await;
    let odd = json!({ "deploy": ["sh", "-c", "echo $PILOTHOUSE_KEY x >> deployed; exit 9"] });
    let driver = made(settings(&running, odd), running.folder.path());
    for _ in 0..2 {
        assert_eq!(fault(&driver, &task(1, Action::Deploy)).await.certainty, Certainty::Unknown);
        assert!(matches!(driver.ask(&task(1, Action::Deploy)).await, Asked::CannotSay(_)));
    }
    assert_eq!(lines(&running, "deployed").len(), 1);
    let not_now = json!({ "deploy": ["sh", "-c", "echo $PILOTHOUSE_KEY x >> deployed; exit 75"] });
    let driver = made(settings(&running, not_now), running.folder.path());
    for _ in 0..2 {
        assert_eq!(fault(&driver, &task(2, Action::Deploy)).await.certainty, Certainty::NotDone);
    }
    assert_eq!(lines(&running, "deployed").len(), 3);
    split(&running, 0).await;
}

#[tokio::test]
async fn a_test_finds_what_is_wrong_and_changes_nothing() {
    let running = Running::start().await;
    let before = running.servers().await;
    let findings = driver(&running).test().await;
    assert!(findings.iter().all(|it| it.good), "{findings:?}");
    assert!(findings[0].said.starts_with("HAProxy 2.") || findings[0].said.starts_with("HAProxy 3."), "{findings:?}");
    let tcp = made(settings(&running, json!({ "socket": running.tcp })), running.folder.path());
    assert!(tcp.test().await.iter().all(|it| it.good), "over TCP as well");
    for (more, what) in [
        (json!({ "socket": running.socket("wrong.sock") }), "socket"),
        (json!({ "socket": running.socket("operator.sock") }), "level"),
        (json!({ "backend": "shoes" }), "backend"),
        (json!({ "servers": ["blue", "grean"] }), "backend"),
        (json!({ "deploy": ["./not-there"] }), "program for deploy"),
    ] {
        let findings = made(settings(&running, more), running.folder.path()).test().await;
        let bad: Vec<&str> = findings.iter().filter(|it| !it.good).map(|it| it.what.as_str()).collect();
        assert_eq!(bad, [what], "{findings:?}");
    }
    assert_eq!(running.servers().await, before);
}

#[tokio::test]
async fn a_socket_that_may_only_look_declines() {
    let running = Running::start().await;
    let driver = made(settings(&running, json!({ "socket": running.socket("operator.sock") })), running.folder.path());
    let refused = fault(&driver, &task(1, Action::Deploy)).await;
    assert_eq!(refused.certainty, Certainty::Declined, "{refused}");
    assert!(refused.said.contains("level admin"), "{refused}");
    assert!(lines(&running, "deployed").is_empty());
}

#[test]
fn settings_are_checked_when_they_are_set() {
    let good = json!({ "socket": "/run/haproxy/admin.sock", "backend": "shop", "servers": ["blue", "green"], "deploy": ["x"] });
    for (more, field) in [
        (json!({ "socket": "admin.sock" }), "socket"),
        (json!({ "socket": "host:0" }), "socket"),
        (json!({ "backend": "shop; disable server shop/blue" }), "backend"),
        (json!({ "backend": null }), "backend"),
        (json!({ "servers": ["blue"] }), "servers"),
        (json!({ "servers": ["blue", "blue"] }), "servers"),
        (json!({ "servers": ["blue", "green\nshutdown"] }), "servers"),
        (json!({ "deploy": null }), "deploy"),
        (json!({ "deploy": ["x", "{{percentage}}"] }), "deploy"),
        (json!({ "address": "{{key}}:80" }), "address"),
        (json!({ "sockets": "x" }), "sockets"),
    ] {
        let mut settings = good.clone();
        settings.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let connection = connection(DriverKind::Haproxy, settings, &[]);
        let refusal = Haproxy::new(&place(), &connection, Path::new("/tmp")).expect_err("refused");
        assert_eq!(refusal.field.as_deref(), Some(field), "{}", refusal.detail);
    }
}
