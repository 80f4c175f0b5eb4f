//! The other side of the driver `vercel`: a fake of a project for each product that holds requests against the published
//! description, with somebody in between. Its ledger are the builds and the turns of the domains.

use super::{
    between::{Between, Heard, Reader, Wanted},
    book::{Effect, Line, What},
    cue::Cue,
};
use axum::http::Method;
use fakes::{
    service::Service,
    vercel_project::{self, PROJECT, TOKEN},
};
use serde_json::{Value, json};
use std::{collections::HashMap, sync::Arc};

#[derive(Debug, Default)]
pub struct Vercel {
    pub cue: Arc<Cue>,
    running: HashMap<String, (Arc<Service<vercel_project::Vercel>>, Between)>,
}

impl Vercel {
    /// What it was asked for is done as soon as anybody looks.
    pub async fn connection(&mut self, product: &str) -> anyhow::Result<Value> {
        let service = Arc::new(vercel_project::Vercel::start().await);
        service.vendor(|vercel| vercel.diligent = true);
        let between = Between::open(service.address, product, self.cue.clone(), Posts(service.clone())).await?;
        let settings = json!({
            "project": PROJECT, "team": "team_7", "repository": "acme/shop", "listed_within_seconds": 1,
            "api": format!("http://{}", between.address), "allow_hosts": ["127.0.0.1"],
        });
        self.running.insert(product.to_owned(), (service, between));
        Ok(json!({ "driver": "vercel", "settings": settings, "secrets": { "token": TOKEN }, "force": true }))
    }

    pub fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        for (product, (service, between)) in &self.running {
            lines.extend(between.lines());
            lines.extend(service.vendor(|vercel| {
                let did = |entry: &String| {
                    let (what, of) = entry.split_once(' ').unwrap_or((entry, ""));
                    let effect = effect(vercel, what, of);
                    Line { what: What::Did, key: entry.clone(), product: product.clone(), effect }
                };
                vercel.ledger.iter().map(did).collect::<Vec<_>>()
            }));
        }
        lines
    }

    pub fn forget(&mut self, product: &str) {
        self.running.remove(product);
    }
}

/// Posts build and turn; everything else only looks.
#[derive(Debug)]
struct Posts(Arc<Service<vercel_project::Vercel>>);

impl Reader for Posts {
    fn wanted(&self, heard: &Heard<'_>) -> Wanted {
        if *heard.method != Method::POST {
            return Wanted::Look;
        }
        let mut last = heard.path.rsplit('/');
        let (what, of) = match (last.next(), last.next()) {
            (Some(deployment), Some(what @ ("promote" | "rollback"))) => (what, deployment),
            _ => ("build", heard.body["gitSource"]["ref"].as_str().unwrap_or_default()),
        };
        Wanted::Act(format!("{what} {of}"), self.0.vendor(|vercel| effect(vercel, what, of)))
    }
}

/// In the words of the fake's ledger: a tag is built, the domains are turned to a deployment.
fn effect(vercel: &vercel_project::Vercel, what: &str, of: &str) -> Effect {
    let (action, version) = match what {
        "build" => ("deploy", of.trim_start_matches('v').to_owned()),
        "rollback" => ("roll_back", vercel.version(of)),
        other => (other, vercel.version(of)),
    };
    Effect { action: action.to_owned(), version, ..Effect::default() }
}
