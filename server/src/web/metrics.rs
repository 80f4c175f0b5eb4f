//! Counters for `/metrics`, in Prometheus' text format.

use control::{Control, monitor::Taken};
use domain::{
    Class,
    journal::{Envelope, Fact},
    rollout::{self, Ending},
};
use http::{Method, StatusCode};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};
use std::{fmt, sync::Arc, time::Duration};

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: String,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabel {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabel {
    outcome: String,
}

#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    durations: Family<RouteLabel, Histogram>,
    dispatches: Family<OutcomeLabel, Counter>,
    seq: Gauge,
    listeners: Gauge,
    under_way: Gauge,
    parked: Gauge,
    leads: Gauge,
    steps: Family<OutcomeLabel, Counter>,
    alerts: Family<OutcomeLabel, Counter>,
    alarms: Gauge,
}

/// What is known at one moment.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    pub seq: u64,
    pub listeners: u32,
    /// Rollouts that are neither live nor given up, and those of them that wait for a human.
    pub under_way: usize,
    pub parked: usize,
    /// Whether this replica carries them out.
    pub leads: bool,
    /// Alarms that fire in all environments.
    pub alarms: usize,
}

impl Moment {
    pub fn of(control: &Control, listeners: u32) -> Self {
        let world = control.world();
        let (mut under_way, mut parked) = (0, 0);
        for rollout in world.under_way() {
            under_way += 1;
            parked += usize::from(rollout.parked.is_some());
        }
        let alarms = world.environments().map(|environment| environment.alarms.len()).sum();
        Self { seq: control.seq(), listeners, under_way, parked, leads: control.leads(), alarms }
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("pilothouse");
        let requests = Family::<RequestLabels, Counter>::default();
        let durations = Family::<RouteLabel, Histogram>::new_with_constructor(|| {
            Histogram::new([0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0])
        });
        let dispatches = Family::<OutcomeLabel, Counter>::default();
        let (seq, listeners) = (Gauge::default(), Gauge::default());
        let (under_way, parked, leads) = (Gauge::default(), Gauge::default(), Gauge::default());
        let steps = Family::<OutcomeLabel, Counter>::default();
        let (alerts, alarms) = (Family::<OutcomeLabel, Counter>::default(), Gauge::default());
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register("http_request_seconds", "Time until the answer began", durations.clone());
        registry.register("orders", "Orders by what became of them", dispatches.clone());
        registry.register("journal_seq", "The last recorded event", seq.clone());
        registry.register("live_streams", "Open live streams", listeners.clone());
        registry.register("rollouts_under_way", "Rollouts neither live nor given up", under_way.clone());
        registry.register("rollouts_parked", "Rollouts that wait for a human", parked.clone());
        registry.register("rollouts_leader", "Whether this replica carries out rollouts", leads.clone());
        registry.register("rollout_steps", "Steps of rollouts by how they ended", steps.clone());
        registry.register("alerts", "Alerts that monitoring systems sent, taken or ignored", alerts.clone());
        registry.register("alarms_firing", "Alarms that fire in all environments", alarms.clone());
        Self(Arc::new(Inner {
            registry,
            requests,
            durations,
            dispatches,
            seq,
            listeners,
            under_way,
            parked,
            leads,
            steps,
            alerts,
            alarms,
        }))
    }
}

impl Metrics {
    pub fn answered(&self, method: &Method, route: &str, status: StatusCode, took: Duration) {
        let labels = RequestLabels { method: method.to_string(), route: route.to_owned(), status: status.as_u16() };
        self.0.requests.get_or_create(&labels).inc();
        self.0.durations.get_or_create(&RouteLabel { route: route.to_owned() }).observe(took.as_secs_f64());
    }

    pub fn dispatched(&self, refused: Option<Class>) {
        let outcome = refused.map_or_else(|| "recorded".to_owned(), |class| format!("{class:?}").to_lowercase());
        self.0.dispatches.get_or_create(&OutcomeLabel { outcome }).inc();
    }

    /// Counts the alerts of a delivery.
    pub fn alerted(&self, taken: &Taken) {
        for (outcome, count) in [("taken", taken.taken), ("ignored", taken.ignored)] {
            let count = u64::try_from(count).unwrap_or(u64::MAX);
            self.0.alerts.get_or_create(&OutcomeLabel { outcome: outcome.to_owned() }).inc_by(count);
        }
    }

    /// Counts what is counted by what happened.
    pub fn happened(&self, envelope: &Envelope) {
        if let Fact::Rollout(rollout::Event::StepEnded { ending, .. }) = &envelope.fact {
            let outcome = match ending {
                Ending::Done => "done",
                Ending::NotDone => "not_done",
                Ending::Failed => "failed",
                Ending::Unknown => "unknown",
            };
            self.0.steps.get_or_create(&OutcomeLabel { outcome: outcome.to_owned() }).inc();
        }
    }

    /// The whole page.
    pub fn page(&self, moment: Moment) -> String {
        self.0.seq.set(i64::try_from(moment.seq).unwrap_or(i64::MAX));
        self.0.listeners.set(i64::from(moment.listeners));
        self.0.under_way.set(i64::try_from(moment.under_way).unwrap_or(i64::MAX));
        self.0.parked.set(i64::try_from(moment.parked).unwrap_or(i64::MAX));
        self.0.leads.set(i64::from(moment.leads));
        self.0.alarms.set(i64::try_from(moment.alarms).unwrap_or(i64::MAX));
        let mut text = String::new();
        // Writing into a text cannot fail.
        let _ = encode(&mut text, &self.0.registry);
        text
    }
}
