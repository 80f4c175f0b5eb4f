//! The columns of one product in one environment, in order of time, ready to be asked.

use super::{facts::Kind, instant::place, names::Names, series::Series};

/// A length of time that is measured, with one series of samples each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Spell {
    /// Commit to running; about a change.
    ChangeLead,
    /// Merge to running; about a change.
    MergeLead,
    Recovery,
    Rollout,
    Release,
    ApprovalWait,
    Hotfix,
    Detection,
    Decision,
    Execution,
    Verification,
    WayBack,
}

impl Spell {
    pub(super) const COUNT: usize = 12;
}

/// Counts from the beginning, so that those of any stretch are one difference.
#[derive(Debug, Clone, Default)]
pub(super) struct Running(Vec<u32>);

impl Running {
    pub(super) fn push(&mut self, more: u32) {
        let sum = self.0.last().copied().unwrap_or(0);
        self.0.push(sum.saturating_add(more));
    }

    pub(super) fn count(&self, (from, to): (u32, u32)) -> u64 {
        let upto = |place: u32| match place.checked_sub(1) {
            None => 0,
            Some(last) => self.0.get(last as usize).or(self.0.last()).copied().unwrap_or(0),
        };
        u64::from(upto(to).saturating_sub(upto(from)))
    }

    /// Whether the place itself counts.
    pub(super) fn has(&self, place: u32) -> bool {
        self.count((place, place + 1)) > 0
    }
}

/// Successful deployments, by their end.
#[derive(Debug, Clone, Default)]
pub(super) struct Lane {
    pub(super) finished: Vec<i64>,
    pub(super) kinds: Vec<Kind>,
    pub(super) ids: Names,
    pub(super) versions: Names,
    pub(super) rework: Running,
    pub(super) failed: Running,
    /// Not rollbacks: something new came out.
    pub(super) shipped: Running,
    /// Of those, which a rollback took back.
    pub(super) taken_back: Running,
    /// Incidents within 48 hours after something new came out, at the place of that deployment.
    pub(super) issues: Running,
    pub(super) series: [Series; Spell::COUNT],
    /// What samples of lead times are about.
    pub(super) changes: Names,
    pub(super) causes: Causes,
    pub(super) unsuccessful: Unsuccessful,
    pub(super) incidents: Incidents,
}

/// Rollouts that did not succeed, by their end.
#[derive(Debug, Clone, Default)]
pub(super) struct Unsuccessful {
    pub(super) finished: Vec<i64>,
    pub(super) kinds: Vec<Kind>,
    pub(super) ids: Names,
    pub(super) versions: Names,
}

/// Why deployments failed: by which incidents and repairs, in order of the deployments' places.
#[derive(Debug, Clone, Default)]
pub(super) struct Causes {
    pub(super) places: Vec<u32>,
    pub(super) incident: Vec<bool>,
    pub(super) ids: Names,
}

/// Incidents by their start.
#[derive(Debug, Clone, Default)]
pub(super) struct Incidents {
    pub(super) started: Vec<i64>,
    pub(super) resolved: Vec<Option<i64>>,
    pub(super) ids: Names,
    pub(super) severities: Names,
    /// The deployment each names; empty for none.
    pub(super) named: Names,
    pub(super) linked: Running,
    /// From start to end.
    pub(super) restore: Series,
    /// Sums of `restore`'s samples from the beginning, with the number of samples: for the mean.
    pub(super) sums: Vec<(i64, u32)>,
}

/// The places of a stretch of time in the three columns of a lane.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Places {
    pub(super) deployments: (u32, u32),
    pub(super) unsuccessful: (u32, u32),
    pub(super) incidents: (u32, u32),
}

/// Where an instant cuts the columns of a lane.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cut {
    deployments: u32,
    unsuccessful: u32,
    incidents: u32,
}

impl Cut {
    pub(super) fn to(self, end: Self) -> Places {
        let until = |from: u32, to: u32| (from, to.max(from));
        Places {
            deployments: until(self.deployments, end.deployments),
            unsuccessful: until(self.unsuccessful, end.unsuccessful),
            incidents: until(self.incidents, end.incidents),
        }
    }
}

impl Lane {
    pub(super) fn cut(&self, at: i64) -> Cut {
        Cut {
            deployments: before(&self.finished, at),
            unsuccessful: before(&self.unsuccessful.finished, at),
            incidents: before(&self.incidents.started, at),
        }
    }

    pub(super) fn series(&self, spell: Spell) -> &Series {
        &self.series[spell as usize]
    }

    /// Roughly how much memory it holds.
    pub(super) fn bytes(&self) -> usize {
        let names = [&self.ids, &self.versions, &self.changes, &self.causes.ids, &self.unsuccessful.ids];
        let incidents = [&self.incidents.ids, &self.incidents.severities, &self.incidents.named];
        let names: usize = names.into_iter().chain(incidents).map(Names::bytes).sum();
        let series: usize = self.series.iter().chain([&self.incidents.restore]).map(Series::bytes).sum();
        names + series + self.finished.len() * (8 + 1 + 5 * 4) + self.incidents.started.len() * 44
    }
}

/// How many of a sorted column come before an instant.
pub(super) fn before(column: &[i64], at: i64) -> u32 {
    place(column.partition_point(|t| *t < at))
}
