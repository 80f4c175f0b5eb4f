//! From the facts of a product to its lanes.

use super::{
    facts::{Deployment, History, Kind, Moments, Outcome},
    fate::{Cause, Fates},
    instant::{HOUR, micros, place},
    lane::{Lane, Spell, before},
    lead::Leads,
    series::{Reason, Sampling},
};
use crate::slug::EnvName;
use std::collections::BTreeMap;

/// How long after a deployment an incident counts as one of its issues.
pub(super) const ISSUES_WITHIN: i64 = 48 * HOUR;

/// One lane for each environment in which anything happened.
pub(super) fn lanes(history: &History) -> BTreeMap<EnvName, Lane> {
    let fates = Fates::of(history);
    let mut leads = Leads::of(history);
    let mut rows: BTreeMap<&EnvName, Rows> = BTreeMap::new();
    for (at, deployment) in fates.deployments.iter().enumerate() {
        let rows = rows.entry(&deployment.env).or_default();
        match deployment.outcome {
            Outcome::Success => rows.successful.push(at),
            Outcome::Failed => rows.unsuccessful.push(at),
        }
    }
    for (at, incident) in fates.incidents.iter().enumerate() {
        rows.entry(&incident.env).or_default().incidents.push(at);
    }
    rows.into_iter().map(|(env, rows)| (env.clone(), rows.lane(&fates, &mut leads))).collect()
}

/// Which facts belong to one environment.
#[derive(Default)]
struct Rows {
    successful: Vec<usize>,
    unsuccessful: Vec<usize>,
    incidents: Vec<usize>,
}

impl Rows {
    fn lane(mut self, fates: &Fates<'_>, leads: &mut Leads<'_>) -> Lane {
        let by_end = |at: &usize| (micros(fates.deployments[*at].finished_at), &fates.deployments[*at].id);
        self.successful.sort_unstable_by_key(by_end);
        self.unsuccessful.sort_unstable_by_key(by_end);
        self.incidents.sort_unstable_by_key(|at| (micros(fates.incidents[*at].started_at), &fates.incidents[*at].id));
        let mut lane = Lane::default();
        self.deployments(fates, &mut lane);
        leads.fill(self.successful.iter().map(|at| fates.deployments[*at]), &mut lane);
        self.causes(fates, &mut lane);
        for at in &self.unsuccessful {
            let deployment = fates.deployments[*at];
            lane.unsuccessful.finished.push(micros(deployment.finished_at));
            lane.unsuccessful.kinds.push(deployment.kind);
            lane.unsuccessful.ids.push(&deployment.id);
            lane.unsuccessful.versions.push(&deployment.version);
        }
        self.incidents(fates, &mut lane);
        self.issues(fates, &mut lane);
        lane
    }

    fn deployments(&self, fates: &Fates<'_>, lane: &mut Lane) {
        let mut spells = Spells::default();
        for at in &self.successful {
            let (deployment, fate) = (fates.deployments[*at], &fates.each[*at]);
            let shipped = deployment.kind != Kind::Rollback;
            lane.finished.push(micros(deployment.finished_at));
            lane.kinds.push(deployment.kind);
            lane.ids.push(&deployment.id);
            lane.versions.push(&deployment.version);
            lane.rework.push(deployment.kind.is_rework().into());
            lane.failed.push(fate.failed().into());
            lane.shipped.push(shipped.into());
            lane.taken_back.push((shipped && fate.rolled_back).into());
            spells.recovery.next_place();
            if fate.failed() {
                match fate.recovered() {
                    // A trouble that ended before the rollout did gives a negative span, which the definition keeps.
                    Some(recovered) => spells.recovery.sample(recovered - micros(deployment.finished_at)),
                    None => spells.recovery.leave_out(Reason::Unrecovered, 0),
                }
            }
            spells.take(deployment, fates.trouble(deployment));
        }
        lane.ids.shrink();
        lane.versions.shrink();
        spells.done(lane);
    }

    fn causes(&self, fates: &Fates<'_>, lane: &mut Lane) {
        let mut places = vec![u32::MAX; fates.deployments.len()];
        self.successful.iter().enumerate().for_each(|(here, at)| places[*at] = place(here));
        let mut causes: Vec<(u32, Cause<'_>)> =
            fates.causes.iter().map(|(at, cause)| (places[*at], *cause)).filter(|(at, _)| *at != u32::MAX).collect();
        causes.sort_by_key(|(place, _)| *place);
        for (place, cause) in causes {
            let (incident, id) = match cause {
                Cause::Incident(id) => (true, id),
                Cause::Repair(id) => (false, id),
            };
            lane.causes.places.push(place);
            lane.causes.incident.push(incident);
            lane.causes.ids.push(id);
        }
    }

    fn incidents(&self, fates: &Fates<'_>, lane: &mut Lane) {
        let mut restore = Sampling::default();
        let (mut sum, mut samples) = (0_i64, 0_u32);
        for at in &self.incidents {
            let incident = fates.incidents[*at];
            let (started, resolved) = (micros(incident.started_at), incident.resolved_at.map(micros));
            restore.next_place();
            match resolved {
                None => restore.leave_out(Reason::Open, 0),
                Some(resolved) if resolved < started => restore.leave_out(Reason::NegativeSpan, 0),
                Some(resolved) => {
                    restore.sample(resolved - started);
                    (sum, samples) = (sum.saturating_add(resolved - started), samples + 1);
                }
            }
            let incidents = &mut lane.incidents;
            incidents.started.push(started);
            incidents.resolved.push(resolved);
            incidents.ids.push(&incident.id);
            incidents.severities.push(&incident.severity);
            incidents.named.push(incident.deployment.as_deref().unwrap_or_default());
            incidents.linked.push(fates.named(incident).is_some().into());
            incidents.sums.push((sum, samples));
        }
        lane.incidents.restore = restore.done();
    }

    /// An incident is an issue of the deployment it names, or else of the last one before it that brought something
    /// new, if that ended no more than 48 hours earlier.
    fn issues(&self, fates: &Fates<'_>, lane: &mut Lane) {
        let mut issues = vec![0_u32; lane.finished.len()];
        let mut places = std::collections::HashMap::new();
        let mut last_shipped = Vec::with_capacity(lane.kinds.len());
        for (here, (at, kind)) in self.successful.iter().zip(&lane.kinds).enumerate() {
            let shipped = (*kind != Kind::Rollback).then_some(here);
            last_shipped.push(shipped.or(last_shipped.last().copied().flatten()));
            if let Some(here) = shipped.filter(|_| fates.each[*at].incidents > 0) {
                places.insert(*at, here);
            }
        }
        for at in &self.incidents {
            let incident = fates.incidents[*at];
            let started = micros(incident.started_at);
            let here = match fates.named(incident) {
                Some(named) => places.get(&named).copied(),
                None => before(&lane.finished, started + 1)
                    .checked_sub(1)
                    .and_then(|last| last_shipped.get(last as usize).copied().flatten()),
            };
            if let Some(here) = here.filter(|here| started <= lane.finished[*here].saturating_add(ISSUES_WITHIN)) {
                issues[here] += 1;
            }
        }
        for count in issues {
            lane.issues.push(count);
        }
    }
}

/// The series whose samples stand in a deployment itself.
#[derive(Default)]
struct Spells {
    recovery: Sampling,
    rollout: Sampling,
    release: Sampling,
    approval_wait: Sampling,
    hotfix: Sampling,
    detection: Sampling,
    decision: Sampling,
    execution: Sampling,
    verification: Sampling,
    way_back: Sampling,
}

impl Spells {
    fn take(&mut self, deployment: &Deployment, trouble: Option<i64>) {
        let finished = Some(micros(deployment.finished_at));
        self.rollout.next_place();
        match deployment.started_at.map(micros) {
            Some(started) => self.rollout.between(Some(started), finished),
            None => self.rollout.leave_out(Reason::UnknownStart, 0),
        }
        let nothing = Moments::default();
        let moments = deployment.moments.as_deref().unwrap_or(&nothing);
        let at = |moment: Option<crate::Timestamp>| moment.map(micros);
        let back = deployment.kind == Kind::Rollback;
        let hotfix = deployment.kind == Kind::Hotfix;
        let (fault, detected, decided) = (at(moments.fault_at), at(moments.detected_at), at(moments.decided_at));
        let (executed, verified) = (at(moments.executed_at), at(moments.verified_at));
        let spells = [
            (&mut self.release, !back, at(moments.release_started_at), verified.or(finished)),
            (&mut self.approval_wait, true, at(moments.approval_asked_at), at(moments.approved_at)),
            (&mut self.hotfix, hotfix, detected.or(trouble), finished),
            (&mut self.detection, back, fault, detected),
            (&mut self.decision, back, detected, decided),
            (&mut self.execution, back, decided, executed),
            (&mut self.verification, back, executed, verified),
            (&mut self.way_back, back, fault.or(detected), verified.or(executed)),
        ];
        for (sampling, applies, from, to) in spells {
            sampling.next_place();
            if applies {
                sampling.between(from, to);
            }
        }
    }

    fn done(self, lane: &mut Lane) {
        let all = [
            (Spell::Recovery, self.recovery),
            (Spell::Rollout, self.rollout),
            (Spell::Release, self.release),
            (Spell::ApprovalWait, self.approval_wait),
            (Spell::Hotfix, self.hotfix),
            (Spell::Detection, self.detection),
            (Spell::Decision, self.decision),
            (Spell::Execution, self.execution),
            (Spell::Verification, self.verification),
            (Spell::WayBack, self.way_back),
        ];
        for (spell, sampling) in all {
            lane.series[spell as usize] = sampling.done();
        }
    }
}
