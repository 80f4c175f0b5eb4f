//! The service: answers after a while, fails when told to, counts what it does.

use crate::fault::{Fault, from_file};
use axum::{
    Json, Router,
    body::Body,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::Registry,
};
use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// Upper bounds in seconds, close together where a small service answers.
const BUCKETS: [f64; 12] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    status: u16,
}

#[derive(Clone)]
struct Shop {
    version: Arc<str>,
    fault: Arc<Mutex<Fault>>,
    served: Arc<AtomicU64>,
    requests: Family<Outcome, Counter>,
    duration: Histogram,
    registry: Arc<Registry>,
}

pub async fn serve(listen: SocketAddr, version: String, fault: Fault, faults: Option<PathBuf>) -> Result<(), String> {
    fault.check()?;
    let (requests, duration) = (Family::<Outcome, Counter>::default(), Histogram::new(BUCKETS));
    let mut registry = Registry::with_labels([("version".into(), version.clone().into())].into_iter());
    registry.register("http_requests", "Requests by status", requests.clone());
    registry.register("http_request_duration_seconds", "Time to answer", duration.clone());
    let shop = Shop {
        version: version.into(),
        fault: Arc::new(Mutex::new(fault)),
        served: Arc::default(),
        requests,
        duration,
        registry: Arc::new(registry),
    };
    let followed = shop.clone();
    let router = Router::new()
        .route("/", get(answer))
        .route("/health", get(health))
        .route("/metrics", get(metrics))
        .route("/fault", get(show_fault).post(set_fault))
        .with_state(shop);
    let listener =
        tokio::net::TcpListener::bind(listen).await.map_err(|e| format!("cannot listen on {listen}: {e}"))?;
    eprintln!("demo shop on http://{listen}");
    let interrupted = async {
        // Without a signal handler there is nothing to wait for.
        let _ = tokio::signal::ctrl_c().await;
    };
    let served = axum::serve(listener, router).with_graceful_shutdown(interrupted);
    tokio::select! {
        served = served => served.map_err(|e| e.to_string()),
        never = follow(followed, faults) => never,
    }
}

/// Has the faults that the file says, for as long as it runs.
async fn follow(shop: Shop, faults: Option<PathBuf>) -> Result<(), String> {
    let Some(file) = faults else { return std::future::pending().await };
    loop {
        // A file that is just being written is read again.
        if let Ok(fault) = from_file(&file, &shop.version) {
            *shop.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

impl Shop {
    fn fault(&self) -> Fault {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn answer(State(shop): State<Shop>) -> Response {
    let (started, fault) = (Instant::now(), shop.fault());
    if fault.crash {
        std::process::exit(70);
    }
    let nth = shop.served.fetch_add(1, Ordering::Relaxed);
    if fault.loses(nth) {
        let lost = std::io::Error::other("lost");
        return Body::from_stream(futures::stream::iter([Err::<axum::body::Bytes, _>(lost)])).into_response();
    }
    tokio::time::sleep(Duration::from_millis(fault.latency_ms)).await;
    let status = if fault.strikes(nth) { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::OK };
    shop.requests.get_or_create(&Outcome { status: status.as_u16() }).inc();
    shop.duration.observe(started.elapsed().as_secs_f64());
    (status, format!("shop {}\n", shop.version)).into_response()
}

async fn health(State(shop): State<Shop>) -> (StatusCode, String) {
    let status = if shop.fault().unhealthy { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    (status, shop.version.to_string())
}

async fn metrics(State(shop): State<Shop>) -> Result<String, StatusCode> {
    let mut text = String::new();
    encode(&mut text, &shop.registry).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(text)
}

async fn show_fault(State(shop): State<Shop>) -> Json<Fault> {
    Json(shop.fault())
}

async fn set_fault(State(shop): State<Shop>, Json(fault): Json<Fault>) -> Result<Json<Fault>, (StatusCode, String)> {
    fault.check().map_err(|why| (StatusCode::UNPROCESSABLE_ENTITY, why))?;
    *shop.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    Ok(Json(fault))
}
