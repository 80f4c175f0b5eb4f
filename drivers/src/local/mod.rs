//! The local fleet: versions as processes on this machine, behind a router that lives in a process of its own.

mod answers;
mod settings;

use answers::{arm, asked, fault, progress, wants};
use async_trait::async_trait;
use control::driver::{ArmCounts, Asked, Driver, Fault, Field, Finding, Observed, Progress, Settings, Task};
use domain::{
    Refusal,
    environment::EnvironmentId,
    rollout::{Abilities, ActionKind},
};
use fleet::{
    Client, Counts,
    protocol::{Answer, Order, Question, Spec},
};
use std::{collections::BTreeMap, io, path::PathBuf, sync::Arc};

/// Where the fleet of this machine lives, and how one is started where none does.
#[derive(Debug, Clone)]
pub struct Home {
    /// The program that runs a fleet with the verb `fleet`: our own.
    pub exe: PathBuf,
    pub folder: PathBuf,
}

impl Home {
    /// The fleet that runs, or one that is started now. Worth calling at every start and from time to time: traffic
    /// waits for it when the fleet's process has ended.
    pub async fn fleet(&self) -> io::Result<Client> {
        fleet::ensure_running(&self.exe, &self.folder).await
    }
}

/// One environment of a product on the fleet of this machine.
#[derive(Debug)]
pub struct LocalDriver {
    home: Arc<Home>,
    service: String,
    spec: Spec,
}

impl LocalDriver {
    /// What can be set, in the order of the form.
    pub const FIELDS: &'static [Field] = settings::FIELDS;

    /// Refused with the field that is wrong.
    pub fn new(home: Arc<Home>, place: &EnvironmentId, settings: &Settings) -> Result<Self, Refusal> {
        Ok(Self { home, service: format!("{}@{}", place.env, place.product), spec: settings::read(place, settings)? })
    }

    /// What came of the requests of each version since the fleet started, by the text of the version.
    pub async fn counts(&self) -> Result<BTreeMap<String, Counts>, Fault> {
        match self.ask(&Question::Counts { service: self.service.clone() }).await? {
            Answer::Counts { versions } => Ok(versions),
            other => Err(answers::unexpected(&other)),
        }
    }

    async fn ask(&self, question: &Question) -> Result<Answer, Fault> {
        let fleet = self.home.fleet().await.map_err(|error| Fault::not_done(error.to_string()))?;
        fleet.ask(question).await.map_err(|silence| fault(&silence))
    }

    async fn arms(&self) -> Result<Vec<fleet::protocol::ArmSeen>, Fault> {
        match self.ask(&Question::Observe { service: self.service.clone() }).await? {
            Answer::Observed { arms, .. } => Ok(arms),
            other => Err(answers::unexpected(&other)),
        }
    }
}

#[async_trait]
impl Driver for LocalDriver {
    fn abilities(&self) -> Abilities {
        use ActionKind::{Deploy, Promote, Replace, Retire, RollBack, Weight};
        Abilities::of([Deploy, Replace, Weight, Promote, Retire, RollBack], true).counting()
    }

    async fn perform(&self, task: &Task) -> Result<Progress, Fault> {
        let action = wants(task.action)
            .ok_or_else(|| Fault::declined(format!("“{}” is not the local fleet's work", task.action.kind())))?;
        let order = Order {
            key: task.key,
            order: task.order,
            service: self.service.clone(),
            action,
            version: task.version.to_string(),
            other: task.other.as_ref().map(ToString::to_string),
            spec: self.spec.clone(),
        };
        progress(task.action, self.ask(&Question::Apply { order: Box::new(order) }).await?)
    }

    async fn ask(&self, task: &Task) -> Asked {
        match Self::ask(self, &Question::Outcome { key: task.key }).await {
            Ok(answer) => asked(task.action, answer),
            Err(fault) => Asked::CannotSay(fault.said),
        }
    }

    async fn observe(&self) -> Result<Observed, Fault> {
        Ok(Observed { arms: self.arms().await?.iter().map(arm).collect() })
    }

    async fn test(&self) -> Vec<Finding> {
        let fleet = match self.home.fleet().await {
            Ok(fleet) => fleet,
            Err(error) => return vec![answers::bad("The fleet", &error.to_string())],
        };
        let mut found = match fleet.hello().await {
            Ok(hello) => vec![answers::good(
                "The fleet",
                &format!("Version {} answers, since {}.", hello.version, hello.started),
            )],
            Err(silence) => return vec![answers::bad("The fleet", &silence.to_string())],
        };
        let version = self.arms().await.ok().and_then(|arms| arms.into_iter().next()).map(|arm| arm.version);
        let question = Question::Try { service: self.service.clone(), spec: self.spec.clone(), version };
        match Self::ask(self, &question).await {
            Ok(Answer::Tried { findings }) => found.extend(findings.into_iter().map(answers::finding)),
            Ok(Answer::Declined { said }) => found.push(answers::bad("The settings", &said)),
            Ok(other) => found.push(answers::bad("The fleet", &answers::unexpected(&other).said)),
            Err(fault) => found.push(answers::bad("The fleet", &fault.said)),
        }
        found
    }

    async fn counts(&self) -> Result<Vec<ArmCounts>, Fault> {
        let versions = Self::counts(self).await?;
        Ok(versions.into_iter().filter_map(|(version, counts)| answers::counts(&version, counts)).collect())
    }

    async fn log(&self, lines: usize) -> Result<Vec<String>, Fault> {
        let question = Question::Log { service: self.service.clone(), version: None, lines };
        match Self::ask(self, &question).await? {
            Answer::Lines { lines } => Ok(lines),
            other => Err(answers::unexpected(&other)),
        }
    }
}
