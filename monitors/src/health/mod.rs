//! Asks a service whether it is well: the address, the status and a text that belong to a good answer, and how often.

mod settings;

pub use settings::FIELDS;

use crate::{
    access::{Access, Timed},
    arms::{Named, Names},
};
use async_trait::async_trait;
use control::{
    clock::Clock,
    driver::Finding,
    monitor::{Asked, Connection, Health, Look, Missing, Monitor, Probe, Question},
};
use domain::{Refusal, environment::EnvironmentId};
use futures::{StreamExt, stream};
use outbound::{Lost, Reply, Request, Stage, address, template::Template};
use reqwest::Method;
use settings::Expected;
use std::{sync::Arc, time::Duration};

const AT_ONCE: usize = 8;

/// Asks for one environment.
#[derive(Debug)]
pub struct HealthCheck {
    url: Template,
    expected: Expected,
    every: Duration,
    access: Access,
    names: Names,
}

impl HealthCheck {
    pub fn new(place: &EnvironmentId, connection: &Connection, clock: Arc<dyn Clock>) -> Result<Self, Refusal> {
        let settings::Set { url, expected, every, access, names } = settings::read(place, connection, clock)?;
        Ok(Self { url, expected, every, access, names })
    }

    async fn probe(&self, service: &str, named: Option<&Named>, window: u32) -> (Probe, Asked) {
        let values = self.names.values(Some(service), named.map(|named| named.name.as_str()), window);
        let url = self.url.fill_address(&values).map_err(|fault| fault.said);
        let query = url.clone().unwrap_or_default();
        let request = url.and_then(|url| address("url", &url).map_err(|refusal| refusal.detail));
        let Timed { what, at, took_ms } = match request {
            Ok(url) => {
                let Timed { what, at, took_ms } = self.access.probe(Request::new(Method::GET, url)).await;
                Timed { what: self.found(what), at, took_ms }
            }
            Err(why) => Timed { what: Health::NotRun(why), at: self.access.now(), took_ms: 0 },
        };
        let (Health::Well(said) | Health::Unwell(said) | Health::NotRun(said)) = &what;
        let good = matches!(what, Health::Well(_));
        let asked = Asked { metric: "health".to_owned(), query, answered: said.clone(), good, at, took_ms };
        (Probe { service: service.to_owned(), arm: named.map(|named| named.arm), health: what, at }, asked)
    }

    /// What went wrong on our side says nothing of the service; everything else does.
    fn found(&self, answer: Result<Reply, Lost>) -> Health {
        match answer {
            Ok(reply) if self.expected.status(reply.status) => match &self.expected.body {
                Some(text) if !String::from_utf8_lossy(&reply.body).contains(text.as_str()) => {
                    Health::Unwell(format!("It answered {} without “{text}”: {}", reply.status, reply.quote()))
                }
                _ => Health::Well(format!("It answered {}.", reply.status)),
            },
            Ok(reply) => Health::Unwell(format!("{}; expected is {}.", reply.said(), self.expected)),
            Err(lost) if lost.stage == Stage::NotAsked => Health::NotRun(lost.said),
            Err(lost) => Health::Unwell(lost.said),
        }
    }
}

#[async_trait]
impl Monitor for HealthCheck {
    async fn look(&self, question: &Question) -> Look {
        let mut look = Look::new(question.end);
        let arms = match self.names.arms(&question.arms) {
            _ if !self.url.has("arm") => vec![None],
            Ok(arms) => arms.into_iter().map(Some).collect(),
            Err(Missing { why, .. }) => {
                let not_run = |service: &String| Probe {
                    service: service.clone(),
                    arm: None,
                    health: Health::NotRun(why.clone()),
                    at: self.access.now(),
                };
                look.probes = self.names.services.iter().map(not_run).collect();
                return look;
            }
        };
        let window = question.window.seconds();
        let mut all = Vec::new();
        for service in &self.names.services {
            for arm in &arms {
                all.push(self.probe(service, arm.as_ref(), window));
            }
        }
        let probed: Vec<_> = stream::iter(all).buffered(AT_ONCE).collect().await;
        (look.probes, look.asked) = probed.into_iter().unzip();
        look
    }

    fn every(&self) -> Option<Duration> {
        Some(self.every)
    }

    async fn test(&self, question: &Question) -> Vec<Finding> {
        let look = self.look(question).await;
        let finding = |probe: Probe| {
            let (Health::Well(said) | Health::Unwell(said) | Health::NotRun(said)) = &probe.health;
            let arm = probe.arm.map(|arm| format!("{arm} of ")).unwrap_or_default();
            let good = matches!(probe.health, Health::Well(_));
            Finding { what: format!("health: {arm}{}", probe.service), good, said: said.clone() }
        };
        look.probes.into_iter().map(finding).collect()
    }
}
