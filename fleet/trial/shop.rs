//! A service that says which version it is. It ends at once when told to, in the middle of whatever it does: only who
//! drains it first loses nothing.

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{
    convert::Infallible,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_util::task::TaskTracker;

static SICK: AtomicBool = AtomicBool::new(false);

pub async fn serve(value: &impl Fn(&str) -> Option<String>) -> Result<(), String> {
    let port: u16 = value("--port").and_then(|port| port.parse().ok()).ok_or("--port?")?;
    let version = value("--version").ok_or("--version?")?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await.map_err(|error| error.to_string())?;
    println!("shop {version} listens at {port}");
    println!("mood is {}", std::env::var_os("MOOD").unwrap_or_default().display());
    let wait = value("--well-after").and_then(|ms| ms.parse().ok()).unwrap_or(0);
    let well_at = Instant::now() + Duration::from_millis(wait);
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await.map_err(|error| error.to_string())?;
        let _ = stream.set_nodelay(true);
        let version = version.clone();
        connections.spawn(async move {
            let echoes = TaskTracker::new();
            let service = service_fn(|request| answer(version.clone(), well_at, echoes.clone(), request));
            let connection =
                http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
            let _ = connection.with_upgrades().await;
            echoes.close();
            echoes.wait().await;
        });
        while connections.try_join_next().is_some() {}
    }
}

async fn answer(
    version: String,
    well_at: Instant,
    echoes: TaskTracker,
    mut request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let mut answer = Response::new(Full::default());
    match (request.method(), request.uri().path()) {
        (_, "/fails") => *answer.status_mut() = StatusCode::INTERNAL_SERVER_ERROR,
        (_, "/health") if Instant::now() < well_at => *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE,
        (_, "/health") if SICK.load(Relaxed) => *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE,
        (&Method::POST, "/sick") => SICK.store(true, Relaxed),
        (_, "/pid") => *answer.body_mut() = Full::from(std::process::id().to_string()),
        (_, "/dies") => std::process::exit(9),
        (_, "/slow") => {
            let wait = request.uri().query().and_then(|ms| ms.parse().ok()).unwrap_or(300);
            if wait > 1000 {
                println!("something slow begins");
            }
            tokio::time::sleep(Duration::from_millis(wait)).await;
            *answer.body_mut() = Full::from(version);
        }
        (&Method::POST, "/echo") => match request.into_body().collect().await {
            Ok(body) => *answer.body_mut() = Full::from(body.to_bytes()),
            Err(_) => *answer.status_mut() = StatusCode::BAD_REQUEST,
        },
        (_, "/headers") => *answer.body_mut() = Full::from(format!("{:?}", request.headers())),
        (_, "/upgrade") => {
            let upgrade = hyper::upgrade::on(&mut request);
            echoes.spawn(echo(upgrade));
            *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
            answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
            answer.headers_mut().insert(header::UPGRADE, HeaderValue::from_static("echo"));
        }
        _ => *answer.body_mut() = Full::from(version),
    }
    Ok(answer)
}

async fn echo(upgrade: hyper::upgrade::OnUpgrade) {
    let Ok(stream) = upgrade.await else { return };
    let (mut stream, mut bytes) = (TokioIo::new(stream), [0; 1024]);
    while let Ok(read @ 1..) = stream.read(&mut bytes).await {
        if stream.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}
