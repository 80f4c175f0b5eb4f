//! Customers keep asking while versions come, go and turn back, and while the control room is killed: none of them meets a
//! failure, and each version gets the share that it is said to get.

mod balancer;
mod customers;
pub mod shop;
mod slot;

pub use slot::{Slot, fill};

use crate::{
    Settings,
    place::{Database, Place},
    score::{Score, say},
    service::{Service, said},
};
use anyhow::Context as _;
use balancer::Balancer;
use clap::{Args, ValueEnum};
pub use customers::Crowd;
use customers::count;
use serde_json::{Value, json};
use std::{
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    time::Duration,
};

/// A version may get so much more or less than its share: one percentage point.
const TOLERANCE: f64 = 1.0;
const CUSTOMERS: usize = 6;
const BREATH: Duration = Duration::from_millis(3);

#[derive(Debug, Args)]
pub struct Traffic {
    /// Requests counted at each share.
    #[arg(long, default_value_t = 20_000)]
    requests: u64,
    /// Who shares the traffic; both when none is named.
    #[arg(long)]
    driver: Option<Router>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Router {
    /// The fleet of Pilothouse itself.
    Local,
    /// A real HAProxy.
    Haproxy,
}

impl Traffic {
    pub fn sized(short: bool) -> Self {
        Self { requests: if short { 10_000 } else { 20_000 }, driver: None }
    }
}

pub async fn run(asked: &Traffic, settings: &Settings) -> anyhow::Result<()> {
    let mut score = Score::new("traffic");
    for router in [Router::Local, Router::Haproxy] {
        if asked.driver.is_none_or(|only| only == router) {
            println!("traffic through {router:?}: {} requests counted at each share", asked.requests);
            Trial::on(router, shop::PLAYBOOK, 2, settings).await?.go(asked.requests, &mut score).await?;
        }
    }
    score.end()
}

pub struct Trial {
    router: Router,
    place: Place,
    service: Service,
    balancer: Option<Balancer>,
    /// Where customers ask.
    pub front: SocketAddr,
    /// Requests counted at each share.
    requests: u64,
    /// What has all the traffic between two rollouts.
    stable: String,
}

impl Trial {
    /// One version runs behind `router`, the fleet with so many `instances` of it.
    pub async fn on(router: Router, playbook: &str, instances: u8, settings: &Settings) -> anyhow::Result<Self> {
        let place = Place::new(Database::Sqlite, settings).await?;
        let mut service = Service::at(&place, settings)?;
        service.start().await?;
        let shop = shop_program(settings)?;
        let faults = place.folder().join("faults.json");
        let (front, balancer, driver, wiring) = match router {
            Router::Local => {
                let front = free()?;
                let mut run = vec![shop.display().to_string()];
                run.extend(["serve", "--listen", "127.0.0.1:{{port}}", "--version", "{{version}}"].map(str::to_owned));
                run.extend(["--faults".to_owned(), faults.display().to_string()]);
                let wiring =
                    json!({ "listen": front.to_string(), "run": run, "instances": instances, "grace_seconds": 2 });
                (front, None, "local", wiring)
            }
            Router::Haproxy => {
                let balancer = Balancer::start(&place, &shop, &faults).await?;
                (balancer.front, Some(balancer), "haproxy", json!({}))
            }
        };
        let wiring = balancer.as_ref().map_or(wiring, Balancer::settings);
        shop::set_up(&service, playbook, driver, &wiring).await?;
        let mut admin = service.admin();
        let stable = if balancer.is_some() {
            shop::adopt(&mut admin, balancer::FIRST).await?;
            balancer::FIRST.to_owned()
        } else {
            let (first, id) = shop::start(&mut admin, "canary").await?;
            shop::finishes(&mut admin, &id).await.context("the first version")?;
            first
        };
        Ok(Self { router, requests: 0, place, service, balancer, front, stable })
    }

    async fn go(mut self, requests: u64, score: &mut Score) -> anyhow::Result<()> {
        self.requests = requests;
        let crowd = Crowd::gather(self.front, CUSTOMERS, BREATH);
        let script = self.script(score).await;
        let met = crowd.send_home().await;
        let (asked, failed) = (met.asked(), met.failed());
        say(&format!("{asked} requests of customers who were there all the time, {failed} failed"));
        score.claim(failed == 0, || format!("{failed} of {asked} requests failed: {}", met.why()));
        self.clear_up().await?;
        script
    }

    async fn script(&mut self, score: &mut Score) -> anyhow::Result<()> {
        self.canary(score).await.context("canary")?;
        self.at_once("blue_green", score).await.context("blue-green")?;
        if self.router == Router::Local {
            self.at_once("rolling", score).await.context("rolling")?;
        }
        self.aborted(score).await.context("aborted canary")?;
        self.rolled_back(score).await.context("rolled back canary")
    }

    /// 5, 25, 50 and 100 percent; the control room is killed between and in the middle.
    async fn canary(&mut self, score: &mut Score) -> anyhow::Result<()> {
        let (version, id) = shop::start(&mut self.service.admin(), "canary").await?;
        for share in [5.0, 25.0, 50.0] {
            shop::holds(&mut self.service.admin(), &id, share).await?;
            self.split(&version, share, "", score).await?;
            if share > 5.0 {
                self.service.kill().await?;
                self.split(&version, share, ", without a control room", score).await?;
                self.service.start().await?;
            }
            shop::steer(&mut self.service.admin(), &id, "promote").await?;
            if share > 25.0 {
                self.restart().await?;
            }
        }
        shop::finishes(&mut self.service.admin(), &id).await?;
        self.split(&version, 100.0, "", score).await?;
        self.stable = version;
        Ok(())
    }

    /// A strategy that asks nobody on its way; killed in the middle.
    async fn at_once(&mut self, strategy: &str, score: &mut Score) -> anyhow::Result<()> {
        let (version, id) = shop::start(&mut self.service.admin(), strategy).await?;
        shop::comes_to(&mut self.service.admin(), &id, "its beginning", &|shown| shown["state"] != "pending").await?;
        self.restart().await?;
        shop::finishes(&mut self.service.admin(), &id).await?;
        self.split(&version, 100.0, &format!(", by {strategy}"), score).await?;
        self.stable = version;
        Ok(())
    }

    /// Someone aborts at a quarter.
    async fn aborted(&mut self, score: &mut Score) -> anyhow::Result<()> {
        let mut admin = self.service.admin();
        let (_, id) = shop::start(&mut admin, "canary").await?;
        shop::holds(&mut admin, &id, 5.0).await?;
        shop::steer(&mut admin, &id, "promote").await?;
        shop::holds(&mut admin, &id, 25.0).await?;
        shop::steer(&mut admin, &id, "abort").await?;
        shop::is_back(&mut admin, &id).await?;
        self.split(&self.stable, 100.0, ", after an abort", score).await?;
        shop::resume(&mut admin).await
    }

    /// Someone rolls back, and the control room is killed as soon as it has said yes; then back from what was live.
    async fn rolled_back(&mut self, score: &mut Score) -> anyhow::Result<()> {
        let (_, id) = shop::start(&mut self.service.admin(), "canary").await?;
        shop::holds(&mut self.service.admin(), &id, 5.0).await?;
        let back = shop::roll_back(&mut self.service.admin()).await?;
        score.claim(back == id, || format!("the way back of {id} is {back}"));
        self.restart().await?;
        shop::is_back(&mut self.service.admin(), &id).await?;
        self.split(&self.stable, 100.0, ", after a rollback", score).await?;

        let before = self.stable.clone();
        shop::resume(&mut self.service.admin()).await?;
        self.at_once("blue_green", score).await?;
        let back = shop::roll_back(&mut self.service.admin()).await?;
        self.restart().await?;
        shop::is_over(&mut self.service.admin(), &back).await?;
        self.split(&before, 100.0, ", back from what was live", score).await
    }

    async fn restart(&mut self) -> anyhow::Result<()> {
        self.service.kill().await?;
        self.service.start().await?;
        Ok(())
    }

    /// Counts who answers, and compares with what the version should get.
    async fn split(&self, version: &str, share: f64, when: &str, score: &mut Score) -> anyhow::Result<()> {
        let counts = count(self.front, self.requests, 8).await;
        let all: u64 = counts.values().sum();
        let failed = counts.get("").copied().unwrap_or(0);
        #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 requests")]
        let got = counts.get(version).copied().unwrap_or(0) as f64 * 100.0 / all as f64;
        say(&format!("{version} should get {share} %{when}: it got {got:.3} % of {all}, {failed} failed"));
        score
            .claim((got - share).abs() <= TOLERANCE, || format!("{version} got {got:.3} % instead of {share} %{when}"));
        score.claim(failed == 0, || format!("{failed} of {all} requests failed at {share} %{when}"));
        if let Some(balancer) = &self.balancer {
            let (weights, expected) = (balancer.share_of(version).await?, share);
            score.claim((weights - expected).abs() < 0.01, || {
                format!("HAProxy's own weights give {version} {weights} % instead of {expected} %{when}")
            });
        }
        Ok(())
    }

    /// What stands behind HAProxy, asked past it; the first is where a trial begins.
    pub fn servers(&self) -> Option<[SocketAddr; 2]> {
        self.balancer.as_ref().map(Balancer::servers)
    }

    pub fn service(&self) -> &Service {
        &self.service
    }

    pub fn folder(&self) -> &Path {
        self.place.folder()
    }

    /// From now on versions have these faults, and all others none.
    pub fn set_faults(&self, faults: &Value) -> anyhow::Result<()> {
        let (file, new) = (self.folder().join("faults.json"), self.folder().join("faults.new"));
        std::fs::write(&new, faults.to_string())?;
        Ok(std::fs::rename(new, file)?)
    }

    pub async fn clear_up(mut self) -> anyhow::Result<()> {
        self.service.stop().await?;
        if self.router == Router::Local {
            let folder = self.place.folder().join("fleet").display().to_string();
            let stopped = self.service.run_alone(&["fleet", "--stop", "--folder", &folder]).await?;
            anyhow::ensure!(stopped.status.success(), "the fleet does not stop: {}", said(&stopped));
        }
        drop(self.balancer);
        self.place.close().await
    }
}

/// The demonstration's small shop, beside the release binary.
fn shop_program(settings: &Settings) -> anyhow::Result<PathBuf> {
    let shop = settings.binary()?.with_file_name("demo");
    anyhow::ensure!(shop.is_file(), "there is no {}: run `cargo xtask build` first", shop.display());
    Ok(shop)
}

pub fn free() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
