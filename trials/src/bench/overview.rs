//! The overview page of a signed-in person over a large record, against a bare handler with the same bytes.

use super::{
    Bench,
    bare::Running,
    load::{Shot, shoot},
};
use crate::{
    Settings,
    client::{Client, Credential},
    place::{Database, Place},
    report::{Table, median, megabytes, spread},
    score::say,
    seed::{Plan, Road, fill},
    service::Service,
};
use std::{net::SocketAddr, time::Duration};

const CLAIM: f64 = 0.15;
/// The tag changes with the minute, also in the middle of a round; such a round is begun again.
const TRIES: usize = 3;

pub async fn measure(asked: &Bench, settings: &Settings) -> anyhow::Result<Table> {
    println!("overview: {} releases in {} products", asked.releases, asked.products);
    let place = Place::new(Database::Sqlite, settings).await?;
    let plan = Plan { products: asked.products, releases: asked.releases, approvers: 1, road: Road::Mixed };
    let seeded = fill(&place, plan, settings.seed).await?;
    say(&format!("{} events recorded", seeded.events));
    let mut service = Service::at(&place, settings)?;
    service.start().await?;
    let at_start = service.memory()?;

    let browser = Credential::Session(seeded.session);
    let page = Client::new(service.address, browser.clone()).get("/").await?;
    let said = String::from_utf8_lossy(&page.body).chars().take(200).collect::<String>();
    anyhow::ensure!(page.status == 200, "the overview page was answered {}: {said}", page.status);
    let again = Client::new(service.address, browser.clone()).get("/").await?;
    anyhow::ensure!(again.body.len().abs_diff(page.body.len()) < 200, "two looks at the same page differ in length");
    let file = place.folder().join("overview.html");
    std::fs::write(&file, &page.body)?;
    let bare = Running::start(&file).await?;

    let request = |address: SocketAddr, extra: &str| {
        format!("GET / HTTP/1.1\r\nhost: {address}\r\n{}{extra}\r\n", browser.headers(address))
    };
    let to_bare = request(bare.address, "");
    let fresh = request(service.address, "");
    let (mut bares, mut freshes, mut knowns) = (Vec::new(), Vec::new(), Vec::new());
    let (mut of_bare, mut of_fresh) = (Vec::new(), Vec::new());
    let (many, lasting) = (asked.connections, asked.duration());
    for round in 1..=asked.rounds {
        let before = bare.processor()?;
        let shot = shoot(bare.address, &to_bare, many, lasting, 200).await?;
        of_bare.push(each(bare.processor()?.saturating_sub(before), &shot));
        bares.push(shot);
        let before = service.processor()?;
        let shot = shoot(service.address, &fresh, many, lasting, 200).await?;
        of_fresh.push(each(service.processor()?.saturating_sub(before), &shot));
        freshes.push(shot);
        for _ in 0..TRIES {
            let page = Client::new(service.address, browser.clone()).get("/").await?;
            let Some(tag) = page.header("etag") else { break };
            let known = request(service.address, &format!("if-none-match: {tag}\r\n"));
            if let Ok(shot) = shoot(service.address, &known, many, lasting, 304).await {
                knowns.push(shot);
                break;
            }
        }
        let rate = |shots: &[Shot]| shots.last().map_or(0.0, |shot| shot.per_second);
        let (b, f, k) = (rate(&bares), rate(&freshes), rate(&knowns));
        say(&format!("round {round}: bare {b:.0}/s, rendered afresh {f:.0}/s, revalidated {k:.0}/s"));
        let last = |times: &[f64]| times.last().copied().unwrap_or(f64::NAN);
        say(&format!("processor time for each: bare {:.1} µs, afresh {:.1} µs", last(&of_bare), last(&of_fresh)));
    }
    let after = service.memory()?;
    service.stop().await?;
    place.close().await?;

    let mut table = Table::new("overview");
    table.row("the page, uncompressed", format!("{} bytes", page.body.len()));
    let least = rows(&mut table, "a bare axum handler with the same bytes", &bares);
    let afresh = rows(&mut table, "rendered afresh", &freshes);
    table.claim("share, rendered afresh", percent(afresh / least), "≥ 15 %", afresh >= CLAIM * least);
    for (what, times) in [("the bare handler", &of_bare), ("the server, rendered afresh", &of_fresh)] {
        let median = median(times).unwrap_or(f64::NAN);
        table.row(format!("processor time of {what}, for each answer"), format!("{median:.1} µs"));
    }
    if knowns.is_empty() {
        table.row("revalidated (304)", "the page has no ETag");
    } else {
        let revalidated = rows(&mut table, "revalidated (304)", &knowns);
        table.row("share, revalidated", percent(revalidated / least));
    }
    table.row(
        "memory of the server, started and after the load",
        format!("{}, {}", megabytes(at_start.0), megabytes(after.0)),
    );
    table.row("memory at its highest", megabytes(after.1));
    Ok(table)
}

/// Microseconds of a process's own and kernel time for each answer.
#[expect(clippy::cast_precision_loss, reason = "a figure for people needs no more than 52 bits")]
fn each(processor: Duration, shot: &Shot) -> f64 {
    processor.as_secs_f64() * 1e6 / shot.answers.max(1) as f64
}

/// The median rate, shown with how it spread and how long answers took.
fn rows(table: &mut Table, what: &str, shots: &[Shot]) -> f64 {
    let rates: Vec<f64> = shots.iter().map(|shot| shot.per_second).collect();
    let of = |time: fn(&Shot) -> Duration| {
        median(&shots.iter().map(time).collect::<Vec<_>>()).unwrap_or_default().as_secs_f64() * 1_000.0
    };
    let rate = median(&rates).unwrap_or(f64::NAN);
    let (half, p99) = (of(|shot| shot.half), of(|shot| shot.p99));
    table.row(what, format!("{rate:.0}/s ({}), p50 {half:.1} ms, p99 {p99:.1} ms", spread(&rates)));
    rate
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}
