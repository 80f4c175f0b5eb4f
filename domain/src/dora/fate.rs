//! What became of each deployment: which incidents name it, what repaired it, whether it failed and when it recovered.

use super::{
    facts::{Deployment, History, Incident, Kind, Outcome},
    instant::micros,
};
use std::collections::HashMap;

/// What others say of one deployment.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Fate {
    pub(super) incidents: u32,
    /// One of its incidents is open.
    open: bool,
    first_incident: Option<i64>,
    last_resolved: Option<i64>,
    /// The end of the earliest later deployment that repairs it or takes it back.
    remedied: Option<i64>,
    pub(super) rolled_back: bool,
}

impl Fate {
    pub(super) fn failed(&self) -> bool {
        self.incidents > 0 || self.remedied.is_some()
    }

    /// When it recovered: with its last incident if it has any, else with the earliest repair.
    pub(super) fn recovered(&self) -> Option<i64> {
        match self.incidents {
            0 => self.remedied,
            _ if self.open => None,
            _ => self.last_resolved,
        }
    }
}

/// The facts of a product with their links resolved.
pub(super) struct Fates<'a> {
    pub(super) deployments: Vec<&'a Deployment>,
    pub(super) incidents: Vec<&'a Incident>,
    /// In the order of `deployments`.
    pub(super) each: Vec<Fate>,
    by_id: HashMap<&'a str, usize>,
    /// Which deployment failed because of which incident or repair.
    pub(super) causes: Vec<(usize, Cause<'a>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause<'a> {
    Incident(&'a str),
    Repair(&'a str),
}

impl<'a> Fates<'a> {
    pub(super) fn of(history: &'a History) -> Self {
        let deployments = latest(&history.deployments, |d| &d.id);
        let incidents = latest(&history.incidents, |i| &i.id);
        let by_id = deployments.iter().enumerate().map(|(at, d)| (d.id.as_str(), at)).collect();
        let each = vec![Fate::default(); deployments.len()];
        let mut all = Self { deployments, incidents, each, by_id, causes: Vec::new() };
        all.blame();
        all.repair();
        all
    }

    /// The successful deployment that an incident names.
    pub(super) fn named(&self, incident: &Incident) -> Option<usize> {
        self.successful(incident.deployment.as_deref()?)
    }

    /// What a hotfix or rollback repairs, if that came before it.
    pub(super) fn repaired(&self, deployment: &Deployment) -> Option<usize> {
        let target = self.successful(deployment.remediates.as_deref()?)?;
        let earlier = micros(self.deployments[target].finished_at) < micros(deployment.finished_at);
        (deployment.outcome == Outcome::Success && deployment.kind.is_rework() && earlier).then_some(target)
    }

    /// When the trouble that a hotfix ends began to be known: with the first incident of what it repairs.
    pub(super) fn trouble(&self, deployment: &Deployment) -> Option<i64> {
        self.repaired(deployment).and_then(|target| self.each[target].first_incident)
    }

    fn successful(&self, id: &str) -> Option<usize> {
        let at = *self.by_id.get(id)?;
        (self.deployments[at].outcome == Outcome::Success).then_some(at)
    }

    fn blame(&mut self) {
        for at in 0..self.incidents.len() {
            let incident = self.incidents[at];
            let Some(target) = self.named(incident) else { continue };
            let fate = &mut self.each[target];
            let started = micros(incident.started_at);
            fate.incidents += 1;
            fate.first_incident = Some(fate.first_incident.map_or(started, |first| first.min(started)));
            match incident.resolved_at.map(micros) {
                Some(resolved) => fate.last_resolved = fate.last_resolved.max(Some(resolved)),
                None => fate.open = true,
            }
            self.causes.push((target, Cause::Incident(&incident.id)));
        }
    }

    fn repair(&mut self) {
        for at in 0..self.deployments.len() {
            let deployment = self.deployments[at];
            let Some(target) = self.repaired(deployment) else { continue };
            let fate = &mut self.each[target];
            let end = micros(deployment.finished_at);
            fate.remedied = Some(fate.remedied.map_or(end, |earliest| earliest.min(end)));
            fate.rolled_back |= deployment.kind == Kind::Rollback;
            self.causes.push((target, Cause::Repair(&deployment.id)));
        }
    }
}

/// Each once: where an id stands twice, the later entry.
fn latest<'a, T>(all: &'a [T], id: impl Fn(&'a T) -> &'a String) -> Vec<&'a T> {
    let last: HashMap<&str, usize> = all.iter().enumerate().map(|(at, one)| (id(one).as_str(), at)).collect();
    if last.len() == all.len() {
        return all.iter().collect();
    }
    all.iter().enumerate().filter(|(at, one)| last.get(id(one).as_str()) == Some(at)).map(|(_, one)| one).collect()
}
