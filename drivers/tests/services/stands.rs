//! The one contract for all drivers that can be asked, held by these four as well.

#[path = "../contract/mod.rs"]
mod contract;

use crate::{
    argo::Argo,
    argo_rollouts,
    cluster::{self, refusal},
    deployment::Api,
    github::{self, GitHub},
    github_actions,
    given::{place, task, version},
    kubernetes,
    service::{Answer, Service, Trouble, Vendor},
    vercel, vercel_project,
};
use async_trait::async_trait;
use axum::http::Method;
use contract::{Mood, Stand, holds};
use control::driver::{Connection, Driver, Task};
use domain::rollout::Action;
use drivers::{
    Accepted, argo_rollouts::ArgoRollouts, github_actions::GithubActions, kubernetes::Kubernetes, vercel::Vercel,
};
use serde_json::{Value, json};
use std::sync::Arc;

/// A port at which nobody listens.
const NOWHERE: &str = "http://127.0.0.1:1";

struct Counted<V: Vendor> {
    service: Service<V>,
    driver: Box<dyn Driver>,
    nowhere: fn() -> Box<dyn Driver>,
    write: Method,
    refusal: fn(u16) -> Answer,
    effects: fn(&mut V, &Task) -> usize,
    secret: &'static str,
}

#[async_trait]
impl<V: Vendor> Stand for Counted<V> {
    fn driver(&self) -> &dyn Driver {
        self.driver.as_ref()
    }

    fn nowhere(&self) -> Box<dyn Driver> {
        (self.nowhere)()
    }

    fn task(&self, number: u8) -> Task {
        Task { version: version(&format!("{number}.0.0")), ..task(number, Action::Deploy) }
    }

    async fn effects(&self, task: &Task) -> usize {
        self.service.vendor(|vendor| (self.effects)(vendor, task))
    }

    async fn next(&self, mood: Mood) {
        let trouble = match mood {
            Mood::LoseReply => Trouble::ReplyLost,
            Mood::NotNow => Trouble::Refused((self.refusal)(429)),
            Mood::Decline => Trouble::Refused((self.refusal)(422)),
        };
        self.service.trouble(self.write.clone(), trouble);
    }

    async fn mend(&self) {}

    fn secrets(&self) -> Vec<String> {
        vec![self.secret.to_owned()]
    }
}

fn elsewhere(settings: impl Fn(&Value) -> Connection) -> Connection {
    settings(&json!({ "api": NOWHERE }))
}

fn count(ledger: &[String], entry: &str) -> usize {
    ledger.iter().filter(|there| *there == entry).count()
}

#[tokio::test]
async fn github_actions_holds() {
    let service = GitHub::start().await;
    service.vendor(|github| github.diligent = true);
    holds(&Counted {
        driver: Box::new(github_actions::driver(&service)),
        service,
        nowhere: || {
            Box::new(
                GithubActions::new(&place(), &elsewhere(github_actions::settings), Arc::default()).expect("a driver"),
            )
        },
        write: Method::POST,
        refusal: |status| Answer::new(status, json!({ "message": "no" })),
        effects: |github, task| {
            github.runs.iter().filter(|run| run.inputs["key"] == task.key.to_string().as_str()).count()
        },
        secret: github::TOKEN,
    })
    .await;
}

#[tokio::test]
async fn kubernetes_holds() {
    let service = Api::start().await;
    service.vendor(|api| api.diligent = true);
    holds(&Counted {
        driver: Box::new(kubernetes::driver(&service)),
        service,
        nowhere: || Box::new(Kubernetes::new(&place(), &kubernetes::settings(NOWHERE, &json!({}))).expect("a driver")),
        write: Method::PATCH,
        refusal: |status| refusal(status, "Reason", "no"),
        effects: |api, task| api.ledger.iter().filter(|(_, key)| *key == task.key.to_string()).count(),
        secret: cluster::TOKEN,
    })
    .await;
}

#[tokio::test]
async fn argo_rollouts_holds() {
    let service = Argo::start().await;
    service.vendor(|argo| argo.attentive = true);
    holds(&Counted {
        driver: Box::new(argo_rollouts::driver(&service)),
        service,
        nowhere: || {
            Box::new(ArgoRollouts::new(&place(), &argo_rollouts::settings(NOWHERE, &json!({}))).expect("a driver"))
        },
        write: Method::PATCH,
        refusal: |status| refusal(status, "Reason", "no"),
        effects: |argo, task| {
            let image = format!("registry.example/shop:{}", task.version);
            argo.ledger.iter().filter(|(what, _)| *what == image).count()
        },
        secret: cluster::TOKEN,
    })
    .await;
}

#[tokio::test]
async fn vercel_holds() {
    let service = vercel_project::Vercel::start().await;
    service.vendor(|vercel| vercel.diligent = true);
    holds(&Counted {
        driver: Box::new(vercel::driver(&service)),
        service,
        nowhere: || {
            Box::new(Vercel::new(&place(), &elsewhere(vercel::settings), Arc::<Accepted>::default()).expect("a driver"))
        },
        write: Method::POST,
        refusal: |status| Answer::new(status, json!({ "message": "no" })),
        effects: |vercel, task| count(&vercel.ledger, &format!("build v{}", task.version)),
        secret: vercel_project::TOKEN,
    })
    .await;
}
