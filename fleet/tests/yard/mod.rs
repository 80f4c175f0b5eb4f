//! A fleet in a folder of its own, as a process, with what tests do to it.

#![expect(dead_code, reason = "each test file uses its part of it")]

pub mod customers;

use fleet::{
    Client, Sticky,
    protocol::{Action, Answer, ArmSeen, Order, Outcome, Question, Spec},
};
use std::{
    collections::BTreeMap,
    future::Future,
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};
use uuid::Uuid;

pub const TRIAL: &str = env!("CARGO_BIN_EXE_fleet-trial");
pub const SERVICE: &str = "production@shop";

pub struct Yard {
    folder: tempfile::TempDir,
    process: Option<Child>,
    pub spec: Spec,
    last: AtomicU64,
}

impl Yard {
    pub async fn new() -> Self {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port");
        let spec = Spec {
            product: "shop".into(),
            env: "production".into(),
            listen: free,
            run: words(&[TRIAL, "shop", "--port", "{{port}}", "--version", "{{version}}"]),
            environment: BTreeMap::from([("MOOD".into(), "calm in {{env}}".into())]),
            health: "/health".into(),
            instances: 2,
            sticky: Sticky::Nothing,
            grace_seconds: 5,
            start_seconds: 20,
        };
        let folder = tempfile::tempdir().expect("a folder");
        let mut yard = Self { folder, process: None, spec, last: AtomicU64::new(0) };
        yard.start().await;
        yard
    }

    pub async fn start(&mut self) {
        let child = Command::new(TRIAL)
            .args(["fleet", "--folder"])
            .arg(self.folder())
            .stdin(Stdio::null())
            .spawn()
            .expect("the fleet starts");
        self.process = Some(child);
        let client = self.client();
        until("the fleet answers", || async { client.hello().await.is_ok() }).await;
    }

    /// As a loss of power would, for this process alone.
    pub fn kill(&mut self) {
        let mut process = self.process.take().expect("it runs");
        process.kill().expect("killed");
        process.wait().expect("ended");
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn client(&self) -> Client {
        Client::new(self.folder())
    }

    pub fn front(&self) -> SocketAddr {
        self.spec.listen
    }

    pub fn order(&self, action: Action, version: &str, other: Option<&str>) -> Order {
        let order = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        Order {
            key: Uuid::from_u128(0xF1EE_7000 + u128::from(order)),
            order,
            service: SERVICE.into(),
            action,
            version: version.into(),
            other: other.map(str::to_owned),
            spec: self.spec.clone(),
        }
    }

    pub async fn send(&self, order: &Order) -> Answer {
        let question = Question::Apply { order: Box::new(order.clone()) };
        self.client().ask(&question).await.expect("the fleet answers")
    }

    /// Sends an order and asks until it has ended.
    pub async fn carry_out(&self, order: &Order) -> Outcome {
        let mut answer = self.send(order).await;
        let began = Instant::now();
        loop {
            match answer {
                Answer::Outcome(Outcome::Running { .. }) => {}
                Answer::Outcome(outcome) => return outcome,
                other => panic!("no outcome: {other:?}"),
            }
            assert!(began.elapsed() < Duration::from_mins(1), "it does not end: {order:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
            answer = self.client().ask(&Question::Outcome { key: order.key }).await.expect("the fleet answers");
        }
    }

    pub async fn done(&self, action: Action, version: &str, other: Option<&str>) {
        let outcome = self.carry_out(&self.order(action, version, other)).await;
        assert!(matches!(outcome, Outcome::Done { .. }), "{action:?} of {version}: {outcome:?}");
    }

    /// A first version with all traffic.
    pub async fn running(&self, version: &str) {
        self.done(Action::Deploy, version, None).await;
        self.done(Action::Promote, version, None).await;
    }

    pub async fn observe(&self) -> Vec<ArmSeen> {
        match self.client().ask(&Question::Observe { service: SERVICE.into() }).await {
            Ok(Answer::Observed { arms, .. }) => arms,
            other => panic!("nothing observed: {other:?}"),
        }
    }
}

impl Drop for Yard {
    fn drop(&mut self) {
        let Some(mut process) = self.process.take() else { return };
        // Asked to end, it ends its instances as well.
        let id = process.id().to_string();
        let _ = Command::new("kill").arg(id).status();
        let _ = process.wait();
    }
}

pub fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Waits for something that must become so.
pub async fn until<F: Future<Output = bool>>(what: &str, mut so: impl FnMut() -> F) {
    let began = Instant::now();
    while !so().await {
        assert!(began.elapsed() < Duration::from_secs(20), "not in time: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
