//! Ends what a fleet that died left running.
//!
//! Processes are known by the mark in their environment, never by an id that was written down: an id may belong to
//! somebody else by now. The descriptor that is opened first makes sure that the one looked at is the one that is ended.

use super::process::MARKER;
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use std::{os::fd::OwnedFd, time::Duration};

/// Ends all that other fleets of the same folder started: asked first, made to after `grace`.
pub(crate) async fn end_orphans(home: String, ours: String, grace: Duration) {
    let found = orphans(&home, &ours);
    if found.is_empty() {
        return;
    }
    tracing::info!(processes = found.len(), "ending what an earlier fleet left behind");
    for orphan in &found {
        // It may have ended by itself.
        let _ = pidfd_send_signal(orphan, Signal::TERM);
    }
    tokio::time::sleep(grace).await;
    for orphan in &found {
        let _ = pidfd_send_signal(orphan, Signal::KILL);
    }
}

fn orphans(home: &str, ours: &str) -> Vec<OwnedFd> {
    let (theirs, ours) = (format!("{MARKER}={home}"), format!("{MARKER}={ours}"));
    let Ok(processes) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    let left_behind = |entry: std::fs::DirEntry| {
        let id = entry.file_name().to_str()?.parse().ok()?;
        let descriptor = pidfd_open(Pid::from_raw(id)?, PidfdFlags::empty()).ok()?;
        let environment = std::fs::read(entry.path().join("environ")).ok()?;
        let marked = |pair: &[u8]| pair.starts_with(theirs.as_bytes()) && pair != ours.as_bytes();
        environment.split(|byte| *byte == 0).any(marked).then_some(descriptor)
    };
    processes.filter_map(|entry| left_behind(entry.ok()?)).collect()
}
