//! The port to whatever measures a service: monitors of an environment, and the alerts that monitoring systems send.
//!
//! Adapters live in the crate `monitors`. What holds for each of them: what is not known is [`Measured::Missing`] with a
//! reason, never a number; nothing that comes from outside makes them panic; no secret in any text they return.

mod alert;
mod alerting;
mod chart;
mod connecting;
mod connection;
mod kept;
mod look;
mod measured;
mod past;
mod question;
mod totals;

#[cfg(test)]
mod tests;

pub use alert::{Alert, Delivery, Inbox};
pub use alerting::{Admitted, Ignored, Taken};
pub use chart::{Chart, Line, MOST_POINTS, Point, Shown, Stretch};
pub(crate) use connecting::SECRETS;
pub use connection::{Connection, MonitorKind, compares};
pub(crate) use kept::Kept;
pub use look::{Asked, Health, Look, Part, Probe};
pub use measured::{Buckets, Lack, Measured, Missing};
pub use question::{Arm, Asking, Question};
pub use totals::Totals;

use crate::driver::{Field, Finding};
use async_trait::async_trait;
use domain::{Refusal, environment::EnvironmentId};
use std::{sync::Arc, time::Duration};

/// What measures one environment of one product.
#[async_trait]
pub trait Monitor: Send + Sync + std::fmt::Debug {
    /// Everything it knows of one window. What it does not know, it says why.
    async fn look(&self, question: &Question) -> Look;
    /// A stretch of time for a chart; cached for some seconds, at most [`MOST_POINTS`] points a line.
    async fn chart(&self, _stretch: &Stretch) -> Result<Chart, Missing> {
        Err(Missing::not_asked("This monitor keeps no past: charts show what was sampled while it was looked at."))
    }
    /// How often it wants to be looked at; none: once each window.
    fn every(&self) -> Option<Duration> {
        None
    }
    /// Tries everything that can be tried, in the order in which it matters.
    async fn test(&self, question: &Question) -> Vec<Finding>;
}

/// Makes monitors from what was set for an environment.
pub trait Observatory: Send + Sync + std::fmt::Debug {
    /// Refused with the field that is wrong; `scrape` remembers its last look, so one is kept for each connection.
    fn monitor(&self, place: &EnvironmentId, connection: &Connection) -> Result<Arc<dyn Monitor>, Refusal>;
    /// What takes in the alerts of a connection of the kind `alertmanager`.
    fn inbox(&self, connection: &Connection) -> Result<Arc<dyn Inbox>, Refusal>;
    /// What can be set for a monitor of this kind, in the order of the form.
    fn fields(&self, kind: MonitorKind) -> &'static [Field];
}
