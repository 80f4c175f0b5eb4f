//! Approvals over REST, each durable before it is answered, against a bare insert on the same disk.

use super::{Bench, insert::Loop};
use crate::{
    Settings,
    client::Client,
    place::{Database, Place},
    report::{Table, median, spread},
    rest,
    score::say,
    seed::{Plan, Road, Seeded, fill},
    service::Service,
};
use std::{net::SocketAddr, time::Instant};
use tokio::task::JoinSet;

const MANY: usize = 32;
/// How many more approvals many callers share in a round than one caller gives.
const MORE: usize = 4;

pub async fn measure(asked: &Bench, settings: &Settings) -> anyhow::Result<Table> {
    let mut table = Table::new("approvals");
    on(Database::Sqlite, asked, settings, &mut table).await?;
    if settings.database_url.is_some() {
        on(Database::Postgres, asked, settings, &mut table).await?;
    }
    Ok(table)
}

async fn on(database: Database, asked: &Bench, settings: &Settings, table: &mut Table) -> anyhow::Result<()> {
    let each = asked.approvals.max(MANY);
    println!("approvals on {database}: {each} by one caller, {} by {MANY}, {} rounds", each * MORE, asked.rounds);
    let place = Place::new(database, settings).await?;
    let releases = asked.rounds * each * (1 + MORE);
    let plan = Plan { products: asked.products, releases, approvers: MANY, road: Road::Candidates };
    let mut seeded = fill(&place, plan, settings.seed).await?;
    let mut bare = Loop::open(&place).await?;
    let mut service = Service::at(&place, settings)?;
    service.start().await?;
    let (mut bares, mut alone, mut together) = (Vec::new(), Vec::new(), Vec::new());
    for round in 1..=asked.rounds {
        bares.push(bare.rate(asked.duration() / 4).await?);
        alone.push(approve(service.address, &mut seeded, 1, each).await?);
        together.push(approve(service.address, &mut seeded, MANY, each * MORE).await?);
        let at = round - 1;
        say(&format!(
            "round {round}: bare {:.0}/s, one caller {:.0}/s, {MANY} callers {:.0}/s",
            bares[at], alone[at], together[at]
        ));
    }
    service.stop().await?;
    drop(bare);
    place.close().await?;

    let middle = |figures: &[f64]| median(figures).unwrap_or(f64::NAN);
    let shown = |figures: &[f64]| format!("{:.0}/s ({})", middle(figures), spread(figures));
    let share = |figures: &[f64]| {
        format!("{}, {:.0} % of the bare loop", shown(figures), 100.0 * middle(figures) / middle(&bares))
    };
    table.row(format!("{database}: bare insert, committed and synced, in a loop"), shown(&bares));
    table.row(format!("{database}: approvals over REST, 1 caller"), share(&alone));
    table.row(format!("{database}: approvals over REST, {MANY} callers"), share(&together));
    Ok(())
}

/// So many callers give so many approvals together; how many per second.
async fn approve(address: SocketAddr, seeded: &mut Seeded, callers: usize, count: usize) -> anyhow::Result<f64> {
    let mut shares = vec![Vec::new(); callers];
    for n in 0..count {
        shares[n % callers].extend(seeded.releases.pop());
    }
    let mut clients = Vec::new();
    for token in seeded.tokens.iter().take(callers) {
        let mut client = Client::with_token(address, token);
        client.must("GET", "/api/v1/audit/checkpoint", None).await?;
        clients.push(client);
    }
    let began = Instant::now();
    let mut running = JoinSet::new();
    for (mut client, share) in clients.into_iter().zip(shares) {
        running.spawn(async move {
            for (product, version, digest) in share {
                let path = format!("/api/v1/products/{product}/releases/{version}/approvals");
                let body = rest::decision("product_manager", digest.as_str());
                client.must("POST", &path, Some(&body)).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(one) = running.join_next().await {
        one??;
    }
    #[expect(clippy::cast_precision_loss, reason = "a rate needs no more than 52 bits")]
    Ok(count as f64 / began.elapsed().as_secs_f64())
}
