//! From commit, and from merge, to running: one sample for each change and the first deployment that holds it.

use super::{
    facts::{Change, Deployment, History},
    instant::micros,
    lane::{Lane, Spell},
    series::{Reason, Sampling},
};
use std::collections::HashMap;

/// The changes of a product, found by their id.
pub(super) struct Leads<'a> {
    places: HashMap<&'a str, usize>,
    /// The change at each place; nothing for one that is named only.
    changes: Vec<Option<&'a Change>>,
    /// In which lane, counted from 1, a change was seen last.
    seen: Vec<u32>,
    lane: u32,
}

impl<'a> Leads<'a> {
    pub(super) fn of(history: &'a History) -> Self {
        let mut places = HashMap::with_capacity(history.changes.len());
        let mut changes: Vec<Option<&Change>> = Vec::with_capacity(history.changes.len());
        for change in &history.changes {
            match places.entry(change.id.as_str()) {
                std::collections::hash_map::Entry::Occupied(there) => changes[*there.get()] = Some(change),
                std::collections::hash_map::Entry::Vacant(free) => {
                    free.insert(changes.len());
                    changes.push(Some(change));
                }
            }
        }
        for id in history.deployments.iter().flat_map(|deployment| &deployment.changes) {
            places.entry(id.as_str()).or_insert_with(|| {
                changes.push(None);
                changes.len() - 1
            });
        }
        let seen = vec![0; changes.len()];
        Self { places, changes, seen, lane: 0 }
    }

    /// The successful deployments of one environment, in order of their end.
    pub(super) fn fill<'b>(&mut self, deployments: impl Iterator<Item = &'b Deployment>, lane: &mut Lane) {
        self.lane += 1;
        let (mut commit, mut merge) = (Sampling::default(), Sampling::default());
        for (here, deployment) in deployments.enumerate() {
            commit.next_place();
            merge.next_place();
            for id in &deployment.changes {
                let Some(at) = self.places.get(id.as_str()).copied() else { continue };
                if self.seen[at] == self.lane {
                    continue;
                }
                self.seen[at] = self.lane;
                let about = lane.changes.push(id);
                let ran = micros(deployment.finished_at);
                match self.changes[at] {
                    _ if here == 0 => {
                        commit.leave_out(Reason::FirstDeployment, about);
                        merge.leave_out(Reason::FirstDeployment, about);
                    }
                    None => {
                        commit.leave_out(Reason::UnknownChange, about);
                        merge.leave_out(Reason::UnknownChange, about);
                    }
                    Some(change) => {
                        sample(&mut commit, micros(change.committed_at), ran, about);
                        match change.merged_at {
                            Some(merged) => sample(&mut merge, micros(merged), ran, about),
                            None => merge.leave_out(Reason::NotMerged, about),
                        }
                    }
                }
            }
        }
        lane.changes.shrink();
        lane.series[Spell::ChangeLead as usize] = commit.done();
        lane.series[Spell::MergeLead as usize] = merge.done();
    }
}

fn sample(sampling: &mut Sampling, from: i64, to: i64, about: u32) {
    if to < from { sampling.leave_out(Reason::NegativeSpan, about) } else { sampling.sample_about(to - from, about) }
}
