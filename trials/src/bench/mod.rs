//! Measurements, each against something bare in the same run, so that the machine matters little.

mod approvals;
pub mod bare;
mod calendar;
mod chart;
mod dora;
mod first_load;
mod gates;
mod insert;
mod judge;
mod load;
mod overview;
mod rollouts;
mod router;
mod search;
mod startup;

use crate::{Settings, report::Table};
use clap::{Args, ValueEnum};
use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    All,
    /// The overview page, rendered afresh and revalidated, against a bare handler.
    Overview,
    /// Starting on a long record.
    Startup,
    /// Durable approvals against a bare insert.
    Approvals,
    /// Two years of a calendar with fifty rules.
    Calendar,
    /// A chart of three hundred points, in WebAssembly and here.
    Chart,
    /// Delivery figures over a million deployments, and importing.
    Dora,
    /// What a first visit downloads.
    FirstLoad,
    /// The gates of all open releases, against cloning these.
    Gates,
    /// The judge against made-up rollouts, beside rules and other tools.
    Judge,
    /// Thousands of rollouts in one look of the engine.
    Rollouts,
    /// The fleet's router and HAProxy, against asking the service itself.
    Router,
    /// Fifteen thousand texts searched with a slip, against walking through them.
    Search,
}

#[derive(Debug, Args)]
pub struct Bench {
    #[arg(value_enum, default_value_t = Which::All)]
    which: Which,
    /// Puts the figures into docs/performance.md.
    #[arg(long)]
    record: bool,
    /// How often each side is measured, in turn.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How long each side is under load in a round.
    #[arg(long, default_value_t = 4.0)]
    seconds: f64,
    #[arg(long, default_value_t = 100)]
    connections: usize,
    #[arg(long, default_value_t = 200)]
    products: usize,
    /// Releases on the overview page's record, and those whose gates are worked out.
    #[arg(long, default_value_t = 10_000)]
    releases: usize,
    /// Events that the start reads.
    #[arg(long, default_value_t = 200_000)]
    events: u64,
    /// Approvals of one caller in a round; thirty-two callers share four times as many.
    #[arg(long, default_value_t = 400)]
    approvals: usize,
    /// Deployments that delivery figures rest on.
    #[arg(long, default_value_t = 1_000_000)]
    deployments: usize,
    /// Rollouts under way at once.
    #[arg(long, default_value_t = 5_000)]
    rollouts: usize,
    /// What charts took in WebAssembly, as `cargo xtask bench` has measured it.
    #[arg(long, env = "PILOTHOUSE_CHARTS_TOOK", hide = true, value_name = "JSON")]
    charts_took: Option<String>,
    #[command(flatten)]
    judge: judge::Simulated,
}

impl Bench {
    fn duration(&self) -> Duration {
        Duration::from_secs_f64(self.seconds.clamp(0.1, 120.0))
    }
}

pub async fn run(asked: Bench, settings: &Settings) -> anyhow::Result<()> {
    let wanted = |which| asked.which == Which::All || asked.which == which;
    let mut missed = Vec::new();
    if wanted(Which::FirstLoad) {
        missed.extend(told(&first_load::measure()?, &asked)?);
    }
    if wanted(Which::Calendar) {
        missed.extend(told(&calendar::measure(&asked)?, &asked)?);
    }
    if wanted(Which::Chart) {
        missed.extend(told(&chart::measure(asked.charts_took.as_deref())?, &asked)?);
    }
    if wanted(Which::Gates) {
        missed.extend(told(&gates::measure(&asked)?, &asked)?);
    }
    if wanted(Which::Search) {
        missed.extend(told(&search::measure(&asked), &asked)?);
    }
    if wanted(Which::Dora) {
        missed.extend(told(&dora::measure(&asked, settings.seed).await?, &asked)?);
    }
    if wanted(Which::Rollouts) {
        missed.extend(told(&rollouts::measure(&asked).await?, &asked)?);
    }
    if wanted(Which::Judge) {
        missed.extend(told(&judge::measure(&asked.judge, settings, asked.record)?, &asked)?);
    }
    if wanted(Which::Router) {
        missed.extend(told(&router::measure(&asked, settings).await?, &asked)?);
    }
    if wanted(Which::Overview) {
        missed.extend(told(&overview::measure(&asked, settings).await?, &asked)?);
    }
    if wanted(Which::Startup) {
        missed.extend(told(&startup::measure(&asked, settings).await?, &asked)?);
    }
    if wanted(Which::Approvals) {
        missed.extend(told(&approvals::measure(&asked, settings).await?, &asked)?);
    }
    anyhow::ensure!(missed.is_empty(), "bench: {}", missed.join("; "));
    Ok(())
}

fn told(table: &Table, asked: &Bench) -> anyhow::Result<Vec<String>> {
    println!("\n## {}\n\n{}", table.name, table.markdown());
    if asked.record {
        table.record()?;
    }
    Ok(table.missed().to_vec())
}
