//! Many promote the same release at the same moment, over REST: one wins. With rollbacks among them, what ran before stays.

use crate::{
    Settings,
    client::Client,
    place::{Database, Place, databases},
    product::{self, NEW, OLD, Product},
    rest::text,
    score::{Score, say},
    service::{Service, said},
    sides::webhook::Webhook,
};
use clap::Args;
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tokio::{sync::Barrier, task::JoinSet};

const SETTLES_WITHIN: Duration = Duration::from_mins(2);
/// In every so many rounds there are rollbacks among the promotions, one for so many.
const MIXED: usize = 4;
const ONE_IN: usize = 5;

#[derive(Debug, Args)]
pub struct Races {
    #[arg(long, default_value_t = 200)]
    rounds: usize,
    /// How many ask at once.
    #[arg(long, default_value_t = 50)]
    callers: usize,
}

impl Races {
    pub fn sized(short: bool) -> Self {
        Self { rounds: if short { 10 } else { 200 }, callers: 50 }
    }
}

pub async fn run(asked: &Races, settings: &Settings) -> anyhow::Result<()> {
    let mut score = Score::new("races");
    for database in databases(settings)? {
        on(database, asked, settings, &mut score).await?;
    }
    score.end()
}

async fn on(database: Database, asked: &Races, settings: &Settings, score: &mut Score) -> anyhow::Result<()> {
    let Races { rounds, callers } = *asked;
    println!("races on {database}: {rounds} rounds, {callers} callers");
    let place = Place::new(database, settings).await?;
    let mut service = Service::at(&place, settings)?;
    service.start().await?;
    let side = Webhook::open().await?;
    let people = product::people(&service).await?;
    let mut admin = service.admin();
    let product = Product::create(&mut admin, "race", &people, &side.connection()).await?;
    for version in [OLD, NEW] {
        product.release(admin.address, version).await?;
    }
    product.bring(&mut admin, OLD, SETTLES_WITHIN).await?;
    let mut clients: Vec<Client> = (0..callers).map(|_| service.admin()).collect();
    let (mut won, mut lost, mut taken_back) = (0_u64, 0_u64, 0_u64);
    for round in 0..rounds {
        let mixed = round % MIXED == MIXED - 1;
        let answers = at_once(&product, &mut clients, mixed.then_some(round)).await?;
        for (goes_back, status, body) in &answers {
            let right =
                if *goes_back { *status == 202 } else { matches!(status, 202 | 409) || mixed && *status == 423 };
            score.claim(right, || format!("round {round}: a {} was answered {status}: {body}", word(*goes_back)));
        }
        let starts = answers.iter().filter(|(goes_back, status, _)| !goes_back && *status == 202).count();
        let fits = if mixed { starts <= 1 } else { starts == 1 };
        score.claim(fits, || format!("round {round}: {starts} promotions were accepted"));
        won += starts as u64;
        lost += answers.iter().filter(|(goes_back, status, _)| !goes_back && *status != 202).count() as u64;
        taken_back += answers.iter().filter(|(goes_back, ..)| *goes_back).count() as u64;
        // A round of promotions alone is taken back, so that every round begins with the same.
        if !mixed {
            let answer = product.roll_back(&mut admin).await?;
            score.claim(answer.status == 202, || format!("round {round}: the way back was answered {}", answer.status));
        }
        ends(&product, &mut admin, round, score).await?;
        score.progress(|| format!("round {} of {rounds}", round + 1));
    }
    say(&format!("{won} promotions won, {lost} lost, {taken_back} rollbacks among them, none of which lost"));
    let audit = service.run(&["verify-audit"]).await?;
    score.claim(audit.status.success(), || format!("verify-audit: {}", said(&audit)));
    service.stop().await?;
    place.close().await
}

/// All ask in the same moment; whether each asked for the way back, and how it was answered.
async fn at_once(
    product: &Product,
    clients: &mut Vec<Client>,
    mixed: Option<usize>,
) -> anyhow::Result<Vec<(bool, u16, Value)>> {
    let (line, mut asking) = (Arc::new(Barrier::new(clients.len())), JoinSet::new());
    for (n, mut client) in clients.drain(..).enumerate() {
        let (product, line) = (product.clone(), line.clone());
        let goes_back = mixed.is_some_and(|round| n % ONE_IN == round % ONE_IN);
        asking.spawn(async move {
            // The connection is there before the moment comes.
            client.get("/ready").await?;
            line.wait().await;
            let answer = if goes_back {
                let body = json!({ "env": "production", "to_version": OLD, "reason": "a race" });
                client.post(&product.at("/rollbacks"), &body).await?
            } else {
                product.promote(&mut client, NEW).await?
            };
            anyhow::Ok((client, (goes_back, answer.status, answer.json())))
        });
    }
    let mut answers = Vec::new();
    for done in asking.join_all().await {
        let (client, answer) = done?;
        clients.push(client);
        answers.push(answer);
    }
    Ok(answers)
}

/// Every round ends on what ran before, held; then a person lets releases in again.
async fn ends(product: &Product, admin: &mut Client, round: usize, score: &mut Score) -> anyhow::Result<()> {
    let newest = product.deployments(admin).await?.into_iter().next();
    if let Some(newest) = newest {
        product.settles(admin, &text(&newest, "id")?, SETTLES_WITHIN).await?;
    }
    let production = product.production(admin).await?;
    let right = production["version"] == OLD && !production["hold"].is_null() && production["lock"].is_null();
    score.claim(right, || format!("round {round} ended with {production}"));
    let why = json!({ "reason": "the next round" });
    admin.must("DELETE", &product.at("/environments/production/hold"), Some(&why)).await?;
    Ok(())
}

fn word(goes_back: bool) -> &'static str {
    if goes_back { "rollback" } else { "promotion" }
}
