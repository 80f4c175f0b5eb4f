//! A caller of the REST interface who knows nothing but the contract: one kept connection, one credential.

use crate::wire::Wire;
use anyhow::Context as _;
use serde_json::Value;
use std::{fmt::Write as _, io, net::SocketAddr, time::Duration};

/// An answer that takes longer is none.
const PATIENCE: Duration = Duration::from_secs(30);

/// How a caller shows who they are.
#[derive(Debug, Clone)]
pub enum Credential {
    Token(String),
    /// The secret of a browser's session.
    Session(String),
}

impl Credential {
    /// The header lines; a browser also says that it comes from our own pages.
    pub fn headers(&self, address: SocketAddr) -> String {
        match self {
            Self::Token(token) => format!("authorization: Bearer {token}\r\n"),
            Self::Session(secret) => format!("cookie: pilothouse={secret}\r\norigin: http://{address}\r\n"),
        }
    }
}

#[derive(Debug)]
pub struct Client {
    pub address: SocketAddr,
    credential: Credential,
    wire: Option<Wire>,
}

#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let named = |line: &'_ str| line.split_once(':').is_some_and(|(n, _)| n.eq_ignore_ascii_case(name));
        let line = self.headers.split("\r\n").find(|line| named(line))?;
        line.split_once(':').map(|(_, value)| value.trim())
    }
}

impl Client {
    pub fn new(address: SocketAddr, credential: Credential) -> Self {
        Self { address, credential, wire: None }
    }

    pub fn with_token(address: SocketAddr, token: &str) -> Self {
        Self::new(address, Credential::Token(token.to_owned()))
    }

    /// One request, never repeated; an error leaves open whether it took effect.
    pub async fn send(&mut self, method: &str, path: &str, body: Option<&Value>, extra: &str) -> io::Result<Answer> {
        let kind = if body.is_some() { "content-type: application/json\r\n" } else { "" };
        let body = body.map(Value::to_string).unwrap_or_default();
        self.request(method, path, &format!("{kind}{extra}"), &body).await
    }

    /// A form as a browser without scripts sends it; its fields must be letters that need no encoding.
    pub async fn form(&mut self, path: &str, fields: &[(&str, &str)]) -> io::Result<Answer> {
        let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let headers = "accept: text/html\r\ncontent-type: application/x-www-form-urlencoded\r\n";
        self.request("POST", path, headers, &pairs.join("&")).await
    }

    async fn request(&mut self, method: &str, path: &str, headers: &str, body: &str) -> io::Result<Answer> {
        let mut request = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n", self.address);
        request.push_str(&self.credential.headers(self.address));
        request.push_str(headers);
        if method != "GET" {
            let _ = write!(request, "content-length: {}\r\n", body.len());
        }
        let _ = write!(request, "\r\n{body}");
        let late = |_| io::Error::new(io::ErrorKind::TimedOut, "no answer in time");
        tokio::time::timeout(PATIENCE, self.exchange(request.as_bytes())).await.map_err(late)?
    }

    async fn exchange(&mut self, request: &[u8]) -> io::Result<Answer> {
        let mut wire = match self.wire.take() {
            Some(wire) => wire,
            None => Wire::connect(self.address).await?,
        };
        let mut body = Vec::new();
        let head = wire.exchange(request, Some(&mut body)).await?;
        self.wire = (!head.close).then_some(wire);
        Ok(Answer { status: head.status, headers: head.headers, body })
    }

    pub fn is_browser(&self) -> bool {
        matches!(self.credential, Credential::Session(_))
    }

    pub async fn get(&mut self, path: &str) -> io::Result<Answer> {
        self.send("GET", path, None, "").await
    }

    pub async fn post(&mut self, path: &str, body: &Value) -> io::Result<Answer> {
        self.send("POST", path, Some(body), "").await
    }

    /// [`Client::send`] for what must succeed; its JSON.
    pub async fn must(&mut self, method: &str, path: &str, body: Option<&Value>) -> anyhow::Result<Value> {
        let answer = self.send(method, path, body, "").await.with_context(|| format!("{method} {path}"))?;
        let said = String::from_utf8_lossy(&answer.body);
        anyhow::ensure!((200..300).contains(&answer.status), "{method} {path} was answered {}: {said}", answer.status);
        Ok(answer.json())
    }
}
