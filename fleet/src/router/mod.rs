//! A weighted reverse proxy for HTTP/1.1: versions share the traffic exactly, instances come and go without anybody noticing.

mod answer;
mod backend;
mod counts;
mod forward;
mod headers;
mod listener;
mod sticky;
mod table;

pub use counts::{BOUNDS, Counts};
pub use sticky::{COOKIE_NAME, Sticky};
pub use table::WHOLE;

pub(crate) use backend::{Backend, Standing};
pub(crate) use table::{Lane, Table};

use counts::Counters;
use listener::Listener;
use std::{
    collections::BTreeMap,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
    time::Duration,
};
use sticky::Circle;
use tokio_util::task::TaskTracker;

/// A version with its weight and the addresses that answer for it.
#[derive(Debug, Clone)]
pub struct Arm {
    pub version: String,
    /// Out of the sum of all weights.
    pub weight: u32,
    pub instances: Vec<SocketAddr>,
}

/// The front of one service.
#[derive(Debug)]
pub struct Router {
    hub: Arc<Hub>,
    listener: Mutex<Option<Listener>>,
    /// Two who want to listen at the same address must not get in each other's way.
    moving: tokio::sync::Mutex<()>,
}

/// What all connections of a router share.
#[derive(Debug, Default)]
pub(crate) struct Hub {
    routes: RwLock<(Arc<Table>, Arc<Sticky>)>,
    counters: Mutex<BTreeMap<String, Arc<Counters>>>,
    circle: Circle,
    /// Connections of customers.
    front: TaskTracker,
    /// Connections to instances, also those that wait to be used again.
    back: TaskTracker,
}

impl Router {
    /// Begins to listen; there is nobody to answer until versions are set.
    pub async fn start(listen: SocketAddr) -> io::Result<Self> {
        let router = Self::silent();
        router.listen(listen).await?;
        Ok(router)
    }

    /// Where it listens, if it does.
    pub fn address(&self) -> Option<SocketAddr> {
        self.listener().as_ref().map(Listener::address)
    }

    /// Puts these versions in front, at once and all together.
    pub fn set(&self, arms: &[Arm], sticky: Sticky) {
        let lanes = arms.iter().map(|arm| {
            let ready = |address: &SocketAddr| Backend::new(*address, Standing::Ready);
            let backends = arm.instances.iter().map(ready).collect();
            Lane::new(&arm.version, arm.weight, backends, self.counters(&arm.version))
        });
        self.route(Table { lanes: lanes.collect() }, sticky);
    }

    /// What came of the requests so far, by version.
    pub fn counts(&self) -> BTreeMap<String, Counts> {
        let counters = self.hub.counters.lock().unwrap_or_else(PoisonError::into_inner);
        counters.iter().map(|(version, counters)| (version.clone(), counters.read())).collect()
    }

    /// Takes no new connections and waits until the requests at work are answered, for no longer than `limit`.
    pub async fn stop(&self, limit: Duration) {
        drop(self.listener().take());
        self.hub.front.close();
        let _ = tokio::time::timeout(limit, self.hub.front.wait()).await;
    }

    /// One that does not listen yet.
    pub(crate) fn silent() -> Self {
        Self { hub: Arc::default(), listener: Mutex::default(), moving: tokio::sync::Mutex::default() }
    }

    fn listener(&self) -> MutexGuard<'_, Option<Listener>> {
        self.listener.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn route(&self, table: Table, sticky: Sticky) {
        let routes = (Arc::new(table), Arc::new(sticky));
        *self.hub.routes.write().unwrap_or_else(PoisonError::into_inner) = routes;
    }

    /// Listens somewhere else from now on; what came in over the old address is still answered.
    pub(crate) async fn listen(&self, listen: SocketAddr) -> io::Result<()> {
        let _moving = self.moving.lock().await;
        if self.listener().as_ref().is_some_and(|listener| listener.asked() == listen) {
            return Ok(());
        }
        let new = Listener::start(&self.hub, listen).await?;
        drop(self.listener().replace(new));
        Ok(())
    }

    /// The counters of a version: the same ones whenever it comes back.
    pub(crate) fn counters(&self, version: &str) -> Arc<Counters> {
        let mut counters = self.hub.counters.lock().unwrap_or_else(PoisonError::into_inner);
        counters.entry(version.to_owned()).or_default().clone()
    }
}

impl Hub {
    fn now(&self) -> (Arc<Table>, Arc<Sticky>) {
        self.routes.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
