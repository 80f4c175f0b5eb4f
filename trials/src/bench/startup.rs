//! From the start of the process until it is ready, on a long record, with and without a snapshot.

use super::Bench;
use crate::{
    Settings,
    place::{Database, Place},
    report::{Table, median, megabytes},
    score::say,
    seed::{Plan, Road, fill},
    service::Service,
};
use sqlx::{Connection as _, Row as _, SqliteConnection};
use std::time::{Duration, Instant};

/// Events that one release of the long road leaves.
const EACH: u64 = 9;

pub async fn measure(asked: &Bench, settings: &Settings) -> anyhow::Result<Table> {
    println!("startup: {} events", asked.events);
    let place = Place::new(Database::Sqlite, settings).await?;
    let releases = usize::try_from(asked.events.div_ceil(EACH))?;
    let plan = Plan { products: asked.products, releases, approvers: 1, road: Road::Long };
    let seeded = fill(&place, plan, settings.seed).await?;
    say(&format!("{} events recorded", seeded.events));
    let mut service = Service::at(&place, settings)?;
    // The very first start also publishes playbooks; it is not measured.
    service.start().await?;
    service.stop().await?;

    let (mut without, mut with, mut memory) = (Vec::new(), Vec::new(), (Vec::new(), Vec::new()));
    for round in 1..=asked.rounds {
        forget_snapshot(&place).await?;
        without.push(service.start().await?.as_secs_f64() * 1_000.0);
        memory.0.push(service.memory()?.1);
        wait_for_snapshot(&place).await?;
        service.stop().await?;
        with.push(service.start().await?.as_secs_f64() * 1_000.0);
        memory.1.push(service.memory()?.1);
        service.stop().await?;
        say(&format!("round {round}: {:.0} ms without, {:.0} ms with a snapshot", without[round - 1], with[round - 1]));
    }
    place.close().await?;

    let mut table = Table::new("startup");
    table.row("events, releases", format!("{}, {}", seeded.events, seeded.releases.len()));
    let middle = |figures: &[f64]| median(figures).unwrap_or(f64::NAN);
    table.row("ready without a snapshot", format!("{:.0} ms", middle(&without)));
    table.row("ready with a snapshot", format!("{:.0} ms", middle(&with)));
    let highest = |figures: &[u64]| megabytes(median(figures).unwrap_or(0));
    table.row("memory at its highest without, with", format!("{}, {}", highest(&memory.0), highest(&memory.1)));
    Ok(table)
}

async fn open(place: &Place) -> anyhow::Result<SqliteConnection> {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(place.file());
    Ok(SqliteConnection::connect_with(&options).await?)
}

async fn forget_snapshot(place: &Place) -> anyhow::Result<()> {
    let mut connection = open(place).await?;
    sqlx::raw_sql("DELETE FROM snapshots").execute(&mut connection).await?;
    Ok(connection.close().await?)
}

/// The server keeps one soon after it has read so many events without.
async fn wait_for_snapshot(place: &Place) -> anyhow::Result<()> {
    let (mut connection, began) = (open(place).await?, Instant::now());
    while began.elapsed() < Duration::from_mins(1) {
        let row = sqlx::query("SELECT count(*) FROM snapshots").fetch_one(&mut connection).await?;
        if row.try_get::<i64, _>(0)? > 0 {
            return Ok(connection.close().await?);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    anyhow::bail!("the server keeps no snapshot of a long record")
}
