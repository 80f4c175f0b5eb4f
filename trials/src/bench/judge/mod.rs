//! The judge against made-up rollouts with a known truth, beside fixed rules and what other tools do with the same minutes.

mod peers;
mod picture;
mod world;

use crate::{
    Settings,
    report::{self, Table, median},
    score::say,
};
use clap::Args;
use domain::judge::{Decision, History, Judge, Reading, Settings as Choices, Share, Window, WindowLength};
use peers::{Argo, Flagger, Kayenta, Peer, Rules};
use std::{
    fmt::Write as _,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};
use world::{Minute, Story, World, number};

/// Requests per minute of both arms together.
const TRAFFIC: [f64; 4] = [10.0, 100.0, 1_000.0, 10_000.0];
/// Four hours: so many minutes at each share.
const PHASES: [(f64, i32); 3] = [(0.05, 80), (0.25, 80), (0.5, 80)];
const HISTORY: i32 = 60;
const NAMES: [&str; 5] = ["sequential", "rules", "Flagger-like", "Argo-like", "Kayenta-like"];
/// What is judged at once when time is measured.
const AT_ONCE: usize = 5_000;

#[derive(Debug, Args)]
pub struct Simulated {
    /// Rollouts in each cell of the simulation of the judge.
    #[arg(long, default_value_t = 1_000)]
    pub simulated: u64,
    /// Simulates nothing: draws the picture of the tables that are published.
    #[arg(long)]
    pub redraw: bool,
}

/// One story with one amount of traffic: the minute in which each of the five rolled back, for each rollout.
struct Cell {
    story: Story,
    per_minute: f64,
    minutes: [Vec<Option<i32>>; 5],
}

pub fn measure(asked: &Simulated, settings: &Settings, record: bool) -> anyhow::Result<Table> {
    if asked.redraw {
        report::draw(&picture::draw(&report::published("judge")?)?)?;
        return Ok(Table::new("judge"));
    }
    println!("judge: {} rollouts in each cell, seed {}", asked.simulated, settings.seed);
    let mut cells = Vec::new();
    for story in Story::ALL {
        for per_minute in TRAFFIC {
            cells.push(cell(story, per_minute, asked.simulated, settings.seed)?);
            if let Some(cell) = cells.last() {
                say(&format!("{}, {per_minute}/min: {}", story.name(), share(&cell.minutes[0])));
            }
        }
    }
    let page = pages(&cells);
    println!("{page}");
    if record {
        report::put(report::JUDGE, "judge", &page)?;
        report::draw(&picture::draw(&page)?)?;
    }
    table(&cells, asked.simulated)
}

fn table(cells: &[Cell], rollouts: u64) -> anyhow::Result<Table> {
    let mut table = Table::new("judge");
    let of = |cell: &Cell| count(&cell.minutes[0]);
    let harmless = cells.iter().filter(|cell| cell.story.is_harmless());
    let (mut worst, mut all, mut false_ones) = (0, 0, 0);
    for cell in harmless {
        worst = worst.max(of(cell));
        false_ones += of(cell);
        all += rollouts;
    }
    table.claim(
        "harmless rollouts that the sequential judge rolls back, in the worst cell",
        format!("{worst} of {rollouts}"),
        "at most 1 %",
        number(worst) <= 0.01 * number(rollouts),
    );
    table.row(
        "the same over all harmless cells",
        format!("{false_ones} of {all}, below {:.3} %", bound(false_ones, all) * 100.0),
    );
    let usual = cells.iter().find(|cell| cell.story == Story::Errors(0.02) && (cell.per_minute - 1_000.0).abs() < 0.5);
    if let Some(half) = usual.and_then(|cell| found_after(&cell.minutes[0])) {
        table.row("+2 pp errors at 1 000 requests/min: median time to a rollback", format!("{half} min"));
    }
    let took = at_once()?;
    table.claim(
        format!("{AT_ONCE} rollouts judged for one window, on one core"),
        format!("{:.1} ms", took.as_secs_f64() * 1_000.0),
        "at most 100 ms",
        took <= Duration::from_millis(100),
    );
    Ok(table)
}

fn cell(story: Story, per_minute: f64, rollouts: u64, seed: u64) -> anyhow::Result<Cell> {
    let next = AtomicU64::new(0);
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let runs: Vec<anyhow::Result<Vec<[Option<i32>; 5]>>> = std::thread::scope(|scope| {
        let work = || {
            let mut done = Vec::new();
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed);
                if n >= rollouts {
                    return Ok(done);
                }
                done.push(rollout(&mut World::new(story, per_minute, seed.wrapping_mul(1_000_003).wrapping_add(n))?)?);
            }
        };
        let running: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        running.into_iter().filter_map(|one| one.join().ok()).collect()
    });
    let mut minutes: [Vec<Option<i32>>; 5] = Default::default();
    for run in runs {
        for ended in run? {
            for (all, one) in minutes.iter_mut().zip(ended) {
                all.push(one);
            }
        }
    }
    anyhow::ensure!(minutes[0].len() as u64 == rollouts, "a worker broke off");
    Ok(Cell { story, per_minute, minutes })
}

/// The minute in which each of the five rolls back.
fn rollout(world: &mut World) -> anyhow::Result<[Option<i32>; 5]> {
    let mut before = Vec::new();
    for minute in -HISTORY..0 {
        before.push(world.minute(minute, 0.0)?.stable);
    }
    let history = History::new(WindowLength::MINUTE, before);
    let mut judge = Judge::new(Choices::default(), &history, of(PHASES[0].0)?);
    let mut peers: [Box<dyn Peer>; 4] =
        [Box::<Rules>::default(), Box::<Flagger>::default(), Box::<Argo>::default(), Box::<Kayenta>::default()];
    let (mut ended, mut minute) = ([None; 5], 0);
    for (phase, (share, length)) in PHASES.into_iter().enumerate() {
        if phase > 0 {
            judge.start_phase(of(share)?);
        }
        for _ in 0..length {
            let seen = world.minute(minute, share)?;
            if ended[0].is_none() && matches!(judge.observe(&window(&seen)).decision, Decision::RollBack { .. }) {
                ended[0] = Some(minute);
            }
            for (peer, ended) in peers.iter_mut().zip(&mut ended[1..]) {
                if ended.is_none() && peer.rolls_back(&seen) {
                    *ended = Some(minute);
                }
            }
            minute += 1;
        }
    }
    Ok(ended)
}

/// How long one window of many rollouts takes.
fn at_once() -> anyhow::Result<Duration> {
    let mut world = World::new(Story::Well, 1_000.0, 1)?;
    let mut history = Vec::new();
    for minute in -HISTORY..0 {
        history.push(world.minute(minute, 0.0)?.stable);
    }
    let history = History::new(WindowLength::MINUTE, history);
    let judge = Judge::new(Choices { warm_up_seconds: 0, ..Choices::default() }, &history, of(0.25)?);
    let mut judges = vec![judge; AT_ONCE];
    let mut times = Vec::new();
    for minute in 0..9 {
        let window = window(&world.minute(minute, 0.25)?);
        let began = Instant::now();
        for judge in &mut judges {
            std::hint::black_box(judge.observe(&window));
        }
        times.push(began.elapsed());
    }
    Ok(median(&times).unwrap_or_default())
}

fn window(minute: &Minute) -> Window {
    let Minute { stable, canary } = minute.clone();
    Window { length: WindowLength::MINUTE, stable: Reading::Counts(stable), canary: Reading::Counts(canary) }
}

fn of(share: f64) -> anyhow::Result<Share> {
    Share::new(share).map_err(|why| anyhow::anyhow!("{why}"))
}

/// Two tables: what must stay is rolled back how often, what must go is found how often and when.
fn pages(cells: &[Cell]) -> String {
    let mut text = String::new();
    for (title, harmless) in
        [("Harmless: rolled back", true), ("Harmful: found, and after how many minutes (median)", false)]
    {
        let _ = write!(text, "\n| {title} | requests/min |");
        for name in NAMES {
            let _ = write!(text, " {name} |");
        }
        let _ = write!(text, "\n|---|---:|{}\n", "---|".repeat(NAMES.len()));
        for cell in cells.iter().filter(|cell| cell.story.is_harmless() == harmless) {
            let _ = write!(text, "| {} | {} |", cell.story.name(), cell.per_minute);
            for minutes in &cell.minutes {
                let after = if harmless { None } else { found_after(minutes) };
                let after = after.map(|minute| format!(", {minute} min")).unwrap_or_default();
                let _ = write!(text, " {}{after} |", share(minutes));
            }
            text.push('\n');
        }
    }
    text
}

fn count(minutes: &[Option<i32>]) -> u64 {
    minutes.iter().flatten().count() as u64
}

/// A share with its 95 % bounds.
fn share(minutes: &[Option<i32>]) -> String {
    let (found, all) = (count(minutes), minutes.len() as u64);
    let percent = |part: f64| format!("{:.1}", part * 100.0);
    let low = 1.0 - bound(all - found, all);
    format!("{} % ({}–{})", percent(number(found) / number(all)), percent(low), percent(bound(found, all)))
}

/// The median over all rollouts, not only over those that were found; nothing when fewer than half were.
fn found_after(minutes: &[Option<i32>]) -> Option<i32> {
    let times: Vec<i32> = minutes.iter().map(|minute| minute.map_or(i32::MAX, |minute| minute + 1)).collect();
    median(&times).filter(|time| *time < i32::MAX)
}

/// Clopper and Pearson: the greatest rate with which so few of so many are not yet a surprise, at 97.5 %.
fn bound(found: u64, all: u64) -> f64 {
    if found >= all {
        return 1.0;
    }
    let at_most = |rate: f64| {
        let (mut chance, mut term) = (0.0, number(all) * (1.0 - rate).ln());
        for n in 0..=found {
            chance += f64::exp(term);
            term += ((number(all - n)) / number(n + 1)).ln() + rate.ln() - (1.0 - rate).ln();
        }
        chance
    };
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if at_most(middle) > 0.025 { low = middle } else { high = middle }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_those_of_clopper_and_pearson() {
        for (found, all, expected) in [(0, 1_000, 0.003_682), (5, 100, 0.112_834), (50, 100, 0.601_686), (7, 7, 1.0)] {
            assert!((bound(found, all) - expected).abs() < 1e-5, "{found} of {all}: {}", bound(found, all));
        }
    }

    #[test]
    fn a_fault_is_found_and_nothing_is_not() -> anyhow::Result<()> {
        let found = |story| -> anyhow::Result<u64> { Ok(count(&cell(story, 1_000.0, 20, 7)?.minutes[0])) };
        assert_eq!(found(Story::Errors(0.05))?, 20);
        assert_eq!(found(Story::Slower(3.0))?, 20);
        assert_eq!(found(Story::Lost(0.6))?, 20);
        assert!(found(Story::Well)? <= 1);
        Ok(())
    }
}
