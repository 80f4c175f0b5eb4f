//! An instance: a place for one process of a version, filled again when the process ends.

use super::life::live;
use crate::{
    protocol::Spec,
    router::{Backend, Standing},
};
use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
};
use tokio::sync::watch;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Of what instances are made.
#[derive(Debug)]
pub(crate) struct Blueprint {
    pub(crate) version: String,
    pub(crate) spec: Spec,
    /// Says to which fleet a process belongs.
    pub(crate) marker: String,
    /// Where the version's logs are.
    pub(crate) logs: PathBuf,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Status {
    Starting,
    Healthy,
    /// It runs, and its health check says no.
    Unwell(String),
    /// It ended and is started again soon.
    Restarting(String),
    /// It does not become well, however often it is started. It is still tried, seldom.
    Failing(String),
    Ended,
}

#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) number: u32,
    pub(crate) backend: Arc<Backend>,
    status: watch::Receiver<Status>,
    stop: CancellationToken,
}

impl Instance {
    pub(crate) fn start(blueprint: Arc<Blueprint>, number: u32, tasks: &TaskTracker) -> Arc<Self> {
        let nowhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let backend = Backend::new(nowhere, Standing::Away);
        let (says, status) = watch::channel(Status::Starting);
        let stop = CancellationToken::new();
        tasks.spawn(live(blueprint, number, backend.clone(), says, stop.clone(), tasks.clone()));
        Arc::new(Self { number, backend, status, stop })
    }

    pub(crate) fn status(&self) -> Status {
        self.status.borrow().clone()
    }

    /// Nothing new for it; what it has, it finishes; then it ends.
    pub(crate) fn end(&self) {
        self.backend.stands(Standing::Leaving);
        self.stop.cancel();
    }

    pub(crate) async fn ended(&self) {
        // Whoever spoke for it is gone as well.
        let _ = self.status.clone().wait_for(|status| *status == Status::Ended).await;
    }

    /// Waits until it is well; or until it is known that it does not get there, with why.
    pub(crate) async fn healthy(&self) -> Result<(), String> {
        let mut status = self.status.clone();
        let settled = |status: &Status| matches!(status, Status::Healthy | Status::Failing(_) | Status::Ended);
        match status.wait_for(settled).await.as_deref() {
            Ok(Status::Healthy) => Ok(()),
            Ok(Status::Failing(said)) => Err(said.clone()),
            _ => Err("it was ended".to_owned()),
        }
    }
}
