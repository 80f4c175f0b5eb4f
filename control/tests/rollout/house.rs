//! An installation with one product, whose environments are places in memory, and an engine that is moved by hand.

use chrono::TimeDelta;
use control::{
    Command, Control, Opening, Order, Receipt,
    clock::HandClock,
    driver::{DriverKind, Settings},
    memory::{CountedSecrets, MemoryGround, MemoryInstruments, MemoryJournal},
    people::AddPerson,
    rollout::{Engine, Machines, Wiring},
    tasks::Tasks,
    world::Choice,
};
use domain::{
    Refusal, Timestamp,
    access::{Actor, Via},
    environment::{self, Environment, EnvironmentId},
    journal::Stream,
    person::{Grant, Nature, Reach},
    product,
    release::{self, Decision, Numbering, Release, ReleaseId, Verdict, Version},
    rollout::{Rollout, RolloutId, State, Verb},
    slug::{EnvName, ProductSlug},
};
use std::sync::Arc;

pub struct House {
    pub control: Control,
    pub ground: MemoryGround,
    pub instruments: MemoryInstruments,
    pub clock: Arc<HandClock>,
    pub admin: Actor,
    pub engineer: Actor,
    pub manager: Actor,
    journal: Arc<MemoryJournal>,
    engine: Engine,
    starts: u32,
    tasks: Tasks,
}

pub fn shop() -> ProductSlug {
    "shop".parse().expect("slug")
}

pub fn production() -> EnvironmentId {
    EnvironmentId { product: shop(), env: EnvName::production() }
}

pub fn version(text: &str) -> Version {
    text.parse().expect("a version")
}

async fn open(
    journal: Arc<MemoryJournal>,
    clock: Arc<HandClock>,
    ground: &MemoryGround,
    instruments: &MemoryInstruments,
) -> (Control, Tasks) {
    let tasks = Tasks::default();
    let opening = Opening {
        journal,
        clock,
        secrets: Arc::new(CountedSecrets::default()),
        machines: Machines { observatory: Arc::new(instruments.clone()), ..ground.machines() },
        tasks: tasks.clone(),
        follow: None,
    };
    (Control::open(opening, |_, _| {}).await.expect("opened"), tasks)
}

impl House {
    /// `1.0.0` runs in production, and a driver in memory moves it.
    pub async fn new() -> Self {
        let clock = Arc::new(HandClock::at(Timestamp::from_timestamp_nanos(1_760_000_000_000_000_000)));
        let (journal, ground) = (Arc::new(MemoryJournal::default()), MemoryGround::default());
        let instruments = MemoryInstruments::default();
        let (control, tasks) = open(journal.clone(), clock.clone(), &ground, &instruments).await;
        let text = include_str!("playbook.toml").to_owned();
        let publish = Command::PublishPlaybook("tests".parse().expect("name"), text);
        control.order(Order::new(Actor::System, publish)).await.expect("published");
        let link = control.set_up_link().await.expect("asked").expect("nobody is there yet");
        let password = "correct horse battery".to_owned();
        let session = control.set_up(&link, "Administrator", "admin@example.org", password).await.expect("set up");
        let admin = Actor::Person(session.person, Via::Session);
        let playbook = "tests".parse().expect("name");
        let create = product::Command::Create { name: "Shop".to_owned(), playbook, repository: None };
        control.order(Order::new(admin, Command::Product(shop(), create))).await.expect("created");
        let mut people = Vec::new();
        for role in ["engineer", "product_manager"] {
            let grants = [Grant { reach: Reach::Product(shop()), role: role.parse().expect("a role") }].into();
            let email = Some(format!("{role}@example.org"));
            let ask = AddPerson { name: role.to_owned(), email, nature: Nature::Human, grants };
            let invited = control.add_person(admin, ask).await.expect("added");
            people.push(Actor::Person(invited.person, Via::Session));
        }
        let adopt = environment::Command::Adopt { version: version("1.0.0") };
        control.order(Order::new(admin, Command::Environment(production(), adopt))).await.expect("adopted");
        let wiring = Wiring {
            kind: DriverKind::Local,
            settings: Settings::new(),
            secrets: [].into(),
            smoke: vec![],
            health: None,
        };
        let order = control.wire(admin, &production(), wiring).await.expect("wired");
        control.order(order).await.expect("connected");
        let engine = Engine::new(control.clone(), "first".to_owned(), true);
        let [engineer, manager] = people[..] else { panic!("two people") };
        Self { control, ground, instruments, clock, admin, engineer, manager, journal, engine, starts: 1, tasks }
    }

    /// The process ends without a word and starts again.
    pub async fn restart(&mut self) {
        let (control, tasks) = open(self.journal.clone(), self.clock.clone(), &self.ground, &self.instruments).await;
        self.starts += 1;
        self.engine = Engine::new(control.clone(), format!("start {}", self.starts), true);
        self.control = control;
        std::mem::replace(&mut self.tasks, tasks).stop().await;
    }

    pub async fn order(&self, by: Actor, command: Command) -> Receipt {
        let words = format!("{command:?}");
        self.control.order(Order::new(by, command)).await.unwrap_or_else(|no| panic!("{words}: {no}"))
    }

    pub async fn refused(&self, by: Actor, command: Command) -> Refusal {
        self.control.order(Order::new(by, command)).await.expect_err("refused")
    }

    /// A release that the product manager has approved.
    pub async fn approved(&self, text: &str) -> ReleaseId {
        let numbering = Numbering::Exact(version(text));
        let create = release::Create { numbering, kind: Some("patch".parse().expect("a type")), title: None };
        let receipt = self.order(self.engineer, Command::CreateRelease(shop(), create)).await;
        let Stream::Release(id) = receipt.stream else { panic!("a release") };
        self.order(self.engineer, Command::Release(id.clone(), release::Command::RequestApproval)).await;
        self.decide(&id, Verdict::Approve).await;
        id
    }

    pub async fn decide(&self, id: &ReleaseId, verdict: Verdict) {
        let decision = Decision {
            role: "product_manager".parse().expect("a role"),
            env: EnvName::production(),
            gate: None,
            verdict,
            seen: self.release(id).digest,
            comment: "seen".to_owned(),
        };
        self.order(self.manager, Command::Release(id.clone(), release::Command::Decide(decision))).await;
    }

    pub fn release(&self, id: &ReleaseId) -> Release {
        self.control.world().release(id).expect("there").clone()
    }

    pub fn promotion(&self, text: &str, strategy: &str) -> (RolloutId, Command) {
        let choice = Choice { strategy: Some(strategy.parse().expect("a strategy")), initial_traffic: None };
        self.control.promotion(production(), version(text), choice, None, String::new())
    }

    pub async fn promote(&self, text: &str, strategy: &str) -> RolloutId {
        let (id, command) = self.promotion(text, strategy);
        self.order(self.engineer, command).await;
        id
    }

    pub async fn steer(&self, id: RolloutId, verb: Verb) {
        let command = self.control.steer(id, verb, "because".to_owned()).expect("a rollout");
        self.order(self.engineer, command).await;
    }

    pub async fn roll_back(&self, to: Option<&str>) -> RolloutId {
        let command = self.control.way_back(production(), to.map(version), "it burns".to_owned());
        self.order(self.engineer, command).await;
        self.control.leading_back(&production()).expect("a rollout")
    }

    /// Everything that is due now happens, until nothing more is.
    pub async fn go_on(&mut self) {
        for _ in 0..200 {
            let round = self.engine.round().await;
            self.engine.settle().await;
            if round.begun == 0 {
                return;
            }
        }
        panic!("it never comes to rest");
    }

    pub async fn minutes_later(&mut self, minutes: i64) {
        self.clock.advance(TimeDelta::minutes(minutes));
        self.go_on().await;
    }

    pub async fn seconds_later(&mut self, seconds: i64) {
        self.clock.advance(TimeDelta::seconds(seconds));
        self.go_on().await;
    }

    pub fn rollout(&self, id: RolloutId) -> Rollout {
        self.control.world().rollout(id).expect("there").clone()
    }

    pub fn state(&self, id: RolloutId) -> State {
        let world = self.control.world();
        world.rollout_state(world.rollout(id).expect("there"))
    }

    pub fn production(&self) -> Environment {
        self.control.world().environment(&production()).expect("there").clone()
    }

    pub fn running(&self) -> String {
        self.production().running().expect("something runs").version.to_string()
    }

    /// What was really done, as words.
    pub fn ledger(&self) -> Vec<String> {
        let words = |effect: control::memory::Effect| match effect.action.share() {
            Some(share) => format!("{} {} {share}", effect.action.kind(), effect.version),
            None => format!("{} {}", effect.action.kind(), effect.version),
        };
        self.ground.ledger().into_iter().map(words).collect()
    }
}
