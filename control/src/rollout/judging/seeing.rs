//! One window of one environment: its driver's counts and its monitors' answers, put together.

use super::sample::{ArmSeen, difference};
use crate::{
    Control,
    driver::{ArmCounts, Fault},
    monitor::{self, Asking, Look, Missing, MonitorKind, Question},
};
use domain::{
    Refusal, Timestamp,
    environment::{Environment, EnvironmentId},
    judge::{
        WindowLength,
        rules::{Alarm, Check, Health},
    },
    playbook::{Measure, Playbook},
    release::Version,
    rollout::Rollout,
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Duration,
};
use tokio::task::JoinSet;

/// A driver or monitor that does not answer within this has said nothing.
const PATIENCE: Duration = Duration::from_secs(10);
/// Who counted, where the driver itself carries the traffic.
pub(super) const ROUTER: &str = "router";

/// Everything that was answered of one environment.
pub(super) struct Glance {
    /// Since its counting began; none where the driver counts nothing.
    pub counted: Option<Result<Vec<ArmCounts>, Fault>>,
    looks: Vec<(MonitorKind, Result<Look, Missing>)>,
}

/// What is looked at: the versions that have traffic, and the window.
pub(super) struct Aim {
    pub place: EnvironmentId,
    pub counts: bool,
    pub question: Question,
    /// What monitors said last that do not want to be looked at each window.
    pub kept: Vec<(MonitorKind, Look)>,
}

/// Looks at one environment; all that it is connected to at once.
pub(super) async fn glance(control: &Control, aim: &Aim) -> Glance {
    let counting = async {
        if !aim.counts {
            return None;
        }
        let answer = tokio::time::timeout(PATIENCE, read(control, &aim.place)).await;
        Some(answer.unwrap_or_else(|_| Err(Fault::unknown("no answer in time"))))
    };
    let looking = async {
        let mut looks = JoinSet::new();
        for (kind, monitor) in control.monitors(&aim.place).await {
            let question = aim.question.clone();
            let every = monitor.as_ref().ok().and_then(|monitor| monitor.every());
            let fresh = |look: &Look| every.is_some_and(|every| is_fresh(look, question.end, every));
            if let Some((_, look)) = aim.kept.iter().find(|(of, look)| *of == kind && fresh(look)) {
                let look = look.clone();
                looks.spawn(async move { (kind, Ok(look)) });
                continue;
            }
            looks.spawn(async move {
                let look = match monitor {
                    Ok(monitor) => tokio::time::timeout(PATIENCE, monitor.look(&question)).await.map_err(|_| {
                        Missing::failed(format!("{kind} did not answer within {} s.", PATIENCE.as_secs()))
                    }),
                    Err(refusal) => Err(refused(&refusal)),
                };
                (kind, look)
            });
        }
        let mut looks = looks.join_all().await;
        looks.sort_by_key(|(kind, _)| *kind);
        looks
    };
    let (counted, looks) = tokio::join!(counting, looking);
    Glance { counted, looks }
}

async fn read(control: &Control, place: &EnvironmentId) -> Result<Vec<ArmCounts>, Fault> {
    let driver = control.driver(place).await.map_err(|refusal| Fault::not_done(refusal.to_string()))?;
    driver.counts().await
}

fn refused(refusal: &Refusal) -> Missing {
    Missing::failed(refusal.to_string())
}

/// It is not due again yet.
fn is_fresh(look: &Look, now: Timestamp, every: Duration) -> bool {
    chrono::TimeDelta::from_std(every).is_ok_and(|every| now - look.end < every)
}

impl Glance {
    /// What monitors of health said, for the next window.
    pub fn kept(&self) -> Vec<(MonitorKind, Look)> {
        let health = self.looks.iter().filter(|(kind, _)| *kind == MonitorKind::Health);
        health.filter_map(|(kind, look)| Some((*kind, look.as_ref().ok()?.clone()))).collect()
    }

    /// One version, counted by the first that counts: monitors before the router. Whoever counts is never replaced by
    /// another for a window: the two would not count the same.
    pub fn arm(&self, asking: &Asking, before: Option<&Vec<ArmCounts>>, playbook: Option<&Playbook>) -> ArmSeen {
        let version = &asking.version;
        let mut seen = match self.looks.iter().find(|(kind, look)| is_counting(*kind, look)) {
            Some((kind, Ok(look))) => ArmSeen::new(version, kind.name(), look.totals(asking.arm)),
            Some((kind, Err(missing))) => ArmSeen::new(version, kind.name(), Err(missing.clone())),
            None => ArmSeen::new(version, ROUTER, self.routed(version, before)),
        };
        seen.gauges = self.gauges(asking.arm, playbook);
        seen
    }

    fn routed(&self, version: &Version, before: Option<&Vec<ArmCounts>>) -> Result<monitor::Totals, Missing> {
        let counted = match &self.counted {
            None => return Err(Missing::not_asked("Nothing is set that counts requests.")),
            Some(Err(fault)) => return Err(Missing::failed(fault.said.clone())),
            Some(Ok(counted)) => counted,
        };
        let Some(before) = before else { return Err(Missing::absent("Counting has just begun.")) };
        let of = |all: &'_ [ArmCounts]| all.iter().position(|arm| &arm.version == version);
        let now = of(counted).and_then(|at| counted.get(at));
        let now = now.ok_or_else(|| Missing::absent(format!("The router knows no {version}.")))?;
        difference(now, of(before).and_then(|at| before.get(at)))
    }

    /// Of several services the one that is worst off.
    fn gauges(&self, arm: monitor::Arm, playbook: Option<&Playbook>) -> BTreeMap<String, f64> {
        let mut all: BTreeMap<String, f64> = BTreeMap::new();
        let parts = self.looks.iter().filter_map(|(_, look)| look.as_ref().ok()).flat_map(|look| &look.parts);
        for part in parts.filter(|part| part.arm == arm) {
            for (name, measured) in &part.gauges {
                let Some(value) = measured.value().copied().filter(|value| value.is_finite()) else { continue };
                let low = playbook.is_some_and(|playbook| is_worse_when_low(playbook, name));
                let worst = all.entry(name.clone()).or_insert(value);
                *worst = if low { worst.min(value) } else { worst.max(value) };
            }
        }
        all
    }

    /// Health, service by service, as the new version has it.
    pub fn checks(&self) -> Vec<Check> {
        let mut services: BTreeMap<&str, (Option<Health>, Option<Health>)> = BTreeMap::new();
        let probes = self.looks.iter().filter_map(|(_, look)| look.as_ref().ok()).flat_map(|look| &look.probes);
        for probe in probes {
            let found = match &probe.health {
                monitor::Health::Well(_) => Health::Well,
                monitor::Health::Unwell(_) => Health::Unwell,
                monitor::Health::NotRun(_) => Health::NotKnown,
            };
            let (stable, canary) = services.entry(&probe.service).or_default();
            if probe.arm == Some(monitor::Arm::Stable) { *stable = Some(found) } else { *canary = Some(found) }
        }
        let check = |(service, (stable, canary)): (&str, (Option<Health>, Option<Health>))| {
            canary.map(|health| Check { service: service.to_owned(), stable, health })
        };
        services.into_iter().filter_map(check).collect()
    }
}

/// What fires: alerts, and triggers that the team's own check or a person reported.
pub(super) fn alarms(environment: &Environment, rollout: &Rollout) -> (Vec<Alarm>, BTreeSet<String>) {
    let mut reported = BTreeSet::new();
    let mut alarms = Vec::new();
    for raised in environment.alarms.values() {
        let (alarm, before) = (&raised.alarm, raised.at < rollout.started_at);
        match &alarm.trigger {
            Some(trigger) if raised.by.is_some() && !before => drop(reported.insert(trigger.to_string())),
            trigger => alarms.push(Alarm {
                name: alarm.name.clone(),
                critical: alarm.critical,
                before,
                trigger: trigger.as_ref().map(ToString::to_string),
            }),
        }
    }
    (alarms, reported)
}

/// What ran before, as a monitor that keeps a past remembers it: so many windows of five minutes.
pub(super) async fn past(control: &Control, place: &EnvironmentId, version: &Version, end: Timestamp) -> Vec<ArmSeen> {
    const WINDOWS: i32 = 24;
    let Ok(window) = WindowLength::from_seconds(300) else { return Vec::new() };
    let monitors = control.monitors(place).await;
    let Some((kind, Ok(monitor))) = monitors.into_iter().find(|(kind, _)| *kind == MonitorKind::Prometheus) else {
        return Vec::new();
    };
    let asking = Asking { arm: monitor::Arm::Stable, version: version.clone() };
    let mut looks = JoinSet::new();
    for back in 0..WINDOWS {
        let end = end - chrono::TimeDelta::seconds(i64::from(window.seconds()) * i64::from(back));
        let (monitor, question) = (monitor.clone(), Question { arms: vec![asking.clone()], end, window });
        looks.spawn(async move { (back, tokio::time::timeout(PATIENCE, monitor.look(&question)).await) });
    }
    let answered: HashMap<i32, _> = looks.join_all().await.into_iter().collect();
    let look = |back: i32| answered.get(&back)?.as_ref().ok();
    let seen = |back| Some(ArmSeen::new(version, kind.name(), look(back)?.totals(monitor::Arm::Stable)));
    (0..WINDOWS).rev().filter_map(seen).collect()
}

/// Whether it is asked for requests; one that fails to answer is all the same the one that counts.
fn is_counting(kind: MonitorKind, look: &Result<Look, Missing>) -> bool {
    let counts = matches!(kind, MonitorKind::Prometheus | MonitorKind::Scrape | MonitorKind::Json);
    counts && look.as_ref().map_or(true, |look| look.parts.iter().any(|part| !is_unasked(&part.requests)))
}

fn is_unasked(measured: &monitor::Measured<f64>) -> bool {
    measured.missing().is_some_and(|missing| missing.lack == monitor::Lack::NotAsked)
}

fn is_worse_when_low(playbook: &Playbook, name: &str) -> bool {
    let signal = playbook.signals.iter().find(|signal| signal.id.as_str() == name);
    let good = [Measure::SuccessShare, Measure::HealthyShare, Measure::Availability, Measure::Throughput];
    signal.is_some_and(|signal| good.contains(&signal.measures))
}
