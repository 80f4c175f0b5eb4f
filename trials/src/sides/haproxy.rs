//! The other side of the driver `haproxy`: a real HAProxy for each product, with somebody in between at its Runtime API.
//!
//! Programs that stand versions up and end them keep the ledger of the driver `command`. Of lines that move traffic, those
//! count that changed what HAProxy says of itself.

use super::{
    book::{Effect, Line, What},
    command::Command,
    cue::{Cue, Go, Moment},
};
use crate::product::{NEW, OLD};
use anyhow::Context as _;
use axum::Router;
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, UnixListener, UnixStream},
    process::Child,
    task::JoinSet,
};

/// Where Debian puts it.
const PROGRAM: &str = "/usr/sbin/haproxy";
const STARTS_WITHIN: Duration = Duration::from_secs(20);

#[derive(Debug)]
pub struct Haproxy {
    programs: Command,
    folder: PathBuf,
    heard: Arc<Mutex<Vec<Line>>>,
    pub cue: Arc<Cue>,
    /// What answers behind every HAProxy.
    behind: [SocketAddr; 2],
    running: HashMap<String, (Child, JoinSet<()>)>,
    _serving: JoinSet<()>,
}

impl Haproxy {
    pub async fn open(data: &Path) -> anyhow::Result<Self> {
        anyhow::ensure!(Path::new(PROGRAM).is_file(), "HAProxy is missing: `apt-get install haproxy`");
        let programs = Command::open(data).await?;
        let mut serving = JoinSet::new();
        let behind = [answering(&mut serving).await?, answering(&mut serving).await?];
        let cue = programs.cue.clone();
        let folder = data.to_owned();
        Ok(Self { programs, folder, heard: Arc::default(), cue, behind, running: HashMap::new(), _serving: serving })
    }

    /// Starts one, in which `blue` has all the traffic.
    pub async fn connection(&mut self, product: &str) -> anyhow::Result<Value> {
        let folder = self.folder.join(product);
        std::fs::create_dir_all(&folder)?;
        let (real, front) = (folder.join("real.sock"), folder.join("admin.sock"));
        let [blue, green] = self.behind;
        let config = format!(
            "global\n  stats socket {} mode 600 level admin\ndefaults\n  mode http\n  timeout connect 2s\n  timeout client 10s\n  \
             timeout server 10s\nbackend shop\n  balance roundrobin\n  option httpchk GET /\n  \
             server blue {blue} weight 100 check inter 100ms\n  server green {green} weight 0 check inter 100ms\n",
            real.display()
        );
        std::fs::write(folder.join("haproxy.cfg"), config)?;
        let mut command = tokio::process::Command::new(PROGRAM);
        command.arg("-db").arg("-f").arg(folder.join("haproxy.cfg")).kill_on_drop(true);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().context("HAProxy does not start")?;
        let began = Instant::now();
        while UnixStream::connect(&real).await.is_err() {
            anyhow::ensure!(began.elapsed() < STARTS_WITHIN, "HAProxy does not answer");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let listener = UnixListener::bind(&front)?;
        let desk =
            Arc::new(Desk { product: product.to_owned(), real, heard: self.heard.clone(), cue: self.cue.clone() });
        let mut relay = JoinSet::new();
        relay.spawn(async move {
            let mut guests = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let desk = desk.clone();
                guests.spawn(async move {
                    let _ = desk.between(stream).await;
                });
                while guests.try_join_next().is_some() {}
            }
        });
        self.running.insert(product.to_owned(), (child, relay));
        let settings = json!({
            "socket": front.to_string_lossy(), "backend": "shop", "servers": ["blue", "green"], "folder": "/", "drain_seconds": 1,
            "deploy": self.program("deploy")?, "retire": self.program("retire")?,
        });
        Ok(json!({ "driver": "haproxy", "settings": settings, "force": true }))
    }

    pub fn lines(&self) -> anyhow::Result<Vec<Line>> {
        let mut lines = self.programs.lines()?;
        lines.extend(self.heard.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned());
        Ok(lines)
    }

    /// The way back runs both, after and before the traffic moves.
    fn program(&self, does: &str) -> anyhow::Result<Value> {
        let mut argv = self.programs.argv("act")?;
        if let Some(words) = argv.as_array_mut() {
            words.extend([json!("--does"), json!(does)]);
        }
        Ok(argv)
    }

    pub async fn forget(&mut self, product: &str) -> anyhow::Result<()> {
        if let Some((mut child, _)) = self.running.remove(product) {
            child.kill().await?;
        }
        Ok(())
    }
}

async fn answering(serving: &mut JoinSet<()>) -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    serving.spawn(async move {
        let _ = axum::serve(listener, Router::new().fallback(|| async { "well" })).await;
    });
    Ok(address)
}

#[derive(Debug)]
struct Desk {
    product: String,
    real: PathBuf,
    heard: Arc<Mutex<Vec<Line>>>,
    cue: Arc<Cue>,
}

impl Desk {
    async fn between(&self, stream: UnixStream) -> anyhow::Result<()> {
        let mut stream = BufReader::new(stream);
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let Some(effect) = moves(&line) else {
            if line.contains("show servers state") {
                self.looked();
            }
            let answer = self.say(&line).await?;
            return Ok(stream.get_mut().write_all(&answer).await?);
        };
        let key = format!("{} {}", self.product, line.trim());
        let note = |what| Line { what, key: key.clone(), product: self.product.clone(), effect: effect.clone() };
        self.note(note(What::Called));
        if self.cue.at(&self.product, &effect.action, Moment::Arrived).await == Go::Lost {
            return Ok(());
        }
        let before = self.standing().await?;
        let answer = self.say(&line).await?;
        if self.standing().await? != before {
            self.note(note(What::Did));
        }
        self.cue.at(&self.product, &effect.action, Moment::Done).await;
        Ok(stream.get_mut().write_all(&answer).await?)
    }

    fn note(&self, line: Line) {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    /// Whoever looks at the servers asks what became of everything that was sent to them.
    fn looked(&self) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let keys: std::collections::BTreeSet<String> =
            heard.iter().filter(|line| line.product == self.product).map(|line| line.key.clone()).collect();
        heard.extend(keys.iter().map(|key| Line::asked(key)));
    }

    async fn say(&self, line: &str) -> anyhow::Result<Vec<u8>> {
        let mut real = UnixStream::connect(&self.real).await?;
        real.write_all(line.as_bytes()).await?;
        let mut answer = Vec::new();
        real.read_to_end(&mut answer).await?;
        Ok(answer)
    }

    /// Administrative state and weight of both servers.
    async fn standing(&self) -> anyhow::Result<Vec<(String, String)>> {
        let text = self.say("show servers state shop\n").await?;
        let text = String::from_utf8_lossy(&text).into_owned();
        let rows = text.lines().skip(2).map(|row| row.split(' ').collect::<Vec<_>>()).filter(|row| row.len() > 7);
        Ok(rows.map(|row| (row[6].to_owned(), row[7].to_owned())).collect())
    }
}

/// A line that moves traffic sets both weights. The old version stands in `blue`, the new one in `green`.
fn moves(line: &str) -> Option<Effect> {
    let weight = |server: &str| {
        let rest = line.split_once(&format!("shop/{server} weight "))?.1;
        rest.split(|c: char| !c.is_ascii_digit()).next()?.parse::<u32>().ok()
    };
    let (blue, green) = (weight("blue")?, weight("green")?);
    let action = match line {
        _ if line.contains("state maint") => "roll_back",
        _ if line.contains("state drain") => "promote",
        _ => "weight",
    };
    let version = if action == "weight" || green > blue { NEW } else { OLD };
    Some(Effect {
        action: action.to_owned(),
        version: version.to_owned(),
        share: green.to_string(),
        ..Effect::default()
    })
}
