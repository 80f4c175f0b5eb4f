//! What instances write, a file for each, bounded; and the last lines of it.

use crate::moment::stamp;
use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::SystemTime,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader},
    sync::mpsc,
};
use tokio_util::task::TaskTracker;

/// A file that is longer is put aside; the one put aside before is gone.
const LONGEST_FILE: u64 = 1024 * 1024;
/// A longer line is broken.
const LONGEST_LINE: u64 = 8 * 1024;
/// Lines that wait to be written; when there are more, the instance waits.
const WAITING: usize = 1024;
/// So much of each file is read for its last lines.
const TAIL: u64 = 256 * 1024;

/// Writes the lines of one instance, each with its time and the instance's number.
#[derive(Debug, Clone)]
pub(super) struct Log(mpsc::Sender<String>);

impl Log {
    pub(super) fn open(folder: &Path, instance: u32, tasks: &TaskTracker) -> Self {
        let (sender, mut lines) = mpsc::channel::<String>(WAITING);
        let path = folder.join(format!("{instance}.log"));
        tasks.spawn_blocking(move || {
            let mut file = None;
            while let Some(line) = lines.blocking_recv() {
                if let Err(error) = write(&path, &mut file, &format!("{} #{instance} {line}\n", stamp())) {
                    tracing::warn!(%error, path = %path.display(), "a line of an instance could not be written");
                    file = None;
                }
            }
        });
        Self(sender)
    }

    pub(super) async fn say(&self, line: impl Into<String>) {
        // The writer ends after the last of its senders.
        let _ = self.0.send(line.into()).await;
    }

    /// Takes all that comes out of a pipe, until it closes.
    pub(super) async fn follow(self, pipe: impl AsyncRead + Unpin) {
        let (mut reader, mut line) = (BufReader::new(pipe), Vec::new());
        loop {
            line.clear();
            match (&mut reader).take(LONGEST_LINE).read_until(b'\n', &mut line).await {
                Ok(0) | Err(_) => return,
                Ok(_) => self.say(String::from_utf8_lossy(&line).trim_end()).await,
            }
        }
    }
}

fn write(path: &Path, file: &mut Option<(File, u64)>, line: &str) -> io::Result<()> {
    if file.as_ref().is_some_and(|(_, length)| *length >= LONGEST_FILE) {
        *file = None;
        std::fs::rename(path, path.with_extension("log.1"))?;
    }
    if file.is_none() {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let opened = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
        let length = opened.metadata()?.len();
        *file = Some((opened, length));
    }
    if let Some((file, length)) = file {
        file.write_all(line.as_bytes())?;
        *length += line.len() as u64;
    }
    Ok(())
}

/// The last lines of all instances in these folders, oldest first.
pub(crate) fn tail(folders: &[PathBuf], lines: usize) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for folder in folders {
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        for entry in entries {
            let mut file = File::open(entry?.path())?;
            let length = file.metadata()?.len();
            file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
            let mut bytes = Vec::new();
            file.take(TAIL).read_to_end(&mut bytes)?;
            let text = String::from_utf8_lossy(&bytes);
            let whole = usize::from(length > TAIL);
            found.extend(text.lines().skip(whole).map(str::to_owned));
        }
    }
    // Each line begins with its time, and sorting keeps what was written at the same time as it was.
    found.sort_by(|a, b| a.split(' ').next().cmp(&b.split(' ').next()));
    Ok(found.split_off(found.len().saturating_sub(lines)))
}

/// Keeps the folders of the `kept` versions that wrote last.
pub(crate) fn forget_all_but(kept: usize, folder: &Path) -> io::Result<()> {
    let mut versions: Vec<(SystemTime, PathBuf)> = std::fs::read_dir(folder)?
        .filter_map(|entry| {
            let entry = entry.ok()?;
            Some((entry.metadata().ok()?.modified().ok()?, entry.path()))
        })
        .collect();
    versions.sort();
    let gone = versions.len().saturating_sub(kept);
    versions.into_iter().take(gone).try_for_each(|(_, path)| std::fs::remove_dir_all(path))
}
