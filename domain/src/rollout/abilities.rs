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
    /// Traffic follows the instances: a version is there with its traffic or not at all.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_place: bool,
}

impl Abilities {
    pub fn of(actions: impl IntoIterator<Item = ActionKind>, asks: bool) -> Self {
        Self { actions: actions.into_iter().collect(), asks, counts: false, in_place: false }
    }

    #[must_use]
    pub fn counting(self) -> Self {
        Self { counts: true, ..self }
    }

    #[must_use]
    pub fn in_place(self) -> Self {
        Self { in_place: true, ..self }
    }

    /// Deploying gives the version its traffic: nothing else could.
    pub fn deploys_in_place(&self) -> bool {
        self.in_place || !(self.can(ActionKind::Promote) || self.can(ActionKind::Weight))
    }

    pub fn can(&self, kind: ActionKind) -> bool {
        matches!(kind, ActionKind::Verify | ActionKind::Watch) || self.actions.contains(&kind)
    }
}
