//! One step: written down under its key, carried out, its outcome recorded; or asked about.

use super::{Machines, crash::CrashPoint, engine};
use crate::{
    Command, Control, Order,
    driver::{Asked, Certainty, Done, Driver, Fault, Progress, Task},
    vault::PrivateWrite,
};
use domain::{
    Class, Refusal,
    access::Actor,
    journal::Stream,
    release::ReleaseId,
    rollout::{self, Action, Ending, Report, Rollout, RolloutId, Step},
};
use std::{sync::Arc, time::Duration};
use uuid::Uuid;

/// Even a step without a limit of its own is not waited for longer.
const LONGEST: Duration = Duration::from_mins(15);

/// The key under which the driver knows a step: the same step and action always have the same one, until a person says
/// that it did not happen.
pub fn key(id: RolloutId, number: u32, step: &Step) -> Uuid {
    let kind = step.planned.action.kind();
    let name = if step.renewed == 0 { format!("{number}/{kind}") } else { format!("{number}/{kind}/{}", step.renewed) };
    Uuid::new_v5(&id.0, name.as_bytes())
}

#[derive(Debug)]
pub(super) struct Work {
    pub control: Control,
    pub machines: Machines,
    pub rollout: Rollout,
    pub step: u32,
}

impl Work {
    /// False when it could not begin.
    pub async fn perform(self, epoch: u64) -> bool {
        let Some(step) = self.rollout.step(self.step) else { return true };
        let (action, attempts) = (step.planned.action, step.attempts);
        let kind = action.kind();
        CrashPoint::BeforeIntent.reached(kind.name());
        // Each try is written down once, whoever leads.
        let intent = Uuid::new_v5(&key(self.rollout.id, self.step, step), &(attempts + 1).to_be_bytes());
        let report = Report::Intended { step: self.step };
        let command =
            Command::Rollout(self.rollout.place.clone(), rollout::Command::Report { id: self.rollout.id, report });
        let order = Order::new(Actor::System, command).with(PrivateWrite::Intend { key: intent, epoch });
        if let Err(refusal) = self.control.dispatch(order).await {
            self.refused(refusal).await;
            return false;
        }
        CrashPoint::AfterIntent.reached(kind.name());
        let outcome = self.carry_out(action).await;
        CrashPoint::ReplyUnrecorded.reached(kind.name());
        self.record(report_of(self.step, outcome)).await;
        CrashPoint::AnnouncedUnmarked.reached(kind.name());
        true
    }

    pub async fn ask(self) {
        let Some(step) = self.rollout.step(self.step) else { return };
        let action = step.planned.action;
        // Looking does no harm: it is simply done again.
        if action == Action::Verify {
            self.record(ended_badly(self.step, Ending::NotDone, "Pilothouse was restarted meanwhile.".to_owned()))
                .await;
            return;
        }
        let asked = match self.driver().await {
            Ok(driver) => driver.ask(&self.task(action)).await,
            Err(refusal) => Asked::CannotSay(refusal.to_string()),
        };
        if let Some(report) = report_of_answer(self.step, step, asked) {
            self.record(report).await;
        }
    }

    async fn record(&self, report: Report) {
        engine::record(&self.control, self.rollout.place.clone(), self.rollout.id, report).await;
    }

    /// What stands in the way of a first step now did not when it was started: a person looks at it.
    async fn refused(&self, refusal: Refusal) {
        engine::note(&refusal, self.rollout.id);
        if refusal.class == Class::Blocked {
            self.record(Report::Park { step: self.step, why: refusal.detail }).await;
        }
    }

    async fn carry_out(&self, action: Action) -> Result<Progress, Fault> {
        let task = self.task(action);
        let limit = task.limit;
        let doing = async {
            if action == Action::Verify {
                let world = self.control.world();
                let Some(connection) = world.connection(&task.place) else {
                    return Ok(Progress::Done(Done {
                        said: "Nothing is set that could be checked.".to_owned(),
                        ..Done::default()
                    }));
                };
                return self.machines.prober.verify(&task, connection).await.map(Progress::Done);
            }
            match self.driver().await {
                Ok(driver) => driver.perform(&task).await,
                Err(refusal) => Err(Fault::not_done(refusal.to_string())),
            }
        };
        match tokio::time::timeout(limit, doing).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Fault::unknown(format!("No answer came within {} s.", limit.as_secs()))),
        }
    }

    async fn driver(&self) -> Result<Arc<dyn Driver>, Refusal> {
        self.control.driver(&self.rollout.place).await
    }

    fn task(&self, action: Action) -> Task {
        let rollout = &self.rollout;
        let back = rollout.turned.is_some() && rollout.step(self.step).is_some_and(|step| step.back);
        let (version, other) = if back {
            (rollout.from.clone().unwrap_or_else(|| rollout.version.clone()), Some(rollout.version.clone()))
        } else {
            (rollout.version.clone(), rollout.from.clone())
        };
        let world = self.control.world();
        let release = ReleaseId { product: rollout.place.product.clone(), version: version.clone() };
        let artifacts = world.release(&release).map(|r| r.contents.artifacts.clone()).unwrap_or_default();
        let limit = rollout.step(self.step).and_then(|step| step.planned.limit);
        Task {
            key: rollout.step(self.step).map_or(rollout.id.0, |step| key(rollout.id, self.step, step)),
            rollout: rollout.id,
            place: rollout.place.clone(),
            action,
            version,
            other,
            artifacts,
            order: world.version(&Stream::Environment(rollout.place.clone())),
            limit: limit.map_or(LONGEST, |seconds| Duration::from_secs(seconds.into())),
        }
    }
}

/// What the other side says of a step, asked or not; nothing when it says nothing new.
pub(super) fn report_of_answer(number: u32, step: &Step, asked: Asked) -> Option<Report> {
    Some(match asked {
        Asked::Done(Done { share, said, url }) => {
            Report::Ended { step: number, ending: Ending::Done, share, said, url }
        }
        Asked::Running { said, url } if said != step.said => Report::Accepted { step: number, said, url },
        Asked::Running { .. } => return None,
        Asked::Failed(why) => ended_badly(number, Ending::Failed, why),
        Asked::NeverSeen => ended_badly(number, Ending::NotDone, "The other side never saw it.".to_owned()),
        Asked::CannotSay(why) => Report::Park { step: number, why },
    })
}

fn ended_badly(step: u32, ending: Ending, said: String) -> Report {
    Report::Ended { step, ending, share: None, said, url: None }
}

fn report_of(step: u32, outcome: Result<Progress, Fault>) -> Report {
    match outcome {
        Ok(Progress::Done(Done { share, said, url })) => Report::Ended { step, ending: Ending::Done, share, said, url },
        Ok(Progress::Running { said, url }) => Report::Accepted { step, said, url },
        Err(Fault { certainty, said }) => {
            let ending = match certainty {
                Certainty::Declined => Ending::Failed,
                Certainty::NotDone => Ending::NotDone,
                Certainty::Unknown => Ending::Unknown,
            };
            Report::Ended { step, ending, share: None, said, url: None }
        }
    }
}
