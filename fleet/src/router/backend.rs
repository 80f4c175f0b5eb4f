//! One instance as the router sees it: its address, how busy it is, and connections that can be used again.

use super::forward::UpstreamBody;
use hyper::client::conn::http1::SendRequest;
use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU8, AtomicUsize, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};
use tokio::sync::Notify;

/// More connections than that are not kept for one instance.
const KEPT: usize = 256;
/// Common servers close a connection that was idle for five seconds; ours is given up before.
const KEPT_FOR: Duration = Duration::from_secs(4);

/// Whether an instance may be given requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Standing {
    /// It is not there (yet).
    Away,
    /// It runs and says that it is not well: only when there is nobody else.
    Doubtful,
    Ready,
    /// It finishes what it has and gets nothing new.
    Leaving,
}

#[derive(Debug)]
pub(crate) struct Backend {
    place: Mutex<Place>,
    standing: AtomicU8,
    running: AtomicUsize,
    idle: Notify,
}

#[derive(Debug)]
struct Place {
    address: SocketAddr,
    /// Rises whenever the address changes, so that an old connection is not taken for a new one.
    generation: u64,
    connections: Vec<(Instant, SendRequest<UpstreamBody>)>,
}

/// A request that an instance is busy with, until dropped.
#[derive(Debug)]
pub(super) struct Running(Arc<Backend>);

/// Where a connection belongs once it is free again.
#[derive(Debug)]
pub(super) struct Home {
    backend: Arc<Backend>,
    generation: u64,
}

impl Backend {
    pub(crate) fn new(address: SocketAddr, standing: Standing) -> Arc<Self> {
        Arc::new(Self {
            place: Mutex::new(Place { address, generation: 0, connections: Vec::new() }),
            standing: AtomicU8::new(standing as u8),
            running: AtomicUsize::new(0),
            idle: Notify::new(),
        })
    }

    /// A new process at a new address; it is away until it says that it is well.
    pub(crate) fn moves_to(&self, address: SocketAddr) {
        let mut place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        place.address = address;
        place.generation += 1;
        place.connections.clear();
    }

    /// Leaving is for good: nothing that health checks find later brings it back.
    pub(crate) fn stands(&self, standing: Standing) {
        let _ = self
            .standing
            .fetch_update(SeqCst, SeqCst, |now| (now != Standing::Leaving as u8).then_some(standing as u8));
    }

    pub(super) fn is(&self, standing: Standing) -> bool {
        self.standing.load(SeqCst) == standing as u8
    }

    pub(super) fn load(&self) -> usize {
        self.running.load(SeqCst)
    }

    /// Counts a request in, unless the instance left in the meantime. Counted first and looked at again afterwards, so
    /// that [`Self::drained`] misses none.
    pub(super) fn enter(self: &Arc<Self>, as_it_was: Standing) -> Option<Running> {
        self.running.fetch_add(1, SeqCst);
        let running = Running(self.clone());
        self.is(as_it_was).then_some(running)
    }

    /// Waits until all requests are answered.
    pub(crate) async fn drained(&self) {
        loop {
            let notified = self.idle.notified();
            tokio::pin!(notified);
            notified.as_mut().enable();
            if self.load() == 0 {
                return;
            }
            notified.await;
        }
    }

    /// A connection that was used before and is open as far as can be seen, idle for no longer than `at_most`.
    pub(super) fn used(self: &Arc<Self>, at_most: Duration) -> Option<(Home, SendRequest<UpstreamBody>)> {
        let mut place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        place.connections.retain(|(since, sender)| !sender.is_closed() && since.elapsed() < KEPT_FOR);
        let found =
            place.connections.iter().rposition(|(since, sender)| sender.is_ready() && since.elapsed() < at_most)?;
        let (_, sender) = place.connections.swap_remove(found);
        Some((Home { backend: self.clone(), generation: place.generation }, sender))
    }

    /// Where a new connection goes to, and where it belongs afterwards.
    pub(super) fn home(self: &Arc<Self>) -> (Home, SocketAddr) {
        let place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        (Home { backend: self.clone(), generation: place.generation }, place.address)
    }
}

impl Home {
    pub(super) fn keep(self, sender: SendRequest<UpstreamBody>) {
        if sender.is_closed() || self.backend.is(Standing::Leaving) {
            return;
        }
        let mut place = self.backend.place.lock().unwrap_or_else(PoisonError::into_inner);
        if place.generation == self.generation && place.connections.len() < KEPT {
            place.connections.push((Instant::now(), sender));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.0.running.fetch_sub(1, SeqCst) == 1 {
            self.0.idle.notify_waiters();
        }
    }
}
