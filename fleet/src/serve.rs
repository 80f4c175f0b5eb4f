//! The fleet as a process: brings back what should run, answers at its socket, ends in an orderly way.

use crate::{
    folder::Folder,
    ledger::Ledger,
    moment::{fresh_id, stamp},
    protocol::{Hello, PROTOCOL},
    service::{Service, Yard},
    socket,
    state::Store,
    supervisor::end_orphans,
};
use std::{
    collections::BTreeMap,
    fs::Permissions,
    future::Future,
    io,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::net::UnixListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// So long those that an earlier fleet left behind may take to end.
const ORPHANS_GRACE: Duration = Duration::from_secs(5);

/// How a fleet is run.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where its socket, its state, its ledger and the logs are. One fleet lives in a folder.
    pub folder: PathBuf,
    /// Leaves the session it was started in, so that nothing that ends there ends the fleet. Not for a fleet inside of
    /// another program.
    pub detached: bool,
    /// What it says it is.
    pub version: String,
}

/// A fleet while it lives.
#[derive(Debug)]
pub(crate) struct Fleet {
    pub(crate) yard: Arc<Yard>,
    pub(crate) hello: Hello,
    services: Mutex<BTreeMap<String, Arc<Service>>>,
}

/// Runs until `shutdown` or until it is told to stop at its socket. What should run stays written down.
pub async fn serve(options: Options, shutdown: impl Future<Output = ()>) -> io::Result<()> {
    if options.detached {
        // It is refused where we lead a session of our own already, and then there is nothing to leave.
        let _ = rustix::process::setsid();
    }
    let folder = Folder::make(&options.folder)?;
    let lock = folder.lock()?;
    let nonce = fresh_id().map_err(io::Error::other)?;
    let yard = Arc::new(Yard {
        store: Store::open(&folder)?,
        ledger: Ledger::open(&folder)?,
        folder: folder.clone(),
        nonce,
        tasks: TaskTracker::new(),
        stop: CancellationToken::new(),
    });
    yard.tasks.spawn(end_orphans(yard.home_mark(), yard.marker(), ORPHANS_GRACE));
    let hello =
        Hello { nonce, pid: std::process::id(), version: options.version, protocol: PROTOCOL, started: stamp() };
    let fleet = Arc::new(Fleet { yard: yard.clone(), hello, services: Mutex::default() });
    for name in yard.store.services().into_keys() {
        fleet.service_or_new(&name).restore().await;
    }

    // The lock is ours, so whoever left a socket behind is gone.
    match std::fs::remove_file(folder.socket()) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    folder.write_nonce(nonce)?;
    let listener = UnixListener::bind(folder.socket())?;
    std::fs::set_permissions(folder.socket(), Permissions::from_mode(0o600))?;
    tracing::info!(socket = %folder.socket().display(), %nonce, "the fleet answers");
    tokio::select! {
        () = shutdown => {}
        () = yard.stop.cancelled() => {}
        () = socket::accept(&fleet, &listener) => {}
    }

    yard.stop.cancel();
    // From now on nobody finds us; the next one may be started, and waits for the lock in vain until we have ended.
    drop(listener);
    let _ = std::fs::remove_file(folder.socket());
    let ending: Vec<_> = fleet
        .services()
        .into_values()
        .map(|service| {
            let tasks = &yard.tasks;
            tasks.spawn(async move { service.end().await })
        })
        .collect();
    for one in ending {
        let _ = one.await;
    }
    yard.tasks.close();
    yard.tasks.wait().await;
    drop(lock);
    Ok(())
}

impl Fleet {
    pub(crate) fn services(&self) -> BTreeMap<String, Arc<Service>> {
        self.services.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn service(&self, name: &str) -> Option<Arc<Service>> {
        self.services.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    pub(crate) fn service_or_new(&self, name: &str) -> Arc<Service> {
        let mut services = self.services.lock().unwrap_or_else(PoisonError::into_inner);
        services.entry(name.to_owned()).or_insert_with(|| Service::new(name, self.yard.clone())).clone()
    }

    pub(crate) fn forget(&self, name: &str) {
        self.services.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}
