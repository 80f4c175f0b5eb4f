//! What Deployments and Rollouts have in common: a template with containers, a mark, and replica sets.

use super::{cluster::Cluster, fault::Unwritten, image::Image, mark::Mark, settings::Set};
use control::driver::{Arm, Fault, Finding};
use domain::{playbook::Percent, release::Version};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use kube::{
    api::{DynamicObject, Patch},
    core::{ApiResource, Selector},
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{collections::BTreeMap, future::Future, time::Duration};
use tokio::time::sleep;

/// So often it is looked at before a conflict is said.
const LOOKS: u32 = 5;
const BETWEEN: Duration = Duration::from_millis(100);

/// One object of a cluster that runs versions.
#[derive(Debug)]
pub(crate) struct Workload {
    pub cluster: Cluster,
    pub kind: ApiResource,
    pub name: String,
    pub container: String,
    pub image: Image,
}

/// One version's instances.
#[derive(Debug, Clone)]
pub(crate) struct ReplicaSet {
    pub labels: BTreeMap<String, String>,
    pub version: Option<Version>,
    pub instances: u32,
    pub healthy: u32,
}

#[derive(Deserialize)]
struct Counted {
    #[serde(default)]
    replicas: u32,
    #[serde(default, rename = "availableReplicas")]
    available: u32,
}

impl Workload {
    pub(crate) fn new(set: Set, kind: ApiResource) -> Self {
        Self { cluster: set.cluster, kind, name: set.name, container: set.container, image: set.image }
    }

    pub(crate) async fn get(&self) -> Result<DynamicObject, Fault> {
        self.cluster.get(&self.kind, &self.name).await
    }

    /// The image that the template of the object names for the container.
    pub(crate) fn current(&self, object: &DynamicObject) -> Result<String, Fault> {
        image_in(&object.data["spec"]["template"], &self.container).ok_or_else(|| {
            Fault::declined(format!(
                "{} “{}” has no container “{}” in its template. See the setting “container”.",
                self.kind.kind, self.name, self.container
            ))
        })
    }

    pub(crate) fn version(&self, object: &DynamicObject, image: &str) -> Option<Version> {
        Mark::on(object).version_of(image).or_else(|| self.image.version(image))
    }

    /// The replica sets that belong to the object and have instances.
    pub(crate) async fn replica_sets(&self, object: &DynamicObject) -> Result<Vec<ReplicaSet>, Fault> {
        let labels: LabelSelector = serde_json::from_value(object.data["spec"]["selector"].clone())
            .map_err(|why| Fault::not_done(format!("The selector of “{}” cannot be read: {why}.", self.name)))?;
        let selector = Selector::try_from(labels)
            .map_err(|why| Fault::not_done(format!("The selector of “{}” cannot be read: {why}.", self.name)))?;
        let kind = ApiResource::erase::<k8s_openapi::api::apps::v1::ReplicaSet>(&());
        let listed = self.cluster.list(&kind, &selector.to_string()).await?;
        let own = |set: &DynamicObject| {
            let owners = set.metadata.owner_references.iter().flatten();
            owners.into_iter().any(|owner| Some(&owner.uid) == object.metadata.uid.as_ref())
        };
        let read = |set: DynamicObject| {
            let image = image_in(&set.data["spec"]["template"], &self.container).unwrap_or_default();
            let counted =
                serde_json::from_value(set.data["status"].clone()).unwrap_or(Counted { replicas: 0, available: 0 });
            ReplicaSet {
                labels: set.metadata.labels.unwrap_or_default(),
                version: self.version(object, &image),
                instances: counted.replicas,
                healthy: counted.available,
            }
        };
        Ok(listed.into_iter().filter(own).map(read).filter(|set| set.instances > 0).collect())
    }

    /// Whether the object is there and may be changed. Nothing is changed.
    pub(crate) async fn findings(&self) -> (Vec<Finding>, Option<DynamicObject>) {
        let finding = |what: &str, tried: Result<String, Fault>| match tried {
            Ok(said) => Finding { what: what.to_owned(), good: true, said },
            Err(fault) => Finding { what: what.to_owned(), good: false, said: fault.said },
        };
        let what = format!("{} “{}”", self.kind.kind, self.name);
        let object = match self.get().await {
            Ok(object) => object,
            Err(fault) => return (vec![finding(&what, Err(fault))], None),
        };
        let mut findings = vec![finding(&what, self.current(&object).map(|image| format!("It runs {image}.")))];
        let empty = Patch::Merge(json!({ "metadata": { "annotations": {} } }));
        let allowed = self.cluster.rehearse(&self.kind, &self.name, &empty).await;
        findings.push(finding("Changing it", allowed.map(|()| "It would be allowed; nothing was changed.".to_owned())));
        let listed = self.replica_sets(&object).await;
        findings.push(finding(
            "Its replica sets",
            listed.map(|sets| format!("They can be listed: {} with instances.", sets.len())),
        ));
        (findings, Some(object))
    }
}

/// Looks again and decides again when the object has changed since it was looked at, which controllers do all the time.
pub(crate) async fn decided<T, F>(attempt: impl Fn() -> F) -> Result<T, Fault>
where
    F: Future<Output = Result<T, Unwritten>>,
{
    for _ in 1..LOOKS {
        match attempt().await {
            Err(unwritten) if unwritten.conflict => sleep(BETWEEN).await,
            answer => return Ok(answer?),
        }
    }
    Ok(attempt().await?)
}

/// Arms without their shares, which follow the healthy instances.
pub(crate) fn by_instances(sets: Vec<ReplicaSet>) -> Vec<Arm> {
    let whole: u32 = sets.iter().map(|set| set.healthy).sum();
    let share = |healthy: u32| match (healthy * 100).checked_div(whole) {
        Some(share) => Percent::of(u8::try_from(share).unwrap_or(100)),
        None => Percent::nothing(),
    };
    let mut arms: Vec<Arm> = sets
        .into_iter()
        .map(|set| Arm {
            version: set.version,
            share: share(set.healthy),
            instances: set.instances,
            healthy: set.healthy,
        })
        .collect();
    arms.sort_by_key(|arm| std::cmp::Reverse(arm.share));
    arms
}

fn image_in(template: &Value, container: &str) -> Option<String> {
    let containers = template["spec"]["containers"].as_array()?;
    let found = containers.iter().find(|one| one["name"] == container)?;
    found["image"].as_str().map(str::to_owned)
}
