//! Argo Rollouts: the image of a Rollout is set to the version's, and its own canary steps are gone through one by one.
//!
//! A Rollout's spec and its status are written separately. So a task first leaves its mark (with the image, where it sets one), and then
//! pushes the status as far as the task's goal needs it. Whoever comes again under the same key finds the mark and pushes on from
//! where things stand: nothing is done twice, because each push is decided by the state that it was read from.

mod state;

use crate::kubernetes::{
    fault::Unwritten,
    mark::Mark,
    settings::{self, ALLOW_HOSTS, CONTAINER, IMAGE, IN_CLUSTER, KUBECONFIG, NAMESPACE},
    workload::{Workload, decided},
};
use crate::patience::patiently;
use async_trait::async_trait;
use control::driver::{
    Arm, Asked, Connection, Done, Driver, Fault, Field, FieldKind, Finding, Observed, Progress, Task,
};
use domain::{
    Refusal,
    environment::EnvironmentId,
    rollout::{Abilities, Action, ActionKind},
};
use kube::{
    api::{DynamicObject, Patch},
    core::{ApiResource, GroupVersionKind},
};
use serde_json::{Value, json};
use state::{Next, Rollout};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// The fields of the form, in its order.
pub const FIELDS: &[Field] = &[
    KUBECONFIG,
    IN_CLUSTER,
    NAMESPACE,
    Field {
        name: "rollout",
        title: "Rollout",
        help: "The name of the Rollout, such as shop.",
        kind: FieldKind::Text,
        required: true,
    },
    CONTAINER,
    IMAGE,
    ALLOW_HOSTS,
];

/// The label by which replica sets are told apart.
const HASH: &str = "rollouts-pod-template-hash";
/// The way back needs a second write once the controller has seen the first: so long it is waited for.
const SEEN_WITHIN: Duration = Duration::from_secs(10);
const BETWEEN: Duration = Duration::from_millis(250);

/// One Rollout.
#[derive(Debug)]
pub struct ArgoRollouts {
    workload: Workload,
}

impl ArgoRollouts {
    pub fn new(place: &EnvironmentId, connection: &Connection) -> Result<Self, Refusal> {
        let set = settings::read(place, connection, FIELDS, "rollout")?;
        let kind = ApiResource::from_gvk(&GroupVersionKind::gvk("argoproj.io", "v1alpha1", "Rollout"));
        Ok(Self { workload: Workload::new(set, kind) })
    }

    async fn carry_out(&self, task: &Task, image: &str) -> Result<Progress, Unwritten> {
        let mut object = self.workload.get().await?;
        let mark = Mark::on(&object);
        if !mark.is_of(task) {
            mark.admits(task)?;
            object = self.begin(task, object, image).await?;
        }
        let begun = Instant::now();
        loop {
            match self.next(task, &object, image) {
                Next::Done(share) => return Ok(Progress::Done(done(task, share))),
                Next::Never(said) => return Err(Fault::declined(said).into()),
                Next::Push(status) => {
                    self.push(&object, status).await?;
                    return Ok(Progress::Running { said: "The Rollout goes on.".to_owned(), url: None });
                }
                Next::Wait(said) if task.action != Action::RollBack || begun.elapsed() > SEEN_WITHIN => {
                    return Ok(Progress::Running { said, url: None });
                }
                Next::Wait(_) => {
                    sleep(BETWEEN).await;
                    // The way back is under way: not seeing how far takes nothing back.
                    let said = "The image is set back.".to_owned();
                    object = match self.workload.get().await {
                        Ok(object) => object,
                        Err(_) => return Ok(Progress::Running { said, url: None }),
                    };
                }
            }
        }
    }

    /// Leaves the task's mark, with its image where the task sets one.
    async fn begin(&self, task: &Task, object: DynamicObject, image: &str) -> Result<DynamicObject, Unwritten> {
        let current = self.workload.current(&object)?;
        let mut object = object;
        let mut patch = json!({ "metadata": { "annotations": Mark::of(task, image) } });
        if matches!(task.action, Action::Deploy | Action::RollBack) {
            if task.action == Action::RollBack && Rollout::of(&object).can_abort() {
                // Traffic goes back to the stable version at once; the template follows.
                object = self.push(&object, json!({ "abort": true })).await?;
            }
            patch["spec"] = json!({ "template": { "spec": { "containers": self.containers(&object, image) } } });
        } else if current != image {
            return Err(Fault::declined(format!(
                "The Rollout's template holds {current}, not {image}: deploying the version comes first."
            ))
            .into());
        } else if let Next::Never(said) = Rollout::of(&object).next(task.action) {
            return Err(Fault::declined(said).into());
        }
        patch["metadata"]["resourceVersion"] = json!(object.metadata.resource_version);
        self.workload.cluster.patch(&self.workload.kind, &self.workload.name, &Patch::Merge(patch)).await
    }

    async fn push(&self, object: &DynamicObject, status: Value) -> Result<DynamicObject, Unwritten> {
        let patch = json!({ "metadata": { "resourceVersion": object.metadata.resource_version }, "status": status });
        self.workload.cluster.patch_status(&self.workload.kind, &self.workload.name, patch).await
    }

    /// All containers, with one image changed: a merge patch replaces lists whole.
    fn containers(&self, object: &DynamicObject, image: &str) -> Value {
        let mut containers = object.data["spec"]["template"]["spec"]["containers"].clone();
        for container in containers.as_array_mut().into_iter().flatten() {
            if container["name"] == self.workload.container.as_str() {
                container["image"] = json!(image);
            }
        }
        containers
    }

    fn next(&self, task: &Task, object: &DynamicObject, image: &str) -> Next {
        match self.workload.current(object) {
            Ok(current) if current == image => Rollout::of(object).next(task.action),
            Ok(current) => {
                Next::Never(format!("Its image was changed from outside since: it is {current}, not {image}."))
            }
            Err(fault) => Next::Never(fault.said),
        }
    }
}

#[async_trait]
impl Driver for ArgoRollouts {
    fn abilities(&self) -> Abilities {
        Abilities::of([ActionKind::Deploy, ActionKind::Weight, ActionKind::Promote, ActionKind::RollBack], true)
    }

    async fn perform(&self, task: &Task) -> Result<Progress, Fault> {
        if !self.abilities().actions.contains(&task.action.kind()) {
            return Err(Fault::declined(format!("A Rollout does {} by itself or not at all.", task.action.kind())));
        }
        let image = self.workload.image.of(task)?;
        decided(|| self.carry_out(task, &image)).await
    }

    async fn ask(&self, task: &Task) -> Asked {
        let image = match self.workload.image.of(task) {
            Ok(image) => image,
            Err(fault) => return Asked::CannotSay(fault.said),
        };
        let object = match patiently(|| self.workload.get()).await {
            Ok(object) => object,
            Err(fault) => return Asked::CannotSay(fault.said),
        };
        if !Mark::on(&object).is_of(task) {
            return Asked::NeverSeen;
        }
        match self.next(task, &object, &image) {
            Next::Done(share) => Asked::Done(done(task, share)),
            Next::Wait(said) => Asked::Running { said, url: None },
            Next::Never(said) => Asked::Failed(said),
            // Marked, but not pushed: sent again under its key it is pushed on from here.
            Next::Push(_) => Asked::NeverSeen,
        }
    }

    async fn observe(&self) -> Result<Observed, Fault> {
        let object = self.workload.get().await?;
        let rollout = Rollout::of(&object);
        let sets = self.workload.replica_sets(&object).await?;
        let arm = |set: crate::kubernetes::workload::ReplicaSet| Arm {
            share: rollout.share_of(set.labels.get(HASH).map(String::as_str).unwrap_or_default()),
            version: set.version,
            instances: set.instances,
            healthy: set.healthy,
        };
        let mut arms: Vec<Arm> = sets.into_iter().map(arm).collect();
        arms.sort_by_key(|arm| std::cmp::Reverse(arm.share));
        Ok(Observed { arms })
    }

    async fn test(&self) -> Vec<Finding> {
        let (mut findings, object) = self.workload.findings().await;
        if let Some(object) = object {
            let (good, said) = match Rollout::of(&object).first_stop() {
                Some(0) => (true, "A new version first stops without traffic.".to_owned()),
                Some(weight) => (
                    false,
                    format!(
                        "A new version first stops with {weight} % of the traffic, so deploying it moves traffic. \
                         Put “setWeight: 0” and “pause: {{}}” first."
                    ),
                ),
                None => (
                    false,
                    "Its steps have no pause: deploying a version moves all traffic. Give it canary steps with “pause: {}”.".to_owned(),
                ),
            };
            findings.push(Finding { what: "Its steps".to_owned(), good, said });
        }
        findings
    }
}

fn done(task: &Task, share: domain::playbook::Percent) -> Done {
    let said = format!("The Rollout stands where {} wants it, with {share} for the new version.", task.action.kind());
    Done { share: Some(share), said, url: None }
}
