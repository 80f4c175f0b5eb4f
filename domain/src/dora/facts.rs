//! What happened, as plain facts: changes, deployments and incidents of one product.

use crate::{Timestamp, slug::EnvName};
use serde::{Deserialize, Serialize};

/// A commit, as the product's repository knows it. The same commit in two products is two changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub id: String,
    pub committed_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Success,
    Failed,
}

/// Why somebody deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Regular,
    Hotfix,
    Rollback,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Regular => "regular",
            Self::Hotfix => "hotfix",
            Self::Rollback => "rollback",
        }
    }

    /// Nobody planned it: it repairs.
    pub fn is_rework(self) -> bool {
        self != Self::Regular
    }
}

/// One rollout that came to an end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    pub id: String,
    pub env: EnvName,
    pub version: String,
    /// Nothing where only its end was reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    pub finished_at: Timestamp,
    pub outcome: Outcome,
    pub kind: Kind,
    /// The ids of the changes that it holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<String>,
    /// The deployment that it repairs or takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remediates: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moments: Option<Box<Moments>>,
}

/// Finer moments, as far as somebody knows them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Moments {
    /// When the release became a candidate.
    pub release_started_at: Option<Timestamp>,
    pub approval_asked_at: Option<Timestamp>,
    pub approved_at: Option<Timestamp>,
    /// Of a rollback or hotfix: since when the fault could be seen.
    pub fault_at: Option<Timestamp>,
    pub detected_at: Option<Timestamp>,
    pub decided_at: Option<Timestamp>,
    pub executed_at: Option<Timestamp>,
    pub verified_at: Option<Timestamp>,
}

/// A disturbance of the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    pub id: String,
    pub env: EnvName,
    pub severity: String,
    pub started_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_at: Option<Timestamp>,
    /// The deployment that somebody named as its cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployment: Option<String>,
}

/// All that is known of one product. Where an id stands twice, the later entry corrects the earlier.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct History {
    pub changes: Vec<Change>,
    pub deployments: Vec<Deployment>,
    pub incidents: Vec<Incident>,
}
