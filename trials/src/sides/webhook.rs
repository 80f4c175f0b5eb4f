//! The other side of the driver `webhook`: a receiver in this process that does each key once.

use super::{
    book::{self, Effect, Line, What},
    cue::{Cue, Go, Moment},
};
use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use store::contract::Dice;
use tokio::{net::TcpListener, sync::oneshot, task::JoinSet};

/// 24 bytes and more, in base64, as the driver wants them.
const SECRET: &str = "whsec_dGhlIHNlY3JldCBvZiBhbGwgdHJpYWxzLCBrbm93biB0byBhbGw=";

#[derive(Debug)]
pub struct Webhook {
    address: SocketAddr,
    desk: Arc<Desk>,
    pub cue: Arc<Cue>,
    _serving: JoinSet<()>,
}

#[derive(Debug)]
struct Desk {
    lines: Mutex<Vec<Line>>,
    cue: Arc<Cue>,
    /// What was begun goes on although the caller has hung up.
    work: Mutex<JoinSet<()>>,
    /// Nothing takes longer than so many milliseconds, by chance.
    longest: u64,
    dice: Mutex<Dice>,
}

impl Webhook {
    /// Does everything at once.
    pub async fn open() -> anyhow::Result<Self> {
        Self::slow(0, 0).await
    }

    /// Takes its time: up to `longest` milliseconds to do something, and as long again to answer.
    pub async fn slow(longest: u64, seed: u64) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let cue = Arc::new(Cue::default());
        let dice = Mutex::new(Dice::new(seed));
        let desk = Desk { lines: Mutex::default(), cue: cue.clone(), work: Mutex::default(), longest, dice };
        let desk = Arc::new(desk);
        let router = Router::new()
            .route("/tasks", post(task).head(|| async { StatusCode::OK }))
            .route("/tasks/{key}", get(status))
            .with_state(desk.clone());
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                eprintln!("  the receiver of webhooks ended: {error}");
            }
        });
        Ok(Self { address, desk, cue, _serving: serving })
    }

    pub fn connection(&self) -> Value {
        let tasks = format!("http://{}/tasks", self.address);
        json!({
            "driver": "webhook",
            "settings": { "url": tasks, "status_url": format!("{tasks}/{{{{key}}}}"), "allow_hosts": ["127.0.0.1"] },
            "secrets": { "signing_secret": SECRET },
            "force": true,
        })
    }

    pub fn lines(&self) -> Vec<Line> {
        self.desk.lines.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Desk {
    fn add(&self, line: Line) {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    async fn act(&self, called: Line) -> Go {
        self.add(called.clone());
        let Line { key, product, effect, .. } = &called;
        if self.cue.at(product, &effect.action, Moment::Arrived).await == Go::Lost {
            return Go::Lost;
        }
        self.pause().await;
        {
            let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
            if !book::did(&lines, key) {
                lines.push(Line { what: What::Did, ..called.clone() });
            }
        }
        self.pause().await;
        self.cue.at(product, &effect.action, Moment::Done).await
    }

    async fn pause(&self) {
        let millis = self.dice.lock().unwrap_or_else(PoisonError::into_inner).roll(self.longest + 1);
        tokio::time::sleep(Duration::from_millis(millis)).await;
    }
}

async fn task(State(desk): State<Arc<Desk>>, Json(body): Json<Value>) -> Response {
    let data = &body["data"];
    let text = |name: &str| data[name].as_str().unwrap_or_default().to_owned();
    let share = if data["percentage"].is_null() { String::new() } else { data["percentage"].to_string() };
    let effect = Effect { action: text("action"), version: text("version"), share, rollout: text("rollout") };
    let called = Line { what: What::Called, key: text("key"), product: text("product"), effect };
    let (tell, told) = oneshot::channel();
    let at_it = desk.clone();
    {
        let mut work = desk.work.lock().unwrap_or_else(PoisonError::into_inner);
        while work.try_join_next().is_some() {}
        work.spawn(async move {
            let _ = tell.send(at_it.act(called).await);
        });
    }
    match told.await {
        Ok(Go::On) => Json(json!({ "state": "done", "share": data["percentage"], "said": "Done." })).into_response(),
        _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn status(State(desk): State<Arc<Desk>>, Path(key): Path<String>) -> Response {
    desk.add(Line::asked(&key));
    let lines = desk.lines.lock().unwrap_or_else(PoisonError::into_inner);
    if book::did(&lines, &key) {
        Json(json!({ "state": "done", "said": "Done." })).into_response()
    } else {
        StatusCode::NOT_FOUND.into_response()
    }
}
