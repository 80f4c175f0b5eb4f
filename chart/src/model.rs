//! What a chart shows, without any notion of how it is drawn.

use crate::{Ink, Unit};

/// What no measurement exceeds; what claims to is no number that means anything.
const GREATEST: f64 = 1e15;
/// Seconds around 1970 that are told as times; about three thousand years.
const FARTHEST: i64 = 100_000_000_000;

#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// The verdict in a sentence: what somebody is told who does not see the picture.
    pub title: String,
    pub unit: Unit,
    /// The last one is drawn on top.
    pub lines: Vec<Line>,
    pub threshold: Option<Threshold>,
    pub markers: Vec<Marker>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Stands where the line ends.
    pub label: String,
    pub ink: Ink,
    pub dashed: bool,
    pub points: Vec<Point>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Seconds since 1970.
    pub at: i64,
    /// None where nothing was measured: the line breaks there.
    pub value: Option<f64>,
    /// Between what the value may well be.
    pub band: Option<(f64, f64)>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    pub value: f64,
    pub label: String,
    /// Where values must not be.
    pub side: Side,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Above,
    Below,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Marker {
    pub at: i64,
    pub label: String,
    pub kind: Kind,
}

/// What happened there; the later ones matter more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Step,
    Verdict,
    Rollback,
}

/// For what width it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Wide,
    Phone,
}

impl Point {
    pub fn new(at: i64, value: Option<f64>) -> Self {
        Self { at, value, band: None }
    }

    /// The value, unless it is none that means anything.
    pub(crate) fn known(&self) -> Option<f64> {
        self.value.filter(|value| is_sane(*value))
    }

    /// The band of a value that is known, low before high.
    pub(crate) fn known_band(&self) -> Option<(f64, f64)> {
        self.known()?;
        self.band
            .filter(|(low, high)| is_sane(*low) && is_sane(*high))
            .map(|(low, high)| (low.min(high), low.max(high)))
    }
}

impl Threshold {
    pub(crate) fn known(&self) -> Option<f64> {
        Some(self.value).filter(|value| is_sane(*value))
    }
}

/// Everything that is drawn is a share, a time or a rate: none is below nothing.
fn is_sane(value: f64) -> bool {
    (0.0..=GREATEST).contains(&value)
}

/// Seconds as they are counted with, near enough to be told as a time.
pub(crate) fn seconds(at: i64) -> i64 {
    at.clamp(-FARTHEST, FARTHEST)
}
