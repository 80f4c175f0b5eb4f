//! A small installation in memory, and a browser without scripts to look at it.

use app::{App, Document, Head, session::SessionCookie, shell};
use async_trait::async_trait;
use axum::{
    Router,
    body::{Body, to_bytes},
};
use control::{
    Command, Control, Opening, Order,
    clock::HandClock,
    driver::{
        Asked, Connection, Driver, DriverKind, Fault, Field, FieldKind, Finding, Observed, Progress, Task, Workshop,
    },
    memory::{CountedSecrets, MemoryGround, MemoryInstruments, MemoryJournal},
    monitor::{self, Inbox, Monitor, MonitorKind, Observatory},
    people::AddPerson,
    rollout::Machines,
    tasks::Tasks,
};
use domain::{
    Refusal, Timestamp,
    access::{Actor, Via},
    environment::EnvironmentId,
    journal::Stream,
    person::{Grant, Nature, Reach},
    product,
    release::{self, Bump, Numbering, ReleaseId},
    rollout::Abilities,
};
use http::{HeaderMap, Request, StatusCode};
use leptos::{config::LeptosOptions, prelude::provide_context};
use leptos_axum::{LeptosRoutes, generate_route_list};
use std::sync::Arc;
use tower::ServiceExt;

pub struct House {
    pub control: Control,
    pub admin: Actor,
    /// Where versions run once something is connected.
    pub ground: MemoryGround,
    /// What measures them once something is connected.
    pub instruments: MemoryInstruments,
    pub clock: Arc<HandClock>,
    pages: Router,
}

pub struct Answer {
    pub status: StatusCode,
    pub location: Option<String>,
    pub text: String,
}

impl House {
    /// One administrator, and the product `shop` on the playbook `orca`.
    pub async fn new() -> Self {
        let clock = Arc::new(HandClock::at(Timestamp::from_timestamp_nanos(1_760_000_000_000_000_000)));
        let (ground, instruments) = (MemoryGround::default(), MemoryInstruments::default());
        let opening = Opening {
            journal: Arc::new(MemoryJournal::default()),
            clock: clock.clone(),
            secrets: Arc::new(CountedSecrets::default()),
            machines: Machines {
                workshop: Arc::new(Fielded(ground.clone())),
                observatory: Arc::new(Measured(instruments.clone())),
                ..ground.machines()
            },
            tasks: Tasks::default(),
            follow: None,
        };
        let control = Control::open(opening, |_, _| {}).await.expect("opened");
        let text = include_str!("../../../playbooks/orca.toml").to_owned();
        let publish = Command::PublishPlaybook("orca".parse().expect("name"), text);
        control.order(Order::new(Actor::System, publish)).await.expect("published");
        let link = control.set_up_link().await.expect("asked").expect("nobody is there yet");
        let password = "correct horse battery".to_owned();
        let session = control.set_up(&link, "Ada Admin", "ada@example.org", password).await.expect("set up");
        let admin = Actor::Person(session.person, Via::Session);
        let create = product::Command::Create {
            name: "Shop".to_owned(),
            playbook: "orca".parse().expect("name"),
            repository: None,
        };
        let slug = "shop".parse().expect("slug");
        control.order(Order::new(admin, Command::Product(slug, create))).await.expect("created");
        let pages = pages(control.clone());
        Self { control, admin, ground, instruments, clock, pages }
    }

    /// Somebody with a role in `shop`.
    pub async fn person(&self, name: &str, role: &str) -> Actor {
        self.person_of("shop", name, role).await
    }

    pub async fn person_of(&self, product: &str, name: &str, role: &str) -> Actor {
        let grant = Grant { reach: Reach::Product(product.parse().expect("slug")), role: role.parse().expect("role") };
        let ask = AddPerson { name: name.to_owned(), email: None, nature: Nature::Human, grants: [grant].into() };
        let invited = self.control.add_person(self.admin, ask).await.expect("added");
        Actor::Person(invited.person, Via::Session)
    }

    /// A minor release of `shop`, made by `actor` and put up for approval.
    pub async fn release(&self, actor: Actor, title: &str) -> ReleaseId {
        let create =
            release::Create { numbering: Numbering::Bump(Bump::Minor), kind: None, title: Some(title.to_owned()) };
        let order = Order::new(actor, Command::CreateRelease("shop".parse().expect("slug"), create));
        let receipt = self.control.order(order).await.expect("created");
        let Stream::Release(id) = receipt.stream else { panic!("no release") };
        let ask = Command::Release(id.clone(), release::Command::RequestApproval);
        self.control.order(Order::new(actor, ask)).await.expect("asked");
        id
    }

    pub async fn get(&self, actor: Option<Actor>, path: &str) -> Answer {
        let request = Request::get(path).header("accept", "text/html").body(Body::empty()).expect("a request");
        self.ask(actor, request).await
    }

    /// Overview as it is written past routes and signals.
    pub fn overview(&self, actor: Actor) -> Option<String> {
        let (head, headers) = (Head::new(HEAD), HeaderMap::new());
        let document =
            Document { head: &head, nonce: "", control: &self.control, actor, headers: &headers, demo: false };
        document.overview().map(|text| text.replace("<!>", ""))
    }

    /// What a form sends from a browser with scripts.
    pub async fn post(&self, actor: Option<Actor>, path: &str, body: &str) -> Answer {
        let request = Request::post(path)
            .header("accept", "application/json")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body.to_owned()))
            .expect("a request");
        self.ask(actor, request).await
    }

    async fn ask(&self, actor: Option<Actor>, mut request: Request<Body>) -> Answer {
        if let Some(actor) = actor {
            request.extensions_mut().insert(actor);
        }
        let response = self.pages.clone().oneshot(request).await.expect("an answer");
        let status = response.status();
        let location = response.headers().get("location").and_then(|v| v.to_str().ok()).map(str::to_owned);
        let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        // Markers by which the browser finds its place are nothing that people read.
        Answer { status, location, text: String::from_utf8_lossy(&bytes).replace("<!>", "") }
    }
}

/// The memory's drivers, with a form of one field of each kind; a test of it finds what `health` says.
#[derive(Debug)]
struct Fielded(MemoryGround);

const FIELDS: [Field; 3] = [
    Field { name: "url", title: "Address", help: "Where it listens.", kind: FieldKind::Text, required: true },
    Field { name: "token", title: "Token", help: "Of a robot.", kind: FieldKind::Secret, required: false },
    Field { name: "deploy", title: "Deploy", help: "A program.", kind: FieldKind::Argv, required: false },
];

impl Workshop for Fielded {
    fn driver(&self, place: &EnvironmentId, connection: &Connection) -> Result<Arc<dyn Driver>, Refusal> {
        match connection.settings.get("url").and_then(|url| url.as_str()) {
            Some("wrong") => Err(Refusal::invalid("url", "“wrong”", "an address")),
            Some("silent") => Ok(Arc::new(Silent)),
            _ => self.0.driver(place, connection),
        }
    }

    fn fields(&self, _: DriverKind) -> &'static [Field] {
        &FIELDS
    }
}

/// The memory's monitors, with the same form.
#[derive(Debug)]
struct Measured(MemoryInstruments);

impl Observatory for Measured {
    fn monitor(&self, place: &EnvironmentId, connection: &monitor::Connection) -> Result<Arc<dyn Monitor>, Refusal> {
        match connection.settings.get("url").and_then(|url| url.as_str()) {
            Some("wrong") => Err(Refusal::invalid("url", "“wrong”", "an address")),
            _ => self.0.monitor(place, connection),
        }
    }

    fn inbox(&self, connection: &monitor::Connection) -> Result<Arc<dyn Inbox>, Refusal> {
        self.0.inbox(connection)
    }

    fn fields(&self, _: MonitorKind) -> &'static [Field] {
        &FIELDS
    }
}

/// Nobody answers there.
#[derive(Debug)]
struct Silent;

#[async_trait]
impl Driver for Silent {
    fn abilities(&self) -> Abilities {
        Abilities::of([], false)
    }

    async fn perform(&self, _: &Task) -> Result<Progress, Fault> {
        Err(Fault::not_done("nobody answers"))
    }

    async fn ask(&self, _: &Task) -> Asked {
        Asked::NeverSeen
    }

    async fn observe(&self) -> Result<Observed, Fault> {
        Ok(Observed::default())
    }

    async fn test(&self) -> Vec<Finding> {
        vec![Finding { what: "Address".to_owned(), good: false, said: "Nobody answers there.".to_owned() }]
    }
}

const HEAD: &str = "<meta charset=\"utf-8\">";

fn pages(control: Control) -> Router {
    let options = LeptosOptions::builder().output_name("web").build();
    let context = move || {
        provide_context(control.clone());
        provide_context(SessionCookie { name: "session".to_owned(), secure: false });
    };
    Router::new()
        .leptos_routes_with_context(&options, generate_route_list(App), context, || shell(&Head::new(HEAD)))
        .with_state(options)
}
