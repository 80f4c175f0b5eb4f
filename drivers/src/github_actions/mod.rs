//! GitHub Actions: starts a workflow of the team's own for each action, finds its run by the task's key, and follows it.

mod api;
mod runs;
mod settings;
mod workflow;

pub use settings::FIELDS;

use crate::{
    accepted::Accepted,
    outbound::{Limits, Outbound},
};
use api::Api;
use async_trait::async_trait;
use control::driver::{Asked, Certainty, Connection, Driver, Fault, Finding, Observed, Progress, Task};
use domain::{
    Refusal,
    environment::EnvironmentId,
    rollout::{Abilities, ActionKind},
};
use runs::outcome;
use serde_json::{Map, Value, json};
use std::{sync::Arc, time::Duration};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

/// How long to wait between two looks into the list of runs.
const BETWEEN: Duration = Duration::from_secs(2);

/// The workflow of one environment.
#[derive(Debug)]
pub struct GithubActions {
    place: EnvironmentId,
    api: Api,
    actions: Vec<ActionKind>,
    /// So long GitHub may take until a new run is in its list.
    listed_within: Duration,
    accepted: Arc<Accepted>,
}

impl GithubActions {
    /// `accepted` outlives the driver.
    pub fn new(place: &EnvironmentId, connection: &Connection, accepted: Arc<Accepted>) -> Result<Self, Refusal> {
        let set = settings::read(connection)?;
        // A run takes up to 20 KB in the list.
        let limits = Limits { reply: 4 << 20, ..Limits::default() };
        Ok(Self {
            place: place.clone(),
            api: Api {
                base: set.api,
                owner: set.owner,
                name: set.name,
                workflow: set.workflow,
                reference: set.reference,
                token: set.token,
                outbound: Outbound::new(&set.allow_hosts, limits)?,
            },
            actions: set.actions,
            listed_within: set.listed_within,
            accepted,
        })
    }

    fn inputs(&self, task: &Task) -> Map<String, Value> {
        let share = task.action.share().map(|share| share.amount().to_string());
        let values = [
            task.action.kind().name().to_owned(),
            task.version.to_string(),
            task.other.as_ref().map(ToString::to_string).unwrap_or_default(),
            share.unwrap_or_default(),
            self.place.env.to_string(),
            task.key.to_string(),
        ];
        workflow::INPUTS.into_iter().map(str::to_owned).zip(values.map(|value| json!(value))).collect()
    }

    /// What to say of a dispatch that was accepted and is in no list.
    fn unlisted(&self, task: &Task, accepted: Instant) -> Asked {
        if accepted.elapsed() < self.listed_within {
            return Asked::Running { said: "GitHub accepted it; the run is not listed yet.".to_owned(), url: None };
        }
        Asked::CannotSay(format!(
            "GitHub accepted the task, but no run of {} has {} in its name. See whether “run-name” of the workflow holds the key, and \
             look at its latest runs on GitHub.",
            self.api.workflow, task.key
        ))
    }
}

#[async_trait]
impl Driver for GithubActions {
    fn abilities(&self) -> Abilities {
        Abilities::of(self.actions.iter().copied(), true)
    }

    async fn perform(&self, task: &Task) -> Result<Progress, Fault> {
        let kind = task.action.kind();
        if !self.actions.contains(&kind) {
            return Err(Fault::declined(format!("The setting “actions” does not hold {kind}.")));
        }
        let there = self.api.runs(task.key).await.map_err(only_read)?;
        let known = outcome(&there, task.action)
            .or_else(|| self.accepted.at(task.key).map(|accepted| self.unlisted(task, accepted)));
        match known {
            None | Some(Asked::NeverSeen) => {}
            Some(Asked::Done(done)) => return Ok(Progress::Done(done)),
            Some(Asked::Running { said, url }) => return Ok(Progress::Running { said, url }),
            Some(Asked::Failed(said)) => return Err(Fault::declined(said)),
            Some(Asked::CannotSay(said)) => return Err(Fault::unknown(said)),
        }
        // A run that could not be found again would be started again.
        let text = self.api.text(&self.api.file()).await.map_err(only_read)?;
        if let Some(lacking) = workflow::findings(&text).into_iter().find(|finding| !finding.good) {
            return Err(Fault::declined(format!("{} was not started. {}", self.api.workflow, lacking.said)));
        }
        let url = self.api.dispatch(self.inputs(task)).await?;
        self.accepted.remember(task.key);
        Ok(Progress::Running { said: "GitHub accepted it and starts a run.".to_owned(), url })
    }

    /// A run that was just started may be missing in the list: before “never seen” it is looked for again and again.
    async fn ask(&self, task: &Task) -> Asked {
        let begun = Instant::now();
        loop {
            let found = self.api.runs(task.key).await.map(|runs| outcome(&runs, task.action));
            if let Ok(Some(asked)) = found {
                return asked;
            }
            if let (Ok(None), Some(accepted)) = (&found, self.accepted.at(task.key)) {
                return self.unlisted(task, accepted);
            }
            if begun.elapsed() >= self.listed_within {
                return match found {
                    Ok(_) => Asked::NeverSeen,
                    Err(fault) => Asked::CannotSay(fault.said),
                };
            }
            sleep(BETWEEN.min(self.listed_within)).await;
        }
    }

    async fn observe(&self) -> Result<Observed, Fault> {
        Err(Fault::declined(format!("GitHub runs workflows; what runs in {} it does not know.", self.place)))
    }

    async fn test(&self) -> Vec<Finding> {
        let bad = |what: &str, fault: Fault| Finding { what: what.to_owned(), good: false, said: fault.said };
        let workflow = match self.api.workflow().await {
            Ok(workflow) => workflow,
            Err(fault) => return vec![bad("The workflow", fault)],
        };
        let mut findings = vec![workflow.finding()];
        match self.api.text(&self.api.file()).await {
            Ok(text) => findings.extend(workflow::findings(&text)),
            Err(fault) => findings.push(bad("The text of the workflow", fault)),
        }
        findings.push(match self.api.runs(Uuid::nil()).await {
            Ok(_) => Finding { what: "Its runs".to_owned(), good: true, said: "They can be listed.".to_owned() },
            Err(fault) => bad("Its runs", fault),
        });
        findings
    }
}

/// While nothing but reading was tried, nothing can have happened.
fn only_read(fault: Fault) -> Fault {
    match fault.certainty {
        Certainty::Unknown => Fault::not_done(fault.said),
        _ => fault,
    }
}
