//! From a fault to the traffic's being back: a real service with real customers, judged by the router's own counts and by a
//! real Prometheus with its Alertmanager.

mod watching;

use super::traffic::{Crowd, Router, Trial, shop};
use crate::{
    Settings,
    score::{Score, say},
};
use anyhow::Context as _;
use clap::Args;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use watching::Watching;

const PLAYBOOK: &str = include_str!("playbook.toml");
/// More than 10 000 requests a minute.
const CUSTOMERS: usize = 20;
const BREATH: Duration = Duration::from_millis(100);
/// After the share has moved: the warm-up, and windows in which nothing moves.
const CALM: Duration = Duration::from_secs(50);
/// A fault on both sides is watched for so long.
const SHARED: Duration = Duration::from_secs(150);
const LOOK: Duration = Duration::from_millis(250);

#[derive(Debug, Args)]
pub struct Detection {
    /// How often each fault is tried behind each router.
    #[arg(long, default_value_t = 10)]
    runs: usize,
    /// How many services are tried beside each other.
    #[arg(long, default_value_t = 2)]
    parallel: usize,
    /// Who shares the traffic; both when none is named.
    #[arg(long)]
    driver: Option<Router>,
}

/// What goes wrong, how it is told to the shop, and within how many seconds the traffic is back in 95 of 100 cases.
const FAULTS: [(&str, &str, f64); 4] = [
    ("errors, 5 points more", r#"{"error_rate": 0.05}"#, 45.0),
    ("latency, three times", r#"{"latency_ms": 15}"#, 75.0),
    ("a crash at every request", r#"{"crash": true}"#, 45.0),
    ("60 % of the answers lost", r#"{"lost_rate": 0.6}"#, 75.0),
];

pub async fn run(asked: &Detection, settings: &Settings) -> anyhow::Result<()> {
    let mut score = Score::new("detection");
    for router in [Router::Local, Router::Haproxy] {
        if asked.driver.is_some_and(|only| only != router) {
            continue;
        }
        let source = if router == Router::Local { "its own counts" } else { "Prometheus and Alertmanager" };
        println!("detection behind {router:?}, by {source}: {} runs of each fault", asked.runs);
        let mut trials = JoinSet::new();
        for nth in 0..asked.parallel.max(1) {
            let (settings, runs) = (settings.clone(), share(asked.runs, asked.parallel.max(1), nth));
            trials.spawn(async move { Bench::on(router, &settings).await?.go(runs).await });
        }
        let mut seen = Seen::default();
        for done in trials.join_all().await {
            seen.add(done?);
        }
        seen.judge(&mut score);
    }
    score.end()
}

fn share(all: usize, parts: usize, nth: usize) -> usize {
    all / parts + usize::from(nth < all % parts)
}

/// What became of all runs.
#[derive(Debug, Default)]
struct Seen {
    /// By fault: seconds until the traffic was back; none when it never was.
    back: [Vec<Option<f64>>; FAULTS.len()],
    good: Vec<bool>,
    held: Vec<bool>,
    went_back: Vec<bool>,
    requests_per_minute: Vec<f64>,
    /// How long charts of the past took.
    asked: Vec<String>,
}

impl Seen {
    fn add(&mut self, other: Self) {
        for (own, more) in self.back.iter_mut().zip(other.back) {
            own.extend(more);
        }
        self.good.extend(other.good);
        self.held.extend(other.held);
        self.went_back.extend(other.went_back);
        self.requests_per_minute.extend(other.requests_per_minute);
        self.asked.extend(other.asked);
    }

    fn judge(mut self, score: &mut Score) {
        let least = self.requests_per_minute.iter().copied().fold(f64::INFINITY, f64::min);
        say(&format!("{least:.0} requests a minute where there were fewest"));
        self.asked.iter().for_each(|asked| say(asked));
        score.claim(least >= 10_000.0, || format!("only {least:.0} requests a minute"));
        for ((name, _, limit), back) in FAULTS.iter().zip(&mut self.back) {
            let all = back.len();
            let mut times: Vec<f64> = back.iter().flatten().copied().collect();
            times.sort_by(f64::total_cmp);
            let missed = all - times.len();
            // Of ten the 95th percentile is the slowest.
            let slowest = times.last().copied().unwrap_or(f64::INFINITY);
            let middle = times.get(times.len() / 2).copied().unwrap_or(f64::INFINITY);
            say(&format!(
                "{name}: traffic back after {middle:.1} s (median), {slowest:.1} s at most; {missed} of {all} missed"
            ));
            score.claim(missed == 0 && slowest <= *limit, || {
                format!("{name}: {slowest:.1} s, at most {limit} s are allowed")
            });
        }
        for (what, all) in [
            ("good versions that came in", &self.good),
            ("faults on both sides that held", &self.held),
            ("faults on both sides that went back because the playbook says so", &self.went_back),
        ] {
            let well = all.iter().filter(|well| **well).count();
            say(&format!("{what}: {well} of {}", all.len()));
            score.claim(well == all.len(), || format!("{what}: {well} of {}", all.len()));
        }
    }
}

struct Bench {
    trial: Trial,
    watching: Option<Watching>,
}

impl Bench {
    async fn on(router: Router, settings: &Settings) -> anyhow::Result<Self> {
        let trial = Trial::on(router, PLAYBOOK, 2, settings).await?;
        trial.set_faults(&json!({}))?;
        let watching = match trial.servers() {
            None => None,
            Some(servers) => {
                let mut admin = trial.service().admin();
                let watching = Watching::start(trial.folder(), trial.service().address, servers).await?;
                watching.connect(&mut admin, shop::PRODUCTION).await?;
                Some(watching)
            }
        };
        Ok(Self { trial, watching })
    }

    async fn go(self, runs: usize) -> anyhow::Result<Seen> {
        let crowd = Crowd::gather(self.trial.front, CUSTOMERS, BREATH);
        let began = Instant::now();
        tokio::time::sleep(CALM).await;
        let mut seen = Seen::default();
        let script = self.script(runs, &mut seen).await;
        if let Some(watching) = &self.watching {
            seen.asked.push(watching.past(&mut self.trial.service().admin(), shop::PRODUCTION).await?);
        }
        let met = crowd.send_home().await;
        #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 requests")]
        seen.requests_per_minute.push(met.asked() as f64 * 60.0 / began.elapsed().as_secs_f64());
        drop(self.watching);
        self.trial.clear_up().await?;
        script.map(|()| seen)
    }

    async fn script(&self, runs: usize, seen: &mut Seen) -> anyhow::Result<()> {
        for run in 0..runs {
            for (nth, (name, fault, limit)) in FAULTS.iter().enumerate() {
                let time = self
                    .fault(fault, Duration::from_secs_f64(limit * 3.0))
                    .await
                    .with_context(|| (*name).to_owned())?;
                let told = time.map_or_else(|| "never".to_owned(), |time| format!("{time:.1} s"));
                say(&format!("run {}: {name}: {told}", run + 1));
                seen.back[nth].push(time);
            }
            seen.good.push(self.good().await.context("a good version")?);
        }
        if runs > 0 {
            seen.held.push(self.shared("hold").await.context("a fault on both sides")?);
            seen.went_back.push(!self.shared("roll_back").await.context("a fault on both sides")?);
        }
        Ok(())
    }

    /// A version that gets a fault while it has a quarter of the traffic.
    async fn fault(&self, fault: &str, patience: Duration) -> anyhow::Result<Option<f64>> {
        let (version, id) = self.at_a_quarter().await?;
        let fault: Value = serde_json::from_str(fault)?;
        self.trial.set_faults(&json!({ version.as_str(): fault }))?;
        let began = Instant::now();
        let back = self.goes_back(&id, patience).await?;
        let time = back.then(|| began.elapsed().as_secs_f64());
        self.calm(&id).await?;
        Ok(time)
    }

    /// The same fault on both; whether it was still held after a while.
    async fn shared(&self, then: &str) -> anyhow::Result<bool> {
        let mut admin = self.trial.service().admin();
        let text = format!("{PLAYBOOK}shared_incident = \"{then}\"\n");
        let published =
            admin.must("POST", "/api/v1/playbooks/traffic/revisions", Some(&json!({ "text": text }))).await?;
        let follow = json!({ "playbook_revision": published["revision"] });
        admin.must("PATCH", "/api/v1/products/shop", Some(&follow)).await?;
        let environment = admin.must("GET", shop::PRODUCTION, None).await?;
        let stable = environment["version"].as_str().context("nothing runs")?.to_owned();
        let (version, id) = self.at_a_quarter().await?;
        let ill = json!({ "error_rate": 0.05 });
        self.trial.set_faults(&json!({ version.as_str(): ill, stable.as_str(): ill }))?;
        let back = self.goes_back(&id, SHARED).await?;
        self.calm(&id).await?;
        Ok(!back)
    }

    async fn good(&self) -> anyhow::Result<bool> {
        let mut admin = self.trial.service().admin();
        let (_, id) = shop::start(&mut admin, "canary").await?;
        let began = Instant::now();
        loop {
            let shown = shop::look(&mut admin, &id).await?;
            match shown["state"].as_str() {
                Some("live") => return Ok(true),
                Some("rolled_back") => {
                    say(&format!("a good version went back: {shown}"));
                    shop::resume(&mut admin).await?;
                    return Ok(false);
                }
                _ if began.elapsed() > Duration::from_mins(6) => {
                    say(&format!("a good version does not come in: {shown}"));
                    self.calm(&id).await?;
                    return Ok(false);
                }
                _ => tokio::time::sleep(LOOK).await,
            }
        }
    }

    async fn at_a_quarter(&self) -> anyhow::Result<(String, String)> {
        let mut admin = self.trial.service().admin();
        let (version, id) = shop::start(&mut admin, "watched").await?;
        shop::holds(&mut admin, &id, 25.0).await?;
        tokio::time::sleep(CALM).await;
        Ok((version, id))
    }

    async fn goes_back(&self, id: &str, patience: Duration) -> anyhow::Result<bool> {
        let mut admin = self.trial.service().admin();
        let began = Instant::now();
        while began.elapsed() < patience {
            let shown = shop::look(&mut admin, id).await?;
            let back = matches!(shown["state"].as_str(), Some("rolling_back" | "rolled_back"));
            if back && shown["weight"]["actual"].as_f64() == Some(0.0) {
                return Ok(true);
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(false)
    }

    /// No fault, no rollout, no alarm and no hold is left.
    async fn calm(&self, id: &str) -> anyhow::Result<()> {
        let mut admin = self.trial.service().admin();
        self.trial.set_faults(&json!({}))?;
        let shown = shop::look(&mut admin, id).await?;
        if !matches!(shown["state"].as_str(), Some("rolling_back" | "rolled_back" | "live")) {
            shop::steer(&mut admin, id, "abort").await?;
        }
        shop::is_over(&mut admin, id).await?;
        let began = Instant::now();
        while let Some(first) = admin.must("GET", shop::PRODUCTION, None).await?["alarms"].get(0) {
            anyhow::ensure!(began.elapsed() < Duration::from_mins(2), "an alarm does not end: {first}");
            tokio::time::sleep(LOOK).await;
        }
        shop::resume(&mut admin).await
    }
}
