//! What the rules say after a window.

use serde::{Deserialize, Serialize};

use crate::playbook::{Limit, PartId, SignalId};

/// How a limit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// As it should be.
    Kept,
    /// Not as it should be, and nothing follows yet.
    Breaking,
    /// What the rule says follows.
    Broken,
    NotKnown,
}

/// A line of the table of limits: target, alert, actual.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub rule: PartId,
    pub signal: SignalId,
    pub limit: Limit,
    pub alert: Option<Limit>,
    pub actual: Option<f64>,
    /// The number that the limit stands for now.
    pub bound: Option<f64>,
    pub standing: Standing,
    /// Minutes in a row in which it was broken.
    pub minutes: u32,
    /// Why it is not known.
    pub why: Option<String>,
}

/// A rule with what was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub rule: PartId,
    /// In words for people.
    pub said: String,
}

/// Everything that follows from one window. The strictest counts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Ruling {
    /// Rolled back without asking anybody.
    pub roll_back: Vec<Finding>,
    /// Stable breaks the same rule: held, as the playbook's `shared_incident` says.
    pub shared: Vec<Finding>,
    /// No next phase begins.
    pub blocks: Vec<Finding>,
    /// A person is told, and decides where the rule speaks of going back.
    pub alerts: Vec<Finding>,
    /// Rules that promotion asks for and that nobody can answer.
    pub not_known: Vec<Finding>,
    pub rows: Vec<Row>,
}

impl Ruling {
    pub fn rolls_back(&self) -> bool {
        !self.roll_back.is_empty()
    }

    /// Nothing stands against the next phase. No data is not health.
    pub fn lets_pass(&self) -> bool {
        [&self.roll_back, &self.shared, &self.blocks, &self.not_known].into_iter().all(Vec::is_empty)
    }
}
