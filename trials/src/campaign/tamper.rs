//! Somebody with the database in hand edits, deletes, swaps or truncates events: each time it shows.

use super::vandal::{Deed, Vandal};
use crate::{
    Settings,
    place::{Database, Place, databases},
    score::Score,
};
use clap::Args;
use control::{
    audit::audit,
    journal::{Head, Journal},
};
use std::{collections::BTreeMap, time::Duration};
use store::contract::{Dice, Load, write_together};

#[derive(Debug, Args)]
pub struct Tamper {
    #[arg(long, default_value_t = 200)]
    trials: u64,
    /// How many events there are to tamper with.
    #[arg(long, default_value_t = 400)]
    events: u64,
}

impl Tamper {
    pub fn sized(short: bool) -> Self {
        Self { trials: if short { 50 } else { 200 }, events: 400 }
    }
}

pub async fn run(asked: &Tamper, settings: &Settings) -> anyhow::Result<()> {
    let mut score = Score::new("tamper");
    for database in databases(settings)? {
        on(database, asked, settings, &mut score).await?;
    }
    score.end()
}

async fn on(database: Database, asked: &Tamper, settings: &Settings, score: &mut Score) -> anyhow::Result<()> {
    let Tamper { trials, events } = *asked;
    println!("tamper on {database}: {trials} trials on {events} events, seed {}", settings.seed);
    let place = Place::new(database, settings).await?;
    let journal = store::open(&place.location()).await?;
    let load = Load { writers: 4, each: events / 4, seed: settings.seed, longest_pause: Duration::ZERO };
    write_together(std::slice::from_ref(&journal), load).await?;
    let checkpoint = journal.head().await?;
    let mut vandal = Vandal::break_in(&place).await?;
    let mut dice = Dice::new(settings.seed);
    let mut detected: BTreeMap<&str, u64> = BTreeMap::new();
    for trial in 0..trials {
        let deed = Deed::ALL[usize::try_from(trial).unwrap_or(0) % Deed::ALL.len()];
        let what = vandal.commit(deed, checkpoint.seq, &mut dice).await?;
        // What leaves the record consistent in itself can only be told from a checkpoint kept elsewhere.
        let trusted = deed.needs_checkpoint().then(|| checkpoint.clone());
        let found = is_faulty(journal.as_ref(), trusted).await?;
        *detected.entry(deed.name()).or_default() += u64::from(found);
        score.claim(found, || format!("undetected: {what}"));
        vandal.make_good().await?;
        if trial % 20 == 0 {
            let alarm = is_faulty(journal.as_ref(), Some(checkpoint.clone())).await?;
            score.claim(!alarm, || "a sound record was called faulty".to_owned());
        }
        score.progress(|| format!("{} of {trials}", trial + 1));
    }
    let list: Vec<String> = detected.iter().map(|(name, n)| format!("{name} {n}")).collect();
    println!("  detected {} of {trials}: {}", detected.values().sum::<u64>(), list.join(", "));
    vandal.leave().await?;
    drop(journal);
    place.close().await
}

async fn is_faulty(journal: &dyn Journal, trusted: Option<Head>) -> anyhow::Result<bool> {
    Ok(audit(journal, trusted, |_, _| {}).await?.fault.is_some())
}
