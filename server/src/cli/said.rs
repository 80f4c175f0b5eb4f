//! How a command ends: with text for standard output, or with a line on standard error and a code that is not 0.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

/// Wrong usage or wrong configuration, as in sysexits.h.
pub const USAGE: u8 = 64;

/// What a command says when it succeeds, and why when it does not.
pub(super) type Said = Result<String, Fail>;

/// Why a command did not do what was asked.
#[derive(Debug)]
pub(super) struct Fail {
    code: u8,
    /// One line for each fault.
    why: String,
    /// Nobody answered: asking again later may help.
    silence: bool,
}

impl Fail {
    /// The command line or the settings are wrong.
    pub fn usage(why: impl Into<String>) -> Self {
        Self::with(USAGE, why)
    }

    /// Understood, but it could not or may not be done.
    pub fn refused(why: impl Into<String>) -> Self {
        Self::with(1, why)
    }

    /// Nobody answered.
    pub fn silence(why: impl Into<String>) -> Self {
        Self { silence: true, ..Self::refused(why) }
    }

    /// With a code that means something to the command.
    pub fn with(code: u8, why: impl Into<String>) -> Self {
        Self { code, why: why.into(), silence: false }
    }

    pub fn is_silence(&self) -> bool {
        self.silence
    }

    pub fn why(&self) -> &str {
        &self.why
    }

    pub fn tell(self) -> ExitCode {
        for line in self.why.lines() {
            eprintln!("pilothouse: {line}");
        }
        self.code.into()
    }
}

impl From<anyhow::Error> for Fail {
    fn from(error: anyhow::Error) -> Self {
        Self::refused(format!("{error:#}"))
    }
}

/// A reader that has seen enough closes its end (`| head`); that is no failure.
pub(super) fn print(text: &str) -> ExitCode {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Fail::refused(format!("standard output cannot be written: {error}")).tell()
        }
        _ => ExitCode::SUCCESS,
    }
}

/// Said on the way to the end; whoever does not listen is not told again.
pub(super) fn progress(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// A row for each item of a list in an answer.
pub(super) fn rows(
    value: &serde_json::Value,
    list: &str,
    row: impl Fn(&serde_json::Value) -> Vec<String>,
) -> Vec<Vec<String>> {
    value.get(list).and_then(serde_json::Value::as_array).into_iter().flatten().map(row).collect()
}

/// A JSON answer as it came, on several lines.
pub(super) fn json(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}

/// The text under this name in a JSON answer; nothing when there is none.
pub(super) fn text<'a>(value: &'a serde_json::Value, name: &str) -> &'a str {
    value.get(name).and_then(serde_json::Value::as_str).unwrap_or_default()
}

/// Rows with columns of equal width.
pub(super) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let wide = |n: usize| rows.iter().filter_map(|row| row.get(n)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(wide).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}
