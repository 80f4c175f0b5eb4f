//! The command line about deployments, against a server whose production is moved in memory.

#[expect(dead_code, unused_imports, reason = "each test program needs its part of the house")]
mod house;
#[expect(dead_code, reason = "each test program needs its part")]
mod process;

use axum::body::Body;
use control::memory::Mishap;
use domain::rollout::ActionKind;
use house::Floor;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use process::{Ended, run};
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinSet};
use tower::Service as _;

/// The floor with a socket.
struct Open {
    floor: Floor,
    url: String,
    _serving: JoinSet<()>,
}

impl Open {
    async fn set() -> Self {
        let floor = Floor::set().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let router = floor.house.router.clone();
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let router = router.clone();
                let service =
                    service_fn(move |request: http::Request<Incoming>| router.clone().call(request.map(Body::new)));
                connections.spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Self { floor, url, _serving: serving }
    }

    fn begun(&self, words: &[&str]) -> tokio::task::JoinHandle<Ended> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let (url, token) = (self.url.clone(), self.floor.engineer.token.clone());
        tokio::task::spawn_blocking(move || {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            run(&words, &[("PILOTHOUSE_URL", &url), ("PILOTHOUSE_TOKEN", &token)])
        })
    }

    async fn asked(&self, words: &[&str]) -> Ended {
        self.begun(words).await.expect("it ends")
    }

    /// The id of the newest deployment.
    async fn newest(&self) -> String {
        let said = self.asked(&["deployments", "--json", "--limit", "1"]).await.fine();
        let list: Value = serde_json::from_str(&said).expect("JSON");
        list["items"][0]["id"].as_str().expect("an id").to_owned()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_version_comes_in_and_goes_back() {
    let open = Open::set().await;
    let plan = open.asked(&["deploy", "1.0.1", "production", "--initial-traffic", "10", "--plan"]).await.fine();
    assert!(plan.contains("1.0.1 into production as canary, by the driver local"), "{plan}");
    assert!(plan.contains("Send 10 % of the traffic to the new version") && !plan.contains("Not yet"), "{plan}");

    let said = open.asked(&["deploy", "1.0.1", "production", "--strategy", "canary"]).await.fine();
    assert!(said.starts_with("production: 1.0.1 is pending ("), "{said}");
    let id = open.newest().await;
    open.floor.comes_to(&id, "judging").await;
    let late = open.asked(&["wait", "1.0.1", "--env", "production", "--timeout", "1s"]).await;
    assert_eq!(late.code, Some(3), "{late:?}");
    assert!(late.err.contains("1.0.1 in production is judging, step 4 of 9"), "{late:?}");
    let status = open.asked(&["status", "1.0.1"]).await.fine();
    assert!(status.contains("kiosk 1.0.1 is shipping") && status.contains("Traffic: 5 % meant, 5 % found"), "{status}");
    let status = open.asked(&["status", "1.0.1", "--json"]).await.fine();
    let status: Value = serde_json::from_str(&status).expect("JSON");
    assert_eq!((&status["state"], &status["deployments"][0]["id"]), (&"shipping".into(), &id.clone().into()));
    let second = open.asked(&["deploy", "1.0.1", "production"]).await.refused(1);
    assert!(second.contains("is under way"), "{second}");

    let back = open.asked(&["rollback", "production", "--reason", "It burns.", "--wait"]).await;
    assert_eq!((back.code, back.err.as_str()), (Some(0), ""), "{back:?}");
    assert!(back.out.ends_with("1.0.0 in production is live.\n"), "{back:?}");
    let gone = open.asked(&["wait", "1.0.1"]).await.failed(1);
    assert!(gone.contains("1.0.1 in production was rolled back: It burns."), "{gone}");
    let status = open.asked(&["status", "1.0.1"]).await.fine();
    assert!(status.contains("Taken back at") && status.contains("back  Give all traffic back"), "{status}");
    let list = open.asked(&["deployments", "production"]).await.fine();
    assert!(list.contains("promotion  1.0.1  rolled_back") && list.contains(&id), "{list}");
    let held = open.asked(&["deploy", "1.0.1", "production"]).await.refused(1);
    assert!(held.contains("is held") && held.contains("It burns."), "{held}");
    // Asked again it is the same, and back already.
    let again = open.asked(&["rollback", "production", "--wait"]).await.fine();
    assert!(again.contains(&id) && again.ends_with("1.0.0 in production is live.\n"), "{again}");
    assert_eq!(open.asked(&["logs", "production"]).await.fine(), "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiting_ends_when_it_is_live_and_no_sooner() {
    let open = Open::set().await;
    let waiting = open.begun(&["deploy", "1.0.1", "production", "--strategy", "blue_green", "--wait"]);
    let newest = async {
        loop {
            let world = open.floor.house.web.control.world();
            if let Some(rollout) = world.under_way().next() {
                return rollout.id.to_string();
            }
            tokio::task::yield_now().await;
        }
    };
    let id = tokio::time::timeout(house::PATIENCE, newest).await.expect("it starts");
    open.floor.comes_to(&id, "validating").await;
    assert!(!waiting.is_finished(), "it may still go back");
    open.floor.house.clock.advance(chrono::Duration::minutes(31));
    let said = waiting.await.expect("it ends").fine();
    assert!(said.contains("step ") && said.ends_with("1.0.1 in production is live.\n"), "{said}");
    assert_eq!(open.asked(&["wait", "1.0.1"]).await.fine(), "1.0.1 in production is live.\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiting_ends_when_a_human_is_needed() {
    let open = Open::set().await;
    open.floor.house.ground.mishap(ActionKind::Deploy, Mishap::Hangs);
    open.asked(&["deploy", "1.0.1", "production"]).await.fine();
    let id = open.newest().await;
    open.floor.comes_to(&id, "running").await;
    open.floor.house.clock.advance(chrono::Duration::minutes(16));
    open.floor.comes_to(&id, "parked").await;
    let parked = open.asked(&["wait", "1.0.1", "--timeout", "1m"]).await.refused(2);
    assert!(parked.contains("1.0.1 in production waits for a human: "), "{parked}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_is_said() {
    let open = Open::set().await;
    open.floor.draft("1.0.2").await;
    let unmet = open.asked(&["deploy", "1.0.2", "production"]).await.refused(1);
    assert!(unmet.contains("can help."), "{unmet}");
    let nowhere = open.asked(&["wait", "1.0.1", "--env", "moon"]).await.refused(1);
    assert!(nowhere.contains("has no environment “moon”"), "{nowhere}");
    let late = open.asked(&["wait", "1.0.1", "--timeout", "1s"]).await;
    assert_eq!(late.code, Some(3));
    assert!(late.out.contains("is not on its way yet"), "{late:?}");
    open.asked(&["rollback", "staging"]).await.refused(1);
    for words in [
        &["deploy", "1.0.1"][..],
        &["deploy", "1.0.1", "production", "--initial-traffic", "0"],
        &["wait", "1.0.1", "--timeout", "5"],
        &["rollback"],
        &["deployments", "--limit", "0"],
        &["logs", "--lines", "0"],
    ] {
        open.asked(words).await.failed(64);
    }
}
