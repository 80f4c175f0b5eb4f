//! What may be done to rollouts, by whom, and what follows from it.

use super::{
    Cause, Command, End, Ending, Event, PlannedStep, Purpose, Report, Rollout, RolloutId, Start, Step, StepState, Verb,
    way_back,
};
use crate::{
    Class, Refusal, Timestamp,
    access::{Actor, Authority, Permission},
    environment::Environment,
    release::Version,
    text,
};

/// What a decision rests on.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    pub by: &'a Authority,
    pub environment: &'a Environment,
    /// The rollout that has the environment's lock.
    pub active: Option<&'a Rollout>,
    /// The rollout that is spoken of.
    pub named: Option<&'a Rollout>,
    /// Why all automation is stopped here, if it is.
    pub stopped: Option<&'a str>,
}

pub fn decide(command: Command, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Start(start) => begin(*start, given),
        Command::RollBack { id, to, driver, reason } => {
            given.by.require(Permission::Promote, "roll back")?;
            roll_back(id, to, driver, text::bounded("reason", &reason, LONGEST)?, given)
        }
        Command::Steer { id, verb, reason } => {
            given.by.require(Permission::Promote, "steer rollouts")?;
            steer(id, verb, text::bounded("reason", &reason, LONGEST)?, given)
        }
        Command::Resolve { id, step, happened, reason } => {
            given.by.require(Permission::Promote, "decide about rollouts")?;
            resolve(id, step, happened, &reason, given)
        }
        Command::Report { id, report } => {
            if given.by.actor != Actor::System {
                return Err(Refusal::forbidden("Only Pilothouse itself reports on its rollouts.", "Nobody"));
            }
            reported(id, report, given)
        }
    }
}

fn begin(start: Start, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    given.by.require(Permission::Promote, "promote")?;
    let reason = text::bounded("reason", &start.reason, LONGEST)?;
    if let Some(active) = given.active {
        return Err(Refusal {
            who_can_help: Some("Whoever started it, or anybody who may promote: by ending it,".to_owned()),
            ..Refusal::conflict(
                format!("A rollout of {} is under way in {}.", active.version, given.environment.id),
                "no rollout under way",
                format!("rollout {}", active.id),
            )
        });
    }
    let running = given.environment.running().map(|run| run.version.clone());
    if running.as_ref() == Some(&start.version) {
        return Err(Refusal::conflict(
            format!("{} runs in {} already.", start.version, given.environment.id),
            "a version that does not run there",
            start.version.to_string(),
        ));
    }
    if let Some(hold) = &given.environment.hold {
        return Err(blocked(
            format!("{} is held: {}", given.environment.id, hold.reason),
            "Anybody who may promote can resume it; that",
        ));
    }
    if let Some(why) = given.stopped {
        return Err(blocked(format!("All automation is stopped: {why}"), "An administrator"));
    }
    Ok(vec![Event::Started {
        id: start.id,
        purpose: Purpose::Promotion,
        version: start.version,
        from: running,
        strategy: Some(start.strategy),
        revision: Some(start.revision),
        digest: Some(start.digest),
        driver: start.driver,
        monitored: start.monitored,
        automatic: start.automatic,
        steps: start.steps,
        reason,
    }])
}

/// Getting back to safety is never refused for what else is going on; repeating it changes nothing.
fn roll_back(
    id: RolloutId,
    to: Option<Version>,
    driver: String,
    reason: String,
    given: Given<'_>,
) -> Result<Vec<Event>, Refusal> {
    let running = given.environment.running().map(|run| &run.version);
    if let Some(active) = given.active {
        let same = to.is_none() || active.destination() == to.as_ref();
        if active.goes_back() && same {
            return Ok(vec![]);
        }
        if !active.goes_back() && active.from.is_some() && (to.is_none() || to == active.from) {
            return Ok(vec![turned_back(active, Cause::Person, reason, None)]);
        }
    }
    // Asked again once it is back there, it is the same way back, for as long as nothing else has come in since.
    let arrived = |last: &Rollout| last.is_over() && running.is_some() && last.destination() == running;
    if given.active.is_none() && (to.is_none() || to.as_ref() == running) && given.named.is_some_and(arrived) {
        return Ok(vec![]);
    }
    let to = to.or_else(|| given.environment.previous().cloned()).ok_or_else(|| {
        Refusal::conflict(
            format!("Nothing ran in {} before, so there is nothing to go back to.", given.environment.id),
            "an earlier version",
            "none",
        )
    })?;
    // Only what is known to have run well; anything else is a promotion.
    let ran = given.environment.runs_of(&to).next().is_some();
    if !ran {
        let mut known: Vec<String> = Vec::new();
        for run in given.environment.runs.iter().rev() {
            let version = run.version.to_string();
            if !known.contains(&version) {
                known.push(version);
            }
        }
        let allowed = if known.is_empty() {
            "a version that ran there; none is known yet".to_owned()
        } else {
            format!("a version that ran there: {}", text::either(&known))
        };
        return Err(Refusal::invalid("to_version", format!("“{to}”"), allowed));
    }
    // What is left: the version on its way in, or what runs.
    let leaving = given.active.filter(|a| !a.goes_back()).map(|a| &a.version).or(running);
    let from = leaving.filter(|version| **version != to).cloned();
    let mut events: Vec<Event> =
        given.active.map(|active| Event::Ended { id: active.id, end: End::Superseded }).into_iter().collect();
    events.push(Event::Started {
        id,
        purpose: Purpose::Rollback,
        version: to,
        from,
        strategy: None,
        revision: None,
        digest: None,
        driver,
        monitored: false,
        automatic: false,
        steps: way_back(),
        reason,
    });
    Ok(events)
}

fn steer(id: RolloutId, verb: Verb, reason: String, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    let rollout = named(given)?;
    if verb == Verb::Abort {
        // Asked again after it went back, it is the same rollout.
        return if rollout.goes_back() {
            Ok(vec![])
        } else if rollout.is_over() {
            Err(over(rollout))
        } else {
            Ok(vec![turned_back(rollout, Cause::Person, reason, None)])
        };
    }
    if rollout.is_over() {
        return Err(over(rollout));
    }
    if rollout.goes_back() {
        return Err(Refusal::conflict("It is on its way back.", "a rollout on its way in", rollout.state().name()));
    }
    match verb {
        Verb::Pause if rollout.paused.is_some() => Ok(vec![]),
        Verb::Pause => Ok(vec![Event::Paused { id, reason }]),
        Verb::Resume if rollout.paused.is_none() => Ok(vec![]),
        Verb::Resume => Ok(vec![Event::Resumed { id, reason }]),
        Verb::Promote | Verb::PromoteFully => {
            if rollout.parked.is_some() {
                return Err(Refusal::conflict(
                    "A step is parked: say first what became of it.",
                    "a rollout that goes on",
                    rollout.state().name(),
                ));
            }
            let fully = verb == Verb::PromoteFully;
            let watching =
                rollout.current().is_some_and(|(_, step)| matches!(step.planned.action, super::Action::Watch { .. }));
            if !watching && !fully {
                return Err(Refusal::conflict(
                    "A step is at work; there is nothing to promote until it has ended.",
                    "a rollout that watches",
                    rollout.state().name(),
                ));
            }
            Ok(vec![Event::Promoted { id, fully, reason }])
        }
        Verb::Abort => Ok(vec![]),
    }
}

fn resolve(id: RolloutId, number: u32, happened: bool, reason: &str, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    let rollout = named(given)?;
    let reason = text::required("reason", reason, LONGEST)?;
    let parked = rollout.parked.is_some()
        && rollout.step(number).is_some_and(|step| matches!(step.state, StepState::Unknown | StepState::Failed));
    if !parked {
        return Err(Refusal::conflict(
            format!("Step {number} does not wait for a decision."),
            "a parked step",
            rollout.state().name(),
        )
        .on("step"));
    }
    Ok(vec![Event::Resolved { id, step: number, happened, reason }])
}

/// What the machine says is held against what is known: a report that comes too late changes nothing.
fn reported(id: RolloutId, report: Report, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    let rollout = named(given)?;
    let late = |what: &str| {
        Refusal::conflict(
            format!("{what}: the rollout has moved on."),
            "the state it was decided on",
            rollout.state().name(),
        )
    };
    if rollout.is_over() {
        return Err(over(rollout));
    }
    let at_work = |step: &&Step| matches!(step.state, StepState::Intended | StepState::Running);
    Ok(vec![match report {
        Report::Intended { step } => {
            let fits = rollout.parked.is_none()
                && (rollout.goes_back() || (rollout.paused.is_none() && given.stopped.is_none()))
                && rollout.current().is_some_and(|(n, s)| n == step && s.state == StepState::Planned);
            if !fits {
                return Err(late("The step cannot begin"));
            }
            Event::StepIntended { id, step }
        }
        Report::Accepted { step, said, url } => {
            rollout.step(step).filter(at_work).ok_or_else(|| late("The step is not at work"))?;
            Event::StepAccepted { id, step, said: clipped(said), url }
        }
        Report::Ended { step, ending, share, said, url } => {
            rollout.step(step).filter(at_work).ok_or_else(|| late("The step is not at work"))?;
            Event::StepEnded { id, step, ending, share, said: clipped(said), url }
        }
        Report::Passed { step } => {
            let watching = rollout.current().is_some_and(|(n, s)| n == step && s.state == StepState::Running);
            if !watching || rollout.paused.is_some() {
                return Err(late("The watch is not on"));
            }
            let (ending, said) = (Ending::Done, String::new());
            Event::StepEnded { id, step, ending, share: None, said, url: None }
        }
        Report::Judged { opinion, said, rests_on } => Event::Judged { id, opinion, said: clipped(said), rests_on },
        Report::TurnBack { cause, reason, fault_at } => {
            // At most one reaction, and never of a way back.
            if rollout.goes_back() {
                return Err(late("It goes back already"));
            }
            turned_back(rollout, cause, clipped(reason), fault_at)
        }
        Report::Pause { reason } => {
            if rollout.paused.is_some() || rollout.goes_back() {
                return Err(late("It waits or goes back already"));
            }
            Event::Paused { id, reason: clipped(reason) }
        }
        Report::Park { step, why } => {
            if rollout.parked.is_some() {
                return Ok(vec![]);
            }
            Event::Parked { id, step, why: clipped(why) }
        }
        Report::Finished => {
            if rollout.current().is_some() {
                return Err(late("Steps are left"));
            }
            let nowhere = rollout.turned.is_some() && rollout.from.is_none();
            let end = match rollout.goes_back() {
                true if nowhere => End::Failed,
                true => End::RolledBack,
                false => End::Live,
            };
            Event::Ended { id, end }
        }
    }])
}

fn turned_back(rollout: &Rollout, cause: Cause, reason: String, fault_at: Option<Timestamp>) -> Event {
    // The first version of all leads back to nowhere.
    let steps: Vec<PlannedStep> = if rollout.from.is_some() { way_back() } else { Vec::new() };
    Event::TurnedBack { id: rollout.id, cause, reason, fault_at, steps }
}

fn named(given: Given<'_>) -> Result<&Rollout, Refusal> {
    given.named.ok_or_else(|| Refusal::not_found("deployment of this id"))
}

fn over(rollout: &Rollout) -> Refusal {
    Refusal::conflict(
        format!("This rollout is over: {}.", rollout.state().name().replace('_', " ")),
        "a rollout under way",
        rollout.state().name(),
    )
}

fn blocked(detail: String, who: &str) -> Refusal {
    Refusal { who_can_help: Some(who.to_owned()), ..Refusal::new(Class::Blocked, detail) }
}

const LONGEST: usize = 2_000;

/// What a machine said: cut, never refused.
fn clipped(text: String) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => text[..at].to_owned(),
        None => text,
    }
}
