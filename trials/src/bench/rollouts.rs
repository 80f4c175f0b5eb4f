//! Thousands of rollouts at once: how long one look of the engine takes when all are due, and when none is.

use super::Bench;
use crate::{
    place,
    report::{Table, median, megabytes},
    seed::now,
};
use anyhow::{Context as _, ensure};
use chrono::TimeDelta;
use control::{
    Command, Control, Opening, Order,
    clock::HandClock,
    driver::{DriverKind, Settings},
    memory::{CountedSecrets, MemoryGround},
    rollout::{Engine, Wiring},
    tasks::Tasks,
    world::Choice,
};
use domain::{
    access::Actor,
    environment::{self, EnvironmentId},
    product,
    release::{Create, Numbering},
    rollout::State,
    slug::EnvName,
};
use std::{sync::Arc, time::Instant};
use tokio::task::JoinSet;

/// As few rules as a playbook can have: it is the engine that is measured.
const PLAYBOOK: &str = r#"
name = "bench"
title = "Bench"
summary = "Only what rollouts need."

[[environment]]
name = "production"
purpose = "Customers."

[[role]]
id = "engineer"
title = "Engineer"
duty = "Promotes."
permissions = ["author", "promote"]

[[type]]
id = "minor"
title = "Minor"
when = "Always."
bump = "minor"
default_for_bump = true
approvals = []
strategy = "canary"

[[type]]
id = "major"
title = "Major"
when = "Never."
bump = "major"
default_for_bump = true
approvals = []
strategy = "canary"

[[strategy]]
id = "canary"
title = "Canary"
kind = "canary"
default = true
phase = [{ weight = "5 %", hold = "30 min" }, { weight = "25 %", hold = "1 h" }, { weight = "100 %" }]
"#;

/// Orders that wait together; the writer takes as many into one transaction.
const TOGETHER: usize = 256;

pub async fn measure(asked: &Bench) -> anyhow::Result<Table> {
    let count = asked.rollouts;
    println!("rollouts: {count} at once");
    let folder = place::folder()?;
    let (tasks, ground) = (Tasks::default(), MemoryGround::default());
    let clock = Arc::new(HandClock::at(now()));
    let opening = Opening {
        journal: store::open(&store::Location::Sqlite(folder.path().join("pilothouse.db"))).await?,
        clock: clock.clone(),
        secrets: Arc::new(CountedSecrets::default()),
        machines: ground.machines(),
        tasks: tasks.clone(),
        follow: None,
    };
    let control = Control::open(opening, |_, _| {}).await?;
    set_up(&control, count).await?;
    let mut engine = Engine::new(control.clone(), "bench".to_owned(), true);
    // All come to their first watch.
    while engine.round().await.begun > 0 {
        engine.settle().await;
    }
    let watching = control.world().under_way().filter(|rollout| rollout.state() == State::Judging).count();
    ensure!(watching == count, "{watching} of {count} came to their first watch");

    let (mut idle, mut due, mut moved) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..asked.rounds.max(1) {
        let began = Instant::now();
        let round = engine.round().await;
        idle.push(began.elapsed().as_secs_f64() * 1_000.0);
        ensure!(round.begun == 0 && round.seen == count, "an idle look began {} things", round.begun);
    }
    clock.advance(TimeDelta::minutes(30));
    let before = control.seq();
    let began = Instant::now();
    let round = engine.round().await;
    engine.settle().await;
    due.push(began.elapsed().as_secs_f64() * 1_000.0);
    ensure!(round.begun == count, "{} of {count} were due", round.begun);
    let recorded = control.seq() - before;
    let began = Instant::now();
    engine.round().await;
    engine.settle().await;
    moved.push(began.elapsed().as_secs_f64() * 1_000.0);
    let effects = ground.ledger().len();
    ensure!(effects == 3 * count, "{effects} effects, expected were three for each rollout");
    let memory = memory_now()?;
    tasks.stop().await;

    let mut table = Table::new("rollouts");
    let middle = |figures: &[f64]| median(figures).unwrap_or(f64::NAN);
    let (idle, due) = (middle(&idle), middle(&due));
    table.claim(
        format!("{count} due in one look: planned and recorded"),
        format!("{due:.0} ms, {recorded} events"),
        "at most 1 s",
        due <= 1_000.0,
    );
    table.row(
        "the next step of each: written down, carried out by a driver in memory, recorded",
        format!("{:.0} ms", middle(&moved)),
    );
    table.claim("a look at all of them when none is due", format!("{idle:.1} ms"), "at most 20 ms", idle <= 20.0);
    table.row("memory of the process afterwards, ledger and bench included", megabytes(memory));
    Ok(table)
}

/// One product each, with something that runs and something better on its way in.
async fn set_up(control: &Control, count: usize) -> anyhow::Result<()> {
    let publish = Command::PublishPlaybook("bench".parse()?, PLAYBOOK.to_owned());
    control.order(Order::new(Actor::System, publish)).await?;
    let mut running = JoinSet::new();
    for n in 0..count {
        if running.len() == TOGETHER
            && let Some(one) = running.join_next().await
        {
            one??;
        }
        let control = control.clone();
        running.spawn(async move { begin(&control, n).await });
    }
    while let Some(one) = running.join_next().await {
        one??;
    }
    Ok(())
}

async fn begin(control: &Control, n: usize) -> anyhow::Result<()> {
    let order = async |command| control.order(Order::new(Actor::System, command)).await;
    let product: domain::slug::ProductSlug = format!("product-{n}").parse()?;
    let create =
        product::Command::Create { name: format!("Product {n}"), playbook: "bench".parse()?, repository: None };
    order(Command::Product(product.clone(), create)).await?;
    let place = EnvironmentId { product: product.clone(), env: EnvName::production() };
    let adopt = environment::Command::Adopt { version: "1.0.0".parse()? };
    order(Command::Environment(place.clone(), adopt)).await?;
    let wiring = Wiring {
        kind: DriverKind::Local,
        settings: Settings::new(),
        secrets: [].into(),
        smoke: Vec::new(),
        health: None,
    };
    control.order(control.wire(Actor::System, &place, wiring).await?).await?;
    let numbering = Numbering::Exact("1.1.0".parse()?);
    order(Command::CreateRelease(product.clone(), Create { numbering, kind: None, title: None })).await?;
    let id = domain::release::ReleaseId { product, version: "1.1.0".parse()? };
    order(Command::Release(id.clone(), domain::release::Command::RequestApproval)).await?;
    let (_, promotion) = control.promotion(place, id.version, Choice::default(), None, String::new());
    order(promotion).await.context("a rollout could not start")?;
    Ok(())
}

/// What this process holds now, in kilobytes.
fn memory_now() -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    Ok(line.split_whitespace().next().context("no number")?.parse()?)
}
