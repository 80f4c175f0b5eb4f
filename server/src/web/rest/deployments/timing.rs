//! How long the way back takes, against what the playbook allows; and what it advises when nothing moves.

use domain::{
    Timestamp,
    playbook::{Playbook, Troubleshooting},
    rollout::{self, Rollout},
};
use serde::Serialize;
use utoipa::ToSchema;

/// The clock of a way back.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClockShown {
    /// Since when the fault could be seen; where nobody knows, when it was found.
    #[schema(value_type = String, format = DateTime)]
    fault_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    detected_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    decided_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    executed_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    verified_at: Option<Timestamp>,
    /// Those that have begun, against the playbook's budgets.
    parts: Vec<ClockPart>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ClockPart {
    /// As the playbook names it: `detection`, `decision`, `execution`, `verification`, `total`.
    id: String,
    title: String,
    budget_seconds: u32,
    /// So long it took, or has taken by now.
    seconds: i64,
    /// It runs no more.
    over: bool,
    /// `running`, `met` or `missed`; missed as soon as the budget is spent.
    state: &'static str,
}

impl ClockShown {
    pub fn of(rollout: &Rollout, playbook: Option<&Playbook>, now: Timestamp) -> Option<Self> {
        let clock = rollout::clock(rollout)?;
        let budgets = playbook.into_iter().flat_map(|playbook| &playbook.clocks).filter(|budget| budget.rollback);
        let part = |budget: &domain::playbook::Clock| {
            let (took, over) = clock.part(budget.stops, now)?;
            let state = match over {
                _ if took > budget.within.delta() => "missed",
                true => "met",
                false => "running",
            };
            Some(ClockPart {
                id: budget.id.to_string(),
                title: budget.title.clone(),
                budget_seconds: budget.within.seconds(),
                seconds: took.num_seconds(),
                over,
                state,
            })
        };
        Some(Self {
            fault_at: clock.fault_at,
            detected_at: clock.detected_at,
            decided_at: clock.decided_at,
            executed_at: clock.executed_at,
            verified_at: clock.verified_at,
            parts: budgets.filter_map(part).collect(),
        })
    }
}

/// What the playbook says about a trouble.
#[derive(Debug, Serialize, ToSchema)]
pub struct Advice {
    id: String,
    title: String,
    symptom: String,
    look_at: Vec<String>,
    r#do: Vec<String>,
}

impl From<&Troubleshooting> for Advice {
    fn from(trouble: &Troubleshooting) -> Self {
        Self {
            id: trouble.id.to_string(),
            title: trouble.title.clone(),
            symptom: trouble.symptom.clone(),
            look_at: trouble.look_at.clone(),
            r#do: trouble.fixes.clone(),
        }
    }
}
