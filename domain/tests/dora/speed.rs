//! A million deployments with five million changes: how long it takes to ask, and how much memory the columns hold.
//!
//! `cargo test --release -p domain --test dora -- --ignored --nocapture speed`
//!
//! Limits are held by the middle of many goes. Before gathering, and month by month of each product, nothing is promised:
//! those limits only tell when something went badly wrong.

use crate::random::{Chance, whole};
use chrono::Duration;
use domain::{
    Timestamp,
    calendar::{Stretch, ZoneName},
    dora::{
        Book, Change, Deployment, FigureName, History, Incident, Kind, Moments, Outcome, Query, Width,
        import::{Import, read_ndjson},
    },
};
use std::time::{Duration as Took, Instant};

const DEPLOYMENTS: u64 = 1_000_000;

fn first_day() -> Timestamp {
    "2023-01-01T00:00:00Z".parse().expect("an instant")
}

fn now() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().expect("an instant")
}

/// One product's share: three years, five changes for each deployment, one in ten deployments in trouble.
fn history(product: u64, deployments: u64) -> History {
    let chance = &mut Chance::new(product);
    let minutes = (now() - first_day()).num_minutes();
    let mut history = History::default();
    for n in 0..deployments {
        let finished_at = first_day()
            + Duration::minutes(minutes * whole(n) / whole(deployments))
            + Duration::seconds(whole(chance.below(3_600)));
        let sha = |chance: &mut Chance| {
            format!("{:016x}{:016x}{:08x}", chance.below(u64::MAX), chance.below(u64::MAX), chance.below(1 << 32))
        };
        let changes: Vec<String> = (0..5).map(|_| sha(chance)).collect();
        for id in &changes {
            let waited = chance.below(20 * 86_400_000);
            let committed_at = finished_at - Duration::milliseconds(whole(waited));
            let merged_at = Some(finished_at - Duration::milliseconds(whole(waited / 3)));
            history.changes.push(Change { id: id.clone(), committed_at, merged_at });
        }
        let (kind, remediates) = match chance.below(20) {
            0 if n > 0 => (Kind::Rollback, Some(format!("{product}-d{}", n - 1))),
            1 if n > 0 => (Kind::Hotfix, Some(format!("{product}-d{}", n - 1))),
            _ => (Kind::Regular, None),
        };
        let asked = finished_at - Duration::seconds(whole(1_800 + chance.below(80_000)));
        let started_at = finished_at - Duration::milliseconds(whole(chance.below(1_800_000)));
        history.deployments.push(Deployment {
            id: format!("{product}-d{n}"),
            env: "production".parse().expect("a name"),
            version: format!("{}.{}.{}", n / 400, n / 20 % 20, n % 20),
            started_at: Some(started_at),
            finished_at,
            outcome: if chance.one_in(50) { Outcome::Failed } else { Outcome::Success },
            kind,
            changes,
            remediates,
            moments: Some(Box::new(Moments {
                approval_asked_at: Some(asked),
                approved_at: Some(started_at.max(asked)),
                ..Moments::default()
            })),
        });
        if chance.one_in(20) {
            let started_at = finished_at + Duration::seconds(whole(chance.below(86_400)));
            history.incidents.push(Incident {
                id: format!("{product}-i{n}"),
                env: "production".parse().expect("a name"),
                severity: "sev2".to_owned(),
                started_at,
                resolved_at: Some(started_at + Duration::seconds(whole(chance.below(90_000)))),
                deployment: chance.one_in(2).then(|| format!("{product}-d{n}")),
            });
        }
    }
    history
}

/// The book, and how long the columns took to lay out without the making of the facts.
fn book(products: u64) -> (Book, Took, Took) {
    let (mut book, mut took, mut slowest) = (Book::default(), Took::ZERO, Took::ZERO);
    for product in 0..products {
        let history = history(product, DEPLOYMENTS / products);
        let begun = Instant::now();
        book.set(&format!("product-{product}").parse().expect("a name"), &history);
        took += begun.elapsed();
        slowest = slowest.max(begun.elapsed());
    }
    (book, took, slowest)
}

/// The middle and the worst of many goes.
fn timed<T>(goes: usize, mut work: impl FnMut(usize) -> T) -> (Took, Took) {
    let mut took: Vec<Took> = (0..goes)
        .map(|go| {
            let begun = Instant::now();
            std::hint::black_box(work(go));
            begun.elapsed()
        })
        .collect();
    took.sort_unstable();
    (took[goes / 2], took[goes - 1])
}

fn ninety_days(go: usize) -> Query {
    let starts = now() - Duration::days(90 + 40 * i64::try_from(go % 20).expect("small"));
    Query::new("production".parse().expect("a name"), Stretch { starts, ends: starts + Duration::days(90) }, now())
}

fn all_years() -> Query {
    Query::new("production".parse().expect("a name"), Stretch { starts: first_day(), ends: now() }, now())
}

/// How many lines a second are read and checked.
fn read_lines() {
    let at = "2026-03-02T10:00:00.123Z";
    let lines: String = (0..200_000)
        .map(|n| match n % 6 {
            0 => format!(
                "{{\"type\":\"deployment\",\"product\":\"shop\",\"env\":\"production\",\"id\":\"d{n}\",\"version\":\"1.2.3\",\"started_at\":\"{at}\",\
                 \"finished_at\":\"{at}\",\"outcome\":\"success\",\"kind\":\"regular\",\"changes\":[\"c1\",\"c2\",\"c3\",\"c4\",\"c5\"]}}\n"
            ),
            _ => format!(
                "{{\"type\":\"change\",\"product\":\"shop\",\"id\":\"c{n}\",\"committed_at\":\"{at}\",\"merged_at\":\"{at}\"}}\n"
            ),
        })
        .collect();
    let begun = Instant::now();
    let import = Import::of(read_ndjson(&lines));
    println!("{} lines read in {:?}, {} refused", import.accepted, begun.elapsed(), import.rejected.len());
}

#[test]
#[ignore = "takes a minute and gigabytes, and measures only when optimised"]
fn speed() {
    let zone: ZoneName = "Europe/London".parse().expect("a zone");
    let cut = |query: Query, width: Width| {
        let buckets = width.cut(query.window, &zone).expect("buckets");
        query.cut(buckets)
    };
    read_lines();
    for products in [10, 200, 1_000] {
        let (mut book, laid_out, slowest) = book(products);
        println!("{products} products, {} successful deployments", book.deployments());
        let years = |book: &Book| timed(10, |_| book.report(&cut(all_years(), Width::Month)));
        let scattered = (timed(10, |go| book.report(&ninety_days(go))), years(&book));
        let begun = Instant::now();
        book.gather();
        println!("  gathered in {:?}", begun.elapsed());
        println!(
            "  laid out in {laid_out:?}, the slowest product in {slowest:?}; columns hold {} MB",
            book.bytes() / 1_000_000
        );
        let tell = |what: &str, (middle, worst): (Took, Took), limit: u64| {
            println!("  {what}: {middle:?}, worst {worst:?} (limit {limit} ms)");
            // The worst of them measures who else uses the machine.
            let held = middle <= Took::from_millis(limit) || cfg!(debug_assertions);
            (what.to_owned(), held)
        };
        let told = [
            tell("90 days, five figures, before gathering", scattered.0, 250),
            tell("36 months, five figures, before gathering", scattered.1, 1_000),
            tell("90 days, five figures", timed(40, |go| book.report(&ninety_days(go))), 5),
            tell("90 days, five figures, weeks", timed(40, |go| book.report(&cut(ninety_days(go), Width::Week))), 5),
            tell(
                "90 days, everything, weeks",
                timed(40, |go| book.report(&cut(ninety_days(go), Width::Week).full())),
                60,
            ),
            tell("90 days, five figures, days", timed(40, |go| book.report(&cut(ninety_days(go), Width::Day))), 60),
            tell("36 months, five figures", timed(10, |_| book.report(&cut(all_years(), Width::Month))), 60),
            tell("36 months, everything", timed(10, |_| book.report(&cut(all_years(), Width::Month).full())), 60),
            tell("each product, 90 days", timed(10, |go| book.each(&ninety_days(go))), 50),
            tell("each product, 36 months", timed(10, |_| book.each(&cut(all_years(), Width::Month))), 200),
            tell(
                "a page of 50 rows behind lead time",
                timed(10, |go| book.behind(&ninety_days(go), FigureName::ChangeLeadTime, 100, 50)),
                60,
            ),
        ];
        for (what, held) in told {
            assert!(held, "{products} products: {what} took too long");
        }
    }
}
