//! Somebody between the server and a service that is spoken to over HTTP: hears what is asked, and stops where the trial waits.

use super::{
    book::{Effect, Line, What},
    cue::{Cue, Go, Moment},
};
use crate::wire::Wire;
use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri},
    response::{IntoResponse as _, Response},
};
use serde_json::Value;
use std::{
    collections::BTreeSet,
    fmt,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{net::TcpListener, sync::oneshot, task::JoinSet};

/// What a request is for.
#[derive(Debug)]
pub enum Wanted {
    /// It brings something about, under this key.
    Act(String, Effect),
    Look,
}

/// A request as it is read.
#[derive(Debug)]
pub struct Heard<'a> {
    pub method: &'a Method,
    pub path: &'a str,
    /// Null where there is none.
    pub body: &'a Value,
    /// What was heard before.
    pub before: &'a [Line],
}

/// Who knows what requests to a service are for.
pub trait Reader: fmt::Debug + Send + Sync + 'static {
    fn wanted(&self, heard: &Heard<'_>) -> Wanted;
}

#[derive(Debug)]
pub struct Between {
    pub address: SocketAddr,
    desk: Arc<Desk>,
    _serving: JoinSet<()>,
}

#[derive(Debug)]
struct Desk {
    behind: SocketAddr,
    product: String,
    cue: Arc<Cue>,
    reader: Box<dyn Reader>,
    lines: Mutex<Vec<Line>>,
    /// What came through goes on although the caller has hung up.
    work: Mutex<JoinSet<()>>,
}

/// A request as it came.
#[derive(Debug)]
struct Asked {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
}

impl Between {
    pub async fn open(behind: SocketAddr, product: &str, cue: Arc<Cue>, reader: impl Reader) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (lines, work, reader) = (Mutex::default(), Mutex::default(), Box::new(reader));
        let desk = Arc::new(Desk { behind, product: product.to_owned(), cue, reader, lines, work });
        let there = desk.clone();
        let router = Router::new().fallback(move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| {
            there.clone().receive(Asked { method, uri, headers, body })
        });
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { address, desk, _serving: serving })
    }

    pub fn lines(&self) -> Vec<Line> {
        self.desk.lines.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Desk {
    async fn receive(self: Arc<Self>, asked: Asked) -> Response {
        let (tell, told) = oneshot::channel();
        let desk = self.clone();
        {
            let mut work = self.work.lock().unwrap_or_else(PoisonError::into_inner);
            while work.try_join_next().is_some() {}
            work.spawn(async move {
                let _ = tell.send(desk.pass(&asked).await);
            });
        }
        match told.await {
            Ok(Ok(Some(answer))) => answer,
            _ => StatusCode::BAD_GATEWAY.into_response(),
        }
    }

    /// None when it never came through.
    async fn pass(&self, asked: &Asked) -> anyhow::Result<Option<Response>> {
        let body = serde_json::from_slice(&asked.body).unwrap_or_default();
        let wanted = {
            let before = &self.lines.lock().unwrap_or_else(PoisonError::into_inner);
            self.reader.wanted(&Heard { method: &asked.method, path: asked.uri.path(), body: &body, before })
        };
        let Wanted::Act(key, effect) = wanted else {
            self.looked();
            return self.forward(asked).await.map(Some);
        };
        let action = effect.action.clone();
        self.note(Line { what: What::Called, key, product: self.product.clone(), effect });
        if self.cue.at(&self.product, &action, Moment::Arrived).await == Go::Lost {
            return Ok(None);
        }
        let answer = self.forward(asked).await;
        self.cue.at(&self.product, &action, Moment::Done).await;
        answer.map(Some)
    }

    async fn forward(&self, asked: &Asked) -> anyhow::Result<Response> {
        let path = asked.uri.path_and_query().map_or("/", |path| path.as_str());
        let mut request = format!("{} {path} HTTP/1.1\r\n", asked.method).into_bytes();
        for (name, value) in &asked.headers {
            request.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
        request.extend_from_slice(b"\r\n");
        request.extend_from_slice(&asked.body);
        let mut body = Vec::new();
        let head = Wire::connect(self.behind).await?.exchange(&request, Some(&mut body)).await?;
        let mut response = (StatusCode::from_u16(head.status)?, body).into_response();
        response.headers_mut().clear();
        for line in head.headers.split("\r\n").skip(1) {
            let Some((name, value)) = line.split_once(": ") else { continue };
            let name: HeaderName = name.parse()?;
            if name != "content-length" && name != "transfer-encoding" && name != "connection" {
                response.headers_mut().append(name, HeaderValue::from_str(value)?);
            }
        }
        Ok(response)
    }

    fn note(&self, line: Line) {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    /// Whoever looks asks what became of everything that was sent.
    fn looked(&self) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let keys: BTreeSet<String> = lines.iter().map(|line| line.key.clone()).collect();
        lines.extend(keys.iter().map(|key| Line::asked(key)));
    }
}
