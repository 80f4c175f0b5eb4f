//! A whole server without sockets: requests go into its router, answers and live streams come out.

mod client;
pub mod floor;
mod stage;
mod stream;

pub use client::{Answer, Client};
pub use floor::Floor;
pub use stage::{Person, Stage};
pub use stream::{Live, Said};

use axum::{Router, body::Body};
use control::{
    clock::HandClock,
    journal::Journal,
    memory::{MemoryGround, MemoryJournal},
    rollout::Machines,
    tasks::Tasks,
};
use domain::Timestamp;
use http::Request;
use monitors::Instruments;
use serde_json::{Value, json};
use server::{
    boot,
    config::{Secret, Settings},
    web::{self, DatabaseKind, Web},
};
use std::{fs, net::SocketAddr, sync::Arc, time::Duration};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// The configured administrator.
pub const ADMIN: &str = "the-administrator-of-all-tests";
/// Whatever takes longer has failed.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub struct House {
    pub web: Web,
    pub clock: Arc<HandClock>,
    pub drain: CancellationToken,
    /// What drivers move, in memory.
    pub ground: MemoryGround,
    pub router: Router,
    _folder: TempDir,
}

impl House {
    /// Over a record in memory.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut settings = Settings::for_data(folder.path().to_owned());
        change(&mut settings);
        Self::over(folder, settings, Arc::new(MemoryJournal::default()), DatabaseKind::Memory).await
    }

    /// Over a SQLite file, where writing takes its real time.
    pub async fn on_disk() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let settings = Settings::for_data(folder.path().to_owned());
        let (journal, kind) = boot::open(&settings).await.expect("opened");
        Self::over(folder, settings, journal, kind).await
    }

    async fn over(folder: TempDir, settings: Settings, journal: Arc<dyn Journal>, database: DatabaseKind) -> Self {
        // With it there are pages and the functions behind them.
        fs::write(folder.path().join("index.html"), "<html><head></head><body></body></html>").expect("written");
        let dist = Some(folder.path().to_owned());
        let settings = Settings { admin_token: Some(Secret::new(ADMIN)), dist, ..settings };
        let start = Timestamp::from_timestamp_millis(1_760_000_000_000).expect("a time");
        let (clock, drain) = (Arc::new(HandClock::at(start)), CancellationToken::new());
        let ground = MemoryGround::default();
        let parts = boot::Parts {
            settings,
            journal,
            database,
            clock: clock.clone(),
            tasks: Tasks::default(),
            drain: drain.clone(),
            bound: SocketAddr::from(([127, 0, 0, 1], 7070)),
            // What measures is real; what is moved is not.
            machines: Some(Machines { observatory: Arc::new(Instruments::new(clock.clone())), ..ground.machines() }),
        };
        let web = boot::assemble(parts).await.expect("assembled");
        Self { router: web::router(&web), web, clock, drain, ground, _folder: folder }
    }

    pub fn admin(&self) -> Client {
        self.with_token(ADMIN)
    }

    pub fn anonymous(&self) -> Client {
        Client::new(&self.router)
    }

    pub fn with_token(&self, token: &str) -> Client {
        self.anonymous().with("authorization", &format!("Bearer {token}"))
    }

    pub fn seq(&self) -> u64 {
        self.web.control.seq()
    }

    pub async fn product(&self, slug: &str, playbook: &str) {
        let body = json!({ "slug": slug, "name": format!("The {slug}"), "playbook": playbook });
        self.admin().post("/products", &body).await.must(201);
    }

    /// Somebody with these roles (product and role), and a token for all that they may.
    pub async fn person(&self, name: &str, roles: &[(&str, &str)]) -> Person {
        let roles: Vec<Value> =
            roles.iter().map(|(product, role)| json!({ "product": product, "role": role })).collect();
        let added = self.admin().post("/users", &json!({ "name": name, "roles": roles })).await.must(201);
        let id = added["id"].as_str().expect("an id").to_owned();
        let token = self.token(&self.admin(), &id, &["*"]).await;
        Person { client: self.with_token(&token), id, token }
    }

    pub async fn token(&self, by: &Client, user: &str, scopes: &[&str]) -> String {
        let issued = by.post("/tokens", &json!({ "user": user, "scopes": scopes })).await.must(201);
        issued["token"].as_str().expect("a token").to_owned()
    }

    pub async fn live(&self, by: &Client, last: Option<u64>) -> Live {
        let by = last.map_or_else(|| by.clone(), |seq| by.clone().with("last-event-id", &seq.to_string()));
        let request = Request::get("/events");
        Live::of(by.response(request, Body::empty()).await)
    }
}

/// Made by `by`, in `product`, as this version; its digest.
pub async fn release(by: &Client, product: &str, version: &str) -> String {
    let made = by.post(&format!("/products/{product}/releases"), &json!({ "version": version })).await.must(201);
    made["digest"].as_str().expect("a digest").to_owned()
}

/// Where a release stands.
pub fn at(product: &str, version: &str) -> String {
    format!("/products/{product}/releases/{version}")
}

pub fn approval(role: &str, digest: &str) -> Value {
    json!({ "role": role, "decision": "approve", "digest": digest })
}
