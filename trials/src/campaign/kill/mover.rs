//! One product whose versions come in and go back without end, over a server that is killed all the time.

use crate::{
    client::{Answer, Client},
    product::{NEW, Product, is_settled},
    rest,
    sides::{
        book::{self, Line},
        webhook::Webhook,
    },
};
use anyhow::Context as _;
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use store::contract::Dice;

/// Between two looks, and before a request that was cut off is sent again.
const GLANCE: Duration = Duration::from_millis(200);
/// A request that is not answered by then never will be.
const ANSWERED_WITHIN: Duration = Duration::from_mins(3);

/// What one product's caller knows at the end.
#[derive(Debug, Default)]
pub struct Moved {
    /// Rollouts whose start was answered with 202.
    pub acknowledged: Vec<String>,
    /// Requests that were cut off, and sent again under the same idempotency key.
    pub cut_off: u64,
    pub live: u64,
    pub back: u64,
    /// Parked ones, and then decided by what the ledger says.
    pub parked: u64,
    /// Answers that should not have been given.
    pub wrong: Vec<String>,
}

pub struct Mover {
    pub product: Product,
    pub client: Client,
    pub side: Arc<Webhook>,
    pub dice: Dice,
    /// No kill follows any more: what is under way comes to its end, and nothing new begins.
    pub ended: Arc<AtomicBool>,
    pub moved: Moved,
    pub asked: u64,
}

impl Mover {
    pub async fn run(mut self) -> Moved {
        while !self.ended.load(Ordering::Relaxed) {
            if let Err(error) = self.in_and_back().await {
                self.moved.wrong.push(format!("{}: {error:#}", self.product.slug));
                break;
            }
        }
        self.moved
    }

    async fn in_and_back(&mut self) -> anyhow::Result<()> {
        let start = self.product.at(&format!("/releases/{NEW}/deployments"));
        let id = self.start(&start, &json!({ "env": "production" })).await?;
        let mut last = id.clone();
        if self.dice.roll(3) == 0 {
            tokio::time::sleep(Duration::from_millis(self.dice.roll(4_000))).await;
            // The same one, or another one when it was live by then.
            last = self.go_back().await?;
        }
        let mut state = self.settles(&id).await?;
        if last != id {
            self.moved.live += u64::from(state == "live");
            state = self.settles(&last).await?;
        }
        if state == "live" {
            self.moved.live += 1;
            if self.ended.load(Ordering::Relaxed) {
                return Ok(());
            }
            let back = self.go_back().await?;
            self.settles(&back).await?;
        }
        self.moved.back += 1;
        let hold = self.product.at("/environments/production/hold");
        self.ask("DELETE", &hold, &json!({ "reason": "the trial goes on" })).await?;
        Ok(())
    }

    async fn go_back(&mut self) -> anyhow::Result<String> {
        let body = json!({ "env": "production", "reason": "the trial goes back" });
        self.start(&self.product.at("/rollbacks"), &body).await
    }

    async fn start(&mut self, path: &str, body: &Value) -> anyhow::Result<String> {
        let id = rest::text(&self.ask("POST", path, body).await?.json(), "id")?;
        self.moved.acknowledged.push(id.clone());
        Ok(id)
    }

    /// The same request under the same key until it is answered.
    async fn ask(&mut self, method: &str, path: &str, body: &Value) -> anyhow::Result<Answer> {
        self.asked += 1;
        let key = format!("idempotency-key: {}-{}\r\n", self.product.slug, self.asked);
        let began = Instant::now();
        let mut cut_off = false;
        loop {
            if let Ok(answer) = self.client.send(method, path, Some(body), &key).await {
                self.moved.cut_off += u64::from(cut_off);
                let said = String::from_utf8_lossy(&answer.body);
                anyhow::ensure!((200..300).contains(&answer.status), "{method} {path}: {} {said}", answer.status);
                return Ok(answer);
            }
            cut_off = true;
            anyhow::ensure!(began.elapsed() < ANSWERED_WITHIN, "{method} {path} is never answered");
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// Until it is over; what is parked is decided by a look into the ledger, as a person would.
    async fn settles(&mut self, id: &str) -> anyhow::Result<String> {
        let path = self.product.at(&format!("/deployments/{id}"));
        loop {
            tokio::time::sleep(GLANCE).await;
            let Ok(answer) = self.client.get(&path).await else { continue };
            anyhow::ensure!(answer.status == 200, "rollout {id} was acknowledged and is not there: {}", answer.status);
            let seen = answer.json();
            if seen["state"] == "parked" {
                self.moved.parked += 1;
                if self.ended.load(Ordering::Relaxed) {
                    return Ok("parked".to_owned());
                }
                self.decide(&path, &seen).await?;
            } else if is_settled(&seen) {
                return rest::text(&seen, "state");
            }
        }
    }

    async fn decide(&mut self, path: &str, seen: &Value) -> anyhow::Result<()> {
        let number = seen["parked"]["step"].as_u64().context("parked at no step")?;
        let step = seen["steps"].as_array().and_then(|all| all.iter().find(|step| step["n"] == number));
        let key = rest::text(step.context("parked at a step that is not there")?, "key")?;
        // What is still on its way to the other side has arrived by then.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let lines: Vec<Line> = self.side.lines();
        let body = json!({ "happened": book::did(&lines, &key), "reason": "the ledger says so" });
        self.ask("POST", &format!("{path}/steps/{number}"), &body).await?;
        Ok(())
    }
}
