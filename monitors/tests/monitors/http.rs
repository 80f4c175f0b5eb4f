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
    pub path: String,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Request {
    /// A field of the form.
    pub fn field(&self, name: &str) -> String {
        let found = url::form_urlencoded::parse(&self.body).find(|(known, _)| known == name);
        found.map(|(_, value)| value.into_owned()).unwrap_or_default()
    }
}

#[derive(Debug, Clone)]
pub enum Answer {
    Reply(u16, String),
    Bytes(&'static str, Vec<u8>),
    /// The connection is closed without a word.
    Cut,
    /// The reply is promised longer than it is.
    Half(String),
    /// Nothing comes.
    Silence,
}

impl Answer {
    #[expect(clippy::needless_pass_by_value, reason = "callers hand over what they made for it")]
    pub fn ok(body: impl ToString) -> Self {
        Self::Reply(200, body.to_string())
    }
}

/// Runs until it is dropped.
pub struct Server {
    pub address: SocketAddr,
    _work: JoinSet<()>,
}

impl Server {
    pub async fn start(answer: impl Fn(Request) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
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

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

async fn one(mut stream: TcpStream, answer: &(dyn Fn(Request) -> Answer + Send + Sync)) {
    let Some(request) = read(&mut stream).await else { return };
    let (status, kind, length, body) = match answer(request) {
        Answer::Reply(status, body) => (status, "text/plain", body.len(), body.into_bytes()),
        Answer::Bytes(kind, body) => (200, kind, body.len(), body),
        Answer::Half(body) => (200, "text/plain", body.len() * 2 + 1, body.into_bytes()),
        Answer::Cut => return,
        Answer::Silence => std::future::pending().await,
    };
    let head =
        format!("HTTP/1.1 {status} x\r\nconnection: close\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n");
    // Whoever asked may be gone.
    let _ = stream.write_all(&[head.as_bytes(), &body].concat()).await;
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
        let path = lines.next()?.split(' ').nth(1)?.to_owned();
        let headers: BTreeMap<String, String> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        let length = headers.get("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
        if seen.len() >= end + 4 + length {
            return Some(Request { path, headers, body: seen[end + 4..end + 4 + length].to_vec() });
        }
    }
}
