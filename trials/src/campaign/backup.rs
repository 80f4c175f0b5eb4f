//! Backup while others write, restored elsewhere, verified: what was there before the backup began is in it.

use crate::{
    Settings,
    place::{Database, Place, databases},
    rest::{self, Person},
    score::Score,
    service::{Service, said},
};
use clap::Args;
use std::{
    net::SocketAddr,
    process::Output,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use store::contract::Dice;
use tokio::task::JoinSet;

#[derive(Debug, Args)]
pub struct Backup {
    #[arg(long, default_value_t = 20)]
    rounds: u64,
    /// How many people write meanwhile.
    #[arg(long, default_value_t = 16)]
    writers: usize,
}

impl Backup {
    pub fn sized(short: bool) -> Self {
        Self { rounds: if short { 2 } else { 20 }, writers: 16 }
    }
}

pub async fn run(asked: &Backup, settings: &Settings) -> anyhow::Result<()> {
    let mut score = Score::new("backup");
    for database in databases(settings)? {
        on(database, asked, settings, &mut score).await?;
    }
    score.end()
}

async fn on(database: Database, asked: &Backup, settings: &Settings, score: &mut Score) -> anyhow::Result<()> {
    let Backup { rounds, writers } = *asked;
    println!("backup on {database}: {rounds} rounds under {writers} writers, seed {}", settings.seed);
    let place = Place::new(database, settings).await?;
    let mut service = Service::at(&place, settings)?;
    service.start().await?;
    rest::product(&mut service.admin()).await?;
    let mut load = Load::start(&service, writers).await?;
    let mut dice = Dice::new(settings.seed);
    for round in 1..=rounds {
        tokio::time::sleep(Duration::from_millis(dice.roll(400))).await;
        let seq = one(&service, database, settings, score).await?;
        score.progress(|| format!("round {round} of {rounds}: {seq} events restored"));
    }
    let written = load.stop().await?;
    println!("  {written} writes were answered meanwhile");
    service.stop().await?;
    place.close().await
}

/// One backup and its restoration; how many events came back.
async fn one(service: &Service, database: Database, settings: &Settings, score: &mut Score) -> anyhow::Result<u64> {
    let elsewhere = Place::new(database, settings).await?;
    let file = elsewhere.folder().join("pilothouse.backup");
    let file = file.to_string_lossy().into_owned();
    let mut admin = service.admin();
    let before = admin.must("GET", "/api/v1/audit/checkpoint", None).await?["seq"].as_u64().unwrap_or(u64::MAX);
    works("backup", &service.run(&["backup", &file]).await?, score);
    let after = admin.must("GET", "/api/v1/audit/checkpoint", None).await?["seq"].as_u64().unwrap_or(0);
    works("verify-backup", &service.run(&["verify-backup", &file]).await?, score);
    let mut copy = Service::at(&elsewhere, settings)?;
    works("restore", &copy.run(&["restore", &file]).await?, score);
    works("verify-audit", &copy.run(&["verify-audit"]).await?, score);
    let again = copy.run(&["restore", &file]).await?;
    score.claim(!again.status.success(), || "a second restore overwrote what was there".to_owned());

    let head = store::open(&elsewhere.location()).await?.head().await?;
    let within = (before..=after).contains(&head.seq);
    score.claim(within, || format!("restored up to {}, backed up between {before} and {after}", head.seq));
    let same = admin.must("GET", &format!("/api/v1/audit?since={}&limit=1", head.seq - 1), None).await?;
    score.claim(same["items"][0]["hash"] == head.hash.as_str(), || format!("event {} is another one there", head.seq));

    // The copy serves, with the same people and the same releases.
    copy.start().await?;
    let path = format!("/api/v1/products/{}/releases?limit=1", rest::PRODUCT);
    let newest = copy.admin().must("GET", &path, None).await?["items"][0].clone();
    if let Some(version) = newest["version"].as_str() {
        let shown = admin.must("GET", &rest::address(version), None).await?;
        score.claim(shown["created_at"] == newest["created_at"], || format!("release {version} differs in the copy"));
    }
    copy.stop().await?;
    elsewhere.close().await?;
    Ok(head.seq)
}

fn works(what: &str, output: &Output, score: &mut Score) {
    score.claim(output.status.success(), || format!("{what}: {}", said(output)));
}

/// People who create, edit and approve until told to stop.
struct Load {
    ended: Arc<AtomicBool>,
    running: JoinSet<anyhow::Result<u64>>,
}

impl Load {
    async fn start(service: &Service, writers: usize) -> anyhow::Result<Self> {
        let (ended, mut running) = (Arc::new(AtomicBool::new(false)), JoinSet::new());
        let approvers = rest::approvers(service, writers).await?;
        for (n, approver) in approvers.into_iter().enumerate() {
            let engineer = rest::person(&mut service.admin(), &format!("Engineer {n}"), "engineer").await?;
            let (ended, address) = (ended.clone(), service.address);
            running.spawn(async move { write(&engineer, &approver, address, &ended).await });
        }
        Ok(Self { ended, running })
    }

    /// How many writes were answered.
    async fn stop(&mut self) -> anyhow::Result<u64> {
        self.ended.store(true, Ordering::Relaxed);
        let mut written = 0;
        while let Some(one) = self.running.join_next().await {
            written += one??;
        }
        Ok(written)
    }
}

async fn write(engineer: &Person, approver: &Person, address: SocketAddr, ended: &AtomicBool) -> anyhow::Result<u64> {
    let (mut author, mut approving) = (engineer.client(address), approver.client(address));
    let mut written = 0;
    while !ended.load(Ordering::Relaxed) {
        let version = rest::release(&mut author, "Under load").await?;
        let path = rest::address(&version);
        let edit = serde_json::json!({ "plan": { "written": written } });
        author.must("PATCH", &path, Some(&edit)).await?;
        let seen = rest::text(&approving.must("GET", &path, None).await?, "digest")?;
        let decision = rest::decision(&approver.role, &seen);
        approving.must("POST", &format!("{path}/approvals"), Some(&decision)).await?;
        written += 4;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(written)
}
