//! What a driver can do, so that only what can be done is planned.

use super::ActionKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Abilities {
    pub actions: BTreeSet<ActionKind>,
    /// It can be asked afterwards what became of a task.
    pub asks: bool,
    /// It counts requests, failures and latencies for each version.
    #[serde(default)]
    pub counts: bool,
}

impl Abilities {
    pub fn of(actions: impl IntoIterator<Item = ActionKind>, asks: bool) -> Self {
        Self { actions: actions.into_iter().collect(), asks, counts: false }
    }

    #[must_use]
    pub fn counting(self) -> Self {
        Self { counts: true, ..self }
    }

    pub fn can(&self, kind: ActionKind) -> bool {
        matches!(kind, ActionKind::Verify | ActionKind::Watch) || self.actions.contains(&kind)
    }
}
