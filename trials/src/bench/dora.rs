//! Delivery figures over a million deployments and five million changes: views against the plainest exact arithmetic on
//! the same samples, and an import against reading the same lines as JSON and no more.

use super::Bench;
use crate::{
    place,
    report::{Table, median, megabytes},
    score::say,
    seed::now,
};
use anyhow::{Context as _, ensure};
use chrono::TimeDelta;
use control::{
    Command, Control, Opening, Order,
    clock::HandClock,
    memory::{CountedSecrets, MemoryGround},
    tasks::Tasks,
};
use domain::{
    Timestamp,
    access::Actor,
    calendar::{Stretch, ZoneName},
    dora::{Book, Change, Deployment, FigureName, History, Incident, Kind, Outcome, Query, Report, Width},
    product,
};
use std::{
    fmt::Write as _,
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant},
};
use store::contract::Dice;

const ENV: &str = "production";
const YEARS: i64 = 3;
const CHANGES: usize = 5;
/// Lines of the file that is imported.
const LINES: usize = 300_000;

/// When a deployment ended and how long its changes had taken: what the bare side works on.
type Samples = Vec<(i64, i64)>;

pub async fn measure(asked: &Bench, seed: u64) -> anyhow::Result<Table> {
    let (deployments, products) = (asked.deployments.max(1_000), asked.products.max(1));
    println!("dora: {deployments} deployments, {} changes, {products} products", deployments * CHANGES);
    let mut table = Table::new("dora");
    let (mut book, mut samples, mut laid_out) = (Book::default(), Samples::new(), Duration::ZERO);
    for n in 0..products {
        let history = history(seed.wrapping_add(n as u64), n, deployments / products, &mut samples)?;
        let began = Instant::now();
        book.set(&format!("product-{n}").parse()?, &history);
        laid_out += began.elapsed();
    }
    samples.sort_unstable();
    let began = Instant::now();
    book.gather();
    let gathered = began.elapsed();
    let (count, changes) = (book.deployments(), samples.len());
    table.row("deployments that succeeded, samples of lead time, products", format!("{count}, {changes}, {products}"));
    table.row(
        "laid out from facts in memory, gathered",
        format!("{:.1} s, {:.1} s", laid_out.as_secs_f64(), gathered.as_secs_f64()),
    );
    table.row("memory of the columns", megabytes(book.bytes() as u64));
    views(asked, &book, &samples, &mut table)?;
    drop((book, samples));
    import(asked, &mut table).await?;
    Ok(table)
}

fn views(asked: &Bench, book: &Book, samples: &Samples, table: &mut Table) -> anyhow::Result<()> {
    let zone: ZoneName = "Europe/London".parse().map_err(|no| anyhow::anyhow!("{no}"))?;
    let days = |days: i64| -> anyhow::Result<Query> {
        let window = Stretch { starts: now() - TimeDelta::days(days), ends: now() };
        Ok(Query::new(ENV.parse()?, window, now()))
    };
    let cut = |query: Query, width: Width| -> anyhow::Result<Query> {
        let buckets = width.cut(query.window, &zone).map_err(|no| anyhow::anyhow!("{no}"))?;
        Ok(query.cut(buckets))
    };
    let quarter = days(90)?;
    let (years, whole) = (cut(days(YEARS * 365)?, Width::Month)?, cut(days(90)?, Width::Week)?.full());
    let mut bare = Vec::new();
    let mut took: [Vec<f64>; 5] = Default::default();
    for round in 0..asked.rounds.max(1) {
        let exact = timed(&mut bare, || plainest(samples, quarter.window));
        let report: Report = timed(&mut took[0], || book.report(&quarter));
        let told = report.figure(FigureName::ChangeLeadTime).and_then(|figure| figure.point.value);
        let same = told.zip(exact).is_some_and(|(told, exact)| (told - exact).abs() < 1e-6);
        ensure!(same, "the median is {told:?}, the plainest arithmetic says {exact:?}");
        timed(&mut took[1], || book.report(&years));
        timed(&mut took[2], || book.each(&quarter));
        timed(&mut took[3], || book.report(&whole));
        timed(&mut took[4], || book.behind(&quarter, FigureName::ChangeLeadTime, 1_000, 100));
        say(&format!("round {}: 90 days in {:.2} ms, the plainest {:.1} ms", round + 1, last(&took[0]), last(&bare)));
    }
    let middle = |figures: &[f64]| median(figures).unwrap_or(f64::NAN);
    table.row("one exact median of 90 days, the plainest way", format!("{:.2} ms", middle(&bare)));
    let limits = [
        ("90 days, the five figures", 5.0),
        ("36 months in monthly buckets, the five", 60.0),
        ("90 days, the five, each product by itself", 50.0),
        ("90 days in weeks, everything a page shows", 60.0),
        ("a page of 100 events behind lead time", 60.0),
    ];
    for ((what, limit), took) in limits.into_iter().zip(&took) {
        let took = middle(took);
        table.claim(what, format!("{took:.2} ms"), &format!("≤ {limit} ms"), took <= limit);
    }
    table.row(
        "ratio of the five figures of 90 days to that one median",
        format!("{:.2}", middle(&took[0]) / middle(&bare)),
    );
    Ok(())
}

fn timed<T>(took: &mut Vec<f64>, work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let done = black_box(work());
    took.push(began.elapsed().as_secs_f64() * 1_000.0);
    done
}

fn last(figures: &[f64]) -> f64 {
    figures.last().copied().unwrap_or(f64::NAN)
}

/// All samples of the stretch into one list, and its middle.
#[expect(clippy::cast_precision_loss, reason = "microseconds of some weeks")]
fn plainest(samples: &Samples, window: Stretch) -> Option<f64> {
    let place = |at: Timestamp| samples.partition_point(|(ended, _)| *ended < at.timestamp_micros());
    let mut spans: Vec<i64> = samples[place(window.starts)..place(window.ends)].iter().map(|(_, span)| *span).collect();
    let n = spans.len();
    if n == 0 {
        return None;
    }
    let (below, upper, _) = spans.select_nth_unstable(n / 2);
    let upper = *upper as f64;
    let lower = if n % 2 == 1 { upper } else { *below.iter().max()? as f64 };
    Some(f64::midpoint(lower, upper) / 1e6)
}

fn sha(chance: &mut Dice) -> String {
    format!("{:016x}{:016x}{:08x}", chance.roll(u64::MAX), chance.roll(u64::MAX), chance.roll(1 << 32))
}

fn below(chance: &mut Dice, sides: u64) -> i64 {
    i64::try_from(chance.roll(sides)).unwrap_or(0)
}

/// Three years of one product, five changes in each deployment, one in ten in trouble.
fn history(seed: u64, product: usize, deployments: usize, samples: &mut Samples) -> anyhow::Result<History> {
    let chance = &mut Dice::new(seed);
    let (start, all) = (now() - TimeDelta::days(YEARS * 365), YEARS * 365 * 86_400);
    let mut history = History::default();
    for n in 0..deployments {
        let place = i64::try_from(n)? * all / i64::try_from(deployments)?;
        let finished_at = start + TimeDelta::seconds(place + below(chance, 600));
        // The first one succeeds, so that both sides leave out the same.
        let fails = n > 0 && chance.roll(50) == 0;
        let outcome = if fails { Outcome::Failed } else { Outcome::Success };
        let changes: Vec<String> = (0..CHANGES).map(|_| sha(chance)).collect();
        for id in &changes {
            let span = TimeDelta::milliseconds(below(chance, 20 * 86_400_000));
            let (committed_at, merged_at) = (finished_at - span, Some(finished_at - span / 3));
            history.changes.push(Change { id: id.clone(), committed_at, merged_at });
            // The changes of the product's first deployment are left out of lead time.
            if outcome == Outcome::Success && n > 0 {
                samples.push((finished_at.timestamp_micros(), span.num_microseconds().context("a span")?));
            }
        }
        let kind = match chance.roll(20) {
            0 if n > 0 => Kind::Rollback,
            1 if n > 0 => Kind::Hotfix,
            _ => Kind::Regular,
        };
        history.deployments.push(Deployment {
            id: format!("{product}-d{n}"),
            env: ENV.parse()?,
            version: format!("1.{n}.0"),
            started_at: Some(finished_at - TimeDelta::seconds(60 + below(chance, 1_740))),
            finished_at,
            outcome,
            kind,
            changes,
            remediates: (kind != Kind::Regular).then(|| format!("{product}-d{}", n.saturating_sub(1))),
            moments: None,
        });
        if chance.roll(20) == 0 {
            let started_at = finished_at + TimeDelta::seconds(below(chance, 86_400));
            history.incidents.push(Incident {
                id: format!("{product}-i{n}"),
                env: ENV.parse()?,
                severity: "sev2".to_owned(),
                started_at,
                resolved_at: Some(started_at + TimeDelta::seconds(below(chance, 90_000))),
                deployment: (chance.roll(2) == 0).then(|| format!("{product}-d{n}")),
            });
        }
    }
    Ok(history)
}

/// One deployment and five changes in six lines.
fn lines() -> String {
    let at = "2026-03-02T10:00:00.123Z";
    let mut text = String::new();
    for n in 0..LINES {
        // Writing to a String cannot fail.
        let _ = match n % 6 {
            0 => writeln!(
                text,
                "{{\"type\":\"deployment\",\"product\":\"shop\",\"env\":\"production\",\"id\":\"d{n}\",\"version\":\"1.2.3\",\
                 \"started_at\":\"{at}\",\"finished_at\":\"{at}\",\"outcome\":\"success\",\"kind\":\"regular\",\
                 \"changes\":[\"c{}\",\"c{}\",\"c{}\",\"c{}\",\"c{}\"]}}",
                n + 1,
                n + 2,
                n + 3,
                n + 4,
                n + 5
            ),
            _ => writeln!(
                text,
                "{{\"type\":\"change\",\"product\":\"shop\",\"id\":\"c{n}\",\"committed_at\":\"{at}\",\"merged_at\":\"{at}\"}}"
            ),
        };
    }
    text
}

async fn import(asked: &Bench, table: &mut Table) -> anyhow::Result<()> {
    let folder = place::folder()?;
    let tasks = Tasks::default();
    let opening = Opening {
        journal: store::open(&store::Location::Sqlite(folder.path().join("pilothouse.db"))).await?,
        clock: Arc::new(HandClock::at(now())),
        secrets: Arc::new(CountedSecrets::default()),
        machines: MemoryGround::default().machines(),
        tasks: tasks.clone(),
        follow: None,
    };
    let control = Control::open(opening, |_, _| {}).await?;
    let publish = Command::PublishPlaybook("orca".parse()?, include_str!("../../../playbooks/orca.toml").to_owned());
    control.order(Order::new(Actor::System, publish)).await?;
    let create = product::Command::Create { name: "Shop".to_owned(), playbook: "orca".parse()?, repository: None };
    control.order(Order::new(Actor::System, Command::Product("shop".parse()?, create))).await?;
    let text = lines();
    let (mut bare, mut staged, mut shown) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..asked.rounds.clamp(1, 5) {
        let began = Instant::now();
        for line in text.lines() {
            black_box(serde_json::from_str::<serde_json::Value>(line)?);
        }
        bare.push(began.elapsed().as_secs_f64());
        let began = Instant::now();
        let ready = control.stage_import(Actor::System, "bench".to_owned(), text.clone(), false).await?;
        ensure!(ready.summary.accepted() == LINES as u64, "{} lines were taken", ready.summary.accepted());
        staged.push(began.elapsed().as_secs_f64());
        let began = Instant::now();
        control.shown_in_figures(control.import_of(Actor::System, &ready)).await?;
        shown.push(began.elapsed().as_secs_f64());
        control.shown_in_figures(control.undoing(Actor::System, ready.id, "Once more.".to_owned())).await?;
    }
    tasks.stop().await;
    #[expect(clippy::cast_precision_loss, reason = "some hundred thousand lines")]
    let rate = |seconds: &[f64]| LINES as f64 / median(seconds).unwrap_or(f64::NAN);
    table.row("the same lines as JSON and no more", format!("{:.0} lines/s", rate(&bare)));
    let taken = rate(&staged);
    table.claim(
        "lines read, checked and staged in SQLite",
        format!("{taken:.0} lines/s"),
        "≥ 50 000 lines/s",
        taken >= 50_000.0,
    );
    table.row("share of reading them as JSON", format!("{:.0} %", taken / rate(&bare) * 100.0));
    table.row(
        "from finishing the import to figures that show it",
        format!("{:.1} s", median(&shown).unwrap_or(f64::NAN)),
    );
    Ok(())
}
