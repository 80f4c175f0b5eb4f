//! What can have happened to an environment.

use super::{Alarm, Connection, Watching};
use crate::{playbook::GateId, release::Version};
use serde::{Deserialize, Serialize};

/// How a deployment ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Succeeded,
    Failed,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum Event {
    Adopted {
        version: Version,
    },
    Deployed {
        version: Version,
        outcome: Outcome,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url: Option<String>,
        /// Gates that were not met when it was done all the same.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        against: Vec<GateId>,
    },
    Connected(Box<Connection>),
    Disconnected {
        reason: String,
    },
    Resumed {
        reason: String,
    },
    /// What runs there was changed from outside, or is as it should be again.
    Drifted {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        found: Option<String>,
    },
    /// A monitor measures there.
    Watched(Box<Watching>),
    Unwatched {
        kind: String,
        reason: String,
    },
    /// An alarm fires, or says something else than before.
    Raised(Box<Alarm>),
    Cleared {
        key: String,
        reason: String,
    },
}
