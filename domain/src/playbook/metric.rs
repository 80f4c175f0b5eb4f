//! Figures about releases, shown as target against actual; objectives of the service; where alerts go.

use super::{
    limit::{Limit, Measure},
    names::{ChannelId, MetricId, PartId, SignalId},
    read::{Reader, Value, record, words},
    signal::measured,
    span::Span,
};

words! {
    /// What a figure is about.
    pub enum Concern {
        Release = "release",
        Delivery = "delivery",
        Quality = "quality",
        Service = "service",
        Users = "users",
        Business = "business",
    }
}

words! {
    /// Where the figure comes from.
    pub enum Origin {
        /// The record of releases.
        Record = "record",
        /// What CI posts.
        Ci = "ci",
        Monitoring = "monitoring",
        /// A person enters it.
        Person = "person",
    }
}

record! {
    /// A figure.
    pub struct Metric {
        pub id: MetricId,
        pub title: String,
        pub measures: Measure,
        pub concern: Concern,
        pub origin: Origin,
        pub target: Option<Limit>,
        /// From when to when it is measured, or what is counted.
        pub about: Option<String>,
        /// Counted so long after a release.
        pub within: Option<Span>,
        /// One of the four figures of DevOps research.
        pub dora: bool,
    }
    check Metric::sound;
}

impl Metric {
    fn sound(&self, value: &Value<'_>, reader: &mut Reader) {
        if let Some(target) = self.target.filter(|target| !self.measures.takes(target.bound)) {
            let what = format!("{} does not go with {}: write {}", target.bound, self.measures, self.measures.unit());
            reader.contradiction(value, "target", what);
        }
    }
}

record! {
    /// An objective of the service.
    pub struct Slo {
        pub id: PartId,
        pub signal: SignalId => Signal,
        pub target: Limit,
        /// Over how much time.
        pub window: Option<Span>,
    }
    check Slo::sound;
}

impl Slo {
    fn sound(&self, value: &Value<'_>, reader: &mut Reader) {
        if let Some(measure) = measured(&self.signal, reader).filter(|measure| !measure.takes(self.target.bound)) {
            let what = format!("{} does not go with {}: write {}", self.target.bound, measure, measure.unit());
            reader.contradiction(value, "target", what);
        }
    }
}

words! {
    /// How urgent an alert is.
    pub enum AlertLevel {
        Critical = "critical",
        Warning = "warning",
        Info = "info",
    }
}

record! {
    /// Where alerts of one urgency go.
    pub struct AlertRoute {
        pub level: AlertLevel,
        pub to: Vec<ChannelId> => Channel,
    }
}
