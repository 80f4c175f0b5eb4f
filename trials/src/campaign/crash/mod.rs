//! The control plane ends at each of ten points of a step, with each driver, on the way in and on the way back. The other
//! side's own ledger says whether anything happened twice or was tried again without asking.

mod blows;
mod cell;
mod lease;
mod point;
mod table;

use crate::{Settings, score::Score, sides::Kind};
use cell::Cell;
use clap::Args;
use point::{Column, Point};
use std::{sync::Arc, time::Instant};
use tokio::{sync::Semaphore, task::JoinSet};

#[derive(Debug, Args)]
pub struct CrashPoints {
    /// Which drivers.
    #[arg(long = "driver", value_delimiter = ',', default_values_t = Kind::ALL)]
    drivers: Vec<Kind>,
    /// Which points; all when none is named.
    #[arg(long = "point", value_delimiter = ',')]
    points: Vec<Point>,
    /// How often each cell is run; without it 20 times `local`, `command` and `webhook`, 5 times others.
    #[arg(long)]
    runs: Option<usize>,
    /// How many servers run beside each other.
    #[arg(long, default_value_t = 6)]
    parallel: usize,
    /// Once with `local` alone.
    #[arg(long)]
    short: bool,
}

impl CrashPoints {
    pub fn sized(short: bool) -> Self {
        Self { drivers: Kind::ALL.to_vec(), points: Vec::new(), runs: None, parallel: 6, short }
    }
}

pub async fn run(asked: &CrashPoints, settings: &Settings) -> anyhow::Result<()> {
    let settings = settings.on_failpoints()?;
    let drivers = if asked.short { vec![Kind::Local] } else { asked.drivers.clone() };
    let runs = |driver: Kind| if asked.short { 1 } else { asked.runs.unwrap_or(driver.runs()) };
    let points = if asked.points.is_empty() { Point::ALL.to_vec() } else { asked.points.clone() };
    let cells: Vec<Cell> = drivers
        .iter()
        .flat_map(|driver| points.iter().map(move |point| (*driver, *point)))
        .flat_map(|(driver, point)| Column::ALL.map(|column| Cell { driver, point, column }))
        .collect();
    let began = Instant::now();
    let all: usize = cells.iter().map(|cell| runs(cell.driver)).sum();
    println!("crash-points on SQLite: {} cells, {all} runs, {} servers at a time", cells.len(), asked.parallel);
    let (places, mut work) = (Arc::new(Semaphore::new(asked.parallel.max(1))), JoinSet::new());
    for (n, cell) in cells.into_iter().enumerate() {
        let (settings, places, runs) = (settings.clone(), places.clone(), runs(cell.driver));
        work.spawn(async move {
            let _place = places.acquire_owned().await;
            (n, cell, cell.run(runs, &settings).await)
        });
    }
    let (mut score, mut rows) = (Score::new("crash-points"), Vec::new());
    while let Some(done) = work.join_next().await {
        let (n, cell, tally) = done?;
        score.progress(|| format!("{} cells are done", rows.len() + 1));
        tally.judge(cell, &mut score);
        rows.push((n, cell, tally));
    }
    rows.sort_by_key(|(n, ..)| *n);
    println!("{}", table::text(&rows));
    println!("  took {:.0} s", began.elapsed().as_secs_f64());
    score.end()
}
