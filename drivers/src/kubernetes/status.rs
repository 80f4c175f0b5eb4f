//! How far a Deployment has come, as its controller says.

use domain::playbook::Percent;
use kube::api::DynamicObject;
use serde::Deserialize;

/// What the driver reads of a Deployment.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Status {
    observed_generation: i64,
    replicas: u32,
    updated_replicas: u32,
    available_replicas: u32,
    conditions: Vec<Condition>,
}

#[derive(Debug, Deserialize)]
struct Condition {
    r#type: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    message: String,
}

/// How far the instances are those of the template.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Rolled {
    Out,
    Underway(String),
    Stuck(String),
}

pub(super) fn rolled(object: &DynamicObject) -> Rolled {
    let status: Status = serde_json::from_value(object.data["status"].clone()).unwrap_or_default();
    let wanted = object.data["spec"]["replicas"].as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or(1);
    if status.observed_generation < object.metadata.generation.unwrap_or_default() {
        return Rolled::Underway("The cluster has not looked at the change yet.".to_owned());
    }
    let condition = |kind: &str| status.conditions.iter().find(|condition| condition.r#type == kind);
    if let Some(late) = condition("Progressing").filter(|progress| progress.reason == "ProgressDeadlineExceeded") {
        return Rolled::Stuck(format!("The instances did not become available in time: {}", late.message));
    }
    let failing = condition("ReplicaFailure").filter(|failure| failure.status == "True");
    let failing = failing.map(|failure| format!(" Instances cannot be made: {}", failure.message)).unwrap_or_default();
    let (updated, available) = (status.updated_replicas, status.available_replicas);
    if updated < wanted {
        Rolled::Underway(format!("{updated} of {wanted} instances run the version.{failing}"))
    } else if status.replicas > updated {
        Rolled::Underway(format!("{} earlier instances still end.", status.replicas - updated))
    } else if available < updated {
        Rolled::Underway(format!("{available} of {updated} instances are available.{failing}"))
    } else {
        Rolled::Out
    }
}

/// Once it is out, no other version has traffic.
pub(super) fn share(back: bool) -> Percent {
    if back { Percent::nothing() } else { Percent::whole() }
}
