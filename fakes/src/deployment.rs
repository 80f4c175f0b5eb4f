//! A cluster with a Deployment, whose API server keeps a ledger of the images it was given.

use crate::{
    cluster::{Object, description, refusal, schemas},
    published::Call,
    service::{Answer, Service, Vendor},
};
use axum::http::Method;
use serde_json::{Value, json};
use std::collections::VecDeque;

#[derive(Debug)]
pub struct Api {
    pub deployment: Object,
    replica_sets: Value,
    /// Every image that was written, with the key it came under.
    pub ledger: Vec<(String, String)>,
    /// What somebody else changes, each right after a look.
    pub meanwhile: VecDeque<Value>,
    /// The controller is done as soon as anybody looks.
    pub diligent: bool,
}

impl Api {
    pub async fn start() -> Service<Self> {
        let template = |image: &str| {
            json!({
                "metadata": { "labels": { "app": "shop" } },
                "spec": { "containers": [{ "name": "app", "image": image }, { "name": "sidecar", "image": "registry.example/proxy:7" }] },
            })
        };
        let deployment = json!({
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": { "name": "shop", "namespace": "production", "uid": "u-1", "resourceVersion": "41", "generation": 3 },
            "spec": { "replicas": 4, "selector": { "matchLabels": { "app": "shop" } }, "template": template("registry.example/shop:1.9.0") },
            "status": { "observedGeneration": 3, "replicas": 4, "updatedReplicas": 4, "readyReplicas": 4, "availableReplicas": 4 },
        });
        let set = |name: &str, image: &str, owner: &str, replicas: u32, available: u32| {
            json!({
                "metadata": {
                    "name": name, "labels": { "app": "shop" },
                    "ownerReferences": [{ "apiVersion": "apps/v1", "kind": "Deployment", "name": "shop", "uid": owner }],
                },
                "spec": { "selector": { "matchLabels": { "app": "shop" } }, "template": template(image) },
                "status": { "replicas": replicas, "availableReplicas": available },
            })
        };
        let replica_sets = json!({
            "apiVersion": "apps/v1", "kind": "ReplicaSetList", "metadata": {},
            "items": [
                set("shop-1", "registry.example/shop:1.9.0", "u-1", 3, 3),
                set("shop-2", "registry.example/shop:2.0.0", "u-1", 2, 1),
                set("shop-0", "registry.example/shop:1.8.0", "u-1", 0, 0),
                set("other", "registry.example/shop:0.1.0", "u-2", 9, 9),
            ],
        });
        let deployment = Object::new(deployment, "io.k8s.api.apps.v1.Deployment", schemas());
        let api = Self { deployment, replica_sets, ledger: Vec::new(), meanwhile: VecDeque::new(), diligent: false };
        Service::start(api, description(include_str!("../descriptions/kubernetes.json"))).await
    }

    /// The controller has caught up: all instances are those of the template.
    pub fn roll_out(&mut self) {
        let generation = &self.deployment.value["metadata"]["generation"];
        let status = json!({ "observedGeneration": generation, "replicas": 4, "updatedReplicas": 4, "availableReplicas": 4, "conditions": [] });
        self.deployment.change(&json!({ "status": status }));
        self.stand_up();
    }

    /// Of its replica sets, the one with the image of the template has all instances, and is made where none has it.
    fn stand_up(&mut self) {
        let template = self.deployment.value["spec"]["template"].clone();
        let image = |template: &Value| template["spec"]["containers"][0]["image"].clone();
        let sets = self.replica_sets["items"].as_array_mut().expect("a list");
        if sets.iter().all(|set| image(&set["spec"]["template"]) != image(&template)) {
            let mut set = sets.first().expect("a set").clone();
            set["metadata"]["name"] = json!(format!("shop-{}", sets.len()));
            set["spec"]["template"] = template.clone();
            sets.push(set);
        }
        for set in sets.iter_mut().filter(|set| set["metadata"]["ownerReferences"][0]["uid"] == "u-1") {
            let count = if image(&set["spec"]["template"]) == image(&template) { 4 } else { 0 };
            set["status"] = json!({ "replicas": count, "availableReplicas": count });
        }
    }

    /// What the template holds.
    pub fn image(&self) -> String {
        let image = &self.deployment.value["spec"]["template"]["spec"]["containers"][0]["image"];
        image.as_str().unwrap_or_default().to_owned()
    }
}

impl Vendor for Api {
    const AUTHORIZATION: &'static str = "Bearer eyJTheTokenOfTheServiceAccount";

    fn answer(&mut self, call: &Call) -> Answer {
        if call.path["namespace"] != "production" || call.path.get("name").is_some_and(|name| name != "shop") {
            return refusal(404, "NotFound", "deployments.apps not found");
        }
        if call.template.ends_with("/replicasets") {
            assert_eq!(call.query["labelSelector"], "app=shop");
            return Answer::new(200, self.replica_sets.clone());
        }
        if call.method == Method::PATCH {
            let rehearsal = call.query.contains_key("dryRun");
            let strategic = call.content_type == "application/strategic-merge-patch+json";
            if let Err(refused) = self.deployment.patch(&call.body, strategic, rehearsal) {
                return refused;
            }
            if !rehearsal {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                self.ledger.push((
                    self.image(),
                    text(&self.deployment.value["metadata"]["annotations"]["pilothouse.dev/key"]),
                ));
            }
        }
        if self.diligent && call.method == Method::GET {
            self.roll_out();
        }
        let answer = Answer::new(200, self.deployment.value.clone());
        if let Some(change) = self.meanwhile.pop_front() {
            self.deployment.change(&change);
        }
        answer
    }
}
