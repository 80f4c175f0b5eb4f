//! What one step of a rollout does.

use crate::playbook::Percent;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One thing to do. All but [`Action::Verify`] and [`Action::Watch`] are a driver's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Action {
    /// The new version's instances stand beside those that run, healthy, without traffic.
    Deploy,
    /// So large a share of the instances runs the new version.
    Replace { share: Percent },
    /// So large a share of the traffic goes to the new version.
    Weight { share: Percent },
    /// The new version becomes the one that runs: all traffic is its own. The old one's instances stay for a way back.
    Promote,
    /// The old version's instances end.
    Retire,
    /// The version to go back to has all traffic; the instances of the other end.
    RollBack,
    /// Health and smoke commands of what should run now.
    Verify,
    /// Nothing is done: people and judges look, for so many seconds or until one of them decides.
    Watch { seconds: Option<u32> },
}

/// The kinds of [`Action`], for saying which of them a driver can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    Deploy,
    Replace,
    Weight,
    Promote,
    Retire,
    RollBack,
    Verify,
    Watch,
}

impl ActionKind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Deploy => "deploy",
            Self::Replace => "replace",
            Self::Weight => "weight",
            Self::Promote => "promote",
            Self::Retire => "retire",
            Self::RollBack => "roll_back",
            Self::Verify => "verify",
            Self::Watch => "watch",
        }
    }
}

impl fmt::Display for ActionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Action {
    pub fn kind(self) -> ActionKind {
        match self {
            Self::Deploy => ActionKind::Deploy,
            Self::Replace { .. } => ActionKind::Replace,
            Self::Weight { .. } => ActionKind::Weight,
            Self::Promote => ActionKind::Promote,
            Self::Retire => ActionKind::Retire,
            Self::RollBack => ActionKind::RollBack,
            Self::Verify => ActionKind::Verify,
            Self::Watch { .. } => ActionKind::Watch,
        }
    }

    /// The share of traffic that the new version has once it is done, where it moves any.
    pub fn share(self) -> Option<Percent> {
        match self {
            Self::Replace { share } | Self::Weight { share } => Some(share),
            Self::Promote => Some(Percent::whole()),
            Self::RollBack => Some(Percent::nothing()),
            _ => None,
        }
    }
}
