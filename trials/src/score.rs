//! What held and what did not, counted while a campaign runs.

use std::{
    io::Write as _,
    time::{Duration, Instant},
};

/// No more failures than this are spelt out.
const SPELT_OUT: u64 = 20;
/// How often progress is worth a line.
const PACE: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub struct Score {
    name: String,
    passed: u64,
    failed: u64,
    said: Option<Instant>,
}

impl Score {
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), passed: 0, failed: 0, said: None }
    }

    /// Counts a claim; one that does not hold is told in its sentence.
    pub fn claim(&mut self, holds: bool, sentence: impl FnOnce() -> String) {
        if holds {
            self.passed += 1;
            return;
        }
        self.failed += 1;
        if self.failed <= SPELT_OUT {
            eprintln!("  FAILED: {}", sentence());
        }
    }

    /// A line now and then.
    pub fn progress(&mut self, line: impl FnOnce() -> String) {
        if self.said.is_none_or(|said| said.elapsed() >= PACE) {
            self.said = Some(Instant::now());
            say(&line());
        }
    }

    /// The last line, and whether everything held.
    pub fn end(self) -> anyhow::Result<()> {
        let Self { name, passed, failed, .. } = self;
        let line = format!("campaign {name}: {passed} passed, {failed} failed");
        anyhow::ensure!(failed == 0, "{line}");
        println!("{line}");
        Ok(())
    }
}

/// Progress is read while it happens, through a pipe too.
pub fn say(line: &str) {
    println!("  {line}");
    let _ = std::io::stdout().flush();
}
