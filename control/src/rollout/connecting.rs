//! Which driver an environment has: tried before it is kept, secrets sealed and never shown.

use crate::{
    Command, Control, Order,
    driver::{self, Driver, DriverKind, Finding, Secret, Settings},
    monitor,
    vault::PrivateWrite,
};
use domain::{
    Refusal,
    access::{Actor, Permission},
    environment::{self, Connection, EnvironmentId},
};
use std::{collections::BTreeMap, sync::Arc};

/// What somebody sets for an environment.
#[derive(Debug, Clone)]
pub struct Wiring {
    pub kind: DriverKind,
    pub settings: Settings,
    /// Those that are left out stay as they are.
    pub secrets: BTreeMap<String, Secret>,
    pub smoke: Vec<Vec<String>>,
    pub health: Option<String>,
}

/// What a trial of a wiring came to.
#[derive(Debug, Clone)]
pub struct Tried {
    pub findings: Vec<Finding>,
}

impl Tried {
    pub fn is_good(&self) -> bool {
        self.findings.iter().all(|finding| finding.good)
    }
}

impl Control {
    /// Tries it without keeping anything.
    pub async fn try_wiring(&self, actor: Actor, place: &EnvironmentId, wiring: &Wiring) -> Result<Tried, Refusal> {
        self.may_wire(actor, place)?;
        let driver = self.build(place, wiring).await?;
        Ok(Tried { findings: driver.test().await })
    }

    /// The order that keeps it, secrets sealed.
    pub async fn wire(&self, actor: Actor, place: &EnvironmentId, wiring: Wiring) -> Result<Order, Refusal> {
        self.may_wire(actor, place)?;
        let driver = self.build(place, &wiring).await?;
        let before = self.world().connection(place).cloned();
        // Another driver's secrets are of no use to this one.
        let (kept, dropped) = match before {
            Some(before) if before.driver == wiring.kind.name() => (before.secrets, Vec::new()),
            Some(before) => (Vec::new(), before.secrets),
            None => (Vec::new(), Vec::new()),
        };
        let mut names: Vec<String> = wiring.secrets.keys().cloned().chain(kept).collect();
        names.sort_unstable();
        names.dedup();
        let instances = wiring.settings.get("instances").and_then(serde_json::Value::as_u64);
        let connection = Connection {
            driver: wiring.kind.name().to_owned(),
            settings: wiring.settings,
            secrets: names,
            abilities: driver.abilities(),
            instances: instances.and_then(|n| u32::try_from(n).ok()),
            smoke: wiring.smoke,
            health: wiring.health,
        };
        let command = environment::Command::Connect(Box::new(connection));
        let mut order = Order::new(actor, Command::Environment(place.clone(), command));
        for name in dropped {
            order = order.with(PrivateWrite::DropSecret { place: place.clone(), name });
        }
        for (name, secret) in wiring.secrets {
            let sealed = self.seal(place, &name, &secret);
            order = order.with(PrivateWrite::PutSecret { place: place.clone(), name, sealed });
        }
        Ok(order)
    }

    /// The order after which nothing moves it any more; its secrets go.
    pub fn unwire(&self, actor: Actor, place: &EnvironmentId, reason: String) -> Result<Order, Refusal> {
        self.may_wire(actor, place)?;
        let names = self.world().connection(place).map(|c| c.secrets.clone()).unwrap_or_default();
        let command = environment::Command::Disconnect { reason };
        let order = Order::new(actor, Command::Environment(place.clone(), command));
        let drop = |name| PrivateWrite::DropSecret { place: place.clone(), name };
        Ok(names.into_iter().map(drop).fold(order, Order::with))
    }

    /// The driver of an environment as it is set now.
    pub(crate) async fn driver(&self, place: &EnvironmentId) -> Result<Arc<dyn Driver>, Refusal> {
        let world = self.world();
        let connection = world.connection(place).ok_or_else(|| Refusal::not_found("driver there"))?;
        let kind = DriverKind::named(&connection.driver)
            .ok_or_else(|| Refusal::not_found(format!("driver “{}”", connection.driver)))?;
        let secrets = self.opened(place).await?;
        let connection = driver::Connection { kind, settings: connection.settings.clone(), secrets };
        self.machines().workshop.driver(place, &connection)
    }

    /// The last lines that instances of an environment wrote.
    pub async fn log_of(&self, place: &EnvironmentId, lines: usize) -> Result<Vec<String>, Refusal> {
        let driver = self.driver(place).await?;
        driver.log(lines).await.map_err(|fault| Refusal::new(domain::Class::Unavailable, fault.said))
    }

    /// Whether what runs is what was brought; a difference is recorded, never mended by itself.
    pub(crate) async fn compare(&self, place: &EnvironmentId) {
        let Ok(driver) = self.driver(place).await else { return };
        let Ok(observed) = driver.observe().await else { return };
        let Some(found) = observed.arms.first().and_then(|arm| arm.version.clone()) else { return };
        let world = self.world();
        let Some(environment) = world.environment(place) else { return };
        let Some(running) = environment.running() else { return };
        let drift = (found != running.version).then(|| format!("{found} runs there, not {}", running.version));
        if environment.drift.as_ref().map(|drift| &drift.found) == drift.as_ref() {
            return;
        }
        let command = Command::Environment(place.clone(), environment::Command::Saw { drift });
        if let Err(refusal) = self.dispatch(Order::new(Actor::System, command)).await {
            tracing::debug!(%place, %refusal, "what was seen was not recorded");
        }
    }

    async fn build(&self, place: &EnvironmentId, wiring: &Wiring) -> Result<Arc<dyn Driver>, Refusal> {
        let same = self.world().connection(place).is_some_and(|c| c.driver == wiring.kind.name());
        let mut secrets = if same { self.opened(place).await? } else { BTreeMap::new() };
        secrets.extend(wiring.secrets.clone());
        let connection = driver::Connection { kind: wiring.kind, settings: wiring.settings.clone(), secrets };
        self.machines().workshop.driver(place, &connection)
    }

    async fn opened(&self, place: &EnvironmentId) -> Result<BTreeMap<String, Secret>, Refusal> {
        // Most have none, and are asked for with every step.
        if self.world().connection(place).is_none_or(|connection| connection.secrets.is_empty()) {
            return Ok(BTreeMap::new());
        }
        let sealed = self.journal().secrets(place).await?;
        // Those of monitors are none of the driver's business.
        let own = sealed.into_iter().filter(|(name, _)| !name.starts_with(monitor::SECRETS));
        let open = |(name, bytes): (String, Vec<u8>)| {
            let secret = self.unseal(place, &name, &bytes)?;
            Some((name, secret))
        };
        Ok(own.filter_map(open).collect())
    }

    pub(crate) fn seal(&self, place: &EnvironmentId, name: &str, secret: &Secret) -> Vec<u8> {
        self.machines().safe.seal(&purpose(place, name), secret.reveal().as_bytes())
    }

    /// None when it cannot be opened, which the log says.
    pub(crate) fn unseal(&self, place: &EnvironmentId, name: &str, sealed: &[u8]) -> Option<Secret> {
        let plain = self.machines().safe.open(&purpose(place, name), sealed);
        let text = plain.and_then(|plain| String::from_utf8(plain).ok());
        if text.is_none() {
            tracing::error!(%place, name, "a secret cannot be opened with this installation's key");
        }
        text.map(Secret::new)
    }

    fn may_wire(&self, actor: Actor, place: &EnvironmentId) -> Result<(), Refusal> {
        let by = self.authority(actor, Some(&place.product));
        by.require(Permission::View, "see it")
            .map_err(|_| Refusal::not_found(format!("product “{}”", place.product)))?;
        by.require(Permission::Administer, "connect environments")
    }
}

fn purpose(place: &EnvironmentId, name: &str) -> String {
    format!("connection {}/{} {name}", place.product, place.env)
}
