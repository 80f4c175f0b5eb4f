//! Customers who never stop asking, over connections that they keep, and what each answer was.

use crate::wire::Wire;
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::task::JoinSet;

const REQUEST: &str = "GET / HTTP/1.1\r\nhost: shop\r\n\r\n";
/// More sentences would only say the same again.
const KEPT: usize = 5;

/// What all customers together have met.
#[derive(Debug, Default)]
pub struct Met {
    asked: AtomicU64,
    failed: AtomicU64,
    why: Mutex<Vec<String>>,
}

impl Met {
    pub fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    pub fn failed(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }

    /// The first failures, in words.
    pub fn why(&self) -> String {
        self.why.lock().unwrap_or_else(PoisonError::into_inner).join("; ")
    }

    fn note(&self, failure: Option<String>) {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let Some(failure) = failure else { return };
        self.failed.fetch_add(1, Ordering::Relaxed);
        let mut why = self.why.lock().unwrap_or_else(PoisonError::into_inner);
        if why.len() < KEPT {
            why.push(failure);
        }
    }
}

/// A crowd that asks until it is sent home.
#[derive(Debug)]
pub struct Crowd {
    pub met: Arc<Met>,
    home: Arc<AtomicBool>,
    asking: JoinSet<()>,
}

impl Crowd {
    /// So many customers, each with a breath between two requests.
    pub fn gather(address: SocketAddr, customers: usize, breath: Duration) -> Self {
        let (met, home, mut asking) = (Arc::<Met>::default(), Arc::<AtomicBool>::default(), JoinSet::new());
        for _ in 0..customers {
            let (met, home) = (met.clone(), home.clone());
            asking.spawn(async move {
                let mut customer = Customer::new(address);
                while !home.load(Ordering::Relaxed) {
                    met.note(customer.ask().await.err());
                    tokio::time::sleep(breath).await;
                }
            });
        }
        Self { met, home, asking }
    }

    pub async fn send_home(mut self) -> Arc<Met> {
        self.home.store(true, Ordering::Relaxed);
        while self.asking.join_next().await.is_some() {}
        self.met
    }
}

/// Asks so often, by so many at once; how many answers each version gave, failures under the empty name.
pub async fn count(address: SocketAddr, requests: u64, customers: u64) -> BTreeMap<String, u64> {
    let mut asking = JoinSet::new();
    for _ in 0..customers {
        asking.spawn(async move {
            let (mut customer, mut counts) = (Customer::new(address), BTreeMap::new());
            for _ in 0..requests / customers {
                *counts.entry(customer.ask().await.unwrap_or_default()).or_insert(0) += 1;
            }
            counts
        });
    }
    let mut all = BTreeMap::new();
    for counts in asking.join_all().await {
        for (version, count) in counts {
            *all.entry(version).or_insert(0) += count;
        }
    }
    all
}

/// One customer and the connection they keep.
struct Customer {
    address: SocketAddr,
    wire: Option<Wire>,
}

impl Customer {
    fn new(address: SocketAddr) -> Self {
        Self { address, wire: None }
    }

    /// The version that answered, or why nobody did. Nothing is asked twice.
    async fn ask(&mut self) -> Result<String, String> {
        let mut wire = match self.wire.take() {
            Some(wire) => wire,
            None => Wire::connect(self.address).await.map_err(|e| format!("no connection: {e}"))?,
        };
        let mut body = Vec::new();
        let head = wire.exchange(REQUEST.as_bytes(), Some(&mut body)).await.map_err(|e| format!("broke off: {e}"))?;
        if !head.close {
            self.wire = Some(wire);
        }
        let text = String::from_utf8_lossy(&body);
        let version = text.trim().strip_prefix("shop ").map(str::to_owned);
        match version {
            Some(version) if head.status == 200 => Ok(version),
            _ => Err(format!("answered {}: {}", head.status, text.trim())),
        }
    }
}
