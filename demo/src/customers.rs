//! Customers: a steady number of requests per second over a few kept connections.

use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval, timeout},
};

/// How many ask side by side.
const CUSTOMERS: u32 = 4;

#[derive(Debug, Default)]
struct Tally {
    good: u64,
    failed: u64,
    broken: u64,
}

pub async fn ask(target: SocketAddr, rate: u32, seconds: u32) -> Result<(), String> {
    if rate == 0 {
        return Err("rate: found 0; allowed is 1 or more".to_owned());
    }
    // A month is as good as for ever here.
    let seconds = if seconds == 0 { 30 * 86_400 } else { seconds };
    let mut all = JoinSet::new();
    for _ in 0..CUSTOMERS {
        all.spawn(customer(target, f64::from(rate) / f64::from(CUSTOMERS), Duration::from_secs(u64::from(seconds))));
    }
    let tally = all.join_all().await.into_iter().fold(Tally::default(), |sum, one| Tally {
        good: sum.good + one.good,
        failed: sum.failed + one.failed,
        broken: sum.broken + one.broken,
    });
    println!("{} good, {} failed, {} without an answer", tally.good, tally.failed, tally.broken);
    Ok(())
}

async fn customer(target: SocketAddr, rate: f64, during: Duration) -> Tally {
    let mut tally = Tally::default();
    let mut tick = interval(Duration::from_secs_f64(1.0 / rate));
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let end = Instant::now() + during;
    let mut connection = None;
    while Instant::now() < end {
        tick.tick().await;
        match timeout(Duration::from_secs(10), request(&mut connection, target)).await {
            Ok(Ok(status)) if status < 500 => tally.good += 1,
            Ok(Ok(_)) => tally.failed += 1,
            Ok(Err(_)) | Err(_) => {
                tally.broken += 1;
                connection = None;
            }
        }
    }
    tally
}

async fn request(connection: &mut Option<TcpStream>, target: SocketAddr) -> std::io::Result<u16> {
    let stream = match connection {
        Some(stream) => stream,
        None => connection.insert(TcpStream::connect(target).await?),
    };
    stream.write_all(format!("GET / HTTP/1.1\r\nhost: {target}\r\n\r\n").as_bytes()).await?;
    let (mut answer, mut chunk) = (Vec::new(), [0; 2048]);
    loop {
        let read = stream.read(&mut chunk).await?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        answer.extend_from_slice(&chunk[..read]);
        if let Some(status) = whole(&answer) {
            return Ok(status);
        }
    }
}

/// The status once head and body have arrived.
fn whole(answer: &[u8]) -> Option<u16> {
    let text = std::str::from_utf8(answer).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let length: usize = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    })?;
    if body.len() < length {
        return None;
    }
    head.split_whitespace().nth(1)?.parse().ok()
}
