//! A planned deployment as moments see it, and when a moment is due.

use super::zone_name::ZoneName;
use crate::Timestamp;
use crate::slug::RuleId;
use serde::{Deserialize, Serialize};

/// A planned deployment, as far as moments need to know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Departure {
    pub planned: Timestamp,
    /// The zone whose dates and clock times moments count in.
    pub zone: ZoneName,
    /// The train it takes, if it takes one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub train: Option<RuleId>,
    /// The cut-off of that train.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub freeze: Option<Timestamp>,
}

/// When to begin and when to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begins: Option<Timestamp>,
    pub due: Timestamp,
}
