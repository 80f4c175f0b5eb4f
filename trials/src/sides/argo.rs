//! The other side of the driver `argo-rollouts`: a fake of a cluster with a Rollout for each product, with somebody in between.
//! Its ledger are the images that were written and what was pushed.
//!
//! A task is more than one write there: its mark, and what makes the controller go on. Each is an effect of its own.

use super::{
    between::{Between, Heard, Reader, Wanted},
    book::{Effect, Line, What},
    cue::Cue,
    kubernetes::{effect_of, unheard, version_of, was_called},
};
use crate::product::{NEW, OLD};
use axum::http::Method;
use fakes::{argo, cluster::kubeconfig, service::Service};
use serde_json::{Value, json};
use std::{collections::HashMap, sync::Arc};

/// The way back from all traffic ends with a push of its own, in the same call as the image.
pub const BACK_TO_FULL: &str = "back_to_full";

#[derive(Debug, Default)]
pub struct Argo {
    pub cue: Arc<Cue>,
    running: HashMap<String, (Arc<Service<argo::Argo>>, Between)>,
}

impl Argo {
    /// Its controller goes on as soon as anybody looks.
    pub async fn connection(&mut self, product: &str) -> anyhow::Result<Value> {
        let service = Arc::new(argo::Argo::start().await);
        service.vendor(|argo| argo.attentive = true);
        let between = Between::open(service.address, product, self.cue.clone(), Writes(service.clone())).await?;
        let kubeconfig = kubeconfig(&format!("http://{}", between.address));
        let settings = json!({
            "namespace": "production", "rollout": "shop", "container": "app",
            "image": "registry.example/shop:{{version}}", "allow_hosts": ["127.0.0.1"],
        });
        self.running.insert(product.to_owned(), (service, between));
        let secrets = json!({ "kubeconfig": kubeconfig });
        Ok(json!({ "driver": "argo-rollouts", "settings": settings, "secrets": secrets, "force": true }))
    }

    pub fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        for (product, (service, between)) in &self.running {
            let heard = between.lines();
            let did = |(what, key): &(String, String)| {
                let key = if what.starts_with('{') { pushed(key, what) } else { written(key) };
                let effect = effect_of(&heard, &key).unwrap_or_else(|| unheard(what));
                Line { what: What::Did, key, product: product.clone(), effect }
            };
            lines.extend(service.vendor(|argo| argo.ledger.iter().map(did).collect::<Vec<_>>()));
            lines.extend(heard);
        }
        lines
    }

    pub fn forget(&mut self, product: &str) {
        self.running.remove(product);
    }
}

fn written(key: &str) -> String {
    format!("{key} written")
}

fn pushed(key: &str, status: &str) -> String {
    format!("{key} {status}")
}

/// Patches of the Rollout and of its status write; everything else only looks.
#[derive(Debug)]
struct Writes(Arc<Service<argo::Argo>>);

impl Reader for Writes {
    fn wanted(&self, heard: &Heard<'_>) -> Wanted {
        if *heard.method != Method::PATCH {
            return Wanted::Look;
        }
        let (image, bears) = self.0.vendor(|argo| (argo.image(), argo.key()));
        let back = |version: &str| version == OLD && was_called(heard.before, NEW);
        let effect = |action: &str, version: &str, share: &str| {
            let [action, version, share] = [action, version, share].map(str::to_owned);
            Effect { action, version, share, ..Effect::default() }
        };
        let status = &heard.body["status"];
        if heard.path.ends_with("/status") {
            let version = version_of(&image);
            let action = match () {
                () if status["abort"] == true => "abort",
                () if status["promoteFull"] != true => "weight",
                () if back(version) => BACK_TO_FULL,
                () => "promote",
            };
            return Wanted::Act(pushed(&bears, &status.to_string()), effect(action, version, ""));
        }
        let Some(key) = heard.body["metadata"]["annotations"]["pilothouse.dev/key"].as_str() else {
            return Wanted::Look;
        };
        let to = heard.body["spec"]["template"]["spec"]["containers"][0]["image"].as_str();
        let first = || match to {
            None => effect("mark", version_of(&image), key),
            Some(to) if back(version_of(to)) => effect("roll_back", version_of(to), ""),
            Some(to) => effect("deploy", version_of(to), ""),
        };
        Wanted::Act(written(key), effect_of(heard.before, &written(key)).unwrap_or_else(first))
    }
}
