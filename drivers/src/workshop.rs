//! One place that makes every kind of driver.

use crate::{
    Home, LocalDriver,
    command::{self, Command},
    haproxy::{self, Haproxy},
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
}

impl Workshop for Tools {
    fn driver(&self, place: &EnvironmentId, connection: &Connection) -> Result<Arc<dyn Driver>, Refusal> {
        Ok(match connection.kind {
            DriverKind::Local => Arc::new(LocalDriver::new(self.home.clone(), place, &connection.settings)?),
            DriverKind::Haproxy => Arc::new(Haproxy::new(place, connection, &self.memory)?),
            DriverKind::Command => Arc::new(Command::new(place, connection)?),
            DriverKind::Webhook => Arc::new(Webhook::new(place, connection, self.clock.clone())?),
            other => return Err(Refusal::invalid("driver", format!("“{other}”"), "local, haproxy, command, webhook")),
        })
    }

    fn fields(&self, kind: DriverKind) -> &'static [Field] {
        match kind {
            DriverKind::Local => LocalDriver::FIELDS,
            DriverKind::Haproxy => haproxy::FIELDS,
            DriverKind::Command => command::FIELDS,
            DriverKind::Webhook => webhook::FIELDS,
            _ => &[],
        }
    }
}
