//! Concurrent writers on one record, with a reader that follows by cursor.

use crate::{
    Settings,
    place::{Database, Place, databases},
    score::{Score, say},
};
use clap::Args;
use control::audit::audit;
use std::time::{Duration, Instant};
use store::contract::{Load, write_together};

#[derive(Debug, Args)]
pub struct Journal {
    #[arg(long, default_value_t = 8)]
    writers: u64,
    /// How many events each writer appends.
    #[arg(long, default_value_t = 10_000)]
    events: u64,
    /// How many separate openings of the record the writers share, as replicas would.
    #[arg(long, default_value_t = 2)]
    replicas: usize,
    /// No random delay of a writer is longer.
    #[arg(long, default_value_t = 2_000, value_name = "MICROSECONDS")]
    delay: u64,
}

impl Journal {
    pub fn sized(short: bool) -> Self {
        Self { writers: 8, events: if short { 250 } else { 10_000 }, replicas: 2, delay: 2_000 }
    }
}

pub async fn run(asked: &Journal, settings: &Settings) -> anyhow::Result<()> {
    let mut score = Score::new("journal");
    for database in databases(settings)? {
        on(database, asked, settings, &mut score).await?;
    }
    score.end()
}

async fn on(database: Database, asked: &Journal, settings: &Settings, score: &mut Score) -> anyhow::Result<()> {
    let all = asked.writers * asked.events;
    println!("journal on {database}: {} writers × {} events, seed {}", asked.writers, asked.events, settings.seed);
    let place = Place::new(database, settings).await?;
    let mut journals = Vec::new();
    for _ in 0..asked.replicas.max(1) {
        journals.push(store::open(&place.location()).await?);
    }
    let longest_pause = Duration::from_micros(asked.delay);
    let load = Load { writers: asked.writers, each: asked.events, seed: settings.seed, longest_pause };
    let began = Instant::now();
    let watched = journals[0].clone();
    let mut watch = tokio::time::interval(Duration::from_secs(5));
    watch.tick().await;
    let tally = {
        let mut work = std::pin::pin!(write_together(&journals, load));
        loop {
            tokio::select! {
                tally = &mut work => break tally?,
                _ = watch.tick() => say(&format!("{} of {all} events", watched.head().await?.seq)),
            }
        }
    };
    let took = began.elapsed().as_secs_f64();
    say(&format!(
        "{} appended, {} read, {} twice, {} skips in {took:.1} s",
        tally.appended, tally.read, tally.twice, tally.skips
    ));
    score.claim(tally.appended == all, || format!("{} of {all} appends were confirmed", tally.appended));
    score.claim(tally.twice == 0, || format!("{} numbers were given twice", tally.twice));
    score.claim(tally.skips == 0, || format!("the reader met {} gaps", tally.skips));
    score.claim(tally.read == all, || format!("the reader saw {} of {all} events", tally.read));
    let head = watched.head().await?;
    score.claim(head.seq == all, || format!("the record ends at {} instead of {all}", head.seq));
    let found = audit(watched.as_ref(), Some(head), |_, _| {}).await?;
    say(&format!("the chain of {} events {}", found.events, found.fault.as_ref().map_or("is sound", |_| "is broken")));
    score.claim(found.fault.is_none() && found.events == all, || format!("the audit found {:?}", found.fault));
    drop((watched, journals));
    place.close().await
}
