//! What really runs in the demonstration: two small services on the fleet of this machine, made-up customers who keep
//! asking them, and a canary with a regression that starts by itself.

use super::people::actor;
use anyhow::{Context as _, ensure};
use control::{
    Control, Order,
    driver::{DriverKind, Settings},
    rollout::Wiring,
    world::Choice,
};
use domain::{
    access::Actor,
    environment::EnvironmentId,
    release::Version,
    rollout::{State, Verb},
    slug::EnvName,
};
use serde_json::json;
use std::{
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::{
    process::{Child, Command as Program},
    time::sleep,
};
use tokio_util::sync::CancellationToken;

/// A service of the demonstration.
struct Stall {
    product: &'static str,
    /// What runs first.
    first: &'static str,
    /// What follows by itself, and is worse.
    faulty: Option<&'static str>,
}

const STALLS: [Stall; 2] = [
    Stall { product: "coffee", first: "1.4.2", faulty: Some("1.5.0") },
    Stall { product: "bakery", first: "2.0.1", faulty: None },
];

/// Requests per second to each.
const CUSTOMERS: &str = "150";
/// Share of requests that the faulty version fails: so few that the judge has to look a few times.
const FAILS: &str = "0.04";
/// How long the first version is watched before something is compared with it.
const PAST: Duration = Duration::from_secs(15);
const LOOK: Duration = Duration::from_millis(200);

/// Plays until it is stopped; what cannot be played is said and left out.
pub async fn play(control: Control, stop: CancellationToken) {
    let playing = async {
        match act(&control).await {
            // The customers stay as long as the house is open.
            Ok(customers) => {
                std::future::pending::<()>().await;
                drop(customers);
            }
            Err(error) => {
                tracing::warn!("the live part of the demonstration cannot be played: {error:#}");
                std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! {
        () = playing => {}
        () = stop.cancelled() => {}
    }
}

async fn act(control: &Control) -> anyhow::Result<Vec<Child>> {
    let service = service()?;
    let mut customers = Vec::new();
    for stall in &STALLS {
        let address = stall.connect(control, &service).await?;
        stall.open(control).await.with_context(|| format!("{} {}", stall.product, stall.first))?;
        customers.push(ask(&service, address)?);
    }
    for stall in &STALLS {
        stall.go_wrong(control).await?;
    }
    Ok(customers)
}

/// The program beside our own.
fn service() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe().context("where this program is cannot be told")?;
    let beside = own.with_file_name("demo");
    ensure!(beside.is_file(), "{} is not there; `cargo xtask run` builds it", beside.display());
    Ok(beside)
}

impl Stall {
    fn place(&self) -> anyhow::Result<EnvironmentId> {
        Ok(EnvironmentId { product: self.product.parse()?, env: EnvName::production() })
    }

    /// The address that its customers ask, on the fleet of this machine.
    async fn connect(&self, control: &Control, service: &Path) -> anyhow::Result<SocketAddr> {
        let place = self.place()?;
        let kept = control.world().connection(&place).and_then(|c| c.settings.get("listen")?.as_str()?.parse().ok());
        if let Some(address) = kept {
            return Ok(address);
        }
        let address = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr())?;
        let mut run = vec![service.display().to_string()];
        run.extend(["serve", "--listen", "127.0.0.1:{{port}}", "--version", "{{version}}"].map(str::to_owned));
        if let Some(faulty) = self.faulty {
            run.extend(["--fault-in", faulty, "--error-rate", FAILS].map(str::to_owned));
        }
        let settings: Settings = [
            ("listen".to_owned(), json!(address.to_string())),
            ("run".to_owned(), json!(run)),
            ("health".to_owned(), json!("/health")),
            ("instances".to_owned(), json!(2)),
        ]
        .into_iter()
        .collect();
        let health = Some(format!("http://{address}/health"));
        let wiring = Wiring { kind: DriverKind::Local, settings, secrets: [].into(), smoke: Vec::new(), health };
        let order = control.wire(Actor::System, &place, wiring).await?;
        control.order(order).await?;
        Ok(address)
    }

    /// The first version comes in, where nothing runs yet.
    async fn open(&self, control: &Control) -> anyhow::Result<()> {
        let place = self.place()?;
        let empty = || control.world().environment(&place).is_none_or(|e| e.running().is_none());
        if empty() {
            self.promote(control, self.first.parse()?).await?;
        }
        // It is not watched for long: there is nothing to compare it with.
        loop {
            let world = control.world();
            let lock = world.environment(&place).and_then(|environment| environment.lock);
            let Some(rollout) = lock.and_then(|id| world.rollout(id)) else { break };
            match rollout.state() {
                State::Validating if rollout.from.is_none() => {
                    let command = control.steer(rollout.id, Verb::Promote, "Nothing to compare it with.".to_owned())?;
                    // It may have ended meanwhile.
                    let _ = control.order(Order::new(engineer()?, command)).await;
                }
                state => ensure!(state != State::Parked, "it is parked"),
            }
            if rollout.from.is_some() {
                break;
            }
            sleep(LOOK).await;
        }
        ensure!(!empty(), "it did not come in");
        Ok(())
    }

    /// The canary that everybody can watch, once.
    async fn go_wrong(&self, control: &Control) -> anyhow::Result<()> {
        let Some(faulty) = self.faulty else { return Ok(()) };
        let (place, version) = (self.place()?, faulty.parse()?);
        if control.world().rollout_to(&place, &version).is_some() {
            return Ok(());
        }
        sleep(PAST / control.machines().speed.max(1)).await;
        self.promote(control, version).await
    }

    async fn promote(&self, control: &Control, version: Version) -> anyhow::Result<()> {
        let choice = Choice::default();
        let (_, command) = control.promotion(self.place()?, version, choice, None, String::new());
        control.order(Order::new(engineer()?, command)).await?;
        Ok(())
    }
}

fn engineer() -> anyhow::Result<Actor> {
    Ok(actor(&"engineer".parse()?))
}

/// Customers who keep asking; they leave with us.
fn ask(service: &Path, address: SocketAddr) -> anyhow::Result<Child> {
    let mut program = Program::new(service);
    program.args(["load", "--target", &address.to_string(), "--rate", CUSTOMERS, "--seconds", "0"]);
    program.stdin(std::process::Stdio::null()).stdout(std::process::Stdio::null()).kill_on_drop(true);
    program.spawn().context("the customers cannot be sent")
}

#[cfg(test)]
mod tests {
    use super::super::story::PRODUCTS;
    use super::*;

    #[test]
    fn every_stall_is_a_product_of_the_story() {
        for stall in &STALLS {
            assert!(PRODUCTS.iter().any(|(slug, _, playbook)| (*slug, *playbook) == (stall.product, "demo")));
        }
    }
}
