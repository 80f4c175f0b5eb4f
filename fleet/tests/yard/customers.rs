//! Customers with connections that they keep, who never stop asking and remember every answer.

use bytes::Bytes;
use http::{Request, StatusCode, header::HOST};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};
use tokio::{net::TcpStream, task::JoinSet};
use tokio_util::sync::CancellationToken;

/// One connection to the front.
pub struct Customer {
    sender: SendRequest<Full<Bytes>>,
    _connection: JoinSet<()>,
}

impl Customer {
    pub async fn at(address: SocketAddr) -> Result<Self, String> {
        let stream = TcpStream::connect(address).await.map_err(|error| error.to_string())?;
        stream.set_nodelay(true).map_err(|error| error.to_string())?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let _ = connection.await;
        });
        Ok(Self { sender, _connection: tasks })
    }

    pub async fn send(&mut self, request: Request<Full<Bytes>>) -> Result<(http::response::Parts, String), String> {
        self.sender.ready().await.map_err(|error| error.to_string())?;
        let answer = self.sender.send_request(request).await.map_err(|error| error.to_string())?;
        let (head, body) = answer.into_parts();
        let body = body.collect().await.map_err(|error| error.to_string())?.to_bytes();
        Ok((head, String::from_utf8_lossy(&body).into_owned()))
    }

    pub async fn get(&mut self, path: &str) -> Result<(StatusCode, String), String> {
        let (head, body) = self.send(get(path)).await?;
        Ok((head.status, body))
    }
}

pub fn get(path: &str) -> Request<Full<Bytes>> {
    Request::get(path).header(HOST, "shop.example").body(Full::default()).expect("a request")
}

/// What came of all requests: how often each version answered, and everything that went wrong.
#[derive(Debug, Default)]
pub struct Tally {
    pub answers: BTreeMap<String, u64>,
    pub failures: Vec<String>,
}

impl Tally {
    pub fn all(&self) -> u64 {
        self.answers.values().sum()
    }
}

/// Customers at work until they are called home.
pub struct Crowd {
    home: CancellationToken,
    answered: Arc<AtomicU64>,
    tasks: JoinSet<Tally>,
}

impl Crowd {
    /// Half of them look, the others send something; every tenth request takes a while.
    pub fn of(number: usize, front: SocketAddr) -> Self {
        Self::with(number, front, 10)
    }

    /// As many requests as there can be: none takes a while.
    pub fn in_a_hurry(number: usize, front: SocketAddr) -> Self {
        Self::with(number, front, u64::MAX)
    }

    fn with(number: usize, front: SocketAddr, slow_every: u64) -> Self {
        let home = CancellationToken::new();
        let (answered, mut tasks) = (Arc::new(AtomicU64::new(0)), JoinSet::new());
        for n in 0..number {
            tasks.spawn(ask_on(front, n.is_multiple_of(2), slow_every, answered.clone(), home.clone()));
        }
        Self { home, answered, tasks }
    }

    /// Waits until they have asked so many times more.
    pub async fn ask(&self, times: u64) {
        let enough = self.answered.load(Relaxed) + times;
        super::until("customers ask", || async { self.answered.load(Relaxed) >= enough }).await;
    }

    pub async fn home(mut self) -> Tally {
        self.home.cancel();
        let mut all = Tally::default();
        while let Some(one) = self.tasks.join_next().await {
            let one = one.expect("a customer");
            all.failures.extend(one.failures);
            for (version, answers) in one.answers {
                *all.answers.entry(version).or_default() += answers;
            }
        }
        all
    }
}

async fn ask_on(
    front: SocketAddr,
    looks: bool,
    slow_every: u64,
    answered: Arc<AtomicU64>,
    home: CancellationToken,
) -> Tally {
    let mut tally = Tally::default();
    let mut customer = Customer::at(front).await.expect("the front listens");
    let body: Arc<str> = "an order for the shop".into();
    for n in 0_u64.. {
        if home.is_cancelled() {
            break;
        }
        let answer = if n % slow_every == 9 {
            // Nobody may send this one twice when it breaks off.
            let method = if looks { "GET" } else { "POST" };
            let request = Request::builder().method(method).uri("/slow?60").header(HOST, "shop.example");
            let answer = customer.send(request.body(Full::default()).expect("a request")).await;
            answer.map(|(head, version)| (head.status, version))
        } else if looks {
            customer.get("/").await
        } else {
            let request = Request::post("/echo").header(HOST, "shop.example").body(Full::from(body.to_string()));
            let answer = customer.send(request.expect("a request")).await;
            answer
                .map(|(head, text)| (head.status, if text == *body { "echo".into() } else { format!("wrong: {text}") }))
        };
        answered.fetch_add(1, Relaxed);
        match answer {
            Ok((StatusCode::OK, version)) => *tally.answers.entry(version).or_default() += 1,
            Ok((status, said)) => tally.failures.push(format!("{status}: {said}")),
            Err(why) => {
                tally.failures.push(why);
                customer = Customer::at(front).await.expect("the front listens");
            }
        }
    }
    tally
}
