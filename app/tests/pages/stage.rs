//! A product whose production is a place in memory, and an engine that is moved by hand.

use crate::house::{Answer, House};
use chrono::TimeDelta;
use control::{
    Command, Order, Receipt,
    driver::{DriverKind, Settings},
    rollout::{Engine, Wiring},
    world::Choice,
};
use domain::{
    access::Actor,
    environment::{self, EnvironmentId},
    journal::Stream,
    product,
    release::{self, Decision, Numbering, ReleaseId, Verdict},
    rollout::{RolloutId, Verb},
    slug::{EnvName, ProductSlug},
};

/// What the figures are held against.
const LIMIT: &str = r#"
[[signal]]
id = "error_rate"
title = "Error rate"
measures = "error_share"

[[threshold]]
id = "roll_back_errors"
signal = "error_rate"
purpose = "roll_back"
limit = "> 5 %"
"#;

pub struct Stage {
    pub house: House,
    /// May promote in `till`.
    pub engineer: Actor,
    /// May approve there.
    pub manager: Actor,
    engine: Engine,
}

pub fn till() -> ProductSlug {
    "till".parse().expect("a slug")
}

pub fn production() -> EnvironmentId {
    EnvironmentId { product: till(), env: EnvName::production() }
}

impl Stage {
    /// `1.0.0` runs in the production of `till`; nothing moves it yet.
    pub async fn bare() -> Self {
        let house = House::new().await;
        let text = include_str!("../../../control/tests/rollout/playbook.toml").to_owned() + LIMIT;
        let publish = Command::PublishPlaybook("tests".parse().expect("a name"), text);
        house.control.order(Order::new(Actor::System, publish)).await.expect("published");
        let playbook = "tests".parse().expect("a name");
        let create = product::Command::Create { name: "Till".to_owned(), playbook, repository: None };
        house.control.order(Order::new(house.admin, Command::Product(till(), create))).await.expect("created");
        let engineer = house.person_of("till", "Eve Engineer", "engineer").await;
        let manager = house.person_of("till", "Mia Manager", "product_manager").await;
        let engine = Engine::new(house.control.clone(), "test".to_owned(), true);
        let stage = Self { house, engineer, manager, engine };
        let adopt = environment::Command::Adopt { version: "1.0.0".parse().expect("a version") };
        stage.order(stage.house.admin, Command::Environment(production(), adopt)).await;
        stage
    }

    /// The same with a driver in memory.
    pub async fn new() -> Self {
        let stage = Self::bare().await;
        let (kind, settings) = (DriverKind::Local, Settings::new());
        let wiring = Wiring { kind, settings, secrets: [].into(), smoke: vec![], health: None };
        let order = stage.house.control.wire(stage.house.admin, &production(), wiring).await.expect("wired");
        stage.house.control.order(order).await.expect("connected");
        stage
    }

    pub async fn order(&self, by: Actor, command: Command) -> Receipt {
        self.house.control.order(Order::new(by, command)).await.expect("accepted")
    }

    /// A release that the product manager has approved.
    pub async fn approved(&self, text: &str) -> ReleaseId {
        let id = self.candidate(text).await;
        let decision = Decision {
            role: "product_manager".parse().expect("a role"),
            env: EnvName::production(),
            gate: None,
            verdict: Verdict::Approve,
            seen: self.house.control.world().release(&id).expect("there").digest.clone(),
            comment: String::new(),
        };
        self.order(self.manager, Command::Release(id.clone(), release::Command::Decide(decision))).await;
        id
    }

    /// A release that waits for approval.
    pub async fn candidate(&self, text: &str) -> ReleaseId {
        let numbering = Numbering::Exact(text.parse().expect("a version"));
        let create = release::Create { numbering, kind: Some("patch".parse().expect("a type")), title: None };
        let receipt = self.order(self.engineer, Command::CreateRelease(till(), create)).await;
        let Stream::Release(id) = receipt.stream else { panic!("a release") };
        self.order(self.engineer, Command::Release(id.clone(), release::Command::RequestApproval)).await;
        id
    }

    pub async fn promote(&self, text: &str, strategy: &str) -> RolloutId {
        let choice = Choice { strategy: Some(strategy.parse().expect("a strategy")), initial_traffic: None };
        let version = text.parse().expect("a version");
        let (id, command) = self.house.control.promotion(production(), version, choice, None, String::new());
        self.order(self.engineer, command).await;
        id
    }

    pub async fn steer(&self, id: RolloutId, verb: Verb) {
        let command = self.house.control.steer(id, verb, "because".to_owned()).expect("a rollout");
        self.order(self.engineer, command).await;
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
        self.house.clock.advance(TimeDelta::minutes(minutes));
        self.go_on().await;
    }

    pub async fn page_of(&self, actor: Actor, id: RolloutId) -> Answer {
        self.house.get(Some(actor), &format!("/till/deployments/{id}")).await
    }

    pub async fn release_page(&self, actor: Actor, version: &str) -> Answer {
        self.house.get(Some(actor), &format!("/till/releases/{version}")).await
    }
}
