//! Monitors that see what a test shows them, and an inbox that reads deliveries as they are.

use crate::{
    driver::{Field, Finding},
    monitor::{
        Connection, Delivery, Inbox, Look, Measured, Missing, Monitor, MonitorKind, Observatory, Part, Question,
    },
};
use async_trait::async_trait;
use domain::{Refusal, environment::EnvironmentId};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

#[derive(Debug, Default)]
struct Bench {
    shown: HashMap<(EnvironmentId, MonitorKind), Look>,
    made: Vec<(EnvironmentId, Connection)>,
    unfit: bool,
}

/// All monitors of an installation, kept in memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryInstruments(Arc<Mutex<Bench>>);

impl MemoryInstruments {
    /// From now on a monitor of this kind sees this there, whatever window it is asked about.
    pub fn show(&self, place: &EnvironmentId, kind: MonitorKind, look: Look) {
        self.lock().shown.insert((place.clone(), kind), look);
    }

    /// Every monitor that was made, with what it was made of.
    pub fn made(&self) -> Vec<(EnvironmentId, Connection)> {
        self.lock().made.clone()
    }

    /// From now on a test finds something wrong, or nothing.
    pub fn set_unfit(&self, unfit: bool) {
        self.lock().unfit = unfit;
    }

    fn lock(&self) -> MutexGuard<'_, Bench> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observatory for MemoryInstruments {
    fn monitor(&self, place: &EnvironmentId, connection: &Connection) -> Result<Arc<dyn Monitor>, Refusal> {
        self.lock().made.push((place.clone(), connection.clone()));
        Ok(Arc::new(Pane { bench: self.clone(), place: place.clone(), kind: connection.kind }))
    }

    fn inbox(&self, connection: &Connection) -> Result<Arc<dyn Inbox>, Refusal> {
        let token = connection.secrets.get("token").map(|token| format!("Bearer {}", token.reveal()));
        Ok(Arc::new(Slot(token.ok_or_else(|| Refusal::invalid("token", "nothing", "a token"))?)))
    }

    fn fields(&self, _kind: MonitorKind) -> &'static [Field] {
        &[]
    }
}

/// The monitor of one environment.
#[derive(Debug)]
struct Pane {
    bench: MemoryInstruments,
    place: EnvironmentId,
    kind: MonitorKind,
}

#[async_trait]
impl Monitor for Pane {
    async fn look(&self, question: &Question) -> Look {
        let shown = self.bench.lock().shown.get(&(self.place.clone(), self.kind)).cloned();
        let mut look = shown.unwrap_or_else(|| {
            let nothing = || Measured::Missing(Missing::absent("Nothing is shown."));
            let part = |asking: &crate::monitor::Asking| Part {
                service: self.place.product.to_string(),
                arm: asking.arm,
                requests: nothing(),
                errors: nothing(),
                latency: Measured::Missing(Missing::absent("Nothing is shown.")),
                gauges: [].into(),
            };
            Look { parts: question.arms.iter().map(part).collect(), ..Look::new(question.end) }
        });
        look.end = question.end;
        look
    }

    async fn test(&self, _question: &Question) -> Vec<Finding> {
        let good = !self.bench.lock().unfit;
        let said = if good { "It answers." } else { "It does not answer; look for it." };
        vec![Finding { what: "Memory".to_owned(), good, said: said.to_owned() }]
    }
}

/// Takes deliveries as JSON, from whoever shows the token.
#[derive(Debug)]
struct Slot(String);

impl Inbox for Slot {
    fn admits(&self, authorization: Option<&str>) -> bool {
        authorization == Some(self.0.as_str())
    }

    fn read(&self, body: &[u8]) -> Result<Delivery, Refusal> {
        serde_json::from_slice(body).map_err(|why| Refusal::invalid("body", why.to_string(), "a delivery as JSON"))
    }
}
