//! What is wrong with a recorded rollout, and where.

use std::fmt;

use serde::Serialize;

use super::invalid::Invalid;

/// Found values longer than this are cut in messages.
const LONGEST: usize = 60;

/// A line of a trace that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TraceError {
    /// The line, counted from 1, the header included.
    pub line: usize,
    /// The column.
    pub field: String,
    /// What stood there.
    pub found: String,
    /// What may stand there.
    pub allowed: String,
}

impl TraceError {
    /// Builds the error; what was found is cut to a readable length.
    pub fn new(line: usize, field: impl Into<String>, found: &str, allowed: impl Into<String>) -> Self {
        let mut cut: String = found.chars().take(LONGEST).collect();
        if cut.len() < found.len() {
            cut.push('…');
        }
        Self { line, field: field.into(), found: cut, allowed: allowed.into() }
    }

    /// Says on which line a value was refused.
    pub fn at(line: usize, invalid: Invalid) -> Self {
        Self::new(line, invalid.field, &invalid.found, invalid.allowed)
    }
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, field, found, allowed } = self;
        write!(f, "line {line}, field {field}: found {found:?}, allowed: {allowed}")
    }
}

impl std::error::Error for TraceError {}
