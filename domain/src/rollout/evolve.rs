//! How a rollout follows from what happened.

use super::{
    Action, Cause, End, Ending, Event, Judged, Opinion, PlannedStep, Purpose, Rollout, Step, StepState, Stop, Turn,
    next::MOST_TRIES,
};
use crate::{Class, Refusal, Timestamp, access::Actor, environment::EnvironmentId};
use chrono::TimeDelta;

pub fn evolve(
    place: &EnvironmentId,
    state: Option<Rollout>,
    event: &Event,
    actor: Actor,
    at: Timestamp,
) -> Result<Rollout, Refusal> {
    let mut rollout = match (state, event) {
        (
            None,
            Event::Started {
                id,
                purpose,
                version,
                from,
                strategy,
                revision,
                digest,
                driver,
                monitored,
                automatic,
                steps,
                reason,
            },
        ) => {
            return Ok(Rollout {
                id: *id,
                place: place.clone(),
                purpose: *purpose,
                version: version.clone(),
                from: from.clone(),
                strategy: strategy.clone(),
                revision: *revision,
                digest: digest.clone(),
                driver: driver.clone(),
                monitored: *monitored,
                automatic: *automatic,
                started_at: at,
                started_by: actor.person(),
                reason: reason.clone(),
                steps: steps.iter().cloned().map(|planned| fresh(planned, false)).collect(),
                actual: None,
                paused: None,
                parked: None,
                turned: None,
                judged: None,
                ended: None,
                changed_at: at,
            });
        }
        (Some(rollout), event) if !matches!(event, Event::Started { .. }) => rollout,
        _ => return Err(Refusal::new(Class::Unavailable, format!("Rollout {} begins twice or never.", event.id()))),
    };
    apply(&mut rollout, event, actor, at);
    rollout.changed_at = at;
    Ok(rollout)
}

fn apply(rollout: &mut Rollout, event: &Event, actor: Actor, at: Timestamp) {
    let halted = |why: &str| Some(Stop { at, by: actor.person(), why: why.to_owned() });
    match event {
        Event::Started { .. } => {}
        Event::StepIntended { step, .. } => {
            leave_behind(rollout, *step, at);
            if let Some(step) = step_mut(rollout, *step) {
                step.state = StepState::Intended;
                step.attempts += 1;
                step.started_at = Some(at);
                step.not_before = None;
            }
        }
        Event::StepAccepted { step, said, url, .. } => {
            if let Some(step) = step_mut(rollout, *step) {
                step.state = StepState::Running;
                step.said.clone_from(said);
                step.url = url.clone().or(step.url.take());
            }
        }
        Event::StepEnded { step: number, ending, share, said, url, .. } => {
            if let Some(share) = share {
                // A rollback of its own brings the version that it speaks of; what was read back is of the one that leaves.
                let of_other = rollout.purpose == Purpose::Rollback
                    && rollout.step(*number).is_some_and(|step| step.planned.action == Action::RollBack);
                rollout.actual = Some(if of_other { share.rest() } else { *share });
            }
            // Each share is judged for itself.
            if rollout.judged.as_ref().is_some_and(|judged| judged.opinion != Opinion::RollBack) {
                rollout.judged = None;
            }
            let Some(step) = step_mut(rollout, *number) else { return };
            step.said.clone_from(said);
            step.url = url.clone().or(step.url.take());
            ends(step, *ending, at);
            if *ending == Ending::Done {
                rollout.parked = None;
                watch_begins(rollout, at);
            }
        }
        Event::Promoted { fully, .. } => {
            promoted(rollout, *fully, at);
            rollout.paused = None;
            watch_begins(rollout, at);
        }
        Event::Paused { reason, .. } => rollout.paused = halted(reason),
        Event::Resumed { .. } => {
            rollout.paused = None;
            let watching = rollout.current().filter(|(_, step)| matches!(step.planned.action, Action::Watch { .. }));
            let number = watching.map(|(number, _)| number);
            if let Some(step) = number.and_then(|number| step_mut(rollout, number)) {
                step.not_before = Some(at);
            }
        }
        Event::Judged { opinion, said, rests_on, .. } => {
            let (said, rests_on) = (said.clone(), rests_on.clone());
            rollout.judged = Some(Judged { opinion: *opinion, said, rests_on, at });
        }
        Event::TurnedBack { cause, reason, fault_at, steps, .. } => {
            turn(rollout, *cause, reason, *fault_at, steps, actor, at);
        }
        Event::Parked { step, why, .. } => {
            if let Some(step) = step_mut(rollout, *step) {
                step.state = StepState::Unknown;
            }
            rollout.parked = halted(why);
        }
        Event::Resolved { step: number, happened, reason, .. } => {
            rollout.parked = None;
            if let Some(step) = step_mut(rollout, *number) {
                step.said.clone_from(reason);
                step.attempts = step.attempts.max(1);
                step.renewed += u32::from(!happened);
                (step.state, step.not_before) = match happened {
                    true => (StepState::Done, None),
                    false => (StepState::Planned, None),
                };
                step.finished_at = happened.then_some(at);
            }
            watch_begins(rollout, at);
        }
        Event::Ended { end, .. } => {
            rollout.ended = Some((*end, at));
            rollout.parked = None;
            rollout.paused = None;
            if *end == End::Superseded {
                rest_is_skipped(rollout);
            }
        }
    }
}

fn fresh(planned: PlannedStep, back: bool) -> Step {
    Step {
        planned,
        state: StepState::Planned,
        attempts: 0,
        renewed: 0,
        started_at: None,
        finished_at: None,
        said: String::new(),
        url: None,
        not_before: None,
        back,
    }
}

fn step_mut(rollout: &mut Rollout, number: u32) -> Option<&mut Step> {
    rollout.steps.get_mut(usize::try_from(number).ok()?.checked_sub(1)?)
}

/// Whatever was still in flight before this step will not be waited for any more.
fn leave_behind(rollout: &mut Rollout, number: u32, at: Timestamp) {
    for (n, step) in (1..).zip(&mut rollout.steps) {
        if n != number && matches!(step.state, StepState::Intended | StepState::Running) {
            step.state = StepState::Unknown;
            step.finished_at = Some(at);
        }
    }
}

fn ends(step: &mut Step, ending: Ending, at: Timestamp) {
    match ending {
        Ending::Done => (step.state, step.finished_at) = (StepState::Done, Some(at)),
        Ending::Failed => (step.state, step.finished_at) = (StepState::Failed, Some(at)),
        Ending::Unknown => step.state = StepState::Intended,
        Ending::NotDone if step.attempts >= MOST_TRIES => {
            (step.state, step.finished_at) = (StepState::Failed, Some(at));
        }
        Ending::NotDone => {
            step.state = StepState::Planned;
            // 2, 4, 8, 16 seconds.
            step.not_before = Some(at + TimeDelta::seconds(1 << step.attempts.min(6)));
        }
    }
}

/// Time runs for a watch from the end of the step before it.
fn watch_begins(rollout: &mut Rollout, at: Timestamp) {
    let Some((number, step)) = rollout.current() else { return };
    if step.state == StepState::Planned
        && matches!(step.planned.action, Action::Watch { .. })
        && let Some(step) = step_mut(rollout, number)
    {
        (step.state, step.started_at) = (StepState::Running, Some(at));
    }
}

fn promoted(rollout: &mut Rollout, fully: bool, at: Timestamp) {
    let Some((from, _)) = rollout.current() else { return };
    for (number, step) in (1..).zip(&mut rollout.steps) {
        let watch = matches!(step.planned.action, Action::Watch { .. });
        if number == from && watch {
            (step.state, step.finished_at) = (StepState::Done, Some(at));
            "A person moved on.".clone_into(&mut step.said);
            if !fully {
                return;
            }
        } else if fully && step.state == StepState::Planned {
            match step.planned.action {
                // All traffic moves, and is then watched as planned.
                Action::Promote => return,
                action if action.share() == Some(crate::playbook::Percent::whole()) => return,
                Action::Weight { .. } | Action::Watch { .. } => step.state = StepState::Skipped,
                _ => {}
            }
        }
    }
}

fn turn(
    rollout: &mut Rollout,
    cause: Cause,
    reason: &str,
    fault_at: Option<Timestamp>,
    steps: &[PlannedStep],
    actor: Actor,
    at: Timestamp,
) {
    rest_is_skipped(rollout);
    for step in &mut rollout.steps {
        if matches!(step.planned.action, Action::Watch { .. }) && step.state == StepState::Running {
            (step.state, step.finished_at) = (StepState::Done, Some(at));
        }
    }
    rollout.steps.extend(steps.iter().cloned().map(|planned| fresh(planned, true)));
    rollout.turned = Some(Turn { cause, at, by: actor.person(), reason: reason.to_owned(), fault_at });
    rollout.parked = None;
    rollout.paused = None;
}

fn rest_is_skipped(rollout: &mut Rollout) {
    for step in &mut rollout.steps {
        if step.state == StepState::Planned {
            step.state = StepState::Skipped;
        }
    }
}
