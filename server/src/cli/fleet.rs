//! The fleet of this machine, in a process of its own.

use super::said::{Fail, Said};
use clap::Args;
use fleet::protocol::Question;
use std::path::PathBuf;
use tokio::signal::unix::{SignalKind, signal};

/// Runs processes of versions behind a router, until it is told to stop.
#[derive(Debug, Args)]
pub struct Fleet {
    /// Where its socket, its state, its ledger and its logs are
    #[arg(long, value_name = "DIR")]
    folder: PathBuf,
    /// Leave the session it was started in
    #[arg(long)]
    detached: bool,
    /// End the fleet that runs there, and everything that it runs
    #[arg(long, conflicts_with = "detached")]
    stop: bool,
}

impl Fleet {
    pub async fn run(self) -> Said {
        if self.stop {
            return match fleet::Client::new(&self.folder).ask(&Question::Stop).await {
                Ok(_) => Ok("The fleet ends.\n".to_owned()),
                Err(silence) => Err(Fail::refused(format!("fleet in {}: {silence}", self.folder.display()))),
            };
        }
        let mut terminate = signal(SignalKind::terminate()).map_err(|error| Fail::refused(error.to_string()))?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(|error| Fail::refused(error.to_string()))?;
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let folder = self.folder.display().to_string();
        let options = fleet::Options { folder: self.folder, detached: self.detached, version };
        let stop = async {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        fleet::serve(options, stop).await.map_err(|error| Fail::refused(format!("fleet in {folder}: {error}")))?;
        Ok(String::new())
    }
}
