//! The load generator: so many kept connections, each asking again as soon as it was answered.

use crate::wire::Wire;
use anyhow::Context as _;
use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// What one salvo showed.
#[derive(Debug, Clone, Copy)]
pub struct Shot {
    pub answers: usize,
    pub per_second: f64,
    pub half: Duration,
    pub p99: Duration,
}

/// Sends the same request over and over; every answer must have the status expected.
pub async fn shoot(
    address: SocketAddr,
    request: &str,
    connections: usize,
    lasting: Duration,
    expected: u16,
) -> anyhow::Result<Shot> {
    let request: Arc<str> = request.into();
    let mut wires = Vec::with_capacity(connections);
    for _ in 0..connections {
        wires.push(Wire::connect(address).await.context("the load generator cannot connect")?);
    }
    let began = Instant::now();
    let mut running = JoinSet::new();
    for wire in wires {
        running.spawn(one(wire, request.clone(), began + lasting, expected));
    }
    let mut times = Vec::new();
    while let Some(one) = running.join_next().await {
        times.extend(one??);
    }
    let took = began.elapsed().as_secs_f64();
    times.sort_unstable();
    let at = |share: usize| times.get((times.len() * share / 100).min(times.len().saturating_sub(1))).copied();
    let none = "nothing was answered";
    #[expect(clippy::cast_precision_loss, reason = "a rate needs no more than 52 bits")]
    let per_second = times.len() as f64 / took;
    Ok(Shot { answers: times.len(), per_second, half: at(50).context(none)?, p99: at(99).context(none)? })
}

async fn one(mut wire: Wire, request: Arc<str>, until: Instant, expected: u16) -> anyhow::Result<Vec<Duration>> {
    let mut times = Vec::with_capacity(4_096);
    let mut sent = Instant::now();
    while sent < until {
        let head = wire.exchange(request.as_bytes(), None).await.context("an answer broke off")?;
        anyhow::ensure!(head.status == expected, "an answer had status {} instead of {expected}", head.status);
        let now = Instant::now();
        times.push(now - sent);
        sent = now;
    }
    Ok(times)
}
