//! What the forms of monitors do.

use super::{trial, words};
use crate::{
    asking::asking,
    forms::{Accepted, Notice},
    pages::rollout::place,
};
use control::monitor::{Connection, MonitorKind};
use domain::{Refusal, access::Permission};
use std::collections::BTreeMap;

pub(super) async fn watch(
    product: &str,
    env: &str,
    monitor: &str,
    act: &str,
    set: BTreeMap<String, String>,
    password: BTreeMap<String, String>,
) -> Result<Notice, Refusal> {
    let asking = asking()?;
    let place = place(&asking, product, env)?;
    asking.seen(&place.product)?.1.require(Permission::Administer, "connect monitors")?;
    let kind = named(monitor)?;
    let act = trial::Act::read(act)?;
    let fields = asking.control.machines().observatory.fields(kind);
    let settings = words::settings(fields, &set)?;
    let wanted = Connection { kind, settings, secrets: words::secrets(fields, password) };
    let mut findings = Vec::new();
    if act != trial::Act::Anyway {
        let tried = asking.control.try_monitor(asking.actor, &place, &wanted).await?;
        if act == trial::Act::Test {
            return Ok(trial::tested(&tried));
        }
        findings = trial::good(tried)?;
    }
    let order = asking.control.wire_monitor(asking.actor, &place, wanted).await?;
    asking.control.order(order).await?;
    Ok(trial::told("Saved", &findings))
}

pub(super) async fn unwatch(product: &str, env: &str, monitor: &str, reason: String) -> Result<Accepted, Refusal> {
    let asking = asking()?;
    let place = place(&asking, product, env)?;
    asking.seen(&place.product)?.1.require(Permission::Administer, "disconnect monitors")?;
    let order = asking.control.unwire_monitor(asking.actor, &place, named(monitor)?, reason)?;
    Ok(Accepted { seq: asking.control.order(order).await?.seq })
}

pub(super) async fn ask(product: &str, env: &str, monitor: &str) -> Result<Notice, Refusal> {
    let asking = asking()?;
    let place = place(&asking, product, env)?;
    asking.seen(&place.product)?.1.require(Permission::Promote, "ask monitors")?;
    let (tried, _) = asking.control.ask_now(asking.actor, &place, named(monitor)?).await?;
    Ok(trial::tested(&tried))
}

fn named(monitor: &str) -> Result<MonitorKind, Refusal> {
    MonitorKind::named(monitor).ok_or_else(|| {
        let known = MonitorKind::ALL.map(MonitorKind::name).join(", ");
        Refusal::invalid("monitor", format!("“{monitor}”"), format!("one of {known}"))
    })
}
