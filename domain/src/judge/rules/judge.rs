//! The judge itself: counts minutes in a row, and says what follows.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::measure::{Span, lies};
use super::ruling::{Finding, Row, Ruling, Standing};
use super::tally::Tally;
use super::{Alarm, Check, Health, RulesSettings, Scene, Values};
use crate::judge::{Reading, WindowLength};
use crate::playbook::{
    Effect, Limit, Measure, Observation, Observer, Playbook, Purpose, SharedIncident, Signal, Threshold,
};
use crate::slug::EnvName;

/// Limits are judged when so much time is together.
const MINUTE: u32 = 60;
/// A run of broken minutes survives so many without data; after that it begins anew.
const LONGEST_GAP: u32 = 2;
/// The trigger that a critical alert meets when its labels name no other.
const ANY_CRITICAL: &str = "critical_alert";

/// The state between windows; small, and kept with the rollout.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RulesJudge {
    settings: RulesSettings,
    elapsed: u32,
    /// Seconds of the minute under way.
    second: u32,
    minute: Arms,
    /// The last minute that was whole, for what a page shows meanwhile.
    last: Arms,
    phase: Arms,
    /// Stable over all of the rollout: the baseline once no traffic is left on it.
    remembered: Tally,
    runs: BTreeMap<String, Run>,
    /// Seconds for which each service has been unwell.
    unwell: BTreeMap<String, u32>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Arms {
    canary: Tally,
    stable: Tally,
}

/// Minutes in a row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Run {
    canary: u32,
    /// Of them, those in which stable broke the same rule.
    shared: u32,
    /// Minutes without data since.
    gap: u32,
}

impl RulesJudge {
    pub fn new(settings: RulesSettings) -> Self {
        Self {
            settings,
            elapsed: 0,
            second: 0,
            minute: Arms::default(),
            last: Arms::default(),
            phase: Arms::default(),
            remembered: Tally::default(),
            runs: BTreeMap::new(),
            unwell: BTreeMap::new(),
        }
    }

    /// What ran before, window by window: the baseline where a version has all the traffic from the start.
    pub fn remember(&mut self, length: WindowLength, stable: &Values) {
        self.remembered.add(length.seconds(), stable, true);
    }

    /// The share changed: what promotion rests on begins anew; runs of broken minutes go on.
    pub fn start_phase(&mut self) {
        self.phase = Arms::default();
    }

    /// One window in an environment.
    pub fn observe(&mut self, playbook: &Playbook, environment: &EnvName, scene: &Scene) -> Ruling {
        let seconds = scene.length.seconds();
        let counted = |reading: &Reading| matches!(reading, Reading::Counts(_));
        let both =
            !scene.moving && counted(&scene.canary.counts) && (scene.share.is_all() || counted(&scene.stable.counts));
        for arms in [&mut self.minute, &mut self.phase] {
            arms.canary.add(seconds, &scene.canary, both);
            arms.stable.add(seconds, &scene.stable, both);
        }
        self.remembered.add(seconds, &scene.stable, both);
        self.elapsed = self.elapsed.saturating_add(seconds);
        self.second = self.second.saturating_add(seconds);
        let whole = self.second >= MINUTE;
        if whole {
            self.last = std::mem::take(&mut self.minute);
        }
        let mut ruling = Ruling::default();
        for threshold in playbook.thresholds.iter().filter(|threshold| holds_in(threshold, environment)) {
            if let Some(signal) = playbook.signals.iter().find(|signal| signal.id == threshold.signal) {
                self.threshold(threshold, signal, scene, whole, &mut ruling);
            }
        }
        for trigger in &playbook.triggers {
            self.trigger(trigger, playbook, scene, &mut ruling);
        }
        self.count_unwell(scene);
        if whole {
            self.second = 0;
        }
        ruling
    }

    fn threshold(&mut self, threshold: &Threshold, signal: &Signal, scene: &Scene, whole: bool, ruling: &mut Ruling) {
        let over_phase = threshold.purpose == Purpose::Promote;
        // Before there was a whole minute, what there is of the first one is shown; it breaks nothing.
        let begins = self.last == Arms::default();
        let arms = match (over_phase, begins) {
            (true, _) => &self.phase,
            (false, true) => &self.minute,
            (false, false) => &self.last,
        };
        let span = self.span(arms, scene);
        // A limit for rollback and an alert say what must not be; all others say what should be.
        let limit = threshold.alert.unwrap_or(threshold.limit);
        let wrong_when = threshold.purpose == Purpose::RollBack || threshold.alert.is_some();
        let seen = self.warm(signal).and_then(|()| {
            let (value, bound) = (span.canary(signal)?, span.bound(signal, limit)?);
            Ok((value, bound, lies(value, limit.side, bound) == wrong_when))
        });
        let stable_too =
            !limit.bound.is_relative()
                && span.stable(signal).ok().zip(span.bound(signal, limit).ok()).is_some_and(|(value, bound)| {
                    !scene.share.is_all() && lies(value, limit.side, bound) == wrong_when
                });
        // Beyond its target, though not beyond its alert, is said as well.
        let otherwise = match &seen {
            Err(_) => Standing::NotKnown,
            Ok((_, _, true)) => Standing::Breaking,
            Ok((value, ..)) => kept(threshold, span, signal, *value),
        };
        let minutes = (self.second / MINUTE).max(1);
        let run = self.runs.entry(threshold.id.to_string()).or_default();
        if whole {
            run.count(seen.as_ref().ok().map(|(_, _, broken)| *broken), stable_too, minutes);
        }
        let run = *run;
        let needed = threshold.lasting.map_or(1, |span| span.seconds().div_ceil(MINUTE));
        let broken = if over_phase { matches!(seen, Ok((_, _, true))) } else { run.canary >= needed };
        let standing = if broken { Standing::Broken } else { otherwise };
        let said = || said(threshold, signal, seen.as_ref().ok().map(|(value, bound, _)| (*value, *bound)), run.canary);
        let finding = || Finding { rule: threshold.id.clone(), said: said() };
        if broken {
            let shared = run.shared >= needed && self.settings.shared_incident == SharedIncident::Hold;
            match threshold.purpose {
                Purpose::RollBack if shared => ruling.shared.push(finding()),
                Purpose::RollBack if threshold.automatic => ruling.roll_back.push(finding()),
                Purpose::Promote => ruling.blocks.push(finding()),
                Purpose::RollBack | Purpose::Watch | Purpose::Validate => ruling.alerts.push(finding()),
            }
        } else if let (Err(why), Purpose::Promote) = (&seen, threshold.purpose) {
            ruling.not_known.push(Finding { rule: threshold.id.clone(), said: format!("{}: {why}.", signal.title) });
        }
        ruling.rows.push(Row {
            rule: threshold.id.clone(),
            signal: threshold.signal.clone(),
            limit: threshold.limit,
            alert: threshold.alert,
            actual: seen.as_ref().ok().map(|(value, ..)| *value),
            bound: seen.as_ref().ok().map(|(_, bound, _)| *bound),
            standing,
            minutes: run.canary,
            why: seen.err(),
        });
    }

    fn trigger(&self, trigger: &Observation, playbook: &Playbook, scene: &Scene, ruling: &mut Ruling) {
        let id = trigger.id.to_string();
        let mut findings = Vec::new();
        let mut shared = Vec::new();
        let finding = |said: String| Finding { rule: trigger.id.clone(), said };
        if scene.reported.contains(&id) {
            findings.push(finding(format!("{}: reported.", trigger.title)));
        }
        match trigger.seen_by {
            Observer::HealthCheck => {
                for check in scene.checks.iter().filter(|check| check.health == Health::Unwell) {
                    let unwell = self.unwell_with(check, scene);
                    let limit = trigger.lasting.map_or(0, crate::playbook::Span::seconds);
                    if unwell > limit {
                        let found =
                            finding(format!("{}: {} has been unwell for {unwell} s.", trigger.title, check.service));
                        let held = self.settings.shared_incident == SharedIncident::Hold;
                        if held && check.stable == Some(Health::Unwell) { &mut shared } else { &mut findings }
                            .push(found);
                    }
                }
            }
            Observer::AlertRule => {
                let meets = |alarm: &&Alarm| match &alarm.trigger {
                    Some(named) => *named == id,
                    None => alarm.critical && id == ANY_CRITICAL,
                };
                let held = self.settings.shared_incident == SharedIncident::Hold;
                for alarm in scene.alarms.iter().filter(meets) {
                    let since = if alarm.before { " since before the new version came" } else { "" };
                    let found = finding(format!("{}: “{}” fires{since}.", trigger.title, alarm.name));
                    if held && alarm.before { &mut shared } else { &mut findings }.push(found);
                }
            }
            Observer::Budget => findings.extend(self.missed(playbook, scene).into_iter().map(finding)),
            // A person's word is in what was reported; the sequential judge speaks for itself.
            Observer::Person | Observer::Judge => {}
        }
        match trigger.effect {
            Effect::RollBack if trigger.automatic => ruling.roll_back.append(&mut findings),
            Effect::BlockPromotion => ruling.blocks.append(&mut findings),
            Effect::RollBack | Effect::Alert => ruling.alerts.append(&mut findings),
        }
        match trigger.effect {
            Effect::RollBack | Effect::BlockPromotion => ruling.shared.append(&mut shared),
            Effect::Alert => ruling.alerts.append(&mut shared),
        }
    }

    /// Objectives that are not met in this phase so far.
    fn missed(&self, playbook: &Playbook, scene: &Scene) -> Vec<String> {
        let span = self.span(&self.phase, scene);
        let missed = |slo: &crate::playbook::Slo| {
            let signal = playbook.signals.iter().find(|signal| signal.id == slo.signal)?;
            self.warm(signal).ok()?;
            let (value, bound) = (span.canary(signal).ok()?, span.bound(signal, slo.target).ok()?);
            (!lies(value, slo.target.side, bound))
                .then(|| format!("{} is {}; the objective is {}.", signal.title, shown(signal, value), slo.target))
        };
        playbook.slos.iter().filter_map(missed).collect()
    }

    fn span<'a>(&'a self, arms: &'a Arms, scene: &Scene) -> Span<'a> {
        let stable = if scene.share.is_all() { &self.remembered } else { &arms.stable };
        Span { canary: &arms.canary, stable, share: scene.share, minimum: f64::from(self.settings.minimum_requests) }
    }

    /// While the new version warms up, only its errors count.
    fn warm(&self, signal: &Signal) -> Result<(), String> {
        let errors = matches!(signal.measures, Measure::ErrorShare | Measure::SuccessShare);
        if errors || self.elapsed > self.settings.warm_up_seconds {
            return Ok(());
        }
        Err(format!("it warms up for {} s", self.settings.warm_up_seconds))
    }

    fn unwell_with(&self, check: &Check, scene: &Scene) -> u32 {
        let before = self.unwell.get(&check.service).copied().unwrap_or_default();
        before.saturating_add(scene.length.seconds())
    }

    fn count_unwell(&mut self, scene: &Scene) {
        for check in &scene.checks {
            match check.health {
                Health::Well => drop(self.unwell.remove(&check.service)),
                Health::Unwell => {
                    let unwell = self.unwell_with(check, scene);
                    self.unwell.insert(check.service.clone(), unwell);
                }
                Health::NotKnown => {}
            }
        }
    }
}

impl Run {
    fn count(&mut self, broken: Option<bool>, stable_too: bool, minutes: u32) {
        match broken {
            Some(true) => {
                self.canary = self.canary.saturating_add(minutes);
                self.shared = if stable_too { self.shared.saturating_add(minutes) } else { 0 };
                self.gap = 0;
            }
            Some(false) => *self = Self::default(),
            None => {
                self.gap = self.gap.saturating_add(minutes);
                if self.gap > LONGEST_GAP {
                    *self = Self::default();
                }
            }
        }
    }
}

/// Where nothing is said, a limit holds in production.
fn holds_in(threshold: &Threshold, environment: &EnvName) -> bool {
    match threshold.environments.as_slice() {
        [] => environment.as_str() == "production",
        named => named.contains(environment),
    }
}

/// How a value stands that breaks nothing.
fn kept(threshold: &Threshold, span: Span<'_>, signal: &Signal, value: f64) -> Standing {
    if threshold.alert.is_none() {
        return Standing::Kept;
    }
    match span.bound(signal, threshold.limit) {
        Ok(bound) if lies(value, threshold.limit.side, bound) => Standing::Kept,
        Ok(_) => Standing::Breaking,
        Err(_) => Standing::NotKnown,
    }
}

fn said(threshold: &Threshold, signal: &Signal, seen: Option<(f64, f64)>, minutes: u32) -> String {
    let limit: Limit = threshold.alert.unwrap_or(threshold.limit);
    let Some((value, bound)) = seen else { return format!("{}: {limit} for {minutes} min.", signal.title) };
    let what = match threshold.purpose {
        Purpose::RollBack => "rolled back at",
        Purpose::Promote | Purpose::Watch => "it should be",
        Purpose::Validate => "alerts at",
    };
    let (value, bound) = (shown(signal, value), shown(signal, bound));
    let now = if limit.bound.is_relative() { format!(" (now {bound})") } else { String::new() };
    let lasting = threshold.lasting.map(|span| format!(" for {span}, here for {minutes} min")).unwrap_or_default();
    format!("{} is {value}; {what} {limit}{now}{lasting}.", signal.title)
}

fn shown(signal: &Signal, value: f64) -> String {
    match signal.measures {
        Measure::Latency => format!("{value:.0} ms"),
        Measure::Throughput | Measure::Count | Measure::Lasting => format!("{value:.1}"),
        _ => format!("{:.2} %", value * 100.0),
    }
}
