//! An archive being read: nothing in it is believed before it was checked.

use super::{
    BackupError, Contents,
    line::{Counts, FORMAT, Format, Header, Line, SEAL_LENGTH, seal},
};
use control::audit::Trail;
use flate2::bufread::GzDecoder;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

const PAGE: usize = 2_000;

type Lines = BufReader<GzDecoder<BufReader<io::Take<File>>>>;

pub(super) struct Archive {
    path: PathBuf,
    lines: Lines,
    /// The number of the line read last.
    line: u64,
    header: Header,
    counts: Counts,
    trail: Trail,
    ended: bool,
}

impl Archive {
    /// Compares the whole file with its seal and reads the header.
    pub fn open(path: &Path) -> Result<Self, BackupError> {
        let mut file = File::open(path).map_err(BackupError::io(path, "opened"))?;
        let length = check_seal(&mut file, path)?;
        file.rewind().map_err(BackupError::io(path, "read"))?;
        let mut lines = BufReader::new(GzDecoder::new(BufReader::new(file.take(length))));
        let first = read_line(&mut lines, path, 1)?
            .ok_or_else(|| BackupError::file(path, "it is empty; a backup begins with a header"))?;
        let format: Format = parse(&first, path, 1)?;
        if !(1..=FORMAT).contains(&format.pilothouse_backup) {
            let why = format!("its format is {}; this program reads formats 1 to {FORMAT}", format.pilothouse_backup);
            return Err(BackupError::file(path, why));
        }
        let header = parse(&first, path, 1)?;
        let (counts, trail) = (Counts::default(), Trail::default());
        Ok(Self { path: path.to_owned(), lines, line: 1, header, counts, trail, ended: false })
    }

    /// The next rows, each one checked; none when the end was reached and everything was there.
    pub fn page(&mut self) -> Result<Vec<Line>, BackupError> {
        let mut page = Vec::new();
        while page.len() < PAGE && !self.ended {
            self.line += 1;
            let Some(text) = read_line(&mut self.lines, &self.path, self.line)? else {
                return Err(self.wrong("the file ends here, before its last line"));
            };
            let line: Line = parse(&text, &self.path, self.line)?;
            self.counts.count(&line);
            match &line {
                Line::Event(row) => self.trail.follow(row).map_err(|fault| self.wrong(fault.to_string()))?,
                Line::End(counts) => {
                    self.end(*counts)?;
                    break;
                }
                _ => {}
            }
            page.push(line);
        }
        Ok(page)
    }

    fn end(&mut self, counts: Counts) -> Result<(), BackupError> {
        if counts != self.counts {
            return Err(self.wrong(format!("it counts {counts}, but before it stand {}", self.counts)));
        }
        self.trail.end(&self.header.head).map_err(|fault| self.wrong(fault.to_string()))?;
        self.ended = true;
        if read_line(&mut self.lines, &self.path, self.line + 1)?.is_some() {
            self.line += 1;
            return Err(self.wrong("something follows the last line"));
        }
        Ok(())
    }

    pub fn contents(&self) -> Contents {
        Contents::of(self.header.clone(), self.counts, None)
    }

    fn wrong(&self, why: impl Into<String>) -> BackupError {
        BackupError::Line { file: self.path.display().to_string(), line: self.line, why: why.into() }
    }
}

/// The length of what the seal covers, once it is known to be untouched.
fn check_seal(file: &mut File, path: &Path) -> Result<u64, BackupError> {
    let wrong = |error| BackupError::io(path, "read")(error);
    let length = file.metadata().map_err(wrong)?.len();
    let covered = length
        .checked_sub(SEAL_LENGTH)
        .ok_or_else(|| BackupError::file(path, "it is too short to be a backup of Pilothouse"))?;
    let mut hash = Sha256::new();
    let mut rest = file.take(covered);
    let mut some = vec![0; 1 << 16];
    loop {
        match rest.read(&mut some).map_err(wrong)? {
            0 => break,
            n => hash.update(&some[..n]),
        }
    }
    file.seek(SeekFrom::Start(covered)).map_err(wrong)?;
    let mut found = Vec::new();
    file.read_to_end(&mut found).map_err(wrong)?;
    if found != seal(hash).into_bytes() {
        let why = "it does not match its seal: it is not a backup of Pilothouse, or it was cut off, damaged or changed";
        return Err(BackupError::file(path, why));
    }
    Ok(covered)
}

fn read_line(lines: &mut Lines, path: &Path, line: u64) -> Result<Option<String>, BackupError> {
    let mut text = String::new();
    match lines.read_line(&mut text) {
        Ok(0) => Ok(None),
        Ok(_) => Ok(Some(text)),
        Err(error) => {
            let why = format!("it cannot be read: {error}");
            Err(BackupError::Line { file: path.display().to_string(), line, why })
        }
    }
}

fn parse<T: DeserializeOwned>(text: &str, path: &Path, line: u64) -> Result<T, BackupError> {
    serde_json::from_str(text).map_err(|error| {
        let why = format!("it is not a line of a backup: {error}");
        BackupError::Line { file: path.display().to_string(), line, why }
    })
}
