//! A value with its time, or the reason why there is none. No data is not health, and never 0.

use domain::{
    Timestamp,
    judge::{Bounds, Histogram, Invalid},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What kind of nothing there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lack {
    /// Nobody set how to ask for it.
    NotAsked,
    /// The source answered and has nothing of this window.
    Absent,
    /// The source did not answer, or its answer makes no sense. No release is to blame for that.
    Failed,
}

/// Why there is no value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    pub lack: Lack,
    /// In words for people, without secrets.
    pub why: String,
}

impl Missing {
    pub fn not_asked(why: impl Into<String>) -> Self {
        Self { lack: Lack::NotAsked, why: why.into() }
    }

    pub fn absent(why: impl Into<String>) -> Self {
        Self { lack: Lack::Absent, why: why.into() }
    }

    pub fn failed(why: impl Into<String>) -> Self {
        Self { lack: Lack::Failed, why: why.into() }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

/// A value, or why there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measured<T> {
    Value {
        value: T,
        /// When the source took it.
        at: Timestamp,
    },
    Missing(Missing),
}

impl<T> Measured<T> {
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value { value, .. } => Some(value),
            Self::Missing(_) => None,
        }
    }

    pub fn missing(&self) -> Option<&Missing> {
        match self {
            Self::Value { .. } => None,
            Self::Missing(missing) => Some(missing),
        }
    }

    /// Nobody set how to ask for it.
    pub fn not_asked(what: &str) -> Self {
        Self::Missing(Missing::not_asked(format!("Nothing is set that says how to ask for {what}.")))
    }
}

impl<T> From<Result<(T, Timestamp), Missing>> for Measured<T> {
    fn from(result: Result<(T, Timestamp), Missing>) -> Self {
        match result {
            Ok((value, at)) => Self::Value { value, at },
            Err(missing) => Self::Missing(missing),
        }
    }
}

/// Latencies of one window: counts between fixed bounds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Buckets {
    /// Upper bounds in milliseconds, ascending.
    pub bounds: Vec<f64>,
    /// One for each bound, and one for everything above.
    pub counts: Vec<f64>,
}

impl Buckets {
    /// In the terms of the judge, which checks them once more.
    pub fn histogram(&self) -> Result<Histogram, Invalid> {
        Histogram::from_buckets(Bounds::new(self.bounds.clone())?, self.counts.clone())
    }
}
