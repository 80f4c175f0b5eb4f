//! The release binary as a process: started on a free port, waited for, asked to stop, or killed.

use crate::{Settings, client::Client, place::Place};
use anyhow::Context as _;
use std::{
    collections::BTreeSet,
    fs::OpenOptions,
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    process::{Output, Stdio},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::process::{Child, Command};

/// The administrator of every trial.
pub const ADMIN: &str = "trial-administrator-token-0123456789";
const START_LIMIT: Duration = Duration::from_mins(3);
const STOP_LIMIT: Duration = Duration::from_secs(15);

#[derive(Debug)]
pub struct Service {
    binary: PathBuf,
    data: PathBuf,
    url: Option<String>,
    pub address: SocketAddr,
    child: Option<Child>,
}

impl Service {
    /// Not yet running.
    pub fn at(place: &Place, settings: &Settings) -> anyhow::Result<Self> {
        let data = place.folder().to_owned();
        Ok(Self { binary: settings.binary()?, data, url: place.url(), address: free()?, child: None })
    }

    /// Starts it; how long it took until it was ready.
    pub async fn start(&mut self) -> anyhow::Result<Duration> {
        self.start_with(&[]).await
    }

    /// The same with more variables in its environment.
    pub async fn start_with(&mut self, environment: &[(&str, &str)]) -> anyhow::Result<Duration> {
        let log = OpenOptions::new().create(true).append(true).open(self.data.join("server.log"))?;
        let mut command = self.command(&["serve", "--log", "warn"]);
        command.args(["--listen", &self.address.to_string()]).env("PILOTHOUSE_ADMIN_TOKEN", ADMIN);
        command.envs(environment.iter().copied()).stdout(Stdio::null()).stderr(log);
        let began = Instant::now();
        self.child = Some(command.spawn().context("the release binary does not start")?);
        loop {
            let mut asking = Client::with_token(self.address, ADMIN);
            if asking.get("/ready").await.is_ok_and(|answer| answer.status == 200) {
                return Ok(began.elapsed());
            }
            if let Some(status) = self.child.as_mut().and_then(|child| child.try_wait().ok().flatten()) {
                anyhow::bail!("the server ended at its start ({status}); it said: {}", self.last_words());
            }
            anyhow::ensure!(began.elapsed() < START_LIMIT, "the server was not ready in {START_LIMIT:?}");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// `kill -9`.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill().await?;
        }
        Ok(())
    }

    /// Waits until it has ended by itself.
    pub async fn ends(&mut self, within: Duration) -> anyhow::Result<()> {
        let child = self.child.as_mut().context("the server is not running")?;
        tokio::time::timeout(within, child.wait()).await.context("the server did not end by itself")??;
        self.child = None;
        Ok(())
    }

    /// SIGTERM, then waits for the end.
    pub async fn stop(&mut self) -> anyhow::Result<()> {
        let Some(mut child) = self.child.take() else { return Ok(()) };
        if let Some(id) = child.id() {
            Command::new("kill").args(["-TERM", &id.to_string()]).status().await?;
        }
        let ended = tokio::time::timeout(STOP_LIMIT, child.wait()).await.context("the server did not stop in time")?;
        anyhow::ensure!(ended?.success(), "the server stopped with an error; it said: {}", self.last_words());
        Ok(())
    }

    /// Another command of the binary on the same record.
    pub async fn run(&self, words: &[&str]) -> anyhow::Result<Output> {
        self.command(words).output().await.context("the release binary does not start")
    }

    /// A command of the binary that has nothing to do with a record.
    pub async fn run_alone(&self, words: &[&str]) -> anyhow::Result<Output> {
        Command::new(&self.binary).env_clear().args(words).output().await.context("the release binary does not start")
    }

    /// Resident memory now and at its highest, in KiB.
    pub fn memory(&self) -> anyhow::Result<(u64, u64)> {
        let id = self.child.as_ref().and_then(Child::id).context("the server is not running")?;
        let text = std::fs::read_to_string(format!("/proc/{id}/status")).context("no memory figures here")?;
        let figure = |name: &str| {
            let line = text.lines().find(|line| line.starts_with(name))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        };
        Ok((figure("VmRSS:").unwrap_or(0), figure("VmHWM:").unwrap_or(0)))
    }

    /// Processor time of the process so far, its own and the kernel's for it; neighbours on the machine do not change it.
    pub fn processor(&self) -> anyhow::Result<Duration> {
        let id = self.child.as_ref().and_then(Child::id).context("the server is not running")?;
        processor_time(id)
    }

    pub fn admin(&self) -> Client {
        Client::with_token(self.address, ADMIN)
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        // What this process was told about trials is no configuration of the server.
        command.env_clear().args(words).arg("--data").arg(&self.data).kill_on_drop(true).stdin(Stdio::null());
        if let Some(url) = &self.url {
            command.env("PILOTHOUSE_DATABASE_URL", url);
        }
        command
    }

    fn last_words(&self) -> String {
        let log = std::fs::read_to_string(self.data.join("server.log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().rev().take(5).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join(" | ")
    }
}

/// The ports that were given out: nobody listens there while a server is down, and the next one must not take it for its own.
static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());

fn free() -> anyhow::Result<SocketAddr> {
    let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        if given.insert(address.port()) {
            return Ok(address);
        }
    }
}

/// Processor time of any process: fields 14 and 15 of its `stat`, in hundredths of a second.
pub fn processor_time(id: u32) -> anyhow::Result<Duration> {
    let text = std::fs::read_to_string(format!("/proc/{id}/stat")).context("no processor figures here")?;
    let after_name = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = after_name.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok());
    Ok(Duration::from_millis(ticks.sum::<u64>() * 10))
}

/// What a command said, for the sentence that tells of its failure.
pub fn said(output: &Output) -> String {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8_lossy(&text).trim().replace('\n', " | ")
}
