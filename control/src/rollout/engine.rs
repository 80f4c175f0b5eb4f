//! The engine: looks at every rollout under way and does what is next, each step once.

use super::{Machines, lease::Lease, step::Work};
use crate::{Command, Control, Order, dispatch};
use chrono::TimeDelta;
use domain::{
    Class, Refusal, Timestamp,
    access::Actor,
    environment::EnvironmentId,
    rollout::{self, Next, Report, Rollout, RolloutId},
};
use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Even when nothing happens, the clock is looked at so often.
const LOOK: Duration = Duration::from_millis(500);
/// Steps at work when the process is told to stop get so long to be recorded.
const STOPPING: Duration = Duration::from_secs(5);
/// What runs is compared with what was brought so often.
const COMPARE: TimeDelta = TimeDelta::seconds(60);

/// What one look came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Round {
    /// Rollouts under way.
    pub seen: usize,
    /// Things that were begun.
    pub begun: usize,
    /// When something is due that no event announces.
    pub due: Option<Timestamp>,
}

/// Something of one rollout that this process is at; 0 stands for what is no step.
type Job = (RolloutId, u32);

#[derive(Debug)]
pub struct Engine {
    pub(super) control: Control,
    pub(super) machines: Machines,
    pub(super) holder: String,
    /// There is no other replica: the lease of a process that is gone is not waited for at the start.
    pub(super) by_force: bool,
    pub(super) lease: Option<Lease>,
    busy: HashSet<Job>,
    asked: HashMap<Job, Timestamp>,
    compared: HashMap<EnvironmentId, Timestamp>,
    work: JoinSet<Left>,
}

/// What a piece of work leaves when it has ended.
#[derive(Debug, Default)]
struct Left {
    job: Option<Job>,
    /// It was not let begin: somebody else may lead by now.
    refused: bool,
}

impl Engine {
    pub fn new(control: Control, holder: String, by_force: bool) -> Self {
        let machines = control.machines().clone();
        Self {
            control,
            machines,
            holder,
            by_force,
            lease: None,
            busy: HashSet::new(),
            asked: HashMap::new(),
            compared: HashMap::new(),
            work: JoinSet::new(),
        }
    }

    pub async fn run(mut self, stop: CancellationToken) {
        let mut seq = self.control.watch();
        while !stop.is_cancelled() {
            seq.borrow_and_update();
            let round = self.round().await;
            let wait = round.due.map_or(LOOK, |due| until(self.control.now(), due).min(LOOK));
            tokio::select! {
                _ = seq.changed() => {}
                Some(done) = self.work.join_next() => self.finished(done),
                () = tokio::time::sleep(wait) => {}
                () = stop.cancelled() => {}
            }
        }
        let rest = async {
            while let Some(done) = self.work.join_next().await {
                self.finished(done);
            }
        };
        if tokio::time::timeout(STOPPING, rest).await.is_err() {
            tracing::warn!("some steps are still at work; the next start asks what became of them");
        }
        if let Err(error) = self.give_up().await {
            tracing::warn!(%error, "the lease could not be given up");
        }
    }

    /// Looks at everything once and begins what is due.
    pub async fn round(&mut self) -> Round {
        let now = self.control.now();
        while let Some(done) = self.work.try_join_next() {
            self.finished(done);
        }
        let Some(epoch) = self.lead(now).await else { return Round::default() };
        let world = self.control.world();
        let mut round = Round::default();
        for rollout in world.under_way() {
            round.seen += 1;
            let stopped = world.stopped(&rollout.place.product).is_some();
            match rollout::next(rollout, stopped, now) {
                Next::Wait(Some(due)) => round.due = Some(round.due.map_or(due, |sooner| sooner.min(due))),
                Next::Wait(None) => {}
                Next::Perform { step } => round.begun += usize::from(self.begin(rollout, step, Some(epoch))),
                Next::Ask { step } => {
                    let fresh = self.asked.get(&(rollout.id, step)).is_some_and(|at| now < *at + TimeDelta::seconds(1));
                    if !fresh && !self.busy.contains(&(rollout.id, step)) {
                        self.asked.insert((rollout.id, step), now);
                        round.begun += usize::from(self.begin(rollout, step, None));
                    }
                }
                Next::Pass { step } => round.begun += usize::from(self.report(rollout, Report::Passed { step })),
                Next::TurnBack { cause, reason } => {
                    let report = Report::TurnBack { cause, reason, fault_at: None };
                    round.begun += usize::from(self.report(rollout, report));
                }
                Next::Pause { reason } => round.begun += usize::from(self.report(rollout, Report::Pause { reason })),
                Next::Park { step, why } => {
                    round.begun += usize::from(self.report(rollout, Report::Park { step, why }));
                }
                Next::Finish => round.begun += usize::from(self.report(rollout, Report::Finished)),
            }
        }
        if self.asked.len() > round.seen {
            self.asked.retain(|(id, _), _| world.rollout(*id).is_some_and(|rollout| !rollout.is_over()));
        }
        self.compare(&world, now);
        round
    }

    /// Waits until everything that was begun has ended; for tests and benches.
    pub async fn settle(&mut self) {
        while let Some(done) = self.work.join_next().await {
            self.finished(done);
        }
    }

    fn begin(&mut self, rollout: &Rollout, step: u32, epoch: Option<u64>) -> bool {
        let job = (rollout.id, step);
        if !self.busy.insert(job) {
            return false;
        }
        let work =
            Work { control: self.control.clone(), machines: self.machines.clone(), rollout: rollout.clone(), step };
        self.work.spawn(async move {
            let mut refused = false;
            if let Some(epoch) = epoch {
                refused = !work.perform(epoch).await;
            } else {
                work.ask().await;
            }
            Left { job: Some(job), refused }
        });
        true
    }

    fn report(&mut self, rollout: &Rollout, report: Report) -> bool {
        let job = (rollout.id, 0);
        if !self.busy.insert(job) {
            return false;
        }
        let (control, place, id) = (self.control.clone(), rollout.place.clone(), rollout.id);
        self.work.spawn(async move {
            record(&control, place, id, report).await;
            Left { job: Some(job), refused: false }
        });
        true
    }

    fn finished(&mut self, done: Result<Left, tokio::task::JoinError>) {
        match done {
            Ok(Left { job, refused }) => {
                if let Some(job) = job {
                    self.busy.remove(&job);
                }
                if refused {
                    self.doubt_lease();
                }
            }
            Err(error) => {
                // Whose it was cannot be told; everything still at work is asked about once more.
                tracing::error!(%error, "a step of a rollout broke off");
                if self.work.is_empty() {
                    self.busy.clear();
                }
            }
        }
    }

    /// Whether what runs in quiet environments is what was brought there.
    fn compare(&mut self, world: &crate::World, now: Timestamp) {
        for environment in world.environments() {
            let (Some(_), None) = (&environment.connection, environment.lock) else { continue };
            if self.compared.get(&environment.id).is_some_and(|at| now < *at + COMPARE) {
                continue;
            }
            self.compared.insert(environment.id.clone(), now);
            let (control, place) = (self.control.clone(), environment.id.clone());
            self.work.spawn(async move {
                control.compare(&place).await;
                Left::default()
            });
        }
    }
}

/// Records what the machine did or saw; what came too late is left out.
pub(super) async fn record(control: &Control, place: EnvironmentId, id: RolloutId, report: Report) -> bool {
    let command = Command::Rollout(place, rollout::Command::Report { id, report });
    match control.dispatch(Order::new(Actor::System, command)).await {
        Ok(dispatch::Outcome::Done(_) | dispatch::Outcome::Repeated(_)) => true,
        Err(refusal) => {
            note(&refusal, id);
            false
        }
    }
}

pub(super) fn note(refusal: &Refusal, id: RolloutId) {
    if refusal.class == Class::Conflict {
        tracing::debug!(rollout = %id, %refusal, "a report came too late");
    } else {
        tracing::warn!(rollout = %id, %refusal, "a report could not be recorded");
    }
}

fn until(now: Timestamp, due: Timestamp) -> Duration {
    (due - now).to_std().unwrap_or(Duration::ZERO)
}
