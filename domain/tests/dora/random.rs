//! One thousand random histories: the columns say what the slow arithmetic says, figure by figure and bucket by bucket.

use crate::reference::{Histories, bucket_name, measure};
use chrono::Duration;
use domain::{
    Timestamp,
    calendar::{Stretch, ZoneName},
    dora::{Book, Change, Deployment, FigureName, History, Incident, Kind, Outcome, Point, Query, Report, Width},
};

/// A seeded source of chance, so that a failure can be looked at again.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end.max(1)
    }

    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    pub fn hours(&mut self, end: u64) -> Duration {
        // Whole hours make ties; a few have microseconds.
        let fine = if self.one_in(5) { self.below(3_600_000_000) } else { 0 };
        Duration::hours(whole(self.below(end))) + Duration::microseconds(whole(fine))
    }
}

pub fn whole(n: u64) -> i64 {
    i64::try_from(n).expect("a small number")
}

pub const ZONES: [&str; 6] =
    ["UTC", "Europe/London", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Asia/Kathmandu"];

pub fn start() -> Timestamp {
    "2026-02-20T00:00:00Z".parse().expect("an instant")
}

pub fn history(chance: &mut Chance) -> History {
    let size = chance.below(30);
    let mut history = History::default();
    for n in 0..chance.below(40) {
        let committed_at = start() + chance.hours(1_600);
        let merged_at = (!chance.one_in(4)).then(|| committed_at + chance.hours(60));
        history.changes.push(Change { id: format!("c{n}"), committed_at, merged_at });
    }
    let some_id = |chance: &mut Chance| format!("d{}", chance.below(size + 3));
    for n in 0..size {
        let finished_at = start() + chance.hours(1_700);
        let kind = [Kind::Regular, Kind::Regular, Kind::Hotfix, Kind::Rollback]
            [usize::try_from(chance.below(4)).expect("small")];
        history.deployments.push(Deployment {
            id: if chance.one_in(25) { some_id(chance) } else { format!("d{n}") },
            env: if chance.one_in(5) { "staging" } else { "production" }.parse().expect("a name"),
            version: format!("1.{n}.0"),
            started_at: match chance.below(20) {
                0 => Some(finished_at + Duration::hours(1)),
                1 => None,
                _ => Some(finished_at - chance.hours(3)),
            },
            finished_at,
            outcome: if chance.one_in(7) { Outcome::Failed } else { Outcome::Success },
            kind,
            changes: (0..chance.below(6)).map(|_| format!("c{}", chance.below(45))).collect(),
            remediates: (!chance.one_in(3)).then(|| some_id(chance)),
            moments: None,
        });
    }
    for n in 0..chance.below(10) {
        let started_at = start() + chance.hours(1_700);
        let resolved = started_at + chance.hours(90) - Duration::hours(2);
        history.incidents.push(Incident {
            id: format!("i{n}"),
            env: if chance.one_in(5) { "staging" } else { "production" }.parse().expect("a name"),
            severity: "sev2".to_owned(),
            started_at,
            resolved_at: (!chance.one_in(5)).then_some(resolved),
            deployment: (!chance.one_in(3)).then(|| some_id(chance)),
        });
    }
    history
}

pub fn histories(chance: &mut Chance) -> Histories {
    let products = chance.below(3) + 1;
    (0..products).map(|n| (format!("product-{n}").parse().expect("a name"), history(chance))).collect()
}

pub fn book(histories: &Histories) -> Book {
    let mut book = Book::default();
    for (product, history) in histories {
        book.set(product, history);
    }
    book
}

pub const MEASURED: [FigureName; 11] = [
    FigureName::ChangeLeadTime,
    FigureName::DeploymentFrequency,
    FigureName::FailedDeploymentRecoveryTime,
    FigureName::ChangeFailRate,
    FigureName::DeploymentReworkRate,
    FigureName::MergeLeadTime,
    FigureName::DeploymentDuration,
    FigureName::TimeToRestore,
    FigureName::RollbackRate,
    FigureName::RolloutFailureRate,
    FigureName::PostReleaseIssues,
];

pub fn query(chance: &mut Chance) -> (Query, Width, ZoneName) {
    let zone: ZoneName = ZONES[usize::try_from(chance.below(6)).expect("small")].parse().expect("a zone");
    let from = start() + chance.hours(900);
    let window = Stretch { starts: from, ends: from + chance.hours(900) };
    let mut query = Query::new("production".parse().expect("a name"), window, start() + Duration::hours(1_650));
    query.figures = MEASURED.to_vec();
    query.rework_counts = !chance.one_in(3);
    query.distributions = true;
    if chance.one_in(3) {
        query = query.of(["product-0".parse().expect("a name"), "product-9".parse().expect("a name")]);
    }
    let width = [Width::Day, Width::Week, Width::Month][usize::try_from(chance.below(3)).expect("small")];
    let buckets = width.cut(window, &zone).expect("few buckets");
    (query.cut(buckets), width, zone)
}

fn same(a: &Point, b: &Point, what: &str) {
    assert_eq!((a.n, a.of), (b.n, b.of), "{what}");
    let close = match (a.value, b.value) {
        (None, None) => true,
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * b.abs().max(1.0),
        _ => false,
    };
    assert!(close, "{what}: {a:?} is not {b:?}");
}

#[test]
fn a_thousand_random_histories_agree_with_the_slow_arithmetic() {
    let mut behind_any = 0;
    for seed in 0..1_000 {
        let chance = &mut Chance::new(seed);
        let histories = histories(chance);
        let mut book = book(&histories);
        let (query, width, zone) = query(chance);
        let report = book.report(&query);
        let apart = book.clone();
        book.gather();
        assert!(book.report(&query) == report, "seed {seed}, gathered");
        assert!(apart.report(&query) == report, "seed {seed}, a copy from before");
        for name in MEASURED {
            behind_any += check(&histories, &query, &report, name, &format!("seed {seed}, {name:?}"));
        }
        for bucket in &query.buckets {
            assert_eq!(bucket_name(width, &zone, bucket.within.starts), bucket.name, "seed {seed}");
            let last = bucket.within.ends - Duration::microseconds(1);
            assert_eq!(bucket_name(width, &zone, last), bucket.name, "seed {seed}");
        }
        for (product, alone) in book.each(&query) {
            let only = query.clone().of([product.clone()]);
            let asked = book.report(&only);
            assert_eq!(alone.figures, asked.figures, "seed {seed}, {product} alone");
        }
    }
    assert!(behind_any > 10_000, "the histories are not empty: {behind_any} events");
}

fn check(histories: &Histories, query: &Query, report: &Report, name: FigureName, what: &str) -> u64 {
    let figure = report.figure(name).expect(what);
    let (point, excluded) = measure(histories, query, name, query.window);
    same(&figure.point, &point, what);
    for (reason, n) in &excluded {
        assert_eq!(figure.excluded(*reason), *n, "{what}: {reason:?}");
    }
    assert_eq!(figure.excluded.iter().map(|e| e.n).sum::<u64>(), excluded.values().sum::<u64>(), "{what}");
    same(&figure.trend.before, &measure(histories, query, name, query.before).0, &format!("{what}, before"));
    assert_eq!(figure.points.len(), query.buckets.len(), "{what}");
    for (bucket, found) in query.buckets.iter().zip(&figure.points) {
        same(found, &measure(histories, query, name, bucket.within).0, &format!("{what}, {}", bucket.name));
    }
    if let Some(spread) = &figure.distribution {
        assert_eq!(Some(spread.p50), figure.point.value, "{what}");
        assert_eq!(spread.bins.iter().map(|bin| bin.n).sum::<u64>(), figure.point.n, "{what}");
        let ascending = [spread.smallest, spread.p50, spread.p75, spread.p90, spread.p95, spread.largest];
        assert!(ascending.is_sorted(), "{what}: {spread:?}");
    }
    point.n
}
