//! A Vercel project and its deployments, and what they say of a task.

use control::driver::{Asked, Done};
use domain::{playbook::Percent, release::Version};
use serde::Deserialize;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What a deployment carries of ours.
pub(super) const KEY: &str = "pilothouseKey";
pub(super) const VERSION: &str = "pilothouseVersion";

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Project {
    pub id: String,
    pub name: String,
    /// A new production deployment takes the domains by itself.
    pub auto_assign_custom_domains: Option<bool>,
    #[serde(default)]
    targets: BTreeMap<String, Option<Target>>,
    last_alias_request: Option<AliasRequest>,
    rollback_description: Option<Reason>,
}

#[derive(Debug, Clone, Deserialize)]
struct Target {
    id: String,
}

/// The last time that the domains were pointed elsewhere: by a promotion or a rollback.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AliasRequest {
    from_deployment_id: Option<String>,
    to_deployment_id: String,
    job_status: String,
    r#type: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Reason {
    description: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Deployment {
    /// Listed as `uid`, answered to a creation as `id`.
    #[serde(alias = "uid")]
    pub id: String,
    pub url: String,
    pub ready_state: String,
    #[serde(default)]
    ready_substate: Option<String>,
    #[serde(default)]
    inspector_url: Option<String>,
    #[serde(default)]
    error_message: Option<String>,
    #[serde(default)]
    meta: BTreeMap<String, String>,
}

/// How far the domains are on their way to a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    There,
    Underway,
    /// The last attempt to point them there failed.
    Failed,
    /// They point elsewhere, and nobody has asked for another place.
    Elsewhere,
    /// They are on their way to another deployment.
    Busy,
}

impl Project {
    /// The deployment that the production domains point to.
    pub(super) fn current(&self) -> Option<&str> {
        match &self.last_alias_request {
            Some(last) if last.job_status == "succeeded" => Some(&last.to_deployment_id),
            Some(last) => last.from_deployment_id.as_deref(),
            None => self.targets.get("production")?.as_ref().map(|target| target.id.as_str()),
        }
    }

    pub(super) fn way_to(&self, deployment: &str) -> Way {
        if self.current() == Some(deployment) {
            return Way::There;
        }
        match &self.last_alias_request {
            Some(last) if matches!(last.job_status.as_str(), "pending" | "in-progress") => {
                if last.to_deployment_id == deployment { Way::Underway } else { Way::Busy }
            }
            Some(last) if last.to_deployment_id == deployment && last.job_status != "succeeded" => Way::Failed,
            _ => Way::Elsewhere,
        }
    }

    /// The last rollback was asked for by the task with this key.
    pub(super) fn rolled_back_for(&self, key: Uuid) -> bool {
        let rollback = self.last_alias_request.as_ref().is_some_and(|last| last.r#type == "rollback");
        let key = key.to_string();
        rollback && self.rollback_description.as_ref().is_some_and(|reason| reason.description.contains(&key))
    }
}

impl Deployment {
    pub(super) fn is_of(&self, key: Uuid) -> bool {
        self.meta.get(KEY).and_then(|text| text.parse().ok()) == Some(key)
    }

    pub(super) fn version(&self) -> Option<Version> {
        self.meta.get(VERSION)?.parse().ok()
    }

    pub(super) fn ready(&self) -> bool {
        self.ready_state == "READY"
    }

    pub(super) fn link(&self) -> String {
        self.inspector_url.clone().unwrap_or_else(|| format!("https://{}", self.url))
    }

    fn asked(&self) -> Asked {
        let link = self.link();
        let url = Some(link.clone());
        match self.ready_state.as_str() {
            "READY" => {
                let share = match self.ready_substate.as_deref() {
                    Some("STAGED") => Some(Percent::nothing()),
                    _ => None,
                };
                Asked::Done(Done { share, said: format!("It stands at https://{}.", self.url), url })
            }
            "QUEUED" => Asked::Running { said: "It waits to be built.".to_owned(), url },
            "INITIALIZING" | "BUILDING" => Asked::Running { said: "It is being built.".to_owned(), url },
            state @ ("ERROR" | "CANCELED" | "BLOCKED" | "DELETED") => {
                let how = match state {
                    "ERROR" => "failed",
                    "CANCELED" => "was cancelled",
                    "BLOCKED" => "is blocked",
                    _ => "was deleted",
                };
                let why = self.error_message.as_deref().unwrap_or("no reason is given");
                Asked::Failed(format!("The deployment {how} ({why}): {link}"))
            }
            other => Asked::Running { said: format!("It is “{other}”."), url },
        }
    }
}

/// What the deployments with a task's key say of it; none without any.
pub(super) fn outcome(deployments: &[Deployment]) -> Option<Asked> {
    match deployments {
        [] => None,
        [one] => Some(one.asked()),
        several => {
            let links = several.iter().map(Deployment::link).collect::<Vec<_>>().join(" and ");
            Some(Asked::CannotSay(format!(
                "{} deployments carry the key of this one task: {links}. Delete the one that is not wanted.",
                several.len()
            )))
        }
    }
}
