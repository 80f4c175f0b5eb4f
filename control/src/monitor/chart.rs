//! A stretch of a monitor's past, for charts: the browser never asks a monitoring system itself.

use super::{Arm, Asking};
use domain::{Timestamp, judge::WindowLength};
use serde::{Deserialize, Serialize};

/// No line of a chart has more.
pub const MOST_POINTS: u32 = 1_000;

/// What a chart shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// Requests per second.
    Throughput,
    /// 0 to 1.
    ErrorRate,
    /// So large a part of the requests (0 to 1) was answered within so many milliseconds.
    Quantile(f64),
    Gauge(String),
}

impl Shown {
    /// As addresses say it: `throughput`, `error_rate`, `p95`; anything else is a gauge of that name.
    pub fn named(name: &str) -> Self {
        let percent =
            name.strip_prefix('p').filter(|digits| digits.len() == 2).and_then(|digits| digits.parse::<u8>().ok());
        match (name, percent) {
            ("throughput", _) => Self::Throughput,
            ("error_rate", _) => Self::ErrorRate,
            (_, Some(percent)) => Self::Quantile(f64::from(percent) / 100.0),
            (name, None) => Self::Gauge(name.to_owned()),
        }
    }
}

/// From when to when, in at most so many points.
#[derive(Debug, Clone, PartialEq)]
pub struct Stretch {
    pub shown: Shown,
    pub arms: Vec<Asking>,
    pub from: Timestamp,
    pub to: Timestamp,
    pub points: u32,
    /// Over how much time each value is taken, at least.
    pub window: WindowLength,
}

/// What there is to draw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chart {
    pub lines: Vec<Line>,
    pub step_seconds: u32,
    /// As they were sent.
    pub queries: Vec<String>,
    pub at: Timestamp,
}

/// One service of one arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    pub service: String,
    pub arm: Arm,
    pub points: Vec<Point>,
}

/// A gap is a gap: no value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    pub at: Timestamp,
    pub value: Option<f64>,
}
