//! Vercel: builds a version as a staged production deployment, and points the production domains to it and back.
//!
//! A deployment carries the task's key, a rollback carries it as its reason; a promotion carries nothing. Pointing the domains to a
//! deployment twice is pointing them there once, so a promotion is asked about by where they point.

mod api;
mod project;
mod settings;

pub use settings::FIELDS;

use crate::{
    accepted::Accepted,
    outbound::{Limits, Outbound},
    patience::patiently,
    template::{self, Template},
};
use api::{Api, Source};
use async_trait::async_trait;
use control::driver::{Arm, Asked, Certainty, Connection, Done, Driver, Fault, Finding, Observed, Progress, Task};
use domain::{
    Refusal,
    environment::EnvironmentId,
    playbook::Percent,
    rollout::{Abilities, Action, ActionKind},
};
use project::{Deployment, Project, Way, outcome};
use std::{sync::Arc, time::Duration};
use tokio::time::{Instant, sleep};

/// How long to wait between two looks into the list of deployments.
const BETWEEN: Duration = Duration::from_secs(1);

/// One project.
#[derive(Debug)]
pub struct Vercel {
    api: Api,
    source: Source,
    reference: Template,
    listed_within: Duration,
    accepted: Arc<Accepted>,
}

impl Vercel {
    /// The environment is Vercel's “production” always; ours gives its name to the setting `ref` only.
    /// `accepted` outlives the driver.
    pub fn new(_place: &EnvironmentId, connection: &Connection, accepted: Arc<Accepted>) -> Result<Self, Refusal> {
        let set = settings::read(connection)?;
        // A page of a hundred deployments takes up to 5 KB for each.
        let limits = Limits { reply: 4 << 20, ..Limits::default() };
        let outbound = Outbound::new(&set.allow_hosts, limits)?;
        Ok(Self {
            api: Api { base: set.api, project: set.project, team: set.team, token: set.token, outbound },
            source: set.source,
            reference: set.reference,
            listed_within: set.listed_within,
            accepted,
        })
    }

    async fn deploy(&self, task: &Task) -> Result<Progress, Fault> {
        let there = self.api.deployments(|deployment| deployment.is_of(task.key)).await.map_err(only_read)?;
        let known = outcome(&there).or_else(|| self.accepted.at(task.key).map(|at| self.unlisted(at)));
        match known {
            None | Some(Asked::NeverSeen) => {}
            Some(Asked::Done(done)) => return Ok(Progress::Done(done)),
            Some(Asked::Running { said, url }) => return Ok(Progress::Running { said, url }),
            Some(Asked::Failed(said)) => return Err(Fault::declined(said)),
            Some(Asked::CannotSay(said)) => return Err(Fault::unknown(said)),
        }
        let project = self.api.project().await.map_err(only_read)?;
        if project.auto_assign_custom_domains != Some(false) {
            return Err(Fault::declined(format!(
                "Deploying would move all traffic at once: project “{}” gives its domains to each new production deployment. Who \
                 administers it switches “Auto-assign Custom Production Domains” off.",
                project.name
            )));
        }
        let reference = self.reference.fill(&template::values(task))?;
        let made = self.api.create(&project, &self.source, &reference, task).await?;
        self.accepted.remember(task.key);
        Ok(Progress::Running { said: format!("Vercel builds {reference}."), url: Some(made.link()) })
    }

    async fn turn(&self, task: &Task) -> Result<Progress, Fault> {
        let (project, deployment) = self.project_and_deployment(task).await.map_err(only_read)?;
        match project.way_to(&deployment.id) {
            Way::There => return Ok(Progress::Done(turned(task, &deployment))),
            Way::Underway => return Ok(under_way(&deployment)),
            Way::Busy if task.action != Action::RollBack => {
                return Err(Fault::not_done("The domains are on their way to another deployment."));
            }
            Way::Busy | Way::Failed | Way::Elsewhere => {}
        }
        if self.just_accepted(task) {
            return Ok(under_way(&deployment));
        }
        if task.action == Action::RollBack {
            self.api.roll_back(&project, &deployment.id, task).await?;
        } else {
            self.api.promote(&project, &deployment.id).await?;
        }
        self.accepted.remember(task.key);
        Ok(under_way(&deployment))
    }

    async fn asked_of_deployment(&self, task: &Task) -> Asked {
        let begun = Instant::now();
        loop {
            let found =
                self.api.deployments(|deployment| deployment.is_of(task.key)).await.map(|found| outcome(&found));
            if let Ok(Some(asked)) = found {
                return asked;
            }
            if let (Ok(None), Some(at)) = (&found, self.accepted.at(task.key)) {
                return self.unlisted(at);
            }
            if begun.elapsed() >= self.listed_within {
                return found.map_or_else(|fault| Asked::CannotSay(fault.said), |_| Asked::NeverSeen);
            }
            sleep(BETWEEN).await;
        }
    }

    async fn asked_of_domains(&self, task: &Task) -> Asked {
        let (project, deployment) = match patiently(|| self.project_and_deployment(task)).await {
            Ok(both) => both,
            Err(fault) => return Asked::CannotSay(fault.said),
        };
        let ours = self.accepted.at(task.key).is_some() || project.rolled_back_for(task.key);
        match project.way_to(&deployment.id) {
            Way::There => Asked::Done(turned(task, &deployment)),
            Way::Underway => {
                Asked::Running { said: "The domains are on their way.".to_owned(), url: Some(deployment.link()) }
            }
            Way::Elsewhere if self.just_accepted(task) => {
                Asked::Running { said: "Vercel accepted it.".to_owned(), url: Some(deployment.link()) }
            }
            Way::Failed if ours => Asked::Failed("Vercel could not point the domains there.".to_owned()),
            // Not begun, or an earlier attempt of somebody else: asking for it once more does no harm.
            Way::Failed | Way::Elsewhere | Way::Busy => Asked::NeverSeen,
        }
    }

    /// Vercel said yes, and may not show it yet.
    fn just_accepted(&self, task: &Task) -> bool {
        self.accepted.at(task.key).is_some_and(|at| at.elapsed() < self.listed_within)
    }

    /// The newest ready deployment of the task's version, read after the project.
    async fn project_and_deployment(&self, task: &Task) -> Result<(Project, Deployment), Fault> {
        let project = self.api.project().await?;
        let version =
            |deployment: &Deployment| deployment.ready() && deployment.version().as_ref() == Some(&task.version);
        let found = self.api.deployments(version).await?;
        let current = found.iter().position(|deployment| project.current() == Some(&deployment.id));
        match found.into_iter().nth(current.unwrap_or_default()) {
            Some(deployment) => Ok((project, deployment)),
            None => Err(Fault::declined(format!(
                "Version {} has no ready production deployment that Pilothouse made: deploying it comes first.",
                task.version
            ))),
        }
    }

    /// What to say of a deployment that was accepted and is in no list.
    fn unlisted(&self, at: Instant) -> Asked {
        if at.elapsed() < self.listed_within {
            return Asked::Running {
                said: "Vercel accepted it; the deployment is not listed yet.".to_owned(),
                url: None,
            };
        }
        Asked::CannotSay(
            "Vercel accepted it, but lists no deployment with the task's key. Look at its latest deployments."
                .to_owned(),
        )
    }
}

#[async_trait]
impl Driver for Vercel {
    fn abilities(&self) -> Abilities {
        Abilities::of([ActionKind::Deploy, ActionKind::Promote, ActionKind::RollBack], true)
    }

    async fn perform(&self, task: &Task) -> Result<Progress, Fault> {
        match task.action {
            Action::Deploy => self.deploy(task).await,
            Action::Promote | Action::RollBack => self.turn(task).await,
            other => Err(Fault::declined(format!(
                "Vercel's domains point to one deployment: it cannot do {}.",
                other.kind()
            ))),
        }
    }

    async fn ask(&self, task: &Task) -> Asked {
        match task.action {
            Action::Deploy => self.asked_of_deployment(task).await,
            _ => self.asked_of_domains(task).await,
        }
    }

    /// Vercel counts no instances: what the domains point to stands as one.
    async fn observe(&self) -> Result<Observed, Fault> {
        let project = self.api.project().await.map_err(only_read)?;
        let Some(current) = project.current() else {
            return Ok(Observed::default());
        };
        let found = self.api.deployments(|deployment| deployment.id == current).await.map_err(only_read)?;
        let healthy = found.first().map_or(1, |deployment| u32::from(deployment.ready()));
        let version = found.first().and_then(Deployment::version);
        Ok(Observed { arms: vec![Arm { version, share: Percent::whole(), instances: 1, healthy }] })
    }

    async fn test(&self) -> Vec<Finding> {
        let finding = |what: &str, good: bool, said: String| Finding { what: what.to_owned(), good, said };
        let project = match self.api.project().await {
            Ok(project) => project,
            Err(fault) => return vec![finding("The project", false, fault.said)],
        };
        let staged = project.auto_assign_custom_domains == Some(false);
        let said = if staged {
            "New production deployments are staged: they have no traffic until they are promoted."
        } else {
            "Each new production deployment takes all traffic at once. Switch “Auto-assign Custom Production Domains” off in the \
             project's settings (Environments, Production)."
        };
        let listed = match self.api.deployments(|_| true).await {
            Ok(found) => finding(
                "Its deployments",
                true,
                format!("{} are listed. Whether the token may make one shows with the first.", found.len()),
            ),
            Err(fault) => finding("Its deployments", false, fault.said),
        };
        vec![
            finding("The project", true, format!("“{}” is there.", project.name)),
            finding("Its domains", staged, said.to_owned()),
            listed,
        ]
    }
}

fn turned(task: &Task, deployment: &Deployment) -> Done {
    let share = if task.action == Action::RollBack { Percent::nothing() } else { Percent::whole() };
    Done {
        share: Some(share),
        said: format!("The production domains point to https://{}.", deployment.url),
        url: Some(deployment.link()),
    }
}

fn under_way(deployment: &Deployment) -> Progress {
    Progress::Running { said: "The domains are on their way.".to_owned(), url: Some(deployment.link()) }
}

/// While nothing but reading was tried, nothing can have happened.
fn only_read(fault: Fault) -> Fault {
    match fault.certainty {
        Certainty::Unknown => Fault::not_done(fault.said),
        _ => fault,
    }
}
