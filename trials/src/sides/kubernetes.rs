//! The other side of the driver `kubernetes`: a fake of a cluster for each product that holds requests against the published
//! description, with somebody in between. Its ledger are the images that were written onto its Deployment.

use super::{
    between::{Between, Heard, Reader, Wanted},
    book::{Effect, Line, What},
    cue::Cue,
};
use crate::product::{NEW, OLD};
use axum::http::Method;
use fakes::{cluster::kubeconfig, deployment::Api, service::Service};
use serde_json::{Value, json};
use std::{collections::HashMap, sync::Arc};

#[derive(Debug, Default)]
pub struct Kubernetes {
    pub cue: Arc<Cue>,
    running: HashMap<String, (Arc<Service<Api>>, Between)>,
}

impl Kubernetes {
    /// Its controller is done as soon as anybody looks.
    pub async fn connection(&mut self, product: &str) -> anyhow::Result<Value> {
        let service = Arc::new(Api::start().await);
        service.vendor(|api| api.diligent = true);
        let between = Between::open(service.address, product, self.cue.clone(), Writes(service.clone())).await?;
        let kubeconfig = kubeconfig(&format!("http://{}", between.address));
        let settings = json!({
            "namespace": "production", "deployment": "shop", "container": "app",
            "image": "registry.example/shop:{{version}}", "allow_hosts": ["127.0.0.1"],
        });
        self.running.insert(product.to_owned(), (service, between));
        let secrets = json!({ "kubeconfig": kubeconfig });
        Ok(json!({ "driver": "kubernetes", "settings": settings, "secrets": secrets, "force": true }))
    }

    pub fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        for (product, (service, between)) in &self.running {
            let heard = between.lines();
            let did = |(image, key): &(String, String)| {
                let effect = effect_of(&heard, key).unwrap_or_else(|| unheard(image));
                Line { what: What::Did, key: key.clone(), product: product.clone(), effect }
            };
            lines.extend(service.vendor(|api| api.ledger.iter().map(did).collect::<Vec<_>>()));
            lines.extend(heard);
        }
        lines
    }

    pub fn forget(&mut self, product: &str) {
        self.running.remove(product);
    }
}

/// Patches under a key write; everything else only looks.
#[derive(Debug)]
struct Writes(Arc<Service<Api>>);

impl Reader for Writes {
    fn wanted(&self, heard: &Heard<'_>) -> Wanted {
        let key = heard.body["metadata"]["annotations"]["pilothouse.dev/key"].as_str();
        let Some(key) = key.filter(|_| *heard.method == Method::PATCH) else { return Wanted::Look };
        let image = heard.body["spec"]["template"]["spec"]["containers"][0]["image"].as_str().unwrap_or_default();
        let stands = self.0.vendor(|api| api.image() == image);
        let effect = effect_of(heard.before, key).unwrap_or_else(|| {
            let version = version_of(image);
            let action = match stands {
                _ if version == OLD && was_called(heard.before, NEW) => "roll_back",
                true => "promote",
                false => "deploy",
            };
            Effect { action: action.to_owned(), version: version.to_owned(), ..Effect::default() }
        });
        Wanted::Act(key.to_owned(), effect)
    }
}

/// Requests name no action: a key keeps the one that it was first called for.
pub fn effect_of(lines: &[Line], key: &str) -> Option<Effect> {
    lines.iter().find(|line| line.what == What::Called && line.key == key).map(|line| line.effect.clone())
}

/// A write that did not come this way.
pub fn unheard(image: &str) -> Effect {
    Effect { action: "unheard".to_owned(), version: version_of(image).to_owned(), ..Effect::default() }
}

pub fn version_of(image: &str) -> &str {
    image.rsplit(':').next().unwrap_or_default()
}

pub fn was_called(lines: &[Line], version: &str) -> bool {
    lines.iter().any(|line| line.what == What::Called && line.effect.version == version)
}
