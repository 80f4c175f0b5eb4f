//! The other side of the driver `github-actions`: a fake of GitHub for each product that holds requests against the published
//! description, with somebody in between. Its ledger are the runs that were started.

use super::{
    between::{Between, Heard, Reader, Wanted},
    book::{Effect, Line, What},
    cue::Cue,
};
use axum::http::Method;
use fakes::{
    github::{GitHub, TOKEN},
    service::Service,
};
use serde_json::{Value, json};
use std::{collections::HashMap, sync::Arc};

#[derive(Debug, Default)]
pub struct Github {
    pub cue: Arc<Cue>,
    running: HashMap<String, (Service<GitHub>, Between)>,
}

impl Github {
    /// Its workflow ends well as soon as anybody looks.
    pub async fn connection(&mut self, product: &str) -> anyhow::Result<Value> {
        let service = GitHub::start().await;
        service.vendor(|github| github.diligent = true);
        let between = Between::open(service.address, product, self.cue.clone(), Dispatches).await?;
        let settings = json!({
            "repository": "acme/shop", "workflow": "deploy.yml", "api": format!("http://{}", between.address),
            "allow_hosts": ["127.0.0.1"], "listed_within_seconds": 1,
            "actions": ["deploy", "weight", "promote", "retire", "roll_back"],
        });
        self.running.insert(product.to_owned(), (service, between));
        Ok(json!({ "driver": "github-actions", "settings": settings, "secrets": { "token": TOKEN }, "force": true }))
    }

    pub fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        for (product, (service, between)) in &self.running {
            lines.extend(between.lines());
            let did = |inputs: &Value| {
                let (key, effect) = read(inputs);
                Line { what: What::Did, key, product: product.clone(), effect }
            };
            lines.extend(service.vendor(|github| github.runs.iter().map(|run| did(&run.inputs)).collect::<Vec<_>>()));
        }
        lines
    }

    pub fn forget(&mut self, product: &str) {
        self.running.remove(product);
    }
}

/// Dispatches start runs; everything else only looks.
#[derive(Debug)]
struct Dispatches;

impl Reader for Dispatches {
    fn wanted(&self, heard: &Heard<'_>) -> Wanted {
        if *heard.method == Method::POST && heard.path.ends_with("/dispatches") {
            let (key, effect) = read(&heard.body["inputs"]);
            Wanted::Act(key, effect)
        } else {
            Wanted::Look
        }
    }
}

fn read(inputs: &Value) -> (String, Effect) {
    let text = |name: &str| inputs[name].as_str().unwrap_or_default().to_owned();
    let effect =
        Effect { action: text("action"), version: text("version"), share: text("percentage"), ..Effect::default() };
    (text("key"), effect)
}
