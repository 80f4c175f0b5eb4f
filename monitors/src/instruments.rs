//! One place that makes every kind of monitor.

use crate::{
    alertmanager::{self, AlertInbox},
    health::{self, HealthCheck},
    json::{self, Json},
    prometheus::{self, Answers, Prometheus},
    scrape::{self, Scrape},
};
use control::{
    clock::Clock,
    driver::{Field, Finding},
    monitor::{Connection, Inbox, Look, Measured, Monitor, MonitorKind, Observatory},
};
use domain::{Refusal, environment::EnvironmentId};
use outbound::settings::wrong;
use std::sync::Arc;

/// What monitors are made with.
#[derive(Debug)]
pub struct Instruments {
    clock: Arc<dyn Clock>,
    answers: Arc<Answers>,
}

impl Instruments {
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, answers: Arc::default() }
    }
}

impl Observatory for Instruments {
    fn monitor(&self, place: &EnvironmentId, connection: &Connection) -> Result<Arc<dyn Monitor>, Refusal> {
        let clock = Arc::clone(&self.clock);
        Ok(match connection.kind {
            MonitorKind::Prometheus => Arc::new(Prometheus::new(place, connection, clock, Arc::clone(&self.answers))?),
            MonitorKind::Scrape => Arc::new(Scrape::new(place, connection, clock)?),
            MonitorKind::Json => Arc::new(Json::new(place, connection, clock)?),
            MonitorKind::Health => Arc::new(HealthCheck::new(place, connection, clock)?),
            MonitorKind::Alertmanager => {
                let found = "alertmanager, which asks nothing: its alerts come in";
                return Err(wrong("kind", found, "prometheus, scrape, json or health"));
            }
        })
    }

    fn inbox(&self, connection: &Connection) -> Result<Arc<dyn Inbox>, Refusal> {
        Ok(Arc::new(AlertInbox::new(connection)?))
    }

    fn fields(&self, kind: MonitorKind) -> &'static [Field] {
        match kind {
            MonitorKind::Prometheus => prometheus::FIELDS,
            MonitorKind::Scrape => scrape::FIELDS,
            MonitorKind::Json => json::FIELDS,
            MonitorKind::Health => health::FIELDS,
            MonitorKind::Alertmanager => alertmanager::FIELDS,
        }
    }
}

/// What a look found, for the test of a connection: a line for each value that was asked for.
pub(crate) fn findings(look: &Look) -> Vec<Finding> {
    let mut findings = Vec::new();
    for part in &look.parts {
        let mut add = |metric: &str, found: Result<String, &control::monitor::Missing>| {
            let (good, said) = match found {
                Ok(said) => (true, said),
                Err(missing) if missing.lack == control::monitor::Lack::NotAsked => return,
                Err(missing) => (false, missing.why.clone()),
            };
            findings.push(Finding { what: format!("{metric}: {} of {}", part.arm, part.service), good, said });
        };
        for (metric, measured) in [("requests", &part.requests), ("errors", &part.errors)] {
            add(metric, number(measured));
        }
        add(
            "latency",
            match &part.latency {
                Measured::Value { value, .. } => {
                    Ok(format!("{} requests in {} buckets.", value.counts.iter().sum::<f64>(), value.counts.len()))
                }
                Measured::Missing(missing) => Err(missing),
            },
        );
        for (name, measured) in &part.gauges {
            add(name, number(measured));
        }
    }
    findings
}

fn number(measured: &Measured<f64>) -> Result<String, &control::monitor::Missing> {
    match measured {
        Measured::Value { value, .. } => Ok(format!("{value}")),
        Measured::Missing(missing) => Err(missing),
    }
}
