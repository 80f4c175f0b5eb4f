//! The arithmetic: from places in columns to figures. What each figure means is in `definition.rs`.

use super::{
    build::ISSUES_WITHIN,
    figure::{Bin, Distribution, Excluded, Figure, FigureName, Point, Trend, Unit},
    instant::{DAY, HOUR, micros, real, seconds},
    lane::{Cut, Lane, Places, Spell, before},
    pool::Pool,
    report::Query,
    series::{Reason, Series},
};
use crate::calendar::Stretch;

/// Where the bins of distributions end.
const BIN_ENDS: [i64; 9] = [HOUR / 4, HOUR, 4 * HOUR, DAY, 3 * DAY, 7 * DAY, 30 * DAY, 90 * DAY, 180 * DAY];

/// The lanes of a query, cut where its stretches begin and end.
pub(super) struct Sight<'a> {
    lanes: Vec<&'a Lane>,
    query: &'a Query,
    window: Slice,
    before: Slice,
    buckets: Vec<Slice>,
    /// How many deployments of each lane are old enough for all their issues to be known.
    mature: Vec<u32>,
}

/// A stretch of time in all lanes.
struct Slice {
    length: i64,
    places: Vec<Places>,
}

impl<'a> Sight<'a> {
    pub(super) fn new(lanes: Vec<&'a Lane>, query: &'a Query) -> Self {
        let slice = |stretch: Stretch| {
            let (from, to) = (micros(stretch.starts), micros(stretch.ends));
            let places = lanes.iter().map(|lane| lane.cut(from).to(lane.cut(to))).collect();
            Slice { length: (to - from).max(0), places }
        };
        let (window, before_it) = (slice(query.window), slice(query.before));
        let buckets = cut_all(&lanes, query);
        let old = micros(query.now).saturating_sub(ISSUES_WITHIN);
        let mature = lanes.iter().map(|lane| before(&lane.finished, old + 1)).collect();
        Self { window, before: before_it, buckets, mature, lanes, query }
    }

    pub(super) fn figure(&self, name: FigureName) -> Figure {
        let point = self.point(name, &self.window);
        Figure {
            unit: name.unit(),
            trend: Trend::new(name, &point, self.point(name, &self.before)),
            point,
            excluded: self.excluded(name),
            distribution: self.distribution(name),
            points: self.buckets.iter().map(|slice| self.point(name, slice)).collect(),
        }
    }

    /// The places of the window in one lane, and from where on its deployments are too young.
    pub(super) fn places(&self, lane: usize) -> (Places, u32) {
        let places = self.window.places.get(lane).copied().unwrap_or_default();
        (places, self.mature.get(lane).copied().unwrap_or_default())
    }

    fn point(&self, name: FigureName, slice: &Slice) -> Point {
        let count = |column: fn(&Lane, &Places) -> u64| -> u64 {
            self.lanes.iter().zip(&slice.places).map(|(lane, places)| column(lane, places)).sum()
        };
        let all = |_: &Lane, places: &Places| u64::from(places.deployments.1 - places.deployments.0);
        match name {
            FigureName::DeploymentFrequency => {
                let rework = if self.query.rework_counts { 0 } else { count(|l, p| l.rework.count(p.deployments)) };
                let n = count(all) - rework;
                let value = (slice.length > 0).then(|| real(n) / (seconds(slice.length) / 86_400.0));
                Point { value, n, of: None }
            }
            FigureName::ChangeFailRate => rate(count(|l, p| l.failed.count(p.deployments)), count(all)),
            FigureName::DeploymentReworkRate => rate(count(|l, p| l.rework.count(p.deployments)), count(all)),
            FigureName::RollbackRate => {
                rate(count(|l, p| l.taken_back.count(p.deployments)), count(|l, p| l.shipped.count(p.deployments)))
            }
            FigureName::RolloutFailureRate => {
                let failed = count(|_, p| u64::from(p.unsuccessful.1 - p.unsuccessful.0));
                rate(failed, failed + count(all))
            }
            FigureName::PostReleaseIssues => {
                let mature = |column: fn(&Lane, (u32, u32)) -> u64| -> u64 {
                    let lanes = self.lanes.iter().zip(&slice.places).zip(&self.mature);
                    lanes.map(|((lane, places), mature)| column(lane, mature_of(places, *mature))).sum()
                };
                rate(mature(|l, p| l.issues.count(p)), mature(|l, p| l.shipped.count(p)))
            }
            _ => self.median(name, slice),
        }
    }

    fn median(&self, name: FigureName, slice: &Slice) -> Point {
        let pool = self.pool(name, slice);
        Point { value: pool.median(), n: pool.n(), of: None }
    }

    /// The samples of a slice.
    fn pool(&self, name: FigureName, slice: &Slice) -> Pool<'a> {
        Pool::new(self.lanes.iter().zip(&slice.places).map(|(lane, places)| {
            let (series, (from, to)) = samples(name, lane, places);
            series.part(from, to)
        }))
    }

    /// The reasons that the definition of a figure names stand there even when they left nothing out.
    fn excluded(&self, name: FigureName) -> Vec<Excluded> {
        let always: &[Reason] = match name {
            FigureName::ChangeLeadTime | FigureName::MergeLeadTime => &[Reason::FirstDeployment, Reason::NegativeSpan],
            FigureName::FailedDeploymentRecoveryTime => &[Reason::Unrecovered],
            FigureName::TimeToRestore => &[Reason::Open],
            FigureName::PostReleaseIssues => &[Reason::Young],
            _ => &[],
        };
        let mut excluded: Vec<Excluded> = always.iter().map(|reason| Excluded { reason: *reason, n: 0 }).collect();
        let mut add = |reason, n| match excluded.iter_mut().find(|e| e.reason == reason) {
            Some(there) => there.n += n,
            None if n > 0 => excluded.push(Excluded { reason, n }),
            None => {}
        };
        for ((lane, places), mature) in self.lanes.iter().zip(&self.window.places).zip(&self.mature) {
            match name.unit() {
                Unit::Seconds => {
                    let (series, (from, to)) = samples(name, lane, places);
                    series.left_out(from, to).for_each(|(reason, n)| add(reason, n));
                }
                Unit::PerRelease => {
                    let (_, end) = mature_of(places, *mature);
                    add(Reason::Young, lane.shipped.count((end.max(places.deployments.0), places.deployments.1)));
                }
                Unit::PerDay | Unit::Ratio if name == FigureName::RolloutFailureRate => {}
                Unit::PerDay | Unit::Ratio => {
                    add(Reason::Unsuccessful, u64::from(places.unsuccessful.1 - places.unsuccessful.0));
                    if name == FigureName::DeploymentFrequency && !self.query.rework_counts {
                        add(Reason::Rework, lane.rework.count(places.deployments));
                    }
                }
            }
        }
        // Not in the order of the lanes, which a gathered book does not know.
        excluded.sort_unstable_by_key(|e| e.reason);
        excluded
    }

    fn distribution(&self, name: FigureName) -> Option<Distribution> {
        if !self.query.distributions || name.unit() != Unit::Seconds {
            return None;
        }
        let pool = self.pool(name, &self.window);
        let (n, ranked) = (pool.n(), pool.ranked());
        let at = |k: u64| ranked.nth(k).map(seconds);
        let percentile = |p: u64| at((p * n).div_ceil(100).saturating_sub(1));
        let mut before = 0;
        let ends = BIN_ENDS.iter().map(|end| (Some(seconds(*end)), ranked.below(*end))).chain([(None, n)]);
        let bins = ends.map(|(end, upto)| Bin { below: end, n: upto - std::mem::replace(&mut before, upto) }).collect();
        Some(Distribution {
            smallest: at(0)?,
            p50: pool.median()?,
            p75: percentile(75)?,
            p90: percentile(90)?,
            p95: percentile(95)?,
            largest: at(n.checked_sub(1)?)?,
            bins,
        })
    }

    /// The starts of all incidents that began before the window's end and are open.
    pub(super) fn open_incidents(&self) -> impl Iterator<Item = i64> + '_ {
        self.lanes.iter().zip(&self.window.places).flat_map(|(lane, places)| {
            let open = lane.incidents.restore.places_left_out(Reason::Open).iter();
            open.take_while(|at| **at < places.incidents.1)
                .filter_map(|at| lane.incidents.started.get(*at as usize))
                .copied()
        })
    }

    pub(super) fn mean_time_to_restore(&self) -> Option<f64> {
        let upto = |lane: &Lane, at: u32| {
            at.checked_sub(1).and_then(|last| lane.incidents.sums.get(last as usize).copied()).unwrap_or((0, 0))
        };
        let (mut sum, mut n) = (0_i64, 0_u64);
        for (lane, places) in self.lanes.iter().zip(&self.window.places) {
            let (from, to) = (upto(lane, places.incidents.0), upto(lane, places.incidents.1));
            sum = sum.saturating_add(to.0 - from.0);
            n += u64::from(to.1 - from.1);
        }
        (n > 0).then(|| seconds(sum) / real(n))
    }
}

/// Buckets follow on one another, so each instant between two is looked up once.
fn cut_all(lanes: &[&Lane], query: &Query) -> Vec<Slice> {
    let mut last: Option<(i64, Vec<Cut>)> = None;
    let mut slices = Vec::with_capacity(query.buckets.len());
    for bucket in &query.buckets {
        let (from, to) = (micros(bucket.within.starts), micros(bucket.within.ends));
        let cuts = |at: i64| lanes.iter().map(|lane| lane.cut(at)).collect::<Vec<_>>();
        let begin = last.take().filter(|(at, _)| *at == from).map_or_else(|| cuts(from), |(_, cuts)| cuts);
        let end = cuts(to);
        let places = begin.iter().zip(&end).map(|(begin, end)| begin.to(*end)).collect();
        slices.push(Slice { length: (to - from).max(0), places });
        last = Some((to, end));
    }
    slices
}

fn mature_of(places: &Places, mature: u32) -> (u32, u32) {
    let (from, to) = places.deployments;
    (from, to.min(mature).max(from))
}

/// Where the samples of a figure of time are.
pub(super) fn samples<'a>(name: FigureName, lane: &'a Lane, places: &Places) -> (&'a Series, (u32, u32)) {
    let spell = match name {
        FigureName::TimeToRestore => return (&lane.incidents.restore, places.incidents),
        FigureName::FailedDeploymentRecoveryTime => Spell::Recovery,
        FigureName::MergeLeadTime => Spell::MergeLead,
        FigureName::DeploymentDuration => Spell::Rollout,
        FigureName::ReleaseDuration => Spell::Release,
        FigureName::ApprovalWait => Spell::ApprovalWait,
        FigureName::HotfixTime => Spell::Hotfix,
        FigureName::TimeToRollback => Spell::WayBack,
        FigureName::RollbackDetection => Spell::Detection,
        FigureName::RollbackDecision => Spell::Decision,
        FigureName::RollbackExecution => Spell::Execution,
        FigureName::RollbackVerification => Spell::Verification,
        _ => Spell::ChangeLead,
    };
    (lane.series(spell), places.deployments)
}

fn rate(of: u64, n: u64) -> Point {
    Point { value: (n > 0).then(|| real(of) / real(n)), n, of: Some(of) }
}
