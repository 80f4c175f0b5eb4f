//! What is to be done next: pure, so that every replica and every restart comes to the same answer.

use super::{Action, Cause, Opinion, Rollout, Step, StepState};
use crate::{Timestamp, playbook::Inconclusive};
use chrono::TimeDelta;

/// A step in flight when somebody turns back gets this long to settle before the way back begins.
pub const GRACE: TimeDelta = TimeDelta::seconds(20);
/// Tries of one step that did nothing, before it counts as failed.
pub const MOST_TRIES: u32 = 5;
/// Without progress for so long, a rollout is flagged.
pub const STUCK: TimeDelta = TimeDelta::minutes(10);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Nothing until then, or until something happens.
    Wait(Option<Timestamp>),
    /// This step is carried out.
    Perform {
        step: u32,
    },
    /// What became of this step is asked, unless the asker is at it.
    Ask {
        step: u32,
    },
    /// This watch is over.
    Pass {
        step: u32,
    },
    TurnBack {
        cause: Cause,
        reason: String,
    },
    /// A person decides; until then nothing moves in.
    Pause {
        reason: String,
    },
    Park {
        step: u32,
        why: String,
    },
    Finish,
}

/// `stopped`: somebody has stopped all automation. The way back goes on all the same.
pub fn next(rollout: &Rollout, stopped: bool, now: Timestamp) -> Next {
    if rollout.is_over() {
        return Next::Wait(None);
    }
    if let Some((number, step)) = rollout.in_flight() {
        let left_behind = rollout.turned.as_ref().filter(|_| !step.back);
        match left_behind {
            // The way back does not wait long for what is still on its way in.
            Some(turn) if now >= turn.at + GRACE => {}
            None if is_late(step, now) => {
                let why = "It has been at work for longer than it may, and nobody knows what became of it.";
                return Next::Park { step: number, why: why.to_owned() };
            }
            _ => return Next::Ask { step: number },
        }
    }
    if rollout.parked.is_some() {
        return Next::Wait(None);
    }
    if let Some(failed) = failure(rollout) {
        return failed;
    }
    if rollout.turned.is_none()
        && rollout.automatic
        && !stopped
        && let Some(judged) = rollout.judged.as_ref().filter(|judged| judged.opinion == Opinion::RollBack)
    {
        return Next::TurnBack { cause: Cause::Judge, reason: judged.said.clone() };
    }
    if !rollout.goes_back() && (rollout.paused.is_some() || stopped) {
        return Next::Wait(None);
    }
    let Some((number, step)) = rollout.current() else { return Next::Finish };
    match step.planned.action {
        Action::Watch { seconds } => watch(rollout, number, step, seconds, now),
        _ => match step.not_before {
            Some(at) if now < at => Next::Wait(Some(at)),
            _ => Next::Perform { step: number },
        },
    }
}

/// When the next thing is due that no event announces.
pub fn is_stuck(rollout: &Rollout, now: Timestamp) -> bool {
    let watching = rollout.current().is_some_and(|(_, step)| matches!(step.planned.action, Action::Watch { .. }));
    !rollout.is_over() && rollout.paused.is_none() && !watching && now - rollout.last_progress() >= STUCK
}

fn is_late(step: &Step, now: Timestamp) -> bool {
    match (step.started_at, step.planned.limit) {
        (Some(at), Some(limit)) => now >= at + TimeDelta::seconds(i64::from(limit)),
        _ => false,
    }
}

fn failure(rollout: &Rollout) -> Option<Next> {
    let turned = rollout.turned.is_some();
    let (number, step) =
        (1..).zip(&rollout.steps).find(|(_, s)| s.state == StepState::Failed && (!turned || s.back))?;
    Some(if rollout.goes_back() {
        Next::Park { step: number, why: format!("The way back failed: {}", step.said) }
    } else if rollout.automatic {
        Next::TurnBack { cause: Cause::Step, reason: format!("“{}” failed: {}", step.planned.name, step.said) }
    } else {
        Next::Park { step: number, why: format!("It failed, and a person decides what follows: {}", step.said) }
    })
}

fn watch(rollout: &Rollout, number: u32, step: &Step, seconds: Option<u32>, now: Timestamp) -> Next {
    let Some(began) = step.started_at else { return Next::Wait(None) };
    // Without a length: until a judge says so, or a person.
    let until = began + TimeDelta::seconds(i64::from(seconds.unwrap_or_default()));
    if now < until {
        return Next::Wait(Some(until));
    }
    // Time alone does not pass what is measured.
    // Once nothing is left to compare with, it passes as long as no judge objects.
    let in_time = seconds.is_some() && (!rollout.monitored || rollout.has_all_traffic());
    let passes = in_time || good(rollout);
    if passes {
        return Next::Pass { step: number };
    }
    let Some(patience) = step.planned.patience else { return Next::Wait(None) };
    // Resumed by a person, it is extended anew.
    let since = step.not_before.unwrap_or(until).max(until);
    let end = since + TimeDelta::seconds(i64::from(patience.seconds));
    if now < end {
        return Next::Wait(Some(end));
    }
    let heard = rollout.judged.as_ref().map_or("Nothing was measured.", |judged| judged.said.as_str());
    match patience.then {
        Inconclusive::Promote => Next::Pass { step: number },
        Inconclusive::RollBack if rollout.automatic => {
            let reason = format!("The judges could not decide in time, and the playbook goes back then. {heard}");
            Next::TurnBack { cause: Cause::Judge, reason }
        }
        Inconclusive::Ask | Inconclusive::RollBack => {
            Next::Pause { reason: format!("The judges could not decide in time: a person does. {heard}") }
        }
    }
}

fn good(rollout: &Rollout) -> bool {
    rollout.judged.as_ref().is_some_and(|judged| judged.opinion == Opinion::Promote)
}
