//! Signed webhooks: each task is a request to an address of the team's own, and another address says what became of it.

mod callback;
mod settings;
mod signature;
mod state;

#[cfg(test)]
mod tests;

pub use settings::FIELDS;

use crate::{
    command::Arms,
    outbound::{Outbound, Reply, Request, place},
    template::{of_place, values},
};
use async_trait::async_trait;
use control::{
    clock::Clock,
    driver::{Asked, Connection, Done, Driver, Fault, Finding, News, Observed, Progress, Task, Told},
};
use domain::{Refusal, environment::EnvironmentId, rollout::Abilities};
use reqwest::Method;
use serde_json::{Value, json};
use settings::Addresses;
use signature::SigningKey;
use state::State;
use std::sync::Arc;
use url::Url;
use uuid::Uuid;

/// Sends the tasks of an environment.
#[derive(Debug)]
pub struct Webhook {
    place: EnvironmentId,
    addresses: Addresses,
    key: SigningKey,
    outbound: Outbound,
    clock: Arc<dyn Clock>,
}

impl Webhook {
    pub fn new(place: &EnvironmentId, connection: &Connection, clock: Arc<dyn Clock>) -> Result<Self, Refusal> {
        let (addresses, key, outbound) = settings::read(place, connection)?;
        Ok(Self { place: place.clone(), addresses, key, outbound, clock })
    }

    async fn send(&self, method: Method, url: Url, id: &str, body: Vec<u8>) -> Result<Reply, Fault> {
        let now = self.clock.now().timestamp();
        let signature = self.key.sign(id, now, &body);
        let mut request = Request::new(method, url)
            .header("webhook-id", id)?
            .header("webhook-timestamp", &now.to_string())?
            .header("webhook-signature", &signature)?
            .header("accept", "application/json")?;
        for secret in self.key.written() {
            request = request.hiding(&secret);
        }
        if !body.is_empty() {
            request = request.header("idempotency-key", id)?.json_bytes(body);
        }
        self.outbound.send(request).await
    }

    async fn get(&self, url: Url, id: &str) -> Result<Reply, Fault> {
        self.send(Method::GET, url, id, Vec::new()).await
    }

    /// What the status address says of a task, and the fault that says nothing.
    async fn status(&self, task: &Task) -> Result<Asked, Fault> {
        let Some(status) = &self.addresses.status else {
            return Ok(Asked::CannotSay(format!(
                "No status address is set for {}: what became of “{}” only the other side can tell.",
                self.place,
                task.action.kind()
            )));
        };
        let mut values = values(task);
        for name in ["percentage", "artifact"] {
            values.entry(name).or_default();
        }
        let reply = self.get(settings::filled(status, &values)?, &task.key.to_string()).await?;
        match reply.status {
            404 => Ok(Asked::NeverSeen),
            _ if reply.good() => Ok(State::of(&reply)?.asked()),
            _ => Err(reply.fault()),
        }
    }

    /// An answer of any kind means that it can be reached; it is asked for nothing that changes anything.
    async fn reach(&self) -> Finding {
        let place = place(&self.addresses.tasks);
        let answer = self.send(Method::HEAD, self.addresses.tasks.clone(), &Uuid::nil().to_string(), Vec::new()).await;
        let (good, said) = match answer {
            Ok(reply) => (
                true,
                format!("{place} answers ({}). Whether it accepts tasks shows with the first one.", reply.status),
            ),
            Err(fault) => (false, fault.said),
        };
        Finding { what: "address for tasks".to_owned(), good, said }
    }

    async fn know(&self) -> Finding {
        let what = "address for the status".to_owned();
        let Some(status) = &self.addresses.status else {
            let said = "None is set: after a lost reply a person must look and decide. Set status_url.".to_owned();
            return Finding { what, good: false, said };
        };
        let nil = Uuid::nil().to_string();
        let mut values = of_place(&self.place);
        for name in crate::template::VARIABLES {
            values.entry(name).or_insert_with(|| if name == "key" { nil.clone() } else { String::new() });
        }
        let answer = match settings::filled(status, &values) {
            Ok(url) => self.get(url, &nil).await,
            Err(fault) => Err(fault),
        };
        let (good, said) = match answer {
            Ok(reply) if reply.status == 404 => {
                (true, "It answers 404 to a key that nobody has, as agreed for “never seen”.".to_owned())
            }
            Ok(reply) if matches!(reply.status, 401 | 403) => {
                (false, format!("{} Does it know the same signing secret?", reply.fault().said))
            }
            Ok(reply) => (
                false,
                format!("It answers {} to a key that nobody has; agreed is 404 for “never seen”.", reply.status),
            ),
            Err(fault) => (false, fault.said),
        };
        Finding { what, good, said }
    }
}

#[async_trait]
impl Driver for Webhook {
    fn told(&self, told: &Told<'_>) -> Result<News, Refusal> {
        callback::verify(&self.key, told)
    }

    fn abilities(&self) -> Abilities {
        Abilities::of(self.addresses.actions.iter().copied(), self.addresses.status.is_some())
    }

    async fn perform(&self, task: &Task) -> Result<Progress, Fault> {
        if !self.addresses.actions.contains(&task.action.kind()) {
            return Err(Fault::declined(format!(
                "“{}” is not among the actions that are set for {}.",
                task.action.kind(),
                self.place
            )));
        }
        let body = serde_json::to_vec(&body(task))
            .map_err(|why| Fault::declined(format!("The task could not be written as JSON: {why}.")))?;
        let reply = self.send(Method::POST, self.addresses.tasks.clone(), &task.key.to_string(), body).await?;
        if !reply.good() {
            return Err(reply.fault());
        }
        if reply.status == 202 && reply.body.is_empty() {
            return Ok(Progress::Running { said: "Accepted.".to_owned(), url: None });
        }
        match State::of(&reply)?.asked() {
            Asked::Done(done) => Ok(Progress::Done(done)),
            Asked::Running { said, url } => Ok(Progress::Running { said, url }),
            // It may have begun: whether anything is left of it, the other side says when it is asked.
            Asked::Failed(said) => Err(Fault::unknown(format!("It failed: {said}"))),
            Asked::NeverSeen | Asked::CannotSay(_) => {
                Err(Fault::unknown("The reply said neither done, running nor failed."))
            }
        }
    }

    async fn ask(&self, task: &Task) -> Asked {
        self.status(task).await.unwrap_or_else(|fault| Asked::CannotSay(fault.said))
    }

    async fn observe(&self) -> Result<Observed, Fault> {
        let Some(observe) = &self.addresses.observe else {
            return Err(Fault::declined(format!(
                "No address is set that says what runs in {}: set observe_url.",
                self.place
            )));
        };
        let reply = self.get(settings::filled(observe, &of_place(&self.place))?, &Uuid::nil().to_string()).await?;
        if !reply.good() {
            return Err(reply.fault());
        }
        match Arms::of(&reply.body) {
            Some(arms) => Ok(arms.observed()),
            None => Err(Fault::not_done(format!("The answer is no JSON with “arms”: {}", reply.quote()))),
        }
    }

    async fn test(&self) -> Vec<Finding> {
        let mut findings = vec![self.reach().await, self.know().await];
        if self.addresses.observe.is_some() {
            let seen = self.observe().await;
            let said = match &seen {
                Ok(observed) => format!("It says what runs: {} versions.", observed.arms.len()),
                Err(fault) => fault.said.clone(),
            };
            findings.push(Finding { what: "address for what runs".to_owned(), good: seen.is_ok(), said });
        }
        findings
    }
}

/// What is sent of a task. Fields are added, never changed: others have written programs against them.
fn body(task: &Task) -> Value {
    json!({
        "type": format!("rollout.{}", task.action.kind()),
        "data": {
            "key": task.key,
            "rollout": task.rollout.to_string(),
            "product": task.place.product.to_string(),
            "environment": task.place.env.to_string(),
            "action": task.action.kind().name(),
            "percentage": task.action.share().map(|share| share.amount().as_f64()),
            "version": task.version.to_string(),
            "other": task.other.as_ref().map(ToString::to_string),
            "artifacts": task.artifacts,
            "order": task.order,
            "limit_seconds": task.limit.as_secs(),
        }
    })
}

impl From<State> for Done {
    fn from(state: State) -> Self {
        Self { share: state.share.and_then(crate::share::percent), said: state.said, url: state.url }
    }
}
