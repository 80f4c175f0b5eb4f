//! Counters for `/metrics`, in Prometheus' text format.

use domain::Class;
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
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register("http_request_seconds", "Time until the answer began", durations.clone());
        registry.register("orders", "Orders by what became of them", dispatches.clone());
        registry.register("journal_seq", "The last recorded event", seq.clone());
        registry.register("live_streams", "Open live streams", listeners.clone());
        Self(Arc::new(Inner { registry, requests, durations, dispatches, seq, listeners }))
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

    /// The whole page, with what is known at this moment.
    pub fn page(&self, seq: u64, listeners: u32) -> String {
        self.0.seq.set(i64::try_from(seq).unwrap_or(i64::MAX));
        self.0.listeners.set(i64::from(listeners));
        let mut text = String::new();
        // Writing into a text cannot fail.
        let _ = encode(&mut text, &self.0.registry);
        text
    }
}
