//! One service: its router, the instances of its versions, and the orders it carries out one after the other.

mod check;
mod job;
mod orders;
mod plan;
mod view;

use crate::{
    folder::Folder,
    ledger::Ledger,
    protocol::Spec,
    router::{Lane, Router, Sticky, Table},
    state::{DesiredArm, Store},
    supervisor::{Blueprint, Instance},
};
use job::Job;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

pub(crate) use check::{check_order, check_spec, try_out};

/// What all services of a fleet share.
#[derive(Debug)]
pub(crate) struct Yard {
    pub(crate) folder: Folder,
    pub(crate) store: Store,
    pub(crate) ledger: Ledger,
    pub(crate) nonce: Uuid,
    pub(crate) tasks: TaskTracker,
    pub(crate) stop: CancellationToken,
}

#[derive(Debug)]
pub(crate) struct Service {
    name: String,
    yard: Arc<Yard>,
    router: Router,
    crew: Mutex<BTreeMap<String, Vec<Arc<Instance>>>>,
    /// Locked while an order is taken in: orders come one after the other.
    job: tokio::sync::Mutex<Option<Job>>,
}

impl Yard {
    pub(crate) fn marker(&self) -> String {
        format!("{}{}", self.home_mark(), self.nonce)
    }

    /// The folder's place belongs to it: a copy of the folder elsewhere has nothing to do with what runs here.
    pub(crate) fn home_mark(&self) -> String {
        format!("{}:{}/", self.store.id(), self.folder.path().display())
    }
}

impl Service {
    pub(crate) fn new(name: &str, yard: Arc<Yard>) -> Arc<Self> {
        Arc::new(Self {
            name: name.to_owned(),
            yard,
            router: Router::silent(),
            crew: Mutex::default(),
            job: tokio::sync::Mutex::default(),
        })
    }

    /// Brings back what should run, and takes up the order that was at work: before anybody can send a new one.
    pub(crate) async fn restore(self: &Arc<Self>) {
        let Some(desired) = self.yard.store.service(&self.name) else { return };
        for arm in &desired.arms {
            self.man(&arm.version, &arm.spec, arm.instances);
        }
        self.reroute();
        let (service, spec) = (self.clone(), desired.spec);
        self.yard.tasks.spawn(async move { service.listen_in_the_end(&spec).await });
        if let Some(order) = desired.running {
            self.take_up(order).await;
        }
    }

    /// Nothing new comes in; all instances finish what they have and end.
    pub(crate) async fn end(&self) {
        let crew = std::mem::take(&mut *self.crew.lock().unwrap_or_else(PoisonError::into_inner));
        let longest = self.yard.store.service(&self.name).map_or(10, |desired| desired.spec.grace_seconds);
        self.router.stop(Duration::from_secs(longest)).await;
        let all: Vec<_> = crew.into_values().flatten().collect();
        for instance in &all {
            instance.end();
        }
        for instance in all {
            instance.ended().await;
        }
    }

    /// Ends for good: nothing is written down for it any more.
    pub(crate) async fn abandon(&self) {
        if let Some(job) = self.job.lock().await.take() {
            job.superseded.cancel();
            // Gone or ended: both will do.
            let _ = job.ended.clone().wait_for(|ended| *ended).await;
        }
        self.end().await;
    }

    /// Another process may still hold the address for a moment: tried until it is free.
    async fn listen_in_the_end(&self, spec: &Spec) {
        for _ in 0..20 {
            match self.router.listen(spec.listen).await {
                Ok(()) => return,
                Err(error) => {
                    tracing::error!(%error, service = %self.name, address = %spec.listen, "cannot listen yet");
                    tokio::select! {
                        () = self.yard.stop.cancelled() => return,
                        () = tokio::time::sleep(Duration::from_millis(500)) => {}
                    }
                }
            }
        }
    }

    /// Starts instances until there are so many, with the lowest numbers that are free; answers the new ones.
    fn man(&self, version: &str, spec: &Spec, instances: u32) -> Vec<Arc<Instance>> {
        let mut crew = self.crew.lock().unwrap_or_else(PoisonError::into_inner);
        let here = crew.entry(version.to_owned()).or_default();
        let blueprint = Arc::new(Blueprint {
            version: version.to_owned(),
            spec: spec.clone(),
            marker: self.yard.marker(),
            logs: self.yard.folder.logs_of(&self.name).join(version),
        });
        let mut new = Vec::new();
        // Looked at under the lock: whoever ends the service sees all there are, and none come after.
        while !self.yard.stop.is_cancelled() && here.len() < instances as usize {
            let free = (1..=instances).find(|n| here.iter().all(|instance| instance.number != *n)).unwrap_or(u32::MAX);
            let instance = Instance::start(blueprint.clone(), free, &self.yard.tasks);
            here.push(instance.clone());
            new.push(instance);
        }
        new
    }

    /// Takes those out of the crew that `arms` has no place for. They still have to be ended.
    fn dismiss(&self, arms: &[DesiredArm]) -> Vec<Arc<Instance>> {
        let mut crew = self.crew.lock().unwrap_or_else(PoisonError::into_inner);
        let mut leaving = Vec::new();
        for (version, here) in crew.iter_mut() {
            let places = arms.iter().find(|arm| arm.version == *version).map_or(0, |arm| arm.instances as usize);
            // Those that are not well leave first, then the youngest.
            here.sort_by_key(|instance| (instance.status() != crate::supervisor::Status::Healthy, instance.number));
            leaving.extend(here.split_off(places.min(here.len())));
        }
        crew.retain(|_, here| !here.is_empty());
        leaving
    }

    /// Puts the crew in front as the weights that are written down say.
    fn reroute(&self) {
        let desired = self.yard.store.service(&self.name);
        let (arms, sticky) = desired.map_or((Vec::new(), Sticky::Nothing), |d| (d.arms, d.spec.sticky));
        let crew = self.crew.lock().unwrap_or_else(PoisonError::into_inner);
        let lanes = arms.iter().map(|arm| {
            let here = crew.get(&arm.version).map_or(&[][..], Vec::as_slice);
            let backends = here.iter().map(|instance| instance.backend.clone()).collect();
            Lane::new(&arm.version, arm.weight, backends, self.router.counters(&arm.version))
        });
        self.router.route(Table { lanes: lanes.collect() }, sticky);
    }
}
