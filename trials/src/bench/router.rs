//! What the fleet's router costs: the same service asked itself, through the router, and through HAProxy, in turn.

use super::{Bench, load::shoot};
use crate::{
    Settings,
    campaign::traffic::{Router, Trial, shop::PLAYBOOK},
    report::{Table, median},
};
use anyhow::Context as _;
use std::net::SocketAddr;

const REQUEST: &str = "GET / HTTP/1.1\r\nhost: shop\r\n\r\n";

/// One way to the service, and what each salvo showed.
struct Way {
    name: &'static str,
    address: SocketAddr,
    per_second: Vec<f64>,
    half: Vec<f64>,
    p99: Vec<f64>,
}

impl Way {
    fn to(name: &'static str, address: SocketAddr) -> Self {
        Self { name, address, per_second: Vec::new(), half: Vec::new(), p99: Vec::new() }
    }

    fn row(&self, table: &mut Table) {
        let (rate, half, p99) = (middle(&self.per_second), middle(&self.half), middle(&self.p99));
        table.row(self.name, format!("{rate:.0}/s, p50 {half:.2} ms, p99 {p99:.2} ms"));
    }
}

pub async fn measure(asked: &Bench, settings: &Settings) -> anyhow::Result<Table> {
    println!("router: {} connections, {} rounds", asked.connections, asked.rounds);
    let fleet = Trial::on(Router::Local, PLAYBOOK, 1, settings).await?;
    let haproxy = Trial::on(Router::Haproxy, PLAYBOOK, 1, settings).await?;
    let itself = haproxy.servers().map(|servers| servers[0]).context("HAProxy has no server")?;
    let mut ways = [
        Way::to("the service itself", itself),
        Way::to("through the fleet's router", fleet.front),
        Way::to("through HAProxy", haproxy.front),
    ];
    for _ in 0..asked.rounds {
        for way in &mut ways {
            let shot = shoot(way.address, REQUEST, asked.connections, asked.duration(), 200).await?;
            way.per_second.push(shot.per_second);
            way.half.push(shot.half.as_secs_f64() * 1_000.0);
            way.p99.push(shot.p99.as_secs_f64() * 1_000.0);
        }
    }
    fleet.clear_up().await?;
    haproxy.clear_up().await?;

    let mut table = Table::new("router");
    for way in &ways {
        way.row(&mut table);
    }
    let [itself, router, haproxy] = &ways;
    let of = |way: &Way| middle(&way.per_second) * 100.0 / middle(&itself.per_second);
    table.row(
        "requests for those of the service itself",
        format!("router {:.0} %, HAProxy {:.0} %", of(router), of(haproxy)),
    );
    let added = |way: &Way| (middle(&way.half) - middle(&itself.half), middle(&way.p99) - middle(&itself.p99));
    let ((half, p99), (theirs, theirs_p99)) = (added(router), added(haproxy));
    table.row("added by the router", format!("p50 {half:+.2} ms, p99 {p99:+.2} ms"));
    table.row("added by HAProxy", format!("p50 {theirs:+.2} ms, p99 {theirs_p99:+.2} ms"));
    Ok(table)
}

fn middle(figures: &[f64]) -> f64 {
    median(figures).unwrap_or(f64::NAN)
}
