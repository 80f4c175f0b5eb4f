//! `kill -9` at random moments while rollouts are under way, on one record from the first moment to the last.

use super::mover::{Moved, Mover};
use crate::{
    Settings,
    place::{Database, Place, databases},
    product::{self, NEW, OLD, Product, is_settled},
    score::{Score, say},
    service::{Service, said},
    sides::{
        book::{self, Line},
        webhook::Webhook,
    },
};
use clap::Args;
use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use store::contract::Dice;
use tokio::task::JoinSet;

/// So soon after the last restart everything must be over or parked.
const SETTLES_WITHIN: Duration = Duration::from_mins(1);
/// Bringing in what runs at the beginning is no part of the trial.
const SET_UP_WITHIN: Duration = Duration::from_mins(5);
/// A shared record's lease is waited for after a kill: fewer of them, further apart.
const LEASE: u64 = 15_000;
const FEWER: u64 = 10;
/// No effect takes the other side longer, in milliseconds, and no answer.
const LONGEST: u64 = 200;

#[derive(Debug, Args)]
pub struct KillRollouts {
    /// How often the server is killed on SQLite; on PostgreSQL a tenth of it.
    #[arg(long, default_value_t = 200)]
    kills: u64,
    /// How many rollouts are under way at once.
    #[arg(long, default_value_t = 100)]
    rollouts: usize,
    /// The moment of a kill lies within so much after the start; on PostgreSQL 15 s, the length of the lease, are added.
    #[arg(long, default_value_t = 1_500, value_name = "MILLISECONDS")]
    within: u64,
}

impl KillRollouts {
    pub fn sized(short: bool) -> Self {
        let (kills, rollouts) = if short { (10, 20) } else { (200, 100) };
        Self { kills, rollouts, within: 1_500 }
    }
}

pub async fn run(asked: &KillRollouts, settings: &Settings) -> anyhow::Result<()> {
    let mut score = Score::new("kill-rollouts");
    for database in databases(settings)? {
        on(database, asked, settings, &mut score).await?;
    }
    score.end()
}

async fn on(database: Database, asked: &KillRollouts, settings: &Settings, score: &mut Score) -> anyhow::Result<()> {
    let (kills, within) = match database {
        Database::Sqlite => (asked.kills, asked.within),
        Database::Postgres => (asked.kills.div_ceil(FEWER), asked.within + LEASE),
    };
    println!("kill-rollouts on {database}: {kills} kills, {} rollouts, seed {}", asked.rollouts, settings.seed);
    let place = Place::new(database, settings).await?;
    let mut service = Service::at(&place, settings)?;
    service.start().await?;
    let side = Arc::new(Webhook::slow(LONGEST, settings.seed).await?);
    let products = set_up(&service, &side, asked.rollouts).await?;
    let ended = Arc::new(AtomicBool::new(false));
    let mut moving = JoinSet::new();
    for (n, product) in (1..).zip(&products) {
        let mover = Mover {
            product: product.clone(),
            client: service.admin(),
            side: side.clone(),
            dice: Dice::new(settings.seed.wrapping_mul(1_000).wrapping_add(n)),
            ended: ended.clone(),
            moved: Moved::default(),
            asked: 0,
        };
        moving.spawn(mover.run());
    }
    let (mut dice, mut slowest) = (Dice::new(settings.seed), Duration::ZERO);
    for kill in 1..=kills {
        tokio::time::sleep(Duration::from_millis(1 + dice.roll(within))).await;
        service.kill().await?;
        slowest = slowest.max(service.start().await?);
        score.progress(|| format!("{kill} of {kills} kills"));
    }
    ended.store(true, Ordering::Relaxed);
    let began = Instant::now();
    let all = moving.join_all().await;
    let settled = began.elapsed();
    at_the_end(&service, &side, &products, &all, score).await?;
    score.claim(settled <= SETTLES_WITHIN, || format!("the last rollout came to its end after {settled:?}"));
    say(&format!(
        "all over or parked {:.1} s after the last start; the slowest start took {slowest:?}",
        settled.as_secs_f64()
    ));
    service.stop().await?;
    place.close().await
}

/// Products in which the old version runs and the new one may come.
async fn set_up(service: &Service, side: &Arc<Webhook>, count: usize) -> anyhow::Result<Vec<Product>> {
    let people = product::people(service).await?;
    let mut making = JoinSet::new();
    for n in 0..count {
        let (address, mut admin) = (service.address, service.admin());
        let (people, connection) = (people.clone(), side.connection());
        making.spawn(async move {
            let product = Product::create(&mut admin, &format!("product-{n}"), &people, &connection).await?;
            for version in [OLD, NEW] {
                product.release(address, version).await?;
            }
            product.bring(&mut admin, OLD, SET_UP_WITHIN).await?;
            anyhow::Ok(product)
        });
    }
    making.join_all().await.into_iter().collect()
}

/// What people were told, what the record says and what the other side did, held against each other.
async fn at_the_end(
    service: &Service,
    side: &Webhook,
    products: &[Product],
    all: &[Moved],
    score: &mut Score,
) -> anyhow::Result<()> {
    let lines = side.lines();
    let mut admin = service.admin();
    let (mut rollouts, mut unsettled, mut undone) = (BTreeSet::new(), Vec::new(), Vec::new());
    for product in products {
        let mut path = product.at("/deployments?limit=200");
        loop {
            let page = admin.must("GET", &path, None).await?;
            for rollout in page["items"].as_array().into_iter().flatten() {
                let id = rollout["id"].as_str().unwrap_or_default().to_owned();
                if !is_settled(rollout) {
                    unsettled.push(id.clone());
                }
                undone.extend(never_done(rollout, &lines));
                rollouts.insert(id);
            }
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = product.at(&format!("/deployments?limit=200&cursor={cursor}"));
        }
    }
    let acknowledged: BTreeSet<&String> = all.iter().flat_map(|moved| &moved.acknowledged).collect();
    let lost = acknowledged.iter().filter(|id| !rollouts.contains(**id)).count();
    let (doubled, blind) = (book::doubled(&lines), book::blind(&lines));
    let sum = |figure: fn(&Moved) -> u64| all.iter().map(figure).sum::<u64>();
    say(&format!(
        "{} rollouts acknowledged, {} requests cut off and sent again; {} times live, {} times back, {} times parked",
        acknowledged.len(),
        sum(|moved| moved.cut_off),
        sum(|moved| moved.live),
        sum(|moved| moved.back),
        sum(|moved| moved.parked)
    ));
    let effects: u64 = book::effects(&lines).values().sum();
    say(&format!("{effects} effects: {lost} rollouts lost, {doubled} effects doubled, {blind} blind calls"));
    score.claim(lost == 0, || format!("{lost} acknowledged rollouts are not there"));
    score.claim(doubled == 0, || format!("{doubled} effects happened twice"));
    score.claim(blind == 0, || format!("{blind} calls were repeated without asking"));
    score.claim(unsettled.is_empty(), || format!("neither over nor parked: {}", unsettled.join(", ")));
    score.claim(undone.is_empty(), || format!("recorded as done and never done: {}", undone.join(", ")));
    for wrong in all.iter().flat_map(|moved| &moved.wrong) {
        score.claim(false, || wrong.clone());
    }
    let audit = service.run(&["verify-audit"]).await?;
    score.claim(audit.status.success(), || format!("verify-audit: {}", said(&audit)));
    Ok(())
}

/// Steps of the driver that the record calls done, and the other side does not know.
fn never_done(rollout: &serde_json::Value, lines: &[Line]) -> Vec<String> {
    let of_driver = |action: &serde_json::Value| !matches!(action.as_str(), Some("verify" | "watch"));
    let steps = rollout["steps"].as_array().into_iter().flatten();
    let done = steps.filter(|step| step["state"] == "done" && of_driver(&step["action"]));
    let keys = done.filter_map(|step| step["key"].as_str()).filter(|key| !book::did(lines, key));
    keys.map(str::to_owned).collect()
}
