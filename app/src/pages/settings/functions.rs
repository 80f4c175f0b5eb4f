//! Server functions of the settings of a product. Plain forms.
#![expect(clippy::too_many_arguments, reason = "each argument is a field of a form")]

use crate::{
    failure::Failure,
    forms::{Accepted, Notice},
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Tries a driver (`act` is “test”), keeps it when the trial is good (“save”), or keeps it whatever comes of it (“anyway”).
/// Secrets are under a name that is never carried from page to page.
#[server(prefix = "/do", endpoint = "connect")]
pub async fn connect(
    product: String,
    env: String,
    driver: String,
    act: String,
    #[server(default)] set: BTreeMap<String, String>,
    #[server(default)] password: BTreeMap<String, String>,
    #[server(default)] smoke: String,
    #[server(default)] health: String,
) -> Result<Notice, Failure> {
    let said = on_server::Said { set, password, smoke, health };
    crate::failure::answer(on_server::connect(&product, &env, &driver, &act, said).await)
}

#[server(prefix = "/do", endpoint = "disconnect")]
pub async fn disconnect(product: String, env: String, #[server(default)] reason: String) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::disconnect(&product, &env, reason).await)
}

/// What already runs there is taken as it is.
#[server(prefix = "/do", endpoint = "adopt")]
pub async fn adopt(product: String, env: String, #[server(default)] version: String) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::adopt(&product, &env, &version).await)
}

/// As for a driver: tries a monitor, keeps it when the trial is good, or keeps it whatever comes of it.
#[server(prefix = "/do", endpoint = "watch")]
pub async fn watch(
    product: String,
    env: String,
    monitor: String,
    act: String,
    #[server(default)] set: BTreeMap<String, String>,
    #[server(default)] password: BTreeMap<String, String>,
) -> Result<Notice, Failure> {
    crate::failure::answer(super::monitoring::watch(&product, &env, &monitor, &act, set, password).await)
}

#[server(prefix = "/do", endpoint = "unwatch")]
pub async fn unwatch(
    product: String,
    env: String,
    monitor: String,
    #[server(default)] reason: String,
) -> Result<Accepted, Failure> {
    crate::failure::answer(super::monitoring::unwatch(&product, &env, &monitor, reason).await)
}

/// Asks a monitor now, with the settings that are kept.
#[server(prefix = "/do", endpoint = "ask_monitor")]
pub async fn ask_monitor(product: String, env: String, monitor: String) -> Result<Notice, Failure> {
    crate::failure::answer(super::monitoring::ask(&product, &env, &monitor).await)
}

/// An alarm is over.
#[server(prefix = "/do", endpoint = "clear_alarm")]
pub async fn clear_alarm(
    product: String,
    env: String,
    key: String,
    #[server(default)] reason: String,
) -> Result<Accepted, Failure> {
    use domain::environment::Command;
    crate::failure::answer(on_server::order(&product, &env, Command::Clear { key, reason }).await)
}

mod on_server {
    use super::super::{trial, words};
    use crate::{
        asking::asking,
        forms::{Accepted, Notice},
        pages::rollout::place,
    };
    use control::{Command, driver::DriverKind, rollout::Wiring};
    use domain::{Refusal, access::Permission, environment};
    use std::collections::BTreeMap;

    /// What stands in the form.
    pub struct Said {
        pub set: BTreeMap<String, String>,
        pub password: BTreeMap<String, String>,
        pub smoke: String,
        pub health: String,
    }

    pub async fn connect(product: &str, env: &str, driver: &str, act: &str, said: Said) -> Result<Notice, Refusal> {
        let asking = asking()?;
        let place = place(&asking, product, env)?;
        asking.seen(&place.product)?.1.require(Permission::Administer, "connect environments")?;
        let kind = DriverKind::named(driver).ok_or_else(|| {
            let known = DriverKind::ALL.map(DriverKind::name).join(", ");
            Refusal::invalid("driver", format!("“{driver}”"), format!("one of {known}"))
        })?;
        let act = trial::Act::read(act)?;
        let fields = asking.control.machines().workshop.fields(kind);
        let wiring = Wiring {
            kind,
            settings: words::settings(fields, &said.set)?,
            secrets: words::secrets(fields, said.password),
            smoke: words::programs(&said.smoke),
            health: Some(said.health.trim().to_owned()).filter(|address| !address.is_empty()),
        };
        let mut findings = Vec::new();
        if act != trial::Act::Anyway {
            let tried = asking.control.try_wiring(asking.actor, &place, &wiring).await?;
            if act == trial::Act::Test {
                return Ok(trial::tested(&tried));
            }
            findings = trial::good(tried)?;
        }
        let order = asking.control.wire(asking.actor, &place, wiring).await?;
        asking.control.order(order).await?;
        Ok(trial::told("Saved", &findings))
    }

    /// With what was kept sealed for it.
    pub async fn disconnect(product: &str, env: &str, reason: String) -> Result<Accepted, Refusal> {
        let asking = asking()?;
        let place = place(&asking, product, env)?;
        let order = asking.control.unwire(asking.actor, &place, reason)?;
        Ok(Accepted { seq: asking.control.order(order).await?.seq })
    }

    pub async fn order(product: &str, env: &str, command: environment::Command) -> Result<Accepted, Refusal> {
        let asking = asking()?;
        let place = place(&asking, product, env)?;
        let receipt = asking.order(Command::Environment(place, command)).await?;
        Ok(Accepted { seq: receipt.seq })
    }

    pub async fn adopt(product: &str, env: &str, version: &str) -> Result<Accepted, Refusal> {
        // Who may not see the product learns nothing about versions.
        place(&asking()?, product, env)?;
        order(product, env, environment::Command::Adopt { version: version.trim().parse()? }).await
    }
}
