//! A cluster with a Rollout and a controller that goes through its steps; what was asked of it is the ledger.

use crate::{
    cluster::{Object, description, refusal, schemas},
    published::{Call, Description},
    service::{Answer, Service, Vendor},
};
use axum::http::Method;
use serde_json::{Value, json};

#[derive(Debug)]
pub struct Argo {
    pub rollout: Object,
    /// Each write that had an effect: the image it set, or what it pushed; with the key that the object then bore.
    pub ledger: Vec<(String, String)>,
    /// The controller looks before each answer.
    pub attentive: bool,
}

const TEXT: &str = include_str!("../descriptions/argo-rollouts.json");

impl Argo {
    /// A Rollout at 1.9.0 that goes 0 %, 25 %, 50 %, an analysis, 75 % and on to full, and stops at each weight.
    pub async fn start() -> Service<Self> {
        let stop = json!({ "pause": {} });
        let steps = json!([
            { "setWeight": 0 }, stop, { "setWeight": 25 }, stop, { "setWeight": 50 }, stop,
            { "analysis": { "templates": [{ "templateName": "errors" }] } }, { "setWeight": 75 }, stop,
        ]);
        let rollout = json!({
            "apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout",
            "metadata": { "name": "shop", "namespace": "production", "uid": "u-1", "resourceVersion": "1", "generation": 1 },
            "spec": {
                "replicas": 4, "selector": { "matchLabels": { "app": "shop" } },
                "template": {
                    "metadata": { "labels": { "app": "shop" } },
                    "spec": { "containers": [
                        { "name": "app", "image": "registry.example/shop:1.9.0", "ports": [{ "containerPort": 8080 }] },
                        { "name": "sidecar", "image": "registry.example/proxy:7" },
                    ] },
                },
                "strategy": { "canary": { "trafficRouting": { "nginx": { "stableIngress": "shop" } }, "steps": steps } },
            },
            "status": {
                "observedGeneration": "1", "phase": "Healthy", "currentPodHash": "h-1.9.0", "stableRS": "h-1.9.0",
                "currentStepIndex": 9,
            },
        });
        let own = Description::read(TEXT).schemas();
        let mut all = schemas();
        all.extend(own);
        let rollout = Object::new(rollout, "io.argoproj.v1alpha1.Rollout", all);
        let argo = Self { rollout, ledger: Vec::new(), attentive: false };
        Service::start(argo, description(TEXT)).await
    }

    /// What the controller does when it looks: it takes in a new template, what was pushed, and goes on to the next stop.
    pub fn settle(&mut self) {
        let rollout = &self.rollout.value;
        let mut status = rollout["status"].clone();
        let steps = rollout["spec"]["strategy"]["canary"]["steps"].as_array().cloned().unwrap_or_default();
        let image = rollout["spec"]["template"]["spec"]["containers"][0]["image"].as_str().unwrap_or_default();
        let hash = format!("h-{}", image.rsplit(':').next().unwrap_or_default());
        let generation = rollout["metadata"]["generation"].to_string();
        let mut here = usize::try_from(status["currentStepIndex"].as_u64().unwrap_or_default()).expect("an index");
        if status["currentPodHash"] != hash.as_str() {
            // A new template forgets what was pushed for the one before.
            here = if status["stableRS"] == hash.as_str() { steps.len() } else { 0 };
            status = json!({ "stableRS": status["stableRS"], "currentPodHash": hash });
        } else if status["promoteFull"] == true {
            here = steps.len();
        } else if status["abort"] == true {
            (status["phase"], status["message"]) = (json!("Degraded"), json!("RolloutAborted: aborted"));
            status["canary"]["weights"] = weights(0);
            if status != self.rollout.value["status"] {
                self.rollout.change(&json!({ "status": status }));
            }
            return;
        } else if status["controllerPause"] == true && status["pauseConditions"].as_array().is_none_or(Vec::is_empty) {
            here += usize::from(steps[here].get("pause").is_some());
            status["controllerPause"] = json!(false);
        } else if status["phase"] == "Paused" {
            return;
        }
        status["observedGeneration"] = json!(generation);
        while let Some(step) = steps.get(here).filter(|step| step.get("pause").is_none()) {
            if let Some(weight) = step["setWeight"].as_u64() {
                status["canary"]["weights"] = weights(weight);
            }
            here += 1;
        }
        status["currentStepIndex"] = json!(here);
        if here < steps.len() {
            status["phase"] = json!("Paused");
            status["controllerPause"] = json!(true);
            status["pauseConditions"] = json!([{ "reason": "CanaryPauseStep", "startTime": "2026-03-01T10:00:00Z" }]);
        } else {
            status["phase"] = json!("Healthy");
            status["stableRS"] = status["currentPodHash"].clone();
            status["canary"]["weights"] = weights(0);
            for gone in ["promoteFull", "pauseConditions", "controllerPause", "message"] {
                status.as_object_mut().expect("an object").remove(gone);
            }
        }
        if status != self.rollout.value["status"] {
            self.rollout.value["status"] = Value::Null;
            self.rollout.change(&json!({ "status": status }));
        }
    }

    pub fn weight(&self) -> Value {
        self.rollout.value["status"]["canary"]["weights"]["canary"]["weight"].clone()
    }

    /// The stable version has all instances, the one that is coming has one, and an earlier one has none any more.
    fn replica_sets(&self) -> Value {
        let set = |hash: &str, instances: u32| {
            let version = hash.trim_start_matches("h-");
            json!({
                "metadata": {
                    "name": version, "labels": { "app": "shop", "rollouts-pod-template-hash": hash },
                    "ownerReferences": [{ "apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "name": "shop", "uid": "u-1" }],
                },
                "spec": {
                    "selector": { "matchLabels": { "app": "shop" } },
                    "template": { "spec": { "containers": [{ "name": "app", "image": format!("registry.example/shop:{version}") }] } },
                },
                "status": { "replicas": instances, "availableReplicas": instances },
            })
        };
        let hash = |name: &str| self.rollout.value["status"][name].as_str().unwrap_or_default();
        let (stable, current) = (hash("stableRS"), hash("currentPodHash"));
        let mut sets = vec![set(stable, 4), set("h-0.1.0", 0)];
        if current != stable {
            sets.push(set(current, 1));
        }
        json!({ "metadata": {}, "items": sets })
    }

    /// The key of whoever wrote last.
    pub fn key(&self) -> String {
        self.rollout.value["metadata"]["annotations"]["pilothouse.dev/key"].as_str().unwrap_or_default().to_owned()
    }

    pub fn image(&self) -> String {
        self.rollout.value["spec"]["template"]["spec"]["containers"][0]["image"].as_str().unwrap_or_default().to_owned()
    }

    fn patch(&mut self, call: &Call, status: bool) -> Result<(), Answer> {
        let mut patch = call.body.clone();
        let object = patch.as_object_mut().expect("an object");
        // Each of the two ways in changes its own part only.
        if status {
            object.retain(|name, _| name == "status" || name == "metadata");
            if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
                metadata.retain(|name, _| name == "resourceVersion");
            }
        } else {
            object.remove("status");
        }
        let before = self.image();
        let rehearsal = call.query.contains_key("dryRun");
        self.rollout.patch(&patch, false, rehearsal)?;
        if rehearsal {
            return Ok(());
        }
        let what = match (&patch["status"], status) {
            (pushed, true) => pushed.to_string(),
            _ if self.image() == before => "mark".to_owned(),
            _ => self.image(),
        };
        self.ledger.push((what, self.key()));
        Ok(())
    }
}

fn weights(canary: u64) -> Value {
    json!({ "canary": { "weight": canary }, "stable": { "weight": 100 - canary } })
}

impl Vendor for Argo {
    const AUTHORIZATION: &'static str = "Bearer eyJTheTokenOfTheServiceAccount";

    fn answer(&mut self, call: &Call) -> Answer {
        if call.path["namespace"] != "production" || call.path.get("name").is_some_and(|name| name != "shop") {
            return refusal(404, "NotFound", "rollouts.argoproj.io not found");
        }
        if call.template.ends_with("/replicasets") {
            return Answer::new(200, self.replica_sets());
        }
        if self.attentive {
            self.settle();
        }
        if call.method == Method::PATCH
            && let Err(refused) = self.patch(call, call.template.ends_with("/status"))
        {
            return refused;
        }
        Answer::new(200, self.rollout.value.clone())
    }
}
