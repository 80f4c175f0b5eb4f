//! What a deploy program of a team does behind a load balancer: ends what stood in a slot and stands a version up there.

use anyhow::{Context as _, ensure};
use clap::Args;
use std::{
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

const PATIENCE: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(20);

#[derive(Debug, Args)]
pub struct Slot {
    /// The program to run: the demonstration's shop.
    #[arg(long)]
    pub shop: PathBuf,
    /// Where the number of its process is kept.
    #[arg(long)]
    pub file: PathBuf,
    #[arg(long)]
    pub listen: SocketAddr,
    /// Where the shop reads which version has which faults.
    #[arg(long)]
    pub faults: PathBuf,
    /// Without one the slot stays empty.
    #[arg(long)]
    pub version: Option<String>,
}

pub fn fill(asked: &Slot) -> anyhow::Result<()> {
    empty(&asked.file)?;
    let Some(version) = &asked.version else { return Ok(()) };
    let listen = asked.listen.to_string();
    let mut shop = Command::new(&asked.shop);
    shop.args(["serve", "--listen", &listen, "--version", version]).arg("--faults").arg(&asked.faults);
    let child = shop.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    std::fs::write(&asked.file, child.id().to_string())?;
    let began = Instant::now();
    while TcpStream::connect(asked.listen).is_err() {
        ensure!(began.elapsed() < PATIENCE, "{version} does not listen on {listen}");
        std::thread::sleep(LOOK);
    }
    Ok(())
}

/// Ends the process whose number the file holds, and waits until it is gone.
pub fn empty(file: &Path) -> anyhow::Result<()> {
    let Ok(id) = std::fs::read_to_string(file) else { return Ok(()) };
    let process = PathBuf::from("/proc").join(id.trim());
    // A process that nobody has waited for yet has no program any more.
    let runs = || std::fs::read(process.join("cmdline")).is_ok_and(|program| !program.is_empty());
    let began = Instant::now();
    while runs() {
        Command::new("kill").args(["-KILL", id.trim()]).stderr(Stdio::null()).status().context("kill")?;
        ensure!(began.elapsed() < PATIENCE, "process {id} does not end");
        std::thread::sleep(LOOK);
    }
    Ok(std::fs::remove_file(file)?)
}
