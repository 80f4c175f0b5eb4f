//! What is measured.

use super::{
    limit::Measure,
    names::SignalId,
    read::{Reader, record},
};

record! {
    /// Something measured while a version comes in and afterwards.
    pub struct Signal {
        pub id: SignalId,
        pub title: String,
        /// What it measures, which says what it can be compared with.
        pub measures: Measure,
        /// Where the figure comes from, for people.
        pub source: Option<String>,
    }
}

/// What the declared signal measures, as far as it can be read.
pub(super) fn measured(signal: &SignalId, reader: &Reader) -> Option<Measure> {
    let written = reader.declared().measure(signal.as_str())?;
    Measure::ALL.iter().copied().find(|measure| measure.name() == written)
}
