//! Limits on signals, and what follows when they are kept or broken.

use super::{
    limit::Limit,
    names::{PartId, SignalId},
    read::{Reader, Value, record, words},
    signal::measured,
    span::Span,
};
use crate::slug::EnvName;

words! {
    /// What a threshold decides.
    pub enum Purpose {
        /// The limit must be kept for the next phase to begin.
        Promote = "promote",
        /// Beyond the limit the version is rolled back.
        RollBack = "roll_back",
        /// The limit must be kept while people watch.
        Watch = "watch",
        /// The limit is the target, and beyond the alert someone is called.
        Validate = "validate",
    }
}

record! {
    /// A limit on a signal.
    pub struct Threshold {
        pub id: PartId,
        pub signal: SignalId => Signal,
        pub purpose: Purpose,
        /// What should be kept; for a rollback, what must not be reached.
        pub limit: Limit,
        /// Where it becomes an alert.
        pub alert: Option<Limit>,
        /// So long without interruption, minute by minute.
        pub lasting: Option<Span> as "for",
        /// Over how much time the value is taken.
        pub window: Option<Span>,
        /// Nobody is asked first.
        pub automatic: bool,
        /// Where it holds; in production when left out.
        pub environments: Vec<EnvName> => Environment,
    }
    check Threshold::sound;
}

impl Threshold {
    fn sound(&self, value: &Value<'_>, reader: &mut Reader) {
        if let Some(measure) = measured(&self.signal, reader) {
            for (key, limit) in [("limit", Some(self.limit)), ("alert", self.alert)] {
                if let Some(limit) = limit.filter(|limit| !measure.takes(limit.bound)) {
                    let what = format!(
                        "{} cannot be compared with {}, which measures {}: write {}",
                        limit.bound,
                        self.signal,
                        measure.words(),
                        measure.unit()
                    );
                    reader.contradiction(value, key, what);
                }
            }
        }
        let apart = |span: Span| !span.seconds().is_multiple_of(60);
        if self.lasting.is_some_and(apart) {
            reader.contradiction(value, "for", "is not a whole number of minutes, which is how it is counted");
        }
        if self.alert.is_some() && self.purpose != Purpose::Validate {
            reader.contradiction(value, "alert", format!("goes with the purpose validate, not with {}", self.purpose));
        }
    }
}
