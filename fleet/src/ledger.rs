//! Which orders were done: a file that only grows, one JSON object a line, written through before anybody is told.
//!
//! It is the independent record of what happened here: one line `begun` and one line with the end for each key.

use crate::{
    folder::Folder,
    moment::stamp,
    protocol::{Order, Outcome},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;

/// What a line says about its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    Begun,
    /// Taken up again by a fleet that started anew.
    Resumed,
    Done,
    Failed,
    /// Not begun: a greater order came before.
    Declined,
}

/// A line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub key: Uuid,
    pub order: u64,
    pub service: String,
    pub action: String,
    pub version: String,
    pub at: String,
    pub outcome: Mark,
    #[serde(default)]
    pub share: Option<u32>,
    #[serde(default)]
    pub said: String,
}

#[derive(Debug, Clone)]
pub(crate) struct Ledger(Arc<Mutex<Book>>);

#[derive(Debug)]
struct Book {
    file: File,
    /// Where the last whole line ends: what a failed write left behind it is cut off.
    end: u64,
    last: HashMap<Uuid, (Mark, Option<u32>, String)>,
}

impl Ledger {
    pub(crate) fn open(folder: &Folder) -> io::Result<Self> {
        let path = folder.ledger_file();
        let mut file = OpenOptions::new().create(true).truncate(false).read(true).write(true).mode(0o600).open(path)?;
        let (mut end, mut last) = (0, HashMap::new());
        let mut reader = BufReader::new(&file);
        let mut line = Vec::new();
        loop {
            line.clear();
            let length = reader.read_until(b'\n', &mut line)?;
            // A line without an end was never acknowledged to anybody.
            if length == 0 || line.last() != Some(&b'\n') {
                break;
            }
            end += length as u64;
            match serde_json::from_slice::<Entry>(&line) {
                Ok(entry) => {
                    last.insert(entry.key, (entry.outcome, entry.share, entry.said));
                }
                Err(error) => tracing::warn!(%error, "a line of the ledger cannot be read and is passed over"),
            }
        }
        drop(reader);
        file.set_len(end)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Self(Arc::new(Mutex::new(Book { file, end, last }))))
    }

    pub(crate) fn outcome(&self, key: Uuid) -> Outcome {
        let book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((mark, share, said)) = book.last.get(&key).cloned() else {
            return Outcome::NeverSeen;
        };
        match mark {
            Mark::Begun | Mark::Resumed => Outcome::Running { said },
            Mark::Done => Outcome::Done { share, said },
            Mark::Failed | Mark::Declined => Outcome::Failed { said },
        }
    }

    /// Writes a line and waits until it is on the disk. With `anyway` it counts although it could not be written.
    pub(crate) async fn write(
        &self,
        order: &Order,
        outcome: Mark,
        share: Option<u32>,
        said: &str,
        anyway: bool,
    ) -> io::Result<()> {
        let entry = Entry {
            key: order.key,
            order: order.order,
            service: order.service.clone(),
            action: order.action.name().to_owned(),
            version: order.version.clone(),
            at: stamp(),
            outcome,
            share,
            said: said.to_owned(),
        };
        let book = self.0.clone();
        let written = tokio::task::spawn_blocking(move || {
            let mut book = book.lock().unwrap_or_else(PoisonError::into_inner);
            let written = book.append(&entry);
            if let Err(error) = &written {
                tracing::error!(%error, key = %entry.key, "the ledger cannot be written");
            }
            if written.is_ok() || anyway {
                book.last.insert(entry.key, (entry.outcome, entry.share, entry.said));
                return Ok(());
            }
            written
        });
        written.await.map_err(io::Error::other)?
    }
}

impl Book {
    fn append(&mut self, entry: &Entry) -> io::Result<()> {
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        let written = self.file.write_all(&line).and_then(|()| self.file.sync_data());
        if written.is_ok() {
            self.end += line.len() as u64;
        } else {
            // Half a line would swallow the next one.
            self.file.set_len(self.end)?;
            self.file.seek(SeekFrom::Start(self.end))?;
        }
        written
    }
}

/// The lines of a ledger, for whoever counts what happened.
pub fn read_ledger(folder: &std::path::Path) -> io::Result<Vec<Entry>> {
    let text = std::fs::read_to_string(Folder::at(folder).ledger_file())?;
    text.lines().map(|line| serde_json::from_str(line).map_err(io::Error::other)).collect()
}
