//! The local driver on a real fleet, with this test program as the service that it runs.

use control::driver::{Asked, Driver, Progress, Settings, Task};
use domain::{
    environment::EnvironmentId,
    playbook::Percent,
    rollout::{Action, RolloutId},
};
use drivers::{Home, LocalDriver};
use serde_json::json;
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Only as a process of the fleet, which says at which port, this is a service; as a test it is nothing.
#[test]
fn a_service() {
    let (Ok(port), Ok(version)) = (env("PORT"), env("SERVES_VERSION")) else { return };
    println!("version {version} at {port}");
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).expect("a free port");
    for stream in listener.incoming() {
        let mut stream = stream.expect("a connection");
        let _ = stream.read(&mut [0; 4096]);
        let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length";
        let _ = write!(stream, "{head}: {}\r\n\r\n{version}", version.len());
    }
}

#[expect(clippy::disallowed_methods, reason = "how the fleet tells a process its port")]
fn env(name: &str) -> Result<String, std::env::VarError> {
    std::env::var(name)
}

struct Place {
    driver: LocalDriver,
    listen: SocketAddr,
    stop: CancellationToken,
    fleet: JoinHandle<std::io::Result<()>>,
    _folder: tempfile::TempDir,
}

fn place() -> EnvironmentId {
    EnvironmentId { product: "shop".parse().expect("a product"), env: "production".parse().expect("an environment") }
}

impl Place {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let stop = CancellationToken::new();
        let options = fleet::Options { folder: folder.path().into(), detached: false, version: "test".into() };
        #[expect(clippy::disallowed_methods, reason = "awaited in the end")]
        let fleet = tokio::spawn(fleet::serve(options, stop.clone().cancelled_owned()));
        let client = fleet::Client::new(folder.path());
        let began = Instant::now();
        while client.hello().await.is_err() {
            assert!(began.elapsed() < Duration::from_secs(10), "no fleet answers");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let free = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port");
        let driver = driver(folder.path(), free);
        Self { driver, listen: free, stop, fleet, _folder: folder }
    }

    async fn done(&self, order: u64, action: Action, version: &str, other: Option<&str>) -> control::driver::Done {
        let task = task(order, action, version, other);
        let progress = self.driver.perform(&task).await.expect("it is taken");
        if let Progress::Done(done) = progress {
            return done;
        }
        let began = Instant::now();
        loop {
            match self.driver.ask(&task).await {
                Asked::Done(done) => return done,
                Asked::Running { .. } => assert!(began.elapsed() < Duration::from_secs(20), "it does not end"),
                other => panic!("{action:?}: {other:?}"),
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn end(self) {
        self.stop.cancel();
        self.fleet.await.expect("no panic").expect("an orderly end");
    }
}

fn driver(folder: &Path, listen: SocketAddr) -> LocalDriver {
    let this = std::env::current_exe().expect("this program");
    let settings = json!({
        "listen": listen.to_string(),
        "run": [this, "a_service", "--exact", "--nocapture"],
        "environment": {"SERVES_VERSION": "{{version}}"},
        "instances": 2,
        "grace_seconds": 2,
    });
    let settings: Settings = settings.as_object().cloned().expect("an object");
    let home = Home { exe: "/nowhere/pilothouse".into(), folder: folder.into() };
    LocalDriver::new(Arc::new(home), &place(), &settings).expect("good settings")
}

fn task(order: u64, action: Action, version: &str, other: Option<&str>) -> Task {
    Task {
        key: Uuid::from_u128(u128::from(order) + 1),
        rollout: RolloutId(Uuid::from_u128(99)),
        place: place(),
        action,
        version: version.parse().expect("a version"),
        other: other.map(|other| other.parse().expect("a version")),
        artifacts: Vec::new(),
        order,
        limit: Duration::from_mins(1),
    }
}

fn ask(listen: SocketAddr) -> String {
    let mut stream = TcpStream::connect(listen).expect("the router listens");
    stream.write_all(b"GET / HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n\r\n").expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rollout_with_a_way_back() {
    let place = Place::new().await;
    assert_eq!(place.driver.ask(&task(1, Action::Deploy, "1.0.0", None)).await, Asked::NeverSeen);
    place.done(1, Action::Deploy, "1.0.0", None).await;
    assert_eq!(place.done(2, Action::Promote, "1.0.0", None).await.share, Some(Percent::whole()));
    assert!(ask(place.listen).ends_with("1.0.0"));

    place.done(3, Action::Deploy, "1.1.0", Some("1.0.0")).await;
    let quarter = Percent::of(25);
    let done = place.done(4, Action::Weight { share: quarter }, "1.1.0", Some("1.0.0")).await;
    assert_eq!(done.share, Some(quarter));
    let arms = place.driver.observe().await.expect("it can be seen").arms;
    let seen: Vec<_> =
        arms.iter().map(|arm| (arm.version.as_ref().map(ToString::to_string), arm.share, arm.healthy)).collect();
    assert_eq!(seen, [(Some("1.0.0".into()), Percent::of(75), 2), (Some("1.1.0".into()), quarter, 2)]);
    for _ in 0..100 {
        assert!(ask(place.listen).starts_with("HTTP/1.1 200"));
    }
    let counts = place.driver.counts().await.expect("counts");
    assert!((24..=26).contains(&counts["1.1.0"].requests), "{counts:?}");

    let late = place.driver.perform(&task(3, Action::Retire, "1.1.0", None)).await;
    assert!(matches!(late, Ok(Progress::Done(_))), "the key of before, and its answer: {late:?}");
    let late = Task { key: Uuid::from_u128(77), ..task(3, Action::Retire, "1.1.0", Some("1.0.0")) };
    let fault = place.driver.perform(&late).await.expect_err("too late");
    assert_eq!(fault.certainty, control::driver::Certainty::Declined, "{fault}");

    let back = place.done(5, Action::RollBack, "1.0.0", Some("1.1.0")).await;
    assert_eq!(back.share, Some(Percent::nothing()), "what is left to the version that was left");
    assert!(place.driver.log(50).await.expect("a log").iter().any(|line| line.contains("version 1.0.0 at")));
    let found = place.driver.test().await;
    assert!(found.len() == 4 && found.iter().all(|finding| finding.good), "{found:?}");
    place.end().await;
}

#[tokio::test]
async fn without_a_fleet_nothing_has_happened() {
    let folder = tempfile::tempdir().expect("a folder");
    let driver = driver(folder.path(), ([127, 0, 0, 1], 8080).into());
    let fault = driver.perform(&task(1, Action::Deploy, "1.0.0", None)).await.expect_err("nobody is there");
    assert_eq!(fault.certainty, control::driver::Certainty::NotDone, "{fault}");
    assert!(!driver.test().await[0].good);
}
