//! Who gets the next request: exact shares between versions, the least busy instance inside of one.

use super::{
    backend::{Backend, Running, Standing},
    counts::Counters,
};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

/// Of so many parts a weight is one: thousandths of a percent.
pub const WHOLE: u32 = 100_000;

/// One version behind the router.
#[derive(Debug)]
pub(crate) struct Lane {
    pub(crate) version: String,
    pub(crate) weight: u32,
    pub(crate) backends: Vec<Arc<Backend>>,
    pub(crate) counters: Arc<Counters>,
    turn: AtomicUsize,
}

/// All versions, in an order that does not change when weights do: so the customers of a version that grows stay its own.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) lanes: Vec<Lane>,
}

impl Lane {
    pub(crate) fn new(version: &str, weight: u32, backends: Vec<Arc<Backend>>, counters: Arc<Counters>) -> Self {
        Self { version: version.to_owned(), weight, backends, counters, turn: AtomicUsize::new(0) }
    }

    /// The least busy of those that stand so and are not among `tried`; among equals they take turns.
    pub(super) fn choose(&self, standing: Standing, tried: &[Arc<Backend>]) -> Option<(Arc<Backend>, Running)> {
        let turn = self.turn.fetch_add(1, Relaxed);
        for _ in 0..=self.backends.len() {
            let backend = (0..self.backends.len())
                .filter_map(|n| self.backends.get(n.wrapping_add(turn) % self.backends.len()))
                .filter(|backend| backend.is(standing) && !tried.iter().any(|t| Arc::ptr_eq(t, backend)))
                .min_by_key(|backend| backend.load())?;
            // Gone between looking and entering: look again.
            if let Some(running) = backend.enter(standing) {
                return Some((backend.clone(), running));
            }
        }
        None
    }
}

impl Table {
    /// The version at this point of the circle, which is divided by weight. The last one begins at the end of the circle.
    pub(super) fn at(&self, point: u64) -> Option<&Lane> {
        let total: u64 = self.lanes.iter().map(|lane| u64::from(lane.weight)).sum();
        let place = (u128::from(point) * u128::from(total)) >> 64;
        let mut passed = 0;
        self.lanes.iter().find(|lane| {
            passed += u128::from(lane.weight);
            place < passed
        })
    }

    /// Another version with traffic of its own, for when the chosen one has nobody left.
    pub(super) fn others<'a>(&'a self, lane: &'a Lane) -> impl Iterator<Item = &'a Lane> {
        self.lanes.iter().filter(move |other| other.weight > 0 && !std::ptr::eq(*other, lane))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::router::sticky::Circle;

    fn table(weights: &[u32]) -> Table {
        let lane = |weight: &u32| Lane::new(&weight.to_string(), *weight, Vec::new(), Arc::default());
        Table { lanes: weights.iter().map(lane).collect() }
    }

    fn share(table: &Table, points: impl Iterator<Item = u64>) -> (u32, u32) {
        let (mut last, mut all) = (0, 0);
        for point in points {
            all += 1;
            let lane = table.at(point).expect("some version has weight");
            last += u32::from(std::ptr::eq(lane, table.lanes.last().expect("not empty")));
        }
        (last, all)
    }

    #[test]
    fn shares_are_exact_and_no_pattern_of_customers_bends_them() {
        for weight in [0, 1_000, 5_000, 25_000, 50_000, WHOLE] {
            let table = table(&[WHOLE - weight, weight]);
            // Whoever asks for a page and a picture in turn must not see all pages from one version.
            for every in [1, 2, 3, 7] {
                let circle = Circle::default();
                let (hits, all) = share(&table, (0..20_000).map(|_| circle.next()).step_by(every));
                let off = f64::from(hits) / f64::from(all) - f64::from(weight) / f64::from(WHOLE);
                assert!(off.abs() < 0.002, "weight {weight}, every {every}: off by {off}");
            }
        }
    }

    #[test]
    fn a_version_that_grows_keeps_its_customers() {
        let circle = Circle::default();
        let (small, large) = (table(&[95_000, 5_000]), table(&[75_000, 25_000]));
        for point in (0..1_000).map(|_| circle.next()) {
            if small.at(point).is_some_and(|lane| lane.weight == 5_000) {
                assert!(large.at(point).is_some_and(|lane| lane.weight == 25_000));
            }
        }
    }

    #[test]
    fn nobody_with_weight_is_nobody_chosen() {
        assert!(table(&[0, 0]).at(7).is_none());
        assert!(Table::default().at(7).is_none());
    }
}
