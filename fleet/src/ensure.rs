//! Sees to it that a fleet runs: adopts the one that answers, starts one where none does.

use crate::{
    client::{Client, Silence},
    folder::Folder,
};
use std::{
    fs::OpenOptions,
    io,
    os::unix::fs::OpenOptionsExt,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

/// A longer log of an earlier fleet is put aside.
const LONGEST_LOG: u64 = 4 * 1024 * 1024;
const STARTS_WITHIN: Duration = Duration::from_secs(15);

/// Answers a client of the fleet in `folder`. Where none answers, `exe fleet --folder FOLDER --detached` is started, a
/// process of its own that stays when this one ends; what it says goes to `fleet.log` in the folder.
///
/// Several may ask at the same time: the fleet that gets the folder's lock lives, the others end at once.
pub async fn ensure_running(exe: &Path, folder: &Path) -> io::Result<Client> {
    let client = Client::new(folder);
    match client.hello().await {
        Ok(_) => return Ok(client),
        // A stranger there is the moment between two fleets, or nothing that may be spoken to.
        Err(Silence::NotThere(..) | Silence::Stranger(_)) => {}
        Err(Silence::Lost(error)) => return Err(error),
    }
    let place = Folder::make(folder)?;
    if std::fs::metadata(place.own_log()).is_ok_and(|log| log.len() > LONGEST_LOG) {
        std::fs::rename(place.own_log(), place.own_log().with_extension("log.1"))?;
    }
    let log = OpenOptions::new().create(true).append(true).mode(0o600).open(place.own_log())?;
    // Not waited for: it is to outlive us. Should it end earlier, the runtime cleans up after it.
    let mut child = tokio::process::Command::new(exe)
        .arg("fleet")
        .arg("--folder")
        .arg(folder)
        .arg("--detached")
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()?;
    let began = Instant::now();
    loop {
        if client.hello().await.is_ok() {
            return Ok(client);
        }
        if began.elapsed() > STARTS_WITHIN {
            let ended = child.try_wait()?.map_or_else(String::new, |status| format!("; it ended with {status}"));
            let said = format!(
                "the fleet did not answer within {} s{ended}. See {}",
                STARTS_WITHIN.as_secs(),
                place.own_log().display()
            );
            return Err(io::Error::new(io::ErrorKind::TimedOut, said));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
