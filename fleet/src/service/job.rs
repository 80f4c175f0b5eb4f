//! An order at work: those that are to come are started, traffic moves once they are well, those that are to go end.

use super::{
    Service,
    plan::{Plan, Wait, plan},
};
use crate::{
    protocol::{Action, Order},
    router::WHOLE,
    supervisor::{Instance, Status},
};
use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};
use tokio::{sync::watch, time::timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Versions whose logs are kept for each service.
const LOGS_KEPT: usize = 10;
const TRIES: u32 = 3;

/// What can be seen of an order at work from outside.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) key: Uuid,
    /// Cancelled when a greater order comes: safety does not wait in line.
    pub(super) superseded: CancellationToken,
    pub(super) ended: watch::Receiver<bool>,
}

/// How an order ended well.
pub(super) struct Finished {
    pub(super) share: Option<u32>,
    pub(super) said: String,
}

impl Service {
    /// Carries out an order from the beginning, whatever of it was done before.
    pub(super) async fn carry_out(&self, order: &Order, superseded: &CancellationToken) -> Result<Finished, String> {
        if let Err(error) = self.router.listen(order.spec.listen).await {
            let said = format!("cannot listen on {}: {error}", order.spec.listen);
            // The way back is for those who come in over the address of before.
            if order.action != Action::RollBack {
                return Err(said);
            }
            tracing::error!(service = %self.name, "{said}");
        }
        let now = self.yard.store.service(&self.name).ok_or("the service was removed meanwhile")?;
        let plan = plan(&now, order)?;

        let new: Vec<_> = plan.arms.iter().flat_map(|arm| self.man(&arm.version, &arm.spec, arm.instances)).collect();
        self.reroute();
        // Each may be started as often as it takes to call it a crash loop. Those that run and are not well end nothing.
        let patience = Duration::from_secs(order.spec.start_seconds) * (TRIES + 1);
        let ready = tokio::select! {
            biased;
            () = superseded.cancelled() => Err("a later order took its place".to_owned()),
            () = self.yard.stop.cancelled() => Err("the fleet is ending".to_owned()),
            ready = timeout(patience, self.ready(&plan)) => ready.unwrap_or_else(|_| Err(self.nobody_well(&plan))),
        };
        if let Err(why) = ready {
            self.take_back(&new);
            return Err(why);
        }

        let (name, arms) = (self.name.clone(), plan.arms.clone());
        let written = self.yard.store.change(order.action == Action::RollBack, move |services| {
            if let Some(desired) = services.get_mut(&name) {
                desired.arms = arms;
            }
        });
        if let Err(error) = written.await {
            self.take_back(&new);
            return Err(format!("what should run could not be written down: {error}. Traffic is as it was"));
        }
        let leaving = self.dismiss(&plan.arms);
        // First nobody is sent there any more, then it is told to go.
        self.reroute();
        for instance in &leaving {
            instance.end();
        }
        if plan.until_ended {
            for instance in &leaving {
                tokio::select! {
                    () = superseded.cancelled() => break,
                    () = instance.ended() => {}
                }
            }
        }
        if order.action == Action::Deploy {
            self.forget_old_logs();
        }
        Ok(finished(order, &plan, leaving.len()))
    }

    async fn ready(&self, plan: &Plan) -> Result<(), String> {
        for (version, wait) in &plan.waits {
            let here = self.here(version);
            match wait {
                Wait::All => {
                    for instance in &here {
                        self.well(version, instance).await?;
                    }
                }
                Wait::Any => self.any_well(version, &here).await?,
            }
        }
        Ok(())
    }

    async fn any_well(&self, version: &str, here: &[Arc<Instance>]) -> Result<(), String> {
        if here.iter().any(|instance| instance.status() == Status::Healthy) {
            return Ok(());
        }
        let mut waiting = tokio::task::JoinSet::new();
        for instance in here.iter().cloned() {
            waiting.spawn(async move {
                let well = instance.healthy().await;
                (instance, well)
            });
        }
        let mut said = format!("{version} has no instances");
        while let Some(one) = waiting.join_next().await {
            match one {
                Ok((_, Ok(()))) => return Ok(()),
                Ok((instance, Err(why))) => said = self.why_not(version, &instance, &why),
                Err(error) => said = error.to_string(),
            }
        }
        Err(said)
    }

    async fn well(&self, version: &str, instance: &Instance) -> Result<(), String> {
        instance.healthy().await.map_err(|why| self.why_not(version, instance, &why))
    }

    fn why_not(&self, version: &str, instance: &Instance, why: &str) -> String {
        let last = self.last_words(version).map_or_else(String::new, |line| format!(". Its last line: {line}"));
        format!("instance {} of {version} did not become well: {why}{last}", instance.number)
    }

    fn nobody_well(&self, plan: &Plan) -> String {
        let versions: Vec<&str> = plan.waits.iter().map(|(version, _)| version.as_str()).collect();
        let seen = self.observe().into_iter().filter(|arm| versions.contains(&arm.version.as_str()));
        let said: Vec<String> = seen.filter_map(|arm| Some(format!("{}: {}", arm.version, arm.said?))).collect();
        format!("not enough instances are well. {}", said.join("; "))
    }

    fn here(&self, version: &str) -> Vec<Arc<Instance>> {
        let crew = self.crew.lock().unwrap_or_else(PoisonError::into_inner);
        crew.get(version).cloned().unwrap_or_default()
    }

    /// Ends those that were started for nothing.
    fn take_back(&self, new: &[Arc<Instance>]) {
        {
            let mut crew = self.crew.lock().unwrap_or_else(PoisonError::into_inner);
            for here in crew.values_mut() {
                here.retain(|instance| !new.iter().any(|one| Arc::ptr_eq(one, instance)));
            }
            crew.retain(|_, here| !here.is_empty());
        }
        self.reroute();
        for instance in new {
            instance.end();
        }
    }

    fn forget_old_logs(&self) {
        let folder = self.yard.folder.logs_of(&self.name);
        self.yard.tasks.spawn_blocking(move || {
            if let Err(error) = crate::supervisor::forget_all_but(LOGS_KEPT, &folder) {
                tracing::warn!(%error, "old logs could not be removed");
            }
        });
    }
}

fn finished(order: &Order, plan: &Plan, leaving: usize) -> Finished {
    let arm = plan.arms.iter().find(|arm| arm.version == order.version);
    let (share, instances) = arm.map_or((0, 0), |arm| (arm.weight, arm.instances));
    let percent = f64::from(share) * 100.0 / f64::from(WHOLE);
    let mut said = format!("{} has {percent} % of the traffic and {instances} instance(s)", order.version);
    if leaving > 0 && plan.until_ended {
        said = format!("{said}; {leaving} of others have ended");
    } else if leaving > 0 {
        said = format!("{said}; {leaving} of others finish what they have and end");
    }
    Finished { share: Some(share), said }
}
