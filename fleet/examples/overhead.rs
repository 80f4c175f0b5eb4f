//! What the router costs: the same customers, straight to two instances and through the router in front of them.
//!
//! `cargo run --release -p fleet --example overhead [customers] [seconds]`; build `fleet-trial` in the same profile first.

use bytes::Bytes;
use fleet::{Arm, Router, Sticky, WHOLE};
use http::{Request, header::HOST};
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use std::{
    net::{SocketAddr, TcpListener},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tokio::{net::TcpStream, task::JoinSet};

type Failure = Box<dyn std::error::Error + Send + Sync>;

struct Instance {
    address: SocketAddr,
    process: Child,
}

impl Drop for Instance {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>());
    let customers = arguments.next().transpose()?.unwrap_or(16);
    let seconds = Duration::from_secs(arguments.next().transpose()?.unwrap_or(5));
    let instances = [instance("1.0.0").await?, instance("1.1.0").await?];
    let router = Router::start(([127, 0, 0, 1], 0).into()).await?;
    let arm = |n: usize, version: &str, weight| Arm {
        version: version.to_owned(),
        weight,
        instances: vec![instances[n].address],
    };
    router.set(&[arm(0, "1.0.0", WHOLE - WHOLE / 4), arm(1, "1.1.0", WHOLE / 4)], Sticky::Nothing);
    let front = router.address().ok_or("the router does not listen")?;
    println!("{customers} customers with one connection each, {} s a run", seconds.as_secs());
    let straight: Vec<SocketAddr> = instances.iter().map(|instance| instance.address).collect();
    for _ in 0..3 {
        report("straight", ask_for(seconds, customers, &straight).await?);
        report("routed", ask_for(seconds, customers, &[front]).await?);
    }
    let counts = router.counts();
    println!("errors counted: {}", counts.values().map(|one| one.errors).sum::<u64>());
    Ok(())
}

async fn instance(version: &str) -> Result<Instance, Failure> {
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let beside = std::env::current_exe()?;
    let folder = beside.parent().and_then(std::path::Path::parent).ok_or("no folder")?;
    let process = Command::new(folder.join("fleet-trial"))
        .args(["shop", "--port", &address.port().to_string(), "--version", version])
        .stdout(Stdio::null())
        .spawn()?;
    let instance = Instance { address, process };
    while TcpStream::connect(address).await.is_err() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(instance)
}

async fn ask_for(
    time: Duration,
    customers: u64,
    addresses: &[SocketAddr],
) -> Result<(Duration, Vec<Duration>), Failure> {
    let (began, mut asking) = (Instant::now(), JoinSet::new());
    for address in addresses.iter().cycle().take(usize::try_from(customers)?).copied() {
        asking.spawn(async move {
            let stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            let (mut sender, connection) = handshake(TokioIo::new(stream)).await?;
            let mut background = JoinSet::new();
            background.spawn(connection);
            let mut took = Vec::new();
            while began.elapsed() < time {
                let request = Request::get("/").header(HOST, "shop").body(Empty::<Bytes>::new())?;
                let sent = Instant::now();
                sender.ready().await?;
                let answer = sender.send_request(request).await?;
                if !answer.status().is_success() {
                    return Err(format!("answered {}", answer.status()).into());
                }
                answer.into_body().collect().await?;
                took.push(sent.elapsed());
            }
            Ok::<_, Failure>(took)
        });
    }
    let mut all = Vec::new();
    while let Some(one) = asking.join_next().await {
        all.extend(one??);
    }
    let took = began.elapsed();
    all.sort_unstable();
    Ok((took, all))
}

fn report(way: &str, (time, took): (Duration, Vec<Duration>)) {
    let at = |percent: usize| took.get((took.len() * percent / 100).min(took.len().saturating_sub(1))).copied();
    let micros = |percent| at(percent).unwrap_or_default().as_micros();
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 requests")]
    let rate = took.len() as f64 / time.as_secs_f64();
    println!("{way:>9}: {rate:>8.0} requests/s, p50 {} µs, p99 {} µs", micros(50), micros(99));
}
