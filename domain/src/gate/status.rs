//! The answer of one gate.

use crate::{
    Timestamp,
    person::PersonId,
    playbook::{ChecklistId, Condition, GateId, MessageId},
    slug::{EnvName, RoleId},
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Met,
    Unmet,
    /// Not met, and waved through in an emergency.
    Waived,
    NotApplicable,
}

impl State {
    pub fn name(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Unmet => "unmet",
            Self::Waived => "waived",
            Self::NotApplicable => "not_applicable",
        }
    }

    /// Whether it lets the release pass.
    pub fn lets_pass(self) -> bool {
        self != Self::Unmet
    }
}

/// What opens it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Act {
    /// Nothing to do here: it opens by itself, or elsewhere.
    Wait,
    /// The release itself is approved.
    Approve,
    /// Someone in one of these roles answers the gate's question.
    Sign {
        roles: Vec<RoleId>,
    },
    /// CI or a person reports this.
    Report {
        about: String,
    },
    Tick {
        list: ChecklistId,
    },
    Send {
        message: MessageId,
    },
    /// The authors say whether it is so.
    Declare {
        condition: Condition,
    },
    Deploy {
        env: EnvName,
    },
    Lift {
        hold: u32,
    },
    AskForApproval,
}

/// What an answer rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    pub words: String,
    pub url: Option<String>,
    pub by: Option<PersonId>,
    pub at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    pub id: GateId,
    pub env: EnvName,
    pub title: String,
    pub state: State,
    pub why: String,
    pub owner: RoleId,
    /// When it may open by itself.
    pub next_opening: Option<Timestamp>,
    pub act: Act,
    pub proofs: Vec<Proof>,
}
