//! What the judge is fed: one window of measurements, per arm, already checked.

use serde::{Deserialize, Serialize};

use super::evidence::Exposure;
use super::histogram::Histogram;
use super::invalid::{Invalid, count};

/// How long one window is, in whole seconds (15 s to 1 min is usual).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct WindowLength(u32);

impl WindowLength {
    /// One minute, the unit in which the judge's constants are stated.
    pub const MINUTE: Self = Self(60);

    /// Accepts 1 s to 1 h.
    pub fn from_seconds(seconds: u32) -> Result<Self, Invalid> {
        if (1..=3600).contains(&seconds) {
            return Ok(Self(seconds));
        }
        Err(Invalid::new("window", seconds, "1 to 3600 seconds"))
    }

    /// The length in seconds.
    pub fn seconds(self) -> u32 {
        self.0
    }

    /// The length in minutes.
    pub fn minutes(self) -> f64 {
        f64::from(self.0) / 60.0
    }
}

impl TryFrom<u32> for WindowLength {
    type Error = Invalid;

    fn try_from(seconds: u32) -> Result<Self, Invalid> {
        Self::from_seconds(seconds)
    }
}

impl From<WindowLength> for u32 {
    fn from(length: WindowLength) -> Self {
        length.0
    }
}

/// What one arm did in one window.
#[derive(Debug, Clone, PartialEq)]
pub struct Arm {
    requests: f64,
    errors: f64,
    latency: Option<Histogram>,
}

impl Arm {
    /// Accepts finite counts that are not negative, and no more errors than requests.
    pub fn new(requests: f64, errors: f64, latency: Option<Histogram>) -> Result<Self, Invalid> {
        let requests = count("requests", requests)?;
        let errors = count("errors", errors)?;
        if errors > requests {
            return Err(Invalid::new("errors", errors, format!("at most the {requests} requests")));
        }
        Ok(Self { requests, errors, latency })
    }

    /// Requests seen.
    pub fn requests(&self) -> f64 {
        self.requests
    }

    /// Requests that failed.
    pub fn errors(&self) -> f64 {
        self.errors
    }

    /// How long the requests took, where the source can tell.
    pub fn latency(&self) -> Option<&Histogram> {
        self.latency.as_ref()
    }

    /// Requests and failures.
    pub(super) fn failures(&self) -> Exposure {
        Exposure { requests: self.requests, bad: self.errors }
    }
}

/// What the monitors answered about one arm. No data is not health.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    /// Numbers, zero included.
    Counts(Arm),
    /// The series does not exist in this window.
    Missing,
    /// The query failed, or its answer made no sense: no release is to blame for that.
    Failed,
}

impl Reading {
    /// The numbers, if there are any.
    pub fn counts(&self) -> Option<&Arm> {
        match self {
            Self::Counts(arm) => Some(arm),
            Self::Missing | Self::Failed => None,
        }
    }
}

/// One window: the same span of time on both arms.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// How long it was.
    pub length: WindowLength,
    /// The arm that runs what ran before.
    pub stable: Reading,
    /// The arm that runs the new release.
    pub canary: Reading,
}
