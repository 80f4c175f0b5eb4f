//! The other side of the driver `local`: the real fleet, with somebody in between who hears what it is asked.
//!
//! What it did is counted in the fleet's own ledger, and by the processes that were started.

use super::{
    book::{self, Effect, Line, What},
    cue::{Cue, Go, Moment},
};
use anyhow::Context as _;
use serde_json::{Value, json};
use std::{
    io::Write as _,
    net::TcpListener,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncWriteExt as _, BufReader},
    net::{UnixListener, UnixStream},
    task::JoinSet,
};

const APPEARS_WITHIN: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub struct Local {
    folder: PathBuf,
    starts: PathBuf,
    heard: Arc<Mutex<Vec<Line>>>,
    pub cue: Arc<Cue>,
    relay: Option<JoinSet<()>>,
}

impl Local {
    pub fn open(data: &Path) -> Self {
        let (folder, starts) = (data.join("fleet"), data.join("starts"));
        Self { folder, starts, heard: Arc::default(), cue: Arc::default(), relay: None }
    }

    pub fn connection(&self, product: &str) -> anyhow::Result<Value> {
        let listen = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let program = std::env::current_exe()?;
        let run = json!([
            program.to_string_lossy(),
            "instance",
            "--listen",
            "127.0.0.1:{{port}}",
            "--starts",
            self.starts.to_string_lossy(),
            "--product",
            product,
            "--version",
            "{{version}}"
        ]);
        let settings = json!({ "listen": listen, "run": run, "grace_seconds": 1 });
        Ok(json!({ "driver": "local", "settings": settings, "force": true }))
    }

    /// The fleet runs by now: from here on everything that it is asked comes through us.
    pub async fn connected(&mut self) -> anyhow::Result<()> {
        if self.relay.is_some() {
            return Ok(());
        }
        let (front, behind) = (self.folder.join("fleet.sock"), self.behind());
        let began = Instant::now();
        while UnixStream::connect(&front).await.is_err() {
            anyhow::ensure!(began.elapsed() < APPEARS_WITHIN, "the fleet does not answer");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        std::fs::rename(&front, &behind)?;
        let listener = UnixListener::bind(&front)?;
        let (heard, cue) = (self.heard.clone(), self.cue.clone());
        let mut relay = JoinSet::new();
        relay.spawn(async move {
            let mut lines = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (behind, heard, cue) = (behind.clone(), heard.clone(), cue.clone());
                lines.spawn(async move {
                    let _ = between(stream, &behind, &heard, &cue).await;
                });
                while lines.try_join_next().is_some() {}
            }
        });
        self.relay = Some(relay);
        Ok(())
    }

    /// Calls and questions as they were heard; what was done as the fleet wrote it down.
    pub fn lines(&self) -> anyhow::Result<Vec<Line>> {
        let mut lines = self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let ledger = std::fs::read_to_string(self.folder.join("ledger.jsonl")).unwrap_or_default();
        for entry in ledger.lines() {
            let entry: Value = serde_json::from_str(entry).context("a line of the fleet's ledger cannot be read")?;
            if entry["outcome"] != "begun" {
                continue;
            }
            let key = entry["key"].as_str().unwrap_or_default();
            let called = lines.iter().find(|line| line.key == key && line.what == What::Called).cloned();
            let called = called.with_context(|| format!("the fleet did what nobody called for: {entry}"))?;
            lines.push(Line { what: What::Did, ..called });
        }
        Ok(lines)
    }

    /// More starts of a version than orders that start one.
    pub fn oddities(&self, product: &str) -> anyhow::Result<Vec<String>> {
        let text = std::fs::read_to_string(&self.starts).unwrap_or_default();
        let effects = book::effects(&book::of(&self.lines()?, product));
        let mut odd = Vec::new();
        for version in ["1.0.0", "1.1.0"] {
            let starts = text.lines().filter(|line| *line == format!("{product} {version}")).count() as u64;
            let brings = |effect: &Effect| matches!(effect.action.as_str(), "deploy" | "roll_back");
            let ordered: u64 = effects.iter().filter(|(e, _)| e.version == version && brings(e)).map(|(_, n)| n).sum();
            if starts > ordered {
                odd.push(format!("{starts} processes of {version} were started by {ordered} orders"));
            }
        }
        Ok(odd)
    }

    /// Ends what runs for a product.
    pub async fn forget(&self, product: &str) -> anyhow::Result<()> {
        let mut fleet = BufReader::new(UnixStream::connect(self.behind()).await?);
        let question = json!({ "ask": "remove", "service": format!("production@{product}"), "order": u64::MAX });
        fleet.get_mut().write_all(format!("{question}\n").as_bytes()).await?;
        let mut answer = String::new();
        fleet.read_line(&mut answer).await?;
        anyhow::ensure!(answer.contains("well"), "the fleet did not let go of {product}: {answer}");
        Ok(())
    }

    fn behind(&self) -> PathBuf {
        self.folder.join("behind.sock")
    }
}

impl Drop for Local {
    /// The fleet outlives the server; it must not outlive the trial.
    fn drop(&mut self) {
        let at = if self.relay.is_some() { self.behind() } else { self.folder.join("fleet.sock") };
        if let Ok(mut fleet) = std::os::unix::net::UnixStream::connect(at) {
            let _ = fleet.write_all(b"{\"ask\":\"stop\"}\n");
            // It closes the line when it ends.
            let _ = fleet.set_read_timeout(Some(Duration::from_secs(10)));
            let _ = std::io::copy(&mut fleet, &mut std::io::sink());
        }
    }
}

/// One conversation between the server and the fleet.
async fn between(server: UnixStream, behind: &Path, heard: &Mutex<Vec<Line>>, cue: &Cue) -> anyhow::Result<()> {
    let mut server = BufReader::new(server);
    let mut fleet = BufReader::new(UnixStream::connect(behind).await?);
    loop {
        let question = line_of(&mut server).await?;
        if question.is_empty() {
            return Ok(());
        }
        let said: Value = serde_json::from_slice(&question)?;
        let called = called(&said);
        let note = |line: Line| heard.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        if let Some(line) = &called {
            note(line.clone());
            if cue.at(&line.product, &line.effect.action, Moment::Arrived).await == Go::Lost {
                return Ok(());
            }
        }
        if said["ask"] == "outcome" {
            note(Line::asked(said["key"].as_str().unwrap_or_default()));
        }
        fleet.get_mut().write_all(&question).await?;
        let answer = line_of(&mut fleet).await?;
        if let Some(line) = &called {
            cue.at(&line.product, &line.effect.action, Moment::Done).await;
        }
        server.get_mut().write_all(&answer).await?;
    }
}

async fn line_of(stream: &mut BufReader<impl AsyncRead + Unpin>) -> std::io::Result<Vec<u8>> {
    let mut line = Vec::new();
    stream.read_until(b'\n', &mut line).await?;
    Ok(line)
}

fn called(said: &Value) -> Option<Line> {
    let order = (said["ask"] == "apply").then_some(&said["order"])?;
    let product = order["service"].as_str()?.split_once('@')?.1.to_owned();
    let action = &order["action"];
    let share = action["share"].as_u64().map(|share| share.to_string()).unwrap_or_default();
    let version = order["version"].as_str()?.to_owned();
    let effect = Effect { action: action["do"].as_str()?.to_owned(), version, share, ..Effect::default() };
    Some(Line { what: What::Called, key: order["key"].as_str()?.to_owned(), product, effect })
}
