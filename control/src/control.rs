//! The control room itself: one handle to order, to read and to listen.

use crate::{
    clock::Clock,
    dispatch::{Job, News, Order, Outcome, Receipt, Writer},
    dora::Keeping,
    journal::{Journal, JournalError},
    monitor,
    people::{Secrets, Sessions, Throttle},
    rollout::Machines,
    search,
    tasks::Tasks,
    vault::{Account, PrivateWrite},
    world::{FINGERPRINT, World},
};
use domain::{
    Class, Refusal, Timestamp,
    access::{Actor, Authority},
    environment::EnvironmentId,
    journal::{Envelope, Fact, Seq, Stream},
    person::PersonId,
    slug::ProductSlug,
};
use std::{
    collections::HashMap,
    sync::{
        Arc, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::sync::{broadcast, mpsc, oneshot, watch};

/// A recorded event, as it is announced to open pages.
pub type Announcement = Arc<Envelope>;

/// How many events one transaction reads while the world is rebuilt.
const PAGE: u32 = 5_000;
/// After so many new events a snapshot is worth its time.
const SNAPSHOT_EVERY: Seq = 10_000;

/// What [`Control::open`] needs.
#[derive(Debug)]
pub struct Opening {
    pub journal: Arc<dyn Journal>,
    pub clock: Arc<dyn Clock>,
    pub secrets: Arc<dyn Secrets>,
    pub machines: Machines,
    pub tasks: Tasks,
    /// How often to look for what other replicas recorded; none when there are none.
    pub follow: Option<Duration>,
}

#[derive(Clone)]
pub struct Control(Arc<Inner>);

struct Inner {
    journal: Arc<dyn Journal>,
    clock: Arc<dyn Clock>,
    secrets: Arc<dyn Secrets>,
    machines: Machines,
    monitors: monitor::Kept,
    index: search::Kept,
    sessions: Sessions,
    throttle: Throttle,
    jobs: mpsc::Sender<Job>,
    world: Arc<RwLock<World>>,
    names: Arc<RwLock<HashMap<PersonId, Account>>>,
    announce: broadcast::Sender<Announcement>,
    looks: broadcast::Sender<EnvironmentId>,
    seq: watch::Receiver<Seq>,
    leads: AtomicBool,
    keeping: Keeping,
}

impl std::fmt::Debug for Control {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Control").field("seq", &self.seq()).finish_non_exhaustive()
    }
}

impl Control {
    /// Rebuilds the world from the record, telling `progress` (events done, of all), and starts the writer.
    pub async fn open(opening: Opening, progress: impl Fn(Seq, Seq)) -> Result<Self, JournalError> {
        let Opening { journal, clock, secrets, machines, tasks, follow } = opening;
        let (world, from_snapshot) = rebuild(journal.as_ref(), progress).await?;
        let names = journal.accounts().await?.into_iter().map(|a| (a.person, a)).collect();
        let (jobs, waiting) = mpsc::channel(1_024);
        let (announce, _) = broadcast::channel(4_096);
        let (looks, _) = broadcast::channel(256);
        let (seen, seq) = watch::channel(world.seq);
        let shared = Arc::new(RwLock::new(world.clone()));
        let names = Arc::new(RwLock::new(names));
        let (known, refresh) = mpsc::unbounded_channel();
        let publish = {
            let (shared, announce, names) = (shared.clone(), announce.clone(), names.clone());
            Box::new(move |world: World, news: News| {
                let now = world.seq;
                news.private.into_iter().for_each(|change| rename(&names, change));
                *write(&shared) = world;
                for envelope in news.envelopes {
                    if let (Stream::Person(id), Fact::Person(_)) = (&envelope.stream, &envelope.fact) {
                        let _ = known.send(*id);
                    }
                    // Nobody may be listening.
                    let _ = announce.send(envelope);
                }
                let _ = seen.send(now);
            })
        };
        let writer = Writer { journal: journal.clone(), clock: clock.clone(), world, publish };
        let control = Self(Arc::new(Inner {
            journal,
            clock,
            secrets,
            machines,
            monitors: monitor::Kept::default(),
            index: search::Kept::default(),
            sessions: Sessions::default(),
            throttle: Throttle::default(),
            jobs,
            world: shared,
            names,
            announce,
            looks,
            seq,
            leads: AtomicBool::new(false),
            keeping: Keeping::default(),
        }));
        control.start(&tasks, writer, waiting, refresh, follow, from_snapshot);
        Ok(control)
    }

    fn start(
        &self,
        tasks: &Tasks,
        writer: Writer,
        waiting: mpsc::Receiver<Job>,
        mut refresh: mpsc::UnboundedReceiver<PersonId>,
        follow: Option<Duration>,
        from_snapshot: Seq,
    ) {
        let stop = tasks.stop_signal();
        tasks.spawn("writer", async move {
            tokio::select! {
                () = writer.run(waiting) => {}
                () = stop.cancelled() => {}
            }
        });
        let (stop, journal, names) = (tasks.stop_signal(), self.0.journal.clone(), self.0.names.clone());
        tasks.spawn("names", async move {
            while let Some(Some(person)) =
                tokio::select! { next = refresh.recv() => Some(next), () = stop.cancelled() => None }
            {
                match journal.account(person).await {
                    Ok(Some(account)) => drop(write(&names).insert(person, account)),
                    Ok(None) => drop(write(&names).remove(&person)),
                    Err(error) => tracing::warn!(%error, "a name could not be read"),
                }
            }
        });
        if let Some(every) = follow {
            let (stop, jobs) = (tasks.stop_signal(), self.0.jobs.clone());
            tasks.spawn("follow", async move {
                while !stop.is_cancelled() {
                    tokio::select! { () = tokio::time::sleep(every) => {}, () = stop.cancelled() => break }
                    if jobs.send(Job::CatchUp).await.is_err() {
                        break;
                    }
                }
            });
        }
        let (stop, control) = (tasks.stop_signal(), self.clone());
        tasks.spawn("search", async move {
            // Whoever asks first finds the index made.
            if let Err(error) = tokio::task::spawn_blocking(move || control.find(&control.world(), "", |_| true)).await
            {
                tracing::warn!(%error, "the index of the search could not be made yet");
            }
            stop.cancelled().await;
        });
        tasks.spawn("deliveries", self.clone().keep_deliveries(self.listen(), tasks.stop_signal()));
        let (stop, control, mut seq) = (tasks.stop_signal(), self.clone(), self.0.seq.clone());
        tasks.spawn("snapshots", async move {
            let mut last = from_snapshot;
            loop {
                if *seq.borrow_and_update() >= last + SNAPSHOT_EVERY {
                    last = control.snapshot().await.unwrap_or(last);
                }
                tokio::select! {
                    changed = seq.changed() => if changed.is_err() { break },
                    () = stop.cancelled() => break,
                }
            }
        });
    }

    /// Keeps the world as it is now as a snapshot; returns where it stood.
    pub async fn snapshot(&self) -> Option<Seq> {
        let world = self.world();
        let seq = world.seq;
        let body = tokio::task::spawn_blocking(move || world.to_snapshot()).await.ok()?.ok()?;
        match self.0.journal.save_snapshot(FINGERPRINT, seq, &body).await {
            Ok(()) => Some(seq),
            Err(error) => {
                tracing::warn!(%error, "the snapshot could not be kept; the next start takes longer");
                None
            }
        }
    }

    /// Decides and records one order; durable when this returns.
    pub async fn dispatch(&self, order: Order) -> Result<Outcome, Refusal> {
        let gone =
            || Refusal::new(Class::Unavailable, "Pilothouse is stopping; nothing was recorded. Try again in a moment.");
        let (reply, answer) = oneshot::channel();
        self.0.jobs.send(Job::Order(Box::new(order), reply)).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }

    /// [`Control::dispatch`] for an order without an idempotency key.
    pub async fn order(&self, order: Order) -> Result<Receipt, Refusal> {
        let outcome = self.dispatch(order).await?;
        outcome.receipt().ok_or_else(|| Refusal::new(Class::Unavailable, "An answer came from an earlier request."))
    }

    /// Everything as it is now: a value that does not change while it is read.
    pub fn world(&self) -> World {
        self.0.world.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    pub fn seq(&self) -> Seq {
        *self.0.seq.borrow()
    }

    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    pub fn authority(&self, actor: Actor, product: Option<&ProductSlug>) -> Authority {
        self.world().authority(actor, product, self.now())
    }

    /// Every event recorded from now on.
    pub fn listen(&self) -> broadcast::Receiver<Announcement> {
        self.0.announce.subscribe()
    }

    /// Every environment whose rollout has been judged once more, from now on: measurements are no facts, and whoever
    /// listens to another replica than the one that judges hears nothing.
    pub fn listen_to_looks(&self) -> broadcast::Receiver<EnvironmentId> {
        self.0.looks.subscribe()
    }

    /// A window of this environment was judged, and can be read.
    pub fn looked(&self, place: EnvironmentId) {
        // Nobody may be listening.
        let _ = self.0.looks.send(place);
    }

    /// What a person is called; erased people have no name.
    pub fn name(&self, person: PersonId) -> String {
        let names = self.0.names.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        names.get(&person).map_or_else(|| format!("erased person {}", &person.to_string()[..8]), |a| a.name.clone())
    }

    pub fn account(&self, person: PersonId) -> Option<Account> {
        self.0.names.read().unwrap_or_else(std::sync::PoisonError::into_inner).get(&person).cloned()
    }

    pub(crate) fn secrets(&self) -> &dyn Secrets {
        self.0.secrets.as_ref()
    }

    pub fn machines(&self) -> &Machines {
        &self.0.machines
    }

    pub(crate) fn keeping(&self) -> &Keeping {
        &self.0.keeping
    }

    pub(crate) fn kept_monitors(&self) -> &monitor::Kept {
        &self.0.monitors
    }

    pub(crate) fn kept_index(&self) -> &search::Kept {
        &self.0.index
    }

    /// Whether it is this replica that carries out rollouts.
    pub fn leads(&self) -> bool {
        self.0.leads.load(Ordering::Relaxed)
    }

    pub(crate) fn set_leads(&self, leads: bool) {
        self.0.leads.store(leads, Ordering::Relaxed);
    }

    /// Wakes with each recorded event.
    pub fn watch(&self) -> watch::Receiver<Seq> {
        self.0.seq.clone()
    }

    pub(crate) fn sessions(&self) -> &Sessions {
        &self.0.sessions
    }

    pub(crate) fn throttle(&self) -> &Throttle {
        &self.0.throttle
    }

    /// The record itself, for reading back and for private rows.
    pub fn journal(&self) -> &Arc<dyn Journal> {
        &self.0.journal
    }
}

pub(crate) fn write<T>(lock: &RwLock<T>) -> std::sync::RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Keeps the names at hand in step with what was just written.
fn rename(names: &RwLock<HashMap<PersonId, Account>>, change: PrivateWrite) {
    match change {
        PrivateWrite::PutAccount { person, name, email } => {
            let password_hash = None;
            write(names).insert(person, Account { person, name, email, password_hash });
        }
        PrivateWrite::Erase { person } => drop(write(names).remove(&person)),
        _ => {}
    }
}

/// The world from the newest fitting snapshot and the events after it; also where that snapshot stood.
async fn rebuild(journal: &dyn Journal, progress: impl Fn(Seq, Seq)) -> Result<(World, Seq), JournalError> {
    let mut world = match journal.snapshot(FINGERPRINT).await? {
        Some((seq, body)) => World::from_snapshot(&body).unwrap_or_else(|error| {
            tracing::warn!(%error, seq, "the snapshot cannot be read; starting from the first event");
            World::default()
        }),
        None => World::default(),
    };
    let (from, head) = (world.seq, journal.head().await?.seq);
    while world.seq < head {
        let rows = journal.read(world.seq, PAGE).await?;
        if rows.is_empty() {
            return Err(JournalError::Damaged { seq: world.seq + 1, why: "it is missing".to_owned() });
        }
        for row in rows {
            let envelope = row.envelope()?;
            world
                .apply(&envelope)
                .map_err(|refusal| JournalError::Damaged { seq: envelope.seq, why: refusal.detail })?;
        }
        progress(world.seq, head);
    }
    Ok((world, from))
}
