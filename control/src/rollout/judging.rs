//! The judge at work: reads what drivers have counted window by window, compares the new version with the one that ran
//! before, and records a change of opinion. Samples and the judge's state are kept apart from the record, so a restart
//! continues the same count.

use super::{Machines, engine};
use crate::{
    Control, World,
    driver::{ArmCounts, Fault},
};
use domain::{
    Timestamp,
    digest::sha256_hex,
    environment::{Environment, EnvironmentId},
    judge::{
        Arm, Bounds, Decision, Histogram, History, Judge, Metric, Reading, Settings, Share, Verdict, Window,
        WindowLength,
    },
    release::Version,
    rollout::{Opinion, Purpose, Report, Rollout, RolloutId},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// So many windows of what runs are kept to compare with: six hours at the usual speed.
const REMEMBERED: usize = 6 * 60 * 4;
/// With fewer windows than these at hand, all that was ever counted of what runs is the past.
const THIN: usize = 20;
/// In shorter windows, as a demonstration has them, a single hitch of a process makes many requests slow at once, which
/// would look like a slow version: latency then decides nothing.
const SHORTEST: u32 = 5;
/// A driver that does not answer within this has said nothing.
const PATIENCE: Duration = Duration::from_secs(5);

/// One window of one rollout, as it is kept: evidence, and where the judge goes on from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sample {
    pub seconds: u32,
    pub share: f64,
    pub stable: Option<ArmCounts>,
    pub canary: Option<ArmCounts>,
    pub verdict: serde_json::Value,
    /// The numbers behind it as a sentence.
    pub said: String,
    /// Hash over this sample and the one before it.
    pub hash: String,
    judge: Judge,
}

struct Sitting {
    judge: Judge,
    hash: String,
    opinion: Option<Opinion>,
}

type Counted = Result<Vec<ArmCounts>, Fault>;

pub struct Judges {
    control: Control,
    window: WindowLength,
    settings: Settings,
    last: HashMap<EnvironmentId, Vec<ArmCounts>>,
    history: HashMap<EnvironmentId, VecDeque<Arm>>,
    sittings: HashMap<RolloutId, Sitting>,
}

impl std::fmt::Debug for Judges {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Judges").field("sittings", &self.sittings.len()).finish_non_exhaustive()
    }
}

impl Judges {
    pub fn new(control: Control) -> Self {
        let Machines { speed, looks, .. } = control.machines();
        let speed = (*speed).max(1);
        let window = WindowLength::from_seconds((looks.window / speed).max(1)).unwrap_or(WindowLength::MINUTE);
        let muted = (window.seconds() < SHORTEST).then_some(Metric::Latency);
        let settings = Settings { warm_up_seconds: looks.warm_up / speed, muted, ..Settings::default() };
        Self { control, window, settings, last: HashMap::new(), history: HashMap::new(), sittings: HashMap::new() }
    }

    pub async fn run(mut self, stop: CancellationToken) {
        let mut tick = tokio::time::interval(Duration::from_secs(self.window.seconds().into()));
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        while !stop.is_cancelled() {
            tokio::select! { _ = tick.tick() => {}, () = stop.cancelled() => break }
            if self.control.leads() {
                self.look().await;
            } else {
                // Somebody else counts; what is here grows stale.
                self.last.clear();
                self.sittings.clear();
            }
        }
    }

    /// One window of every environment whose driver counts.
    pub async fn look(&mut self) {
        let world = self.control.world();
        let now = self.control.now();
        let mut reading = JoinSet::new();
        for environment in world.environments().filter(|environment| counts(environment)) {
            let (control, place) = (self.control.clone(), environment.id.clone());
            reading.spawn(async move {
                let counted = tokio::time::timeout(PATIENCE, read(&control, &place)).await;
                (place, counted.unwrap_or_else(|_| Err(Fault::unknown("no answer in time"))))
            });
        }
        let mut samples = Vec::new();
        for (place, counted) in reading.join_all().await {
            self.weigh(&world, &place, counted, now, &mut samples).await;
        }
        if !samples.is_empty()
            && let Err(error) = self.control.journal().keep_samples(&samples).await
        {
            tracing::warn!(%error, "samples could not be kept");
        }
        self.sittings.retain(|id, _| world.rollout(*id).is_some_and(|rollout| !rollout.is_over()));
    }

    async fn weigh(
        &mut self,
        world: &World,
        place: &EnvironmentId,
        counted: Counted,
        now: Timestamp,
        samples: &mut Vec<(RolloutId, Timestamp, Vec<u8>)>,
    ) {
        let Some(environment) = world.environment(place) else { return };
        let before = match &counted {
            Ok(counted) => self.last.insert(place.clone(), counted.clone()),
            Err(_) => self.last.remove(place),
        };
        let window = |version: &Version| -> Option<ArmCounts> {
            let find = |all: &[ArmCounts]| all.iter().find(|arm| &arm.version == version).cloned();
            difference(find(counted.as_ref().ok()?)?, find(before.as_ref()?))
        };
        let rollout = environment.lock.and_then(|id| world.rollout(id)).filter(|rollout| is_judged(rollout));
        let Some(rollout) = rollout else {
            if let Some(running) = environment.running()
                && let Some(arm) = window(&running.version).as_ref().and_then(arm_of)
            {
                let history = self.history.entry(place.clone()).or_default();
                history.push_back(arm);
                if history.len() > REMEMBERED {
                    history.pop_front();
                }
            }
            return;
        };
        let Ok(share) = Share::new(rollout.desired().fraction()) else { return };
        let stable = rollout.from.as_ref().filter(|_| !share.is_all()).and_then(&window);
        let canary = window(&rollout.version);
        if before.is_none() || share.get() <= 0.0 {
            return;
        }
        let failed = counted.is_err();
        let read = |arm: &Option<ArmCounts>| match arm.as_ref().map(arm_of) {
            _ if failed => Reading::Failed,
            Some(Some(arm)) => Reading::Counts(arm),
            Some(None) => Reading::Failed,
            None => Reading::Missing,
        };
        let heard = Window { length: self.window, stable: read(&stable), canary: read(&canary) };
        let Some(sitting) = self.sitting(rollout, share).await else { return };
        if !sitting.judge.share().same_as(share) {
            sitting.judge.start_phase(share);
            sitting.opinion = None;
        }
        let verdict = sitting.judge.observe(&heard);
        let facts = sitting.judge.facts();
        let said = match &verdict.decision {
            Decision::Hold { reason } if failed => format!("Held: the traffic could not be measured ({reason:?})."),
            _ => facts.to_string(),
        };
        let (opinion, kept) = (opinion_of(&verdict), serde_json::to_value(&verdict).unwrap_or_default());
        let mut sample = Sample {
            seconds: heard.length.seconds(),
            share: share.get(),
            stable,
            canary,
            verdict: kept,
            said: said.clone(),
            hash: String::new(),
            judge: sitting.judge.clone(),
        };
        let body = serde_json::to_vec(&sample).unwrap_or_default();
        sample.hash = sha256_hex(&[sitting.hash.as_bytes(), &body].concat());
        sitting.hash.clone_from(&sample.hash);
        let changed = sitting.opinion != Some(opinion);
        sitting.opinion = Some(opinion);
        samples.push((rollout.id, now, serde_json::to_vec(&sample).unwrap_or_default()));
        if changed {
            let report = Report::Judged { opinion, said, rests_on: sample.hash };
            engine::record(&self.control, place.clone(), rollout.id, report).await;
        }
    }

    /// What ran before, as it was: window by window, or, after a start, all at once.
    fn past(&self, rollout: &Rollout) -> History {
        let windows = self.history.get(&rollout.place).filter(|past| past.len() >= THIN);
        let past = if let Some(past) = windows {
            past.iter().cloned().collect()
        } else {
            let counted = self.last.get(&rollout.place).into_iter().flatten();
            let stable = counted.filter(|arm| Some(&arm.version) == rollout.from.as_ref());
            stable.filter_map(arm_of).collect()
        };
        History::new(self.window, past)
    }

    /// The judge of a rollout, where the last start left it or fresh.
    async fn sitting(&mut self, rollout: &Rollout, share: Share) -> Option<&mut Sitting> {
        if !self.sittings.contains_key(&rollout.id) {
            let kept = match self.control.journal().samples(rollout.id).await {
                Ok(kept) => kept.last().and_then(|(_, body)| serde_json::from_slice::<Sample>(body).ok()),
                Err(error) => {
                    tracing::warn!(%error, "samples could not be read; this window is not judged");
                    return None;
                }
            };
            let opinion = rollout.judged.as_ref().map(|judged| judged.opinion);
            let sitting = if let Some(sample) = kept {
                Sitting { judge: sample.judge, hash: sample.hash, opinion }
            } else {
                let history = self.past(rollout);
                let judge = Judge::new(self.settings.clone(), &history, share);
                Sitting { judge, hash: String::new(), opinion: None }
            };
            self.sittings.insert(rollout.id, sitting);
        }
        self.sittings.get_mut(&rollout.id)
    }
}

fn counts(environment: &Environment) -> bool {
    environment.connection.as_ref().is_some_and(|connection| connection.abilities.counts)
}

/// A version on its way in that has traffic beside the one that ran before.
fn is_judged(rollout: &Rollout) -> bool {
    rollout.monitored
        && rollout.purpose == Purpose::Promotion
        && !rollout.goes_back()
        && !rollout.desired().is_nothing()
}

async fn read(control: &Control, place: &EnvironmentId) -> Counted {
    let driver = control.driver(place).await.map_err(|refusal| Fault::not_done(refusal.to_string()))?;
    driver.counts().await
}

/// What was added; a count that fell has begun anew, and what came in between is not known.
fn difference(now: ArmCounts, before: Option<ArmCounts>) -> Option<ArmCounts> {
    let Some(before) = before else { return Some(now) };
    if before.bounds != now.bounds || before.buckets.len() != now.buckets.len() {
        return None;
    }
    let buckets: Option<Vec<u64>> = now.buckets.iter().zip(&before.buckets).map(|(n, b)| n.checked_sub(*b)).collect();
    Some(ArmCounts {
        requests: now.requests.checked_sub(before.requests)?,
        errors: now.errors.checked_sub(before.errors)?,
        buckets: buckets?,
        ..now
    })
}

/// None when the numbers make no sense.
#[expect(clippy::cast_precision_loss, reason = "nobody serves 2^52 requests in a window")]
fn arm_of(counts: &ArmCounts) -> Option<Arm> {
    let bounds = Bounds::new(counts.bounds.clone()).ok();
    let buckets = counts.buckets.iter().map(|count| *count as f64).collect();
    let latency = bounds.and_then(|bounds| Histogram::from_buckets(bounds, buckets).ok());
    Arm::new(counts.requests as f64, counts.errors as f64, latency).ok()
}

fn opinion_of(verdict: &Verdict) -> Opinion {
    match verdict.decision {
        Decision::RollBack { .. } => Opinion::RollBack,
        Decision::Promote => Opinion::Promote,
        Decision::Hold { .. } => Opinion::Hold,
    }
}
