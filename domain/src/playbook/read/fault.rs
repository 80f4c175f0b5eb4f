//! What is wrong with a playbook, where, and what would be right.

use serde::{Deserialize, Serialize};
use std::fmt;

/// One fault; everything needed to mend it without a second run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Counted from 1.
    pub line: usize,
    /// The dotted path: `type[2].approvals[0].role`.
    pub key: String,
    /// What is wrong, in words.
    pub what: String,
    /// The value or key that stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// What may stand there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed: Option<String>,
    /// The nearest known key or value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub did_you_mean: Option<String>,
}

impl Fault {
    pub(in crate::playbook) fn new(line: usize, key: impl Into<String>, what: impl Into<String>) -> Self {
        Self { line, key: key.into(), what: what.into(), found: None, allowed: None, did_you_mean: None }
    }

    #[must_use]
    pub(in crate::playbook) fn found(mut self, found: impl Into<String>) -> Self {
        self.found = Some(found.into());
        self
    }

    #[must_use]
    pub(in crate::playbook) fn allowed(mut self, allowed: impl Into<String>) -> Self {
        self.allowed = Some(allowed.into());
        self
    }

    /// With the nearest of `known`, when one is near.
    #[must_use]
    pub(in crate::playbook) fn near<'a>(mut self, found: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        self.did_you_mean = super::nearest::nearest(found, known).map(str::to_owned);
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, {}: {}", self.line, self.key, self.what)?;
        if let Some(found) = &self.found {
            write!(f, "; found {found}")?;
        }
        if let Some(allowed) = &self.allowed {
            write!(f, "; allowed is {allowed}")?;
        }
        match &self.did_you_mean {
            Some(near) => write!(f, "; did you mean “{near}”?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Fault {}
