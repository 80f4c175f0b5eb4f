//! The port to whatever moves versions and traffic: a driver for each environment of each product.
//!
//! Adapters live in the crate `drivers`. What holds for each of them: a task done twice under one key is done once where
//! the other side can be asked; errors say whether anything may have happened; no secret in any text it returns.

mod connection;
mod counts;
mod fault;
mod task;

pub use connection::{Connection, DriverKind, Field, FieldKind, Secret, Settings};
pub use counts::ArmCounts;
pub use fault::{Certainty, Fault};
pub use task::{Arm, Asked, Done, Finding, News, Observed, Progress, Task, Told};

use async_trait::async_trait;
use domain::{
    Refusal,
    environment::{self, EnvironmentId},
    rollout::Abilities,
};
use std::sync::Arc;

/// What moves one environment of one product.
#[async_trait]
pub trait Driver: Send + Sync + std::fmt::Debug {
    fn abilities(&self) -> Abilities;
    /// Carries out a task under its key. Long work answers [`Progress::Running`] and is asked about.
    async fn perform(&self, task: &Task) -> Result<Progress, Fault>;
    /// What became of the task with this key.
    async fn ask(&self, task: &Task) -> Asked;
    /// Reads what the other side tells by itself, once it is sure who tells it; most drivers ask instead.
    fn told(&self, _told: &Told<'_>) -> Result<News, Refusal> {
        Err(Refusal::not_found("callback: this environment's driver asks instead"))
    }
    /// What runs there now, with its share of traffic.
    async fn observe(&self) -> Result<Observed, Fault>;
    /// Tries everything that can be tried without changing anything, in the order in which it matters.
    async fn test(&self) -> Vec<Finding>;
    /// What each version has answered so far; nothing where the traffic does not pass through it.
    async fn counts(&self) -> Result<Vec<ArmCounts>, Fault> {
        Ok(Vec::new())
    }
    /// The last lines that the version's instances wrote, oldest first; none where it keeps no log.
    async fn log(&self, _lines: usize) -> Result<Vec<String>, Fault> {
        Ok(Vec::new())
    }
}

/// Looks whether what should run is well: by the commands and the address set for the environment.
#[async_trait]
pub trait Prober: Send + Sync + std::fmt::Debug {
    /// Says what was looked at; a [`Fault`] when something is not well.
    async fn verify(&self, task: &Task, connection: &environment::Connection) -> Result<Done, Fault>;
}

/// Seals secrets for their rest in the database.
pub trait Safe: Send + Sync + std::fmt::Debug {
    fn seal(&self, purpose: &str, plain: &[u8]) -> Vec<u8>;
    /// None when it was not sealed here for this purpose.
    fn open(&self, purpose: &str, sealed: &[u8]) -> Option<Vec<u8>>;
}

/// Makes drivers from what was set for an environment.
pub trait Workshop: Send + Sync + std::fmt::Debug {
    /// Refused with the field that is wrong.
    fn driver(&self, place: &EnvironmentId, connection: &Connection) -> Result<Arc<dyn Driver>, Refusal>;
    /// What can be set for a driver of this kind, in the order of the form.
    fn fields(&self, kind: DriverKind) -> &'static [Field];
}
