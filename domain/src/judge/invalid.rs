//! A value that was refused at the door: which field, what was found, what would be allowed.

use std::fmt;

use serde::Serialize;

/// Largest count that one arm may report for one window; sums of such counts stay exact enough and finite.
pub(super) const MOST: f64 = 1e15;

/// Why a value cannot enter the judge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Invalid {
    /// The field that was refused.
    pub field: String,
    /// What it held.
    pub found: String,
    /// What it may hold.
    pub allowed: String,
}

impl Invalid {
    /// Builds the refusal.
    pub fn new(field: impl Into<String>, found: impl fmt::Display, allowed: impl Into<String>) -> Self {
        Self { field: field.into(), found: found.to_string(), allowed: allowed.into() }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: found {}, allowed: {}", self.field, self.found, self.allowed)
    }
}

impl std::error::Error for Invalid {}

/// A count as monitors give it: fractional after extrapolation, never negative, never NaN or infinite.
pub(super) fn count(field: &str, value: f64) -> Result<f64, Invalid> {
    if value.is_finite() && (0.0..=MOST).contains(&value) {
        // Adding zero turns -0 into 0, which would otherwise print differently.
        return Ok(value + 0.0);
    }
    Err(Invalid::new(field, value, "a number from 0 to 1e15"))
}
