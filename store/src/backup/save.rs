//! From a database into a new archive.

use super::{
    BackupError, Contents,
    line::{Counts, FORMAT, Header, Line, seal},
    rows,
};
use crate::sql::{Engine, HEAD, Unit, read_events, read_head};
use control::{
    audit::{Fault, Trail},
    journal::Head,
};
use domain::Timestamp;
use flate2::{Compression, write::GzEncoder};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};
use tempfile::NamedTempFile;

const PAGE: u32 = 2_000;

pub(super) async fn save<E: Engine>(engine: &E, file: &Path, now: Timestamp) -> Result<Contents, BackupError> {
    let mut unit = Unit::begin(engine.reader().await?, E::BEGIN_SNAPSHOT).await?;
    let head = read_head(&mut unit, HEAD).await?;
    let path = file.to_owned();
    let mut saving = blocking(move || Saving::start(path, now, head)).await?;
    let mut after = 0;
    loop {
        let rows = read_events(&mut unit, after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = last.seq;
        let lines: Vec<_> = rows.into_iter().map(Line::Event).collect();
        saving = blocking(move || saving.write(&lines)).await?;
    }
    let lines = rows::few(&mut unit).await?;
    saving = blocking(move || saving.write(&lines)).await?;
    let mut after = None;
    loop {
        let lines = rows::intents(&mut unit, after).await?;
        let Some(Line::Intent { key, .. }) = lines.last() else { break };
        after = Some(*key);
        saving = blocking(move || saving.write(&lines)).await?;
    }
    let mut after = None;
    loop {
        let lines = rows::samples(&mut unit, after).await?;
        let Some(Line::Sample { rollout, at, .. }) = lines.last() else { break };
        after = Some((*rollout, *at));
        saving = blocking(move || saving.write(&lines)).await?;
    }
    let mut after = None;
    loop {
        let lines = rows::imported(&mut unit, after).await?;
        let Some(Line::Imported { import, part, .. }) = lines.last() else { break };
        after = Some((*import, *part));
        saving = blocking(move || saving.write(&lines)).await?;
    }
    unit.commit().await?;
    blocking(move || saving.finish()).await
}

/// Compressing and writing would hold up everything else on this thread.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BackupError> + Send + 'static,
) -> Result<T, BackupError> {
    tokio::task::spawn_blocking(work).await.map_err(BackupError::stopped)?
}

/// An archive in the making: under another name, in the same folder, until it is whole and on disk.
struct Saving {
    path: PathBuf,
    place: NamedTempFile,
    out: GzEncoder<Hashing>,
    header: Header,
    counts: Counts,
    trail: Trail,
    fault: Option<Fault>,
}

impl Saving {
    fn start(path: PathBuf, now: Timestamp, head: Head) -> Result<Self, BackupError> {
        if path.exists() {
            return Err(BackupError::Exists { file: path.display().to_string() });
        }
        let wrong = |error| BackupError::io(&path, "made")(error);
        let place = NamedTempFile::new_in(folder_of(&path)).map_err(wrong)?;
        let file = place.reopen().map_err(wrong)?;
        let out = Hashing { file: BufWriter::new(file), hash: Sha256::new() };
        let header = Header { pilothouse_backup: FORMAT, taken_at: now, head };
        let mut saving = Self {
            place,
            out: GzEncoder::new(out, Compression::default()),
            header: header.clone(),
            counts: Counts::default(),
            trail: Trail::default(),
            fault: None,
            path,
        };
        saving.put(&header)?;
        Ok(saving)
    }

    fn put(&mut self, line: &impl Serialize) -> Result<(), BackupError> {
        let written = serde_json::to_writer(&mut self.out, line).map_err(io::Error::from);
        written.and_then(|()| self.out.write_all(b"\n")).map_err(BackupError::io(&self.path, "written"))
    }

    fn write(mut self, lines: &[Line]) -> Result<Self, BackupError> {
        for line in lines {
            if let Line::Event(row) = line
                && self.fault.is_none()
            {
                self.fault = self.trail.follow(row).err();
            }
            self.counts.count(line);
            self.put(line)?;
        }
        Ok(self)
    }

    fn finish(mut self) -> Result<Contents, BackupError> {
        self.put(&Line::End(self.counts))?;
        let fault = self.fault.or_else(|| self.trail.end(&self.header.head).err());
        let wrong = |error| BackupError::io(&self.path, "written")(error);
        let Hashing { mut file, hash } = self.out.finish().map_err(wrong)?;
        file.write_all(seal(hash).as_bytes()).map_err(wrong)?;
        let file = file.into_inner().map_err(|error| wrong(error.into_error()))?;
        file.sync_all().map_err(wrong)?;
        self.place.persist_noclobber(&self.path).map_err(|error| match error.error.kind() {
            io::ErrorKind::AlreadyExists => BackupError::Exists { file: self.path.display().to_string() },
            _ => wrong(error.error),
        })?;
        // The name itself must survive a power cut too.
        #[cfg(unix)]
        File::open(folder_of(&self.path)).and_then(|folder| folder.sync_all()).map_err(wrong)?;
        Ok(Contents::of(self.header, self.counts, fault))
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Hashes what goes into the file.
struct Hashing {
    file: BufWriter<File>,
    hash: Sha256,
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
