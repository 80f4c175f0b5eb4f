//! Kubernetes: a Deployment whose image is set to the version's, and followed until the instances are that version's.
//!
//! A Deployment has no weights: traffic follows the instances. Setting an image therefore moves all traffic, batch by batch, as the
//! Deployment's own strategy says; promoting finds it moved already, and the way back is the earlier version's image.

pub(crate) mod cluster;
pub(crate) mod fault;
pub(crate) mod image;
mod kubeconfig;
pub(crate) mod mark;
pub(crate) mod settings;
mod status;
pub(crate) mod workload;

pub use settings::FIELDS;

use crate::patience::patiently;
use async_trait::async_trait;
use control::driver::{Asked, Connection, Done, Driver, Fault, Finding, Observed, Progress, Task};
use domain::{
    Refusal,
    environment::EnvironmentId,
    rollout::{Abilities, Action, ActionKind},
};
use fault::Unwritten;
use k8s_openapi::api::apps::v1::Deployment;
use kube::{
    api::{DynamicObject, Patch},
    core::ApiResource,
};
use mark::Mark;
use serde_json::json;
use status::{Rolled, rolled, share};
use workload::{Workload, by_instances, decided};

/// One Deployment.
#[derive(Debug)]
pub struct Kubernetes {
    workload: Workload,
}

impl Kubernetes {
    pub fn new(place: &EnvironmentId, connection: &Connection) -> Result<Self, Refusal> {
        let set = settings::read(place, connection, FIELDS, "deployment")?;
        Ok(Self { workload: Workload::new(set, ApiResource::erase::<Deployment>(&())) })
    }

    async fn carry_out(&self, task: &Task, image: &str) -> Result<Progress, Unwritten> {
        let mut object = self.workload.get().await?;
        let mark = Mark::on(&object);
        if !mark.is_of(task) {
            mark.admits(task)?;
            self.workload.current(&object)?;
            if object.data["spec"]["paused"] == true {
                return Err(Fault::declined(format!(
                    "Deployment “{}” is paused, so that nothing would come of it. Who runs the cluster resumes it (kubectl rollout resume).",
                    self.workload.name
                ))
                .into());
            }
            // Mark and image go in one write, and only onto what was read: either both are there or neither.
            let patch = Patch::Strategic(json!({
                "metadata": { "resourceVersion": object.metadata.resource_version, "annotations": Mark::of(task, image) },
                "spec": { "template": { "spec": { "containers": [{ "name": self.workload.container, "image": image }] } } },
            }));
            object = self.workload.cluster.patch(&self.workload.kind, &self.workload.name, &patch).await?;
        }
        match self.asked(task, &object, image) {
            Asked::Done(done) => Ok(Progress::Done(done)),
            Asked::Running { said, url } => Ok(Progress::Running { said, url }),
            Asked::Failed(said) | Asked::CannotSay(said) => Err(Fault::declined(said).into()),
            Asked::NeverSeen => Err(Fault::not_done("The cluster does not show the task.").into()),
        }
    }

    fn asked(&self, task: &Task, object: &DynamicObject, image: &str) -> Asked {
        match self.workload.current(object) {
            Ok(current) if current == image => {}
            Ok(current) => {
                return Asked::Failed(format!(
                    "Its image was changed from outside since: it is {current}, not {image}."
                ));
            }
            Err(fault) => return Asked::CannotSay(fault.said),
        }
        match rolled(object) {
            Rolled::Out => Asked::Done(Done {
                share: Some(share(task.action == Action::RollBack)),
                said: format!("All instances run {image}."),
                url: None,
            }),
            Rolled::Underway(said) => Asked::Running { said, url: None },
            Rolled::Stuck(said) => Asked::Failed(said),
        }
    }
}

#[async_trait]
impl Driver for Kubernetes {
    fn abilities(&self) -> Abilities {
        Abilities::of([ActionKind::Deploy, ActionKind::Promote, ActionKind::RollBack], true).in_place()
    }

    async fn perform(&self, task: &Task) -> Result<Progress, Fault> {
        if !matches!(task.action, Action::Deploy | Action::Promote | Action::RollBack) {
            return Err(Fault::declined(format!(
                "A Deployment cannot do {}: its traffic follows its instances.",
                task.action.kind()
            )));
        }
        let image = self.workload.image.of(task)?;
        decided(|| self.carry_out(task, &image)).await
    }

    async fn ask(&self, task: &Task) -> Asked {
        let image = match self.workload.image.of(task) {
            Ok(image) => image,
            Err(fault) => return Asked::CannotSay(fault.said),
        };
        match patiently(|| self.workload.get()).await {
            Ok(object) if Mark::on(&object).is_of(task) => self.asked(task, &object, &image),
            // The last write was another task's. Had this one been written, it was overtaken, and is declined when sent again.
            Ok(_) => Asked::NeverSeen,
            Err(fault) => Asked::CannotSay(fault.said),
        }
    }

    async fn observe(&self) -> Result<Observed, Fault> {
        let object = self.workload.get().await?;
        let sets = self.workload.replica_sets(&object).await?;
        Ok(Observed { arms: by_instances(sets) })
    }

    async fn test(&self) -> Vec<Finding> {
        let (mut findings, object) = self.workload.findings().await;
        if let Some(object) = object {
            let paused = object.data["spec"]["paused"] == true;
            let recreate = object.data["spec"]["strategy"]["type"] == "Recreate";
            findings.push(Finding {
                what: "Its strategy".to_owned(),
                good: !paused && !recreate,
                said: match (paused, recreate) {
                    (true, _) => "It is paused: nothing would come of a change. kubectl rollout resume starts it again.".to_owned(),
                    (_, true) => "Recreate ends all instances before new ones begin: each change is an outage. RollingUpdate avoids it.".to_owned(),
                    _ => "It replaces instances batch by batch.".to_owned(),
                },
            });
        }
        findings
    }
}
