//! Past deliveries from a file: NDJSON or CSV, line by line, to facts or to what is wrong with the line.
//!
//! One fact a line, with these fields; times are RFC 3339, unknown fields are refused by name:
//!
//! | type | must have | may have |
//! |---|---|---|
//! | `change` | `product`, `id`, `committed_at` | `merged_at` |
//! | `deployment` | `product`, `env`, `id`, `version`, `started_at`, `finished_at`, `outcome`, `kind` | `changes`, `remediates` |
//! | `incident` | `product`, `env`, `id`, `severity`, `started_at` | `resolved_at`, `deployment` |
//!
//! In CSV the first line names the columns; an empty cell is a field left out, and the ids in `changes` are separated by
//! spaces or semicolons. In NDJSON `changes` is a list of texts.
//!
//! Facts stay as they were told: a deployment that ends before it begins is read, and the figures say that they left it
//! out.

mod csv;
mod fault;
mod field;
mod fields;
mod ndjson;
#[cfg(not(target_arch = "wasm32"))]
mod past;

pub use csv::read_csv;
pub use fault::Fault;
pub use ndjson::read_ndjson;
#[cfg(not(target_arch = "wasm32"))]
pub use past::{Command, Event, ImportId, Past, Summary, Taken, Undone, decide, evolve};

use super::facts::{Change, Deployment, History, Incident};
use crate::slug::ProductSlug;
use std::collections::{BTreeMap, HashMap};

/// One line that could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Counted from 1, a header included.
    pub line: u64,
    pub product: ProductSlug,
    pub fact: Fact,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    Change(Change),
    Deployment(Deployment),
    Incident(Incident),
}

impl Fact {
    pub fn id(&self) -> &str {
        match self {
            Self::Change(change) => &change.id,
            Self::Deployment(deployment) => &deployment.id,
            Self::Incident(incident) => &incident.id,
        }
    }

    /// As in the field `type`.
    pub fn noun(&self) -> &'static str {
        match self {
            Self::Change(_) => "change",
            Self::Deployment(_) => "deployment",
            Self::Incident(_) => "incident",
        }
    }
}

/// What a file comes to: facts by product, and the lines that are wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Import {
    pub histories: BTreeMap<ProductSlug, History>,
    pub accepted: u64,
    pub rejected: Vec<Fault>,
}

impl Import {
    /// Takes lines in order. The same id twice within one file is a mistake: the second is refused, whatever it says.
    pub fn of(lines: impl IntoIterator<Item = Result<Entry, Fault>>) -> Self {
        let mut import = Self::default();
        let mut seen: HashMap<(ProductSlug, &'static str, String), u64> = HashMap::new();
        for line in lines {
            match line {
                Err(fault) => import.rejected.push(fault),
                Ok(entry) => {
                    let key = (entry.product.clone(), entry.fact.noun(), entry.fact.id().to_owned());
                    if let Some(first) = seen.get(&key) {
                        let allowed = format!("a {} once in a file; it stands in line {first} already", key.1);
                        import.rejected.push(Fault::new(entry.line, "id", &key.2, allowed));
                        continue;
                    }
                    seen.insert(key, entry.line);
                    import.take(entry);
                }
            }
        }
        import
    }

    fn take(&mut self, entry: Entry) {
        self.accepted += 1;
        let history = self.histories.entry(entry.product).or_default();
        match entry.fact {
            Fact::Change(change) => history.changes.push(change),
            Fact::Deployment(deployment) => history.deployments.push(deployment),
            Fact::Incident(incident) => history.incidents.push(incident),
        }
    }
}
