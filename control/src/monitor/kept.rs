//! One instance of each monitor for as long as its settings stay as they are: `scrape` remembers its last look. What a
//! monitor saw last is at hand for the page of its metrics.

use super::{Chart, Look, Missing, Monitor, MonitorKind, Question, Stretch};
use crate::driver::{Finding, Settings};
use async_trait::async_trait;
use domain::environment::EnvironmentId;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// What a monitor is made of; sealed anew, secrets differ even when they say the same.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct MadeOf {
    pub settings: Settings,
    pub sealed: Vec<(String, Vec<u8>)>,
}

type Instances = HashMap<(EnvironmentId, MonitorKind), (MadeOf, Arc<Noting>)>;

/// All monitors that were asked for since the start.
#[derive(Debug, Default)]
pub(crate) struct Kept(Mutex<Instances>);

impl Kept {
    /// The one that was made of the same.
    pub(super) fn get(&self, place: &EnvironmentId, kind: MonitorKind, of: &MadeOf) -> Option<Arc<dyn Monitor>> {
        let all = self.lock();
        let (made_of, monitor) = all.get(&(place.clone(), kind))?;
        (made_of == of).then(|| monitor.clone() as Arc<dyn Monitor>)
    }

    /// Keeps it, unless somebody else was quicker: then theirs.
    pub(super) fn keep(
        &self,
        place: &EnvironmentId,
        kind: MonitorKind,
        of: MadeOf,
        monitor: Arc<dyn Monitor>,
    ) -> Arc<dyn Monitor> {
        let mut all = self.lock();
        if let Some((_, same)) = all.get(&(place.clone(), kind)).filter(|(made_of, _)| *made_of == of) {
            return same.clone();
        }
        let noting = Arc::new(Noting { monitor, last: Mutex::default() });
        all.insert((place.clone(), kind), (of, noting.clone()));
        noting
    }

    /// Only these kinds watch it now.
    pub(super) fn forget_others(&self, place: &EnvironmentId, kinds: &[MonitorKind]) {
        self.lock().retain(|(other, kind), _| other != place || kinds.contains(kind));
    }

    pub(super) fn last_look(&self, place: &EnvironmentId, kind: MonitorKind) -> Option<Look> {
        self.lock().get(&(place.clone(), kind))?.1.last().clone()
    }

    /// What a person has just had asked, beside the looks that are taken for verdicts.
    pub(crate) fn note(&self, place: &EnvironmentId, kind: MonitorKind, look: Look) {
        if let Some((_, monitor)) = self.lock().get(&(place.clone(), kind)) {
            *monitor.last() = Some(look);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Instances> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A monitor that keeps its last look at hand.
#[derive(Debug)]
struct Noting {
    monitor: Arc<dyn Monitor>,
    last: Mutex<Option<Look>>,
}

impl Noting {
    fn last(&self) -> MutexGuard<'_, Option<Look>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Monitor for Noting {
    async fn look(&self, question: &Question) -> Look {
        let look = self.monitor.look(question).await;
        let mut last = self.last();
        // One that was asked about the past is no news.
        if last.as_ref().is_none_or(|last| last.end <= look.end) {
            *last = Some(look.clone());
        }
        drop(last);
        look
    }

    async fn chart(&self, stretch: &Stretch) -> Result<Chart, Missing> {
        self.monitor.chart(stretch).await
    }

    fn every(&self) -> Option<Duration> {
        self.monitor.every()
    }

    async fn test(&self, question: &Question) -> Vec<Finding> {
        self.monitor.test(question).await
    }
}
