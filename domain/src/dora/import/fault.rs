//! What is wrong with a line, and where.

use crate::Refusal;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Found texts longer than this are cut in messages.
const LONGEST: usize = 60;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Counted from 1, a header included.
    pub line: u64,
    pub field: String,
    pub found: String,
    pub allowed: String,
}

impl Fault {
    /// What was found is cut to a readable length, without control characters.
    pub fn new(line: u64, field: &str, found: &str, allowed: impl Into<String>) -> Self {
        let clean = |text: &str| {
            let mut shown: String = text.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
            if shown.len() < text.len() {
                shown.push('…');
            }
            shown
        };
        Self { line, field: clean(field), found: clean(found), allowed: allowed.into() }
    }

    pub(super) fn missing(line: u64, field: &str, allowed: impl Into<String>) -> Self {
        Self { found: "nothing".to_owned(), ..Self::new(line, field, "", allowed) }
    }

    /// The sentence without line and field.
    pub fn why(&self) -> String {
        format!("found {}; allowed is {}", self.found, self.allowed)
    }

    pub fn refusal(&self) -> Refusal {
        Refusal::invalid(format!("line {}, {}", self.line, self.field), self.found.clone(), self.allowed.clone())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, “{}”: {}.", self.line, self.field, self.why())
    }
}

impl std::error::Error for Fault {}
