//! How long the way back took, part by part; judged against the playbook's budgets where they are shown.

use super::{Action, Rollout, StepState};
use crate::{Timestamp, playbook::Stop};
use chrono::TimeDelta;

/// The moments of a way back, as far as they have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// Since when the fault could be seen; where nobody knows, when it was found.
    pub fault_at: Timestamp,
    pub detected_at: Timestamp,
    pub decided_at: Timestamp,
    pub executed_at: Option<Timestamp>,
    pub verified_at: Option<Timestamp>,
}

/// None as long as it does not go back.
pub fn clock(rollout: &Rollout) -> Option<Clock> {
    let (decided_at, fault_at) = match &rollout.turned {
        Some(turn) => (turn.at, turn.fault_at),
        None if rollout.goes_back() => (rollout.started_at, None),
        None => return None,
    };
    let detected_at = match (&rollout.turned, &rollout.judged) {
        (Some(turn), Some(judged)) if turn.cause == super::Cause::Judge => judged.at,
        _ => decided_at,
    };
    let ended = |action: Action| {
        let done = |s: &&super::Step| {
            (s.back || rollout.turned.is_none()) && s.planned.action == action && s.state == StepState::Done
        };
        rollout.steps.iter().find(done).and_then(|step| step.finished_at)
    };
    Some(Clock {
        fault_at: fault_at.unwrap_or(detected_at),
        detected_at,
        decided_at,
        executed_at: ended(Action::RollBack),
        verified_at: ended(Action::Verify),
    })
}

impl Clock {
    /// How long the part that `stop` ends took, or has taken by `now`, and whether it is over. Nothing for parts that
    /// have not begun or that are no part of a way back.
    pub fn part(&self, stop: Stop, now: Timestamp) -> Option<(TimeDelta, bool)> {
        let took = |from: Timestamp, to: Option<Timestamp>| Some((to.unwrap_or(now) - from, to.is_some()));
        match stop {
            Stop::Detected => took(self.fault_at, Some(self.detected_at)),
            Stop::Decided => took(self.detected_at, Some(self.decided_at)),
            Stop::Executed => took(self.decided_at, self.executed_at),
            Stop::Verified => took(self.executed_at?, self.verified_at),
            Stop::BackToNormal | Stop::RollbackVerified => took(self.fault_at, self.verified_at),
            _ => None,
        }
    }
}
