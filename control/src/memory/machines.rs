//! A place where versions run in memory only, with a ledger of what was really done to it: the other side of rollouts
//! in tests, benches and campaigns.

use super::MemoryInstruments;
use crate::{
    driver::{
        Arm, Asked, Connection, Done, Driver, DriverKind, Fault, Field, Finding, News, Observed, Prober, Progress,
        Safe, Task, Told, Workshop,
    },
    rollout::{Machines, WINDOW},
};
use async_trait::async_trait;
use domain::{
    Class, Refusal,
    environment::{self, EnvironmentId},
    playbook::Percent,
    release::Version,
    rollout::{Abilities, Action, ActionKind},
};
use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use uuid::Uuid;

/// One effect that the place has had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    pub place: EnvironmentId,
    pub key: Uuid,
    pub action: Action,
    pub version: Version,
}

/// What happens to the next task instead of what should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    /// Nothing happens, and it is said.
    NotDone,
    /// It is turned down for good.
    Declined,
    /// It happens, and the reply is lost.
    ReplyLost,
    /// Nothing happens, and the reply is lost.
    RequestLost,
    /// It is accepted and never ends.
    Hangs,
}

#[derive(Debug, Default)]
struct Ground {
    ledger: Vec<Effect>,
    orders: HashMap<EnvironmentId, u64>,
    shares: HashMap<EnvironmentId, BTreeMap<Version, Percent>>,
    wired: HashMap<EnvironmentId, Connection>,
    mishaps: HashMap<ActionKind, VecDeque<Mishap>>,
    hanging: Vec<Uuid>,
    ill: bool,
    mute: bool,
    unfit: bool,
}

/// All places of an installation, kept in memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryGround(Arc<Mutex<Ground>>);

impl MemoryGround {
    pub fn machines(&self) -> Machines {
        Machines {
            workshop: Arc::new(self.clone()),
            prober: Arc::new(self.clone()),
            safe: Arc::new(OpenSafe),
            observatory: Arc::new(MemoryInstruments::default()),
            speed: 1,
            window: WINDOW,
        }
    }

    /// Everything that was really done, in order.
    pub fn ledger(&self) -> Vec<Effect> {
        self.lock().ledger.clone()
    }

    /// The next tasks with this action go wrong like this, one after the other.
    pub fn mishap(&self, action: ActionKind, mishap: Mishap) {
        self.lock().mishaps.entry(action).or_default().push_back(mishap);
    }

    /// From now on checks find that nothing is well, or that all is.
    pub fn set_ill(&self, ill: bool) {
        self.lock().ill = ill;
    }

    /// From now on it cannot be asked what became of a task.
    pub fn set_mute(&self, mute: bool) {
        self.lock().mute = mute;
    }

    /// From now on a test of the connection finds something wrong, or nothing.
    pub fn set_unfit(&self, unfit: bool) {
        self.lock().unfit = unfit;
    }

    /// What the last driver that was made for a place was made of.
    pub fn wired(&self, place: &EnvironmentId) -> Option<Connection> {
        self.lock().wired.get(place).cloned()
    }

    /// The share of a version there.
    pub fn share(&self, place: &EnvironmentId, version: &Version) -> Percent {
        self.lock().shares.get(place).and_then(|shares| shares.get(version).copied()).unwrap_or(Percent::nothing())
    }

    fn lock(&self) -> MutexGuard<'_, Ground> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn do_it(&self, task: &Task) -> Result<Done, Fault> {
        let mut ground = self.lock();
        let done = |share| Done { share, said: String::new(), url: None };
        if ground.ledger.iter().any(|effect| effect.key == task.key && effect.place == task.place) {
            return Ok(done(task.action.share()));
        }
        let last = ground.orders.entry(task.place.clone()).or_default();
        if task.order < *last {
            return Err(Fault::declined("a later order was carried out already"));
        }
        *last = task.order;
        let effect =
            Effect { place: task.place.clone(), key: task.key, action: task.action, version: task.version.clone() };
        ground.ledger.push(effect);
        let shares = ground.shares.entry(task.place.clone()).or_default();
        match task.action {
            Action::Deploy => drop(shares.entry(task.version.clone()).or_insert(Percent::nothing())),
            Action::Replace { share } | Action::Weight { share } => drop(shares.insert(task.version.clone(), share)),
            Action::Promote => {
                for share in shares.values_mut() {
                    *share = Percent::nothing();
                }
                shares.insert(task.version.clone(), Percent::whole());
            }
            Action::Retire => shares.retain(|version, _| *version == task.version),
            Action::RollBack => *shares = BTreeMap::from([(task.version.clone(), Percent::whole())]),
            Action::Verify | Action::Watch { .. } => {}
        }
        Ok(done(task.action.share()))
    }
}

/// The driver of one environment: the same ground, looked at from there.
#[derive(Debug)]
struct Plot {
    ground: MemoryGround,
    place: EnvironmentId,
}

#[async_trait]
impl Driver for Plot {
    fn abilities(&self) -> Abilities {
        use ActionKind::{Deploy, Promote, Replace, Retire, RollBack, Weight};
        Abilities::of([Deploy, Replace, Weight, Promote, Retire, RollBack], true)
    }

    async fn perform(&self, task: &Task) -> Result<Progress, Fault> {
        // A real one keeps its caller waiting; so that the engine is tested at it.
        tokio::task::yield_now().await;
        let mishap = self.ground.lock().mishaps.get_mut(&task.action.kind()).and_then(VecDeque::pop_front);
        match mishap {
            None => self.ground.do_it(task).map(Progress::Done),
            Some(Mishap::NotDone) => Err(Fault::not_done("not now")),
            Some(Mishap::Declined) => Err(Fault::declined("not like this")),
            Some(Mishap::ReplyLost) => self.ground.do_it(task).and_then(|_| Err(Fault::unknown("no reply"))),
            Some(Mishap::RequestLost) => Err(Fault::unknown("no reply")),
            Some(Mishap::Hangs) => {
                self.ground.lock().hanging.push(task.key);
                Ok(Progress::Running { said: "at it".to_owned(), url: None })
            }
        }
    }

    async fn ask(&self, task: &Task) -> Asked {
        let ground = self.ground.lock();
        if ground.mute {
            return Asked::CannotSay("nobody answers".to_owned());
        }
        if ground.hanging.contains(&task.key) {
            return Asked::Running { said: "at it".to_owned(), url: None };
        }
        if ground.ledger.iter().any(|effect| effect.key == task.key && effect.place == task.place) {
            return Asked::Done(Done { share: task.action.share(), ..Done::default() });
        }
        Asked::NeverSeen
    }

    /// The body is a key; what hung under it is done now. Whoever says that they are the ground is believed.
    fn told(&self, told: &Told<'_>) -> Result<News, Refusal> {
        if (told.header)("from") != Some("the ground") {
            return Err(Refusal::new(Class::Unauthenticated, "Only the ground itself is believed."));
        }
        let said = str::from_utf8(told.body).unwrap_or_default().trim_matches('"');
        let key = said.parse().map_err(|_| Refusal::invalid("body", said, "a key"))?;
        self.ground.lock().hanging.retain(|hanging| *hanging != key);
        Ok(News { key, state: Asked::Done(Done::default()) })
    }

    async fn observe(&self) -> Result<Observed, Fault> {
        let ground = self.ground.lock();
        let shares = ground.shares.get(&self.place).cloned().unwrap_or_default();
        let mut arms: Vec<Arm> = shares
            .into_iter()
            .map(|(version, share)| Arm { version: Some(version), share, instances: 1, healthy: 1 })
            .collect();
        arms.sort_by_key(|arm| std::cmp::Reverse(arm.share));
        Ok(Observed { arms })
    }

    async fn test(&self) -> Vec<Finding> {
        let good = !self.ground.lock().unfit;
        let said = if good { "It is there." } else { "It is gone; look for it." };
        vec![Finding { what: "Memory".to_owned(), good, said: said.to_owned() }]
    }
}

impl Workshop for MemoryGround {
    fn driver(&self, place: &EnvironmentId, connection: &Connection) -> Result<Arc<dyn Driver>, Refusal> {
        self.lock().wired.insert(place.clone(), connection.clone());
        Ok(Arc::new(Plot { ground: self.clone(), place: place.clone() }))
    }

    fn fields(&self, _kind: DriverKind) -> &'static [Field] {
        &[]
    }
}

#[async_trait]
impl Prober for MemoryGround {
    async fn verify(&self, _task: &Task, _connection: &environment::Connection) -> Result<Done, Fault> {
        if self.lock().ill {
            return Err(Fault::declined("it is not well"));
        }
        Ok(Done { said: "all is well".to_owned(), ..Done::default() })
    }
}

/// Seals nothing: what stands in memory is seen by the test alone.
#[derive(Debug)]
struct OpenSafe;

impl Safe for OpenSafe {
    fn seal(&self, purpose: &str, plain: &[u8]) -> Vec<u8> {
        [purpose.as_bytes(), b"\n", plain].concat()
    }

    fn open(&self, purpose: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        sealed.strip_prefix(purpose.as_bytes())?.strip_prefix(b"\n").map(<[u8]>::to_vec)
    }
}
