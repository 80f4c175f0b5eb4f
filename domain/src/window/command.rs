//! What can be asked concerning the calendar of a product, or of everywhere.

use crate::{
    calendar::{Override, Rotation, Rule},
    slug::{RotationId, RuleId},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// A new rule, or another text for the rule of that id.
    SaveRule {
        rule: Box<Rule>,
        reason: String,
    },
    RemoveRule {
        rule: RuleId,
        reason: String,
    },
    /// Who takes turns; the rotation bears the name of the role that goes round.
    SetRotation {
        rotation: Rotation,
    },
    /// Somebody stands in for whose turn it is.
    OverrideTurn {
        rotation: RotationId,
        turn: Override,
        reason: String,
    },
}
