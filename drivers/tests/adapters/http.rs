//! A web server of a few lines that answers as a test wants, or not at all.

use std::{collections::BTreeMap, net::SocketAddr, sync::Arc};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

/// A request, whole.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: String,
    pub path: String,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

pub enum Answer {
    Reply {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: String,
    },
    /// The connection is closed without a word.
    Cut,
}

impl Answer {
    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::Reply { status, headers: Vec::new(), body: body.to_string() }
    }

    pub fn empty(status: u16) -> Self {
        Self::Reply { status, headers: Vec::new(), body: String::new() }
    }
}

/// Runs until it is dropped.
pub struct Server {
    pub address: SocketAddr,
    _work: JoinSet<()>,
}

impl Server {
    pub async fn start(answer: impl Fn(Request) -> Answer + Send + Sync + 'static) -> Self {
        Self::at("127.0.0.1:0", answer).await
    }

    pub async fn at(address: &str, answer: impl Fn(Request) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(address).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let answer = Arc::new(answer);
        let mut work = JoinSet::new();
        work.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let answer = Arc::clone(&answer);
                connections.spawn(async move { one(stream, &*answer).await });
                while connections.try_join_next().is_some() {}
            }
        });
        Self { address, _work: work }
    }
}

async fn one(mut stream: TcpStream, answer: &(dyn Fn(Request) -> Answer + Send + Sync)) {
    let Some(request) = read(&mut stream).await else { return };
    if let Answer::Reply { status, headers, body } = answer(request) {
        let headers: String = headers.iter().flat_map(|(name, value)| [*name, ": ", value, "\r\n"]).collect();
        let length = body.len();
        let text =
            format!("HTTP/1.1 {status} x\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}");
        // Whoever asked may be gone.
        let _ = stream.write_all(text.as_bytes()).await;
    }
}

async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut seen = Vec::new();
    let mut buffer = [0; 8192];
    loop {
        let n = stream.read(&mut buffer).await.ok().filter(|n| *n > 0)?;
        seen.extend_from_slice(&buffer[..n]);
        let Some(end) = seen.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&seen[..end]).into_owned();
        let mut lines = head.lines();
        let mut first = lines.next()?.split(' ').map(str::to_owned);
        let headers: BTreeMap<String, String> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        let length = headers.get("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
        if seen.len() >= end + 4 + length {
            let body = seen[end + 4..end + 4 + length].to_vec();
            return Some(Request { method: first.next()?, path: first.next()?, headers, body });
        }
    }
}
