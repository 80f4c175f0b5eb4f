//! One place that makes every kind of driver.

use crate::{
    Accepted, Home, LocalDriver,
    argo_rollouts::{self, ArgoRollouts},
    command::{self, Command},
    github_actions::{self, GithubActions},
    haproxy::{self, Haproxy},
    kubernetes::{self, Kubernetes},
    vercel::{self, Vercel},
    webhook::{self, Webhook},
};
use control::{
    clock::Clock,
    driver::{Connection, Driver, DriverKind, Field, Workshop},
};
use domain::{Refusal, environment::EnvironmentId};
use std::{path::PathBuf, sync::Arc};

/// What drivers are made with.
#[derive(Debug)]
pub struct Tools {
    /// The fleet of this machine.
    pub home: Arc<Home>,
    pub clock: Arc<dyn Clock>,
    /// Where drivers keep what the other side cannot remember for them.
    pub memory: PathBuf,
    pub accepted: Arc<Accepted>,
}

impl Workshop for Tools {
    fn driver(&self, place: &EnvironmentId, connection: &Connection) -> Result<Arc<dyn Driver>, Refusal> {
        Ok(match connection.kind {
            DriverKind::Local => Arc::new(LocalDriver::new(self.home.clone(), place, &connection.settings)?),
            DriverKind::Haproxy => Arc::new(Haproxy::new(place, connection, &self.memory)?),
            DriverKind::Command => Arc::new(Command::new(place, connection)?),
            DriverKind::Webhook => Arc::new(Webhook::new(place, connection, self.clock.clone())?),
            DriverKind::GithubActions => Arc::new(GithubActions::new(place, connection, self.accepted.clone())?),
            DriverKind::ArgoRollouts => Arc::new(ArgoRollouts::new(place, connection)?),
            DriverKind::Kubernetes => Arc::new(Kubernetes::new(place, connection)?),
            DriverKind::Vercel => Arc::new(Vercel::new(place, connection, self.accepted.clone())?),
        })
    }

    fn fields(&self, kind: DriverKind) -> &'static [Field] {
        match kind {
            DriverKind::Local => LocalDriver::FIELDS,
            DriverKind::Haproxy => haproxy::FIELDS,
            DriverKind::Command => command::FIELDS,
            DriverKind::Webhook => webhook::FIELDS,
            DriverKind::GithubActions => github_actions::FIELDS,
            DriverKind::ArgoRollouts => argo_rollouts::FIELDS,
            DriverKind::Kubernetes => kubernetes::FIELDS,
            DriverKind::Vercel => vercel::FIELDS,
        }
    }
}
