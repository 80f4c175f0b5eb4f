//! The moments at which the control plane ends or loses what it stood on.

use crate::sides::Kind;
use std::{fmt, str::FromStr};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    BeforeIntent,
    AfterIntent,
    CallInFlight,
    ReplyLost,
    ReplyUnrecorded,
    RecordedUnannounced,
    AnnouncedUnmarked,
    LeadershipLost,
    RollbackDuringPromote,
    ApprovalRevoked,
}

impl Point {
    pub const ALL: [Self; 10] = [
        Self::BeforeIntent,
        Self::AfterIntent,
        Self::CallInFlight,
        Self::ReplyLost,
        Self::ReplyUnrecorded,
        Self::RecordedUnannounced,
        Self::AnnouncedUnmarked,
        Self::LeadershipLost,
        Self::RollbackDuringPromote,
        Self::ApprovalRevoked,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::BeforeIntent => "before_intent",
            Self::AfterIntent => "after_intent",
            Self::CallInFlight => "call_in_flight",
            Self::ReplyLost => "reply_lost",
            Self::ReplyUnrecorded => "reply_unrecorded",
            Self::RecordedUnannounced => "recorded_unannounced",
            Self::AnnouncedUnmarked => "announced_unmarked",
            Self::LeadershipLost => "leadership_lost",
            Self::RollbackDuringPromote => "rollback_during_promote",
            Self::ApprovalRevoked => "approval_revoked",
        }
    }

    /// Whether the server ends there by itself.
    pub fn is_failpoint(self) -> bool {
        matches!(
            self,
            Self::BeforeIntent
                | Self::AfterIntent
                | Self::ReplyUnrecorded
                | Self::RecordedUnannounced
                | Self::AnnouncedUnmarked
        )
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Point {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.map(Self::name).join(", ");
        Self::ALL.into_iter().find(|point| point.name() == text).ok_or(format!("the points are {known}"))
    }
}

/// Which way it is going.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Promote,
    Rollback,
}

impl Column {
    pub const ALL: [Self; 2] = [Self::Promote, Self::Rollback];

    pub fn name(self) -> &'static str {
        match self {
            Self::Promote => "promote",
            Self::Rollback => "rollback",
        }
    }

    /// The action that the point is at, another one in each run.
    pub fn action(self, driver: Kind, run: usize) -> &'static str {
        match self {
            Self::Promote => driver.steps()[run % driver.steps().len()],
            Self::Rollback => "roll_back",
        }
    }
}
