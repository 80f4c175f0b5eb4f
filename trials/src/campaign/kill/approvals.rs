//! `kill -9` at random moments while people approve, on one record from the first round to the last.

use super::storm::{Ledger, approve_all};
use crate::{
    Settings,
    place::{Database, Place, databases},
    rest::{self, Person},
    score::Score,
    service::{Service, said},
};
use clap::Args;
use serde_json::Value;
use std::{collections::HashMap, sync::Arc, time::Duration};
use store::contract::Dice;
use tokio::task::JoinSet;

#[derive(Debug, Args)]
pub struct KillApprovals {
    #[arg(long, default_value_t = 50)]
    rounds: u64,
    /// How many people approve at once.
    #[arg(long, default_value_t = 100)]
    clients: usize,
    /// How many releases each of them has before them in a round.
    #[arg(long, default_value_t = 20)]
    releases: usize,
    /// The moment of the kill lies within so much after the first request.
    #[arg(long, default_value_t = 700, value_name = "MILLISECONDS")]
    within: u64,
}

impl KillApprovals {
    pub fn sized(short: bool) -> Self {
        let (rounds, clients) = if short { (3, 30) } else { (50, 100) };
        Self { rounds, clients, releases: 20, within: 700 }
    }
}

pub async fn run(asked: &KillApprovals, settings: &Settings) -> anyhow::Result<()> {
    let mut score = Score::new("kill-approvals");
    for database in databases(settings)? {
        on(database, asked, settings, &mut score).await?;
    }
    score.end()
}

/// What the rounds so far have shown.
#[derive(Debug, Default)]
struct Tally {
    acknowledged: u64,
    /// Cut off without an answer; some were recorded, some not, and all were asked again.
    unanswered: u64,
    recorded_unanswered: u64,
    seq: u64,
    hash: String,
    /// Approvals in the record by release and person.
    decided: HashMap<(String, String), u64>,
}

async fn on(database: Database, asked: &KillApprovals, settings: &Settings, score: &mut Score) -> anyhow::Result<()> {
    let KillApprovals { rounds, clients, .. } = *asked;
    println!("kill-approvals on {database}: {rounds} rounds, {clients} clients, seed {}", settings.seed);
    let place = Place::new(database, settings).await?;
    let mut service = Service::at(&place, settings)?;
    service.start().await?;
    rest::product(&mut service.admin()).await?;
    let engineer = rest::person(&mut service.admin(), "Engineer", "engineer").await?;
    let people: Arc<[Person]> = rest::approvers(&service, clients).await?.into();
    let mut dice = Dice::new(settings.seed);
    let (mut tally, mut versions) = (Tally::default(), Vec::new());
    for round in 1..=rounds {
        let mut author = engineer.client(service.address);
        let mut fresh = Vec::new();
        for n in 0..asked.releases {
            fresh.push(rest::release(&mut author, &format!("Round {round}, release {n}")).await?);
        }
        let moment = Duration::from_millis(1 + dice.roll(asked.within));
        let ledgers = storm(&mut service, &people, &fresh, moment, round, dice.roll(u64::MAX)).await?;
        service.start().await?;
        after(&service, &people, &fresh, &ledgers, &mut tally, score).await?;
        versions.extend(fresh);
        let Tally { acknowledged, unanswered, recorded_unanswered, .. } = tally;
        score.progress(|| {
            format!(
                "round {round} of {rounds}: {acknowledged} acknowledged; {unanswered} cut off, of which \
                 {recorded_unanswered} had been recorded"
            )
        });
    }
    at_the_end(&service, &versions, &tally, score).await?;
    service.stop().await?;
    println!(
        "  {} approvals acknowledged, {} cut off ({} of them recorded), {} events",
        tally.acknowledged, tally.unanswered, tally.recorded_unanswered, tally.seq
    );
    place.close().await
}

/// Everybody approves until the process is killed at `moment`; what each of them was told.
async fn storm(
    service: &mut Service,
    people: &Arc<[Person]>,
    versions: &[String],
    moment: Duration,
    round: u64,
    seed: u64,
) -> anyhow::Result<Vec<Ledger>> {
    let mut running = JoinSet::new();
    for (n, person) in people.iter().cloned().enumerate() {
        let (address, versions) = (service.address, versions.to_vec());
        let dice = Dice::new(seed.wrapping_add(n as u64));
        running.spawn(approve_all(n, person, address, versions, round, dice));
    }
    tokio::time::sleep(moment).await;
    service.kill().await?;
    Ok(running.join_all().await)
}

/// What must be so once the server is back.
async fn after(
    service: &Service,
    people: &[Person],
    versions: &[String],
    ledgers: &[Ledger],
    tally: &mut Tally,
    score: &mut Score,
) -> anyhow::Result<()> {
    let mut admin = service.admin();
    let before = shown(&mut admin, versions).await?;
    for ledger in ledgers {
        let by = &people[ledger.who].id;
        for wrong in &ledger.wrong {
            score.claim(false, || format!("an approval was answered with {wrong}"));
        }
        for version in &ledger.acknowledged {
            tally.acknowledged += 1;
            let times = count(&before, version, by);
            score.claim(times == 1, || format!("an acknowledged approval of {version} is there {times} times"));
        }
        let mut client = people[ledger.who].client(service.address);
        for open in &ledger.unanswered {
            tally.unanswered += 1;
            tally.recorded_unanswered += u64::from(count(&before, &open.version, by) > 0);
            let again = client.send("POST", &open.path(), Some(&open.body), &open.key()).await?;
            let told = again.status;
            score.claim(told == 201, || format!("the repetition of an unanswered approval was answered {told}"));
        }
    }
    let now = shown(&mut admin, versions).await?;
    for ((version, by), times) in &now {
        score.claim(*times == 1, || format!("{by} stands {times} times on {version}"));
    }
    read_on(service, tally, score).await
}

/// Approvals shown for each of `versions`, by version and person.
async fn shown(
    admin: &mut crate::client::Client,
    versions: &[String],
) -> anyhow::Result<HashMap<(String, String), u64>> {
    let mut all = HashMap::new();
    for version in versions {
        let release = admin.must("GET", &rest::address(version), None).await?;
        for approval in release["approvals"].as_array().into_iter().flatten() {
            *all.entry((version.clone(), rest::text(approval, "by")?)).or_default() += 1;
        }
    }
    Ok(all)
}

fn count(shown: &HashMap<(String, String), u64>, version: &str, by: &str) -> u64 {
    shown.get(&(version.to_owned(), by.to_owned())).copied().unwrap_or(0)
}

/// The record since the last look: gapless, chained, nobody twice.
async fn read_on(service: &Service, tally: &mut Tally, score: &mut Score) -> anyhow::Result<()> {
    let mut broken = 0;
    for event in rest::audit(&mut service.admin(), tally.seq).await? {
        let follows = event["seq"] == tally.seq + 1 && event["prev_hash"] == tally.hash.as_str();
        broken += u64::from(!follows);
        tally.seq = event["seq"].as_u64().unwrap_or_default();
        tally.hash = rest::text(&event, "hash")?;
        if event["kind"] == "release.decided" {
            let by = event["actor"].as_str().and_then(|a| a.split(['/', ':']).nth(1)).unwrap_or_default();
            *tally.decided.entry((rest::text(&event, "stream")?, by.to_owned())).or_default() += 1;
        }
    }
    score.claim(broken == 0, || format!("{broken} events do not follow the one before them"));
    Ok(())
}

/// Everything once more, over all rounds.
async fn at_the_end(service: &Service, versions: &[String], tally: &Tally, score: &mut Score) -> anyhow::Result<()> {
    let twice = tally.decided.values().filter(|times| **times != 1).count();
    score.claim(twice == 0, || format!("{twice} approvals were recorded more than once"));
    let shown = shown(&mut service.admin(), versions).await?;
    score.claim(shown.len() == tally.decided.len(), || {
        format!("{} approvals are shown but {} recorded", shown.len(), tally.decided.len())
    });
    let point: Value = service.admin().must("GET", "/api/v1/audit/checkpoint", None).await?;
    score.claim(point["seq"] == tally.seq, || format!("the checkpoint says {point}, the record ends at {}", tally.seq));
    let audit = service.run(&["verify-audit"]).await?;
    score.claim(audit.status.success(), || format!("verify-audit: {}", said(&audit)));
    Ok(())
}
