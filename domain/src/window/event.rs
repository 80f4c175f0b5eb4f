//! What can have happened to the calendar of a product, or of everywhere.

use crate::{
    calendar::{Override, Rotation, Rule},
    slug::{RotationId, RuleId},
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum Event {
    RuleSaved { rule: Box<Rule>, reason: String },
    RuleRemoved { rule: RuleId, reason: String },
    RotationSet { rotation: Rotation },
    TurnOverridden { rotation: RotationId, turn: Override, reason: String },
}
