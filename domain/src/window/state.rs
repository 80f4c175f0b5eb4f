//! What is set in the calendar of a product, or of everywhere, now.

use crate::{
    Timestamp,
    access::Actor,
    calendar::{Rotation, Rule},
    slug::{RotationId, RuleId},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A rule with who set it, when and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedRule {
    pub rule: Rule,
    pub by: Actor,
    pub at: Timestamp,
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Windows {
    pub rules: BTreeMap<RuleId, SavedRule>,
    pub rotations: BTreeMap<RotationId, Rotation>,
}
