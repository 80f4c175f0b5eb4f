//! The judges at work: look at every environment window by window, compare the new version with the one that ran before,
//! hold both against the playbook, and record a change of opinion. Samples and the judges' state are kept apart from the
//! record, so a restart continues the same count.

mod sample;
mod seeing;

pub use sample::{ArmSeen, Sample};

use super::{Machines, engine};
use crate::{
    Control, World,
    driver::ArmCounts,
    monitor::{self, Asking, Look, MonitorKind, Question},
};
use chrono::TimeDelta;
use domain::{
    Timestamp,
    environment::{Environment, EnvironmentId},
    judge::{
        Ground, History, Metric, Panel, Settings, Share, Window, WindowLength,
        rules::{Check, Health, RulesSettings, Scene},
    },
    playbook::Playbook,
    release::ReleaseId,
    rollout::{Opinion, Purpose, Report, Rollout, RolloutId},
};
use sample::difference;
use seeing::{Aim, Glance};
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
/// A router moves traffic a moment before or after it says so.
const SETTLING: TimeDelta = TimeDelta::seconds(1);
/// In shorter windows, as a demonstration has them, a single hitch of a process makes many requests slow at once, which
/// would look like a slow version: latency then decides nothing.
const SHORTEST: u32 = 5;

struct Sitting {
    panel: Panel,
    hash: String,
    last: Option<Standing>,
}

/// What was last said: it is recorded again when this changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Standing {
    opinion: Opinion,
    ground: Ground,
    silent: bool,
}

/// What runs, window by window, and who counted it.
#[derive(Default)]
struct Past {
    source: String,
    windows: VecDeque<ArmSeen>,
}

pub struct Judges {
    control: Control,
    window: WindowLength,
    /// Lengths of time in playbooks are divided by it.
    speed: u32,
    last: HashMap<EnvironmentId, Vec<ArmCounts>>,
    probed: HashMap<EnvironmentId, Vec<(MonitorKind, Look)>>,
    history: HashMap<EnvironmentId, Past>,
    sittings: HashMap<RolloutId, Sitting>,
}

impl std::fmt::Debug for Judges {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Judges").field("sittings", &self.sittings.len()).finish_non_exhaustive()
    }
}

impl Judges {
    pub fn new(control: Control) -> Self {
        let Machines { speed, window, .. } = control.machines();
        let (speed, window) = ((*speed).max(1), *window);
        let window = WindowLength::from_seconds((window / speed).max(1)).unwrap_or(WindowLength::MINUTE);
        Self {
            control,
            window,
            speed,
            last: HashMap::new(),
            probed: HashMap::new(),
            history: HashMap::new(),
            sittings: HashMap::new(),
        }
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

    /// One window of every environment that something measures or counts.
    pub async fn look(&mut self) {
        let world = self.control.world();
        let now = self.control.now();
        let mut looking = JoinSet::new();
        for environment in world.environments().filter(|environment| environment.is_measured()) {
            let kept = self.probed.get(&environment.id).cloned().unwrap_or_default();
            let Some(aim) = aim(&world, environment, self.window, now, kept) else { continue };
            let control = self.control.clone();
            looking.spawn(async move {
                let glance = seeing::glance(&control, &aim).await;
                (aim, glance)
            });
        }
        let mut samples = Vec::new();
        for (aim, glance) in looking.join_all().await {
            self.weigh(&world, &aim, &glance, now, &mut samples).await;
        }
        if !samples.is_empty() {
            match self.control.journal().keep_samples(&samples).await {
                Ok(()) => {
                    let places = samples.iter().filter_map(|(id, ..)| world.rollout(*id));
                    places.for_each(|rollout| self.control.looked(rollout.place.clone()));
                }
                Err(error) => tracing::warn!(%error, "samples could not be kept"),
            }
        }
        self.sittings.retain(|id, _| world.rollout(*id).is_some_and(|rollout| !rollout.is_over()));
    }

    async fn weigh(
        &mut self,
        world: &World,
        aim: &Aim,
        glance: &Glance,
        now: Timestamp,
        samples: &mut Vec<(RolloutId, Timestamp, Vec<u8>)>,
    ) {
        let place = &aim.place;
        self.probed.insert(place.clone(), glance.kept());
        let before = match &glance.counted {
            Some(Ok(counted)) => self.last.insert(place.clone(), counted.clone()),
            _ => self.last.remove(place),
        };
        let Some(environment) = world.environment(place) else { return };
        let rollout = judged(world, environment);
        let playbook = rollout.and_then(|rollout| playbook_of(world, rollout));
        let seen = |arm| {
            let asking = aim.question.arms.iter().find(|asking| asking.arm == arm)?;
            Some(glance.arm(asking, before.as_ref(), playbook))
        };
        let stable = seen(monitor::Arm::Stable);
        let Some(rollout) = rollout else {
            self.remember(place, stable);
            return;
        };
        let (Some(playbook), Some(canary)) = (playbook, seen(monitor::Arm::Canary)) else { return };
        let Ok(share) = Share::new(rollout.desired().fraction()) else { return };
        // What a router counted before the first look is not of this window.
        if glance.counted.is_some() && before.is_none() && canary.totals.is_none() {
            return;
        }
        let checks = glance.checks();
        let (alarms, reported) = seeing::alarms(environment, rollout);
        let unwell = signs(&checks, &alarms, reported.iter());
        let (length, speed) = (self.window, self.speed);
        let Some(sitting) = self.sitting(rollout, playbook, share).await else { return };
        let nothing =
            || ArmSeen::new(&rollout.version, "", Err(monitor::Missing::absent("It has no traffic."))).values();
        let heard = Window {
            length,
            stable: stable.as_ref().map_or(domain::judge::Reading::Missing, ArmSeen::reading),
            canary: canary.reading(),
        };
        let scene = Scene {
            length: WindowLength::from_seconds(length.seconds().saturating_mul(speed)).unwrap_or(length),
            share,
            moving: is_moving(rollout, aim.question.end, length, &canary.source),
            stable: stable.as_ref().map_or_else(nothing, ArmSeen::values),
            canary: canary.values(),
            checks,
            alarms,
            reported,
        };
        let told = sitting.panel.observe(playbook, &place.env, &heard, &scene);
        let silence = told.verdict.silent_seconds.saturating_mul(speed.into());
        let silent = silence >= u64::from(playbook.judging.no_data_for.seconds());
        let why = [stable.as_ref(), Some(&canary)].into_iter().flatten().find_map(|arm| arm.missing.as_ref());
        let said = match why {
            Some(missing) if silent => format!("Nothing was measured for {} min. {missing}", silence / 60),
            Some(missing) if told.ground == Ground::NoData => format!("{} {missing}", told.said),
            _ => told.said,
        };
        let mut sample = Sample {
            seconds: length.seconds(),
            share: share.get(),
            stable,
            canary,
            signs: unwell,
            opinion: told.opinion,
            ground: told.ground,
            silent,
            verdict: serde_json::to_value(&told.verdict).unwrap_or_default(),
            ruling: told.ruling,
            said: said.clone(),
            hash: String::new(),
            panel: sitting.panel.clone(),
        };
        sample.hash = sample.hashed(&sitting.hash);
        sitting.hash.clone_from(&sample.hash);
        // Where nothing is compared, time and people promote; only a rule or an alarm has something to say.
        let speaks = rollout.monitored || matches!(told.ground, Ground::Rule | Ground::SharedIncident);
        let standing = Standing { opinion: told.opinion, ground: told.ground, silent };
        let changed = speaks && sitting.last != Some(standing);
        sitting.last = Some(standing);
        samples.push((rollout.id, now, serde_json::to_vec(&sample).unwrap_or_default()));
        if changed {
            let report = Report::Judged { opinion: told.opinion, said, rests_on: sample.hash };
            engine::record(&self.control, place.clone(), rollout.id, report).await;
        }
    }

    /// A window of what runs, while nothing comes in.
    fn remember(&mut self, place: &EnvironmentId, stable: Option<ArmSeen>) {
        let Some(seen) = stable.filter(|seen| seen.totals.is_some()) else { return };
        let past = self.history.entry(place.clone()).or_default();
        // Two that count differently are not one past.
        if past.source != seen.source {
            past.windows.clear();
            past.source.clone_from(&seen.source);
        }
        past.windows.push_back(seen);
        if past.windows.len() > REMEMBERED {
            past.windows.pop_front();
        }
    }

    /// What ran before, as it was: window by window; after a start, as a monitor remembers it, or all at once.
    async fn past(&self, rollout: &Rollout) -> (WindowLength, Vec<ArmSeen>) {
        if let Some(past) = self.history.get(&rollout.place).filter(|past| past.windows.len() >= THIN) {
            return (self.window, past.windows.iter().cloned().collect());
        }
        let Some(from) = &rollout.from else { return (self.window, Vec::new()) };
        let remembered = seeing::past(&self.control, &rollout.place, from, rollout.started_at).await;
        if !remembered.is_empty() {
            return (WindowLength::from_seconds(300).unwrap_or(self.window), remembered);
        }
        let counted = self.last.get(&rollout.place).into_iter().flatten();
        let stable = counted.filter(|arm| &arm.version == from);
        (self.window, stable.map(|arm| ArmSeen::new(from, seeing::ROUTER, difference(arm, None))).collect())
    }

    /// The judges of a rollout, where the last start left them or fresh.
    async fn sitting(&mut self, rollout: &Rollout, playbook: &Playbook, share: Share) -> Option<&mut Sitting> {
        if !self.sittings.contains_key(&rollout.id) {
            let kept = match self.control.journal().samples(rollout.id).await {
                Ok(kept) => kept.last().and_then(|(_, body)| serde_json::from_slice::<Sample>(body).ok()),
                Err(error) => {
                    tracing::warn!(%error, "samples could not be read; this window is not judged");
                    return None;
                }
            };
            let sitting = match kept {
                Some(sample) => {
                    // What nobody could record is recorded with the next window.
                    let recorded = rollout.judged.as_ref().map(|judged| judged.opinion);
                    let Sample { opinion, ground, silent, .. } = sample;
                    let last = Some(Standing { opinion, ground, silent }).filter(|_| recorded == Some(opinion));
                    Sitting { panel: sample.panel, hash: sample.hash, last }
                }
                None => Sitting { panel: self.panel(rollout, playbook, share).await, hash: String::new(), last: None },
            };
            self.sittings.insert(rollout.id, sitting);
        }
        let sitting = self.sittings.get_mut(&rollout.id)?;
        // Each share is judged for itself, and so is what is said of it.
        if !sitting.panel.sequential().share().same_as(share) {
            sitting.last = None;
        }
        Some(sitting)
    }

    async fn panel(&self, rollout: &Rollout, playbook: &Playbook, share: Share) -> Panel {
        let (length, past) = self.past(rollout).await;
        let usual = Settings::from(&playbook.judging);
        let muted = (self.window.seconds() < SHORTEST).then_some(Metric::Latency);
        let settings =
            Settings { warm_up_seconds: usual.warm_up_seconds / self.speed, muted: usual.muted.or(muted), ..usual };
        let history = History::new(length, past.iter().filter_map(ArmSeen::arm).collect());
        let mut panel = Panel::new(settings, RulesSettings::from(&playbook.judging), &history, share);
        for window in &past {
            panel.remember(length, &window.values());
        }
        panel
    }
}

/// The versions that have traffic there now, to be asked about; none where nothing runs.
fn aim(
    world: &World,
    environment: &Environment,
    window: WindowLength,
    now: Timestamp,
    kept: Vec<(MonitorKind, Look)>,
) -> Option<Aim> {
    let mut arms = Vec::new();
    match judged(world, environment) {
        Some(rollout) => {
            let beside = rollout.from.as_ref().filter(|_| !rollout.desired().is_whole());
            arms.extend(beside.map(|version| Asking { arm: monitor::Arm::Stable, version: version.clone() }));
            arms.push(Asking { arm: monitor::Arm::Canary, version: rollout.version.clone() });
        }
        None => arms.push(Asking { arm: monitor::Arm::Stable, version: environment.running()?.version.clone() }),
    }
    Some(Aim {
        place: environment.id.clone(),
        counts: environment.is_counted(),
        question: Question { arms, end: now, window },
        kept,
    })
}

/// A version on its way in that has traffic.
fn judged<'a>(world: &'a World, environment: &Environment) -> Option<&'a Rollout> {
    let rollout = world.rollout(environment.lock?)?;
    let comes_in = rollout.purpose == Purpose::Promotion && !rollout.goes_back();
    (comes_in && !rollout.desired().is_nothing()).then_some(rollout)
}

/// Whether the share changed within the window, or may have: a router counts at once, monitors a window late.
fn is_moving(rollout: &Rollout, end: Timestamp, length: WindowLength, source: &str) -> bool {
    let windows = if source == seeing::ROUTER { 1 } else { 2 };
    let begins = end - TimeDelta::seconds(i64::from(length.seconds()) * windows) - SETTLING;
    let mut shifts = rollout.steps.iter().filter(|step| step.planned.action.share().is_some() && step.attempts > 0);
    shifts.next_back().is_some_and(|step| step.finished_at.is_none_or(|at| at > begins))
}

/// The playbook as it was when the release was made.
fn playbook_of<'a>(world: &'a World, rollout: &Rollout) -> Option<&'a Playbook> {
    let id = ReleaseId { product: rollout.place.product.clone(), version: rollout.version.clone() };
    let contents = &world.release(&id)?.contents;
    world.playbook_at(&contents.playbook, rollout.revision.unwrap_or(contents.playbook_revision))
}

/// What is not well, in words.
fn signs<'a>(
    checks: &[Check],
    alarms: &[domain::judge::rules::Alarm],
    reported: impl Iterator<Item = &'a String>,
) -> Vec<String> {
    let unwell = checks.iter().filter(|check| check.health == Health::Unwell);
    let unwell = unwell.map(|check| format!("{} is unwell.", check.service));
    let fires = alarms.iter().map(|alarm| format!("“{}” fires.", alarm.name));
    unwell.chain(fires).chain(reported.map(|trigger| format!("“{trigger}” was reported."))).collect()
}
