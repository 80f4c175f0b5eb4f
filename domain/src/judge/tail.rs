//! Stable's latency tail: how many requests are slower than each bound, and the smooth curve through those points.

use serde::{Deserialize, Serialize};

use super::errors::DECAY;
use super::exact;
use super::histogram::Histogram;
use super::history::History;
use super::window::{Arm, WindowLength};

/// Slower-than counts of stable at every bound, fading by age.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Tail {
    #[serde(with = "exact::list")]
    bounds: Vec<f64>,
    #[serde(with = "exact::list")]
    slower: Vec<f64>,
    #[serde(with = "exact")]
    requests: f64,
}

impl Tail {
    /// Sums stable's history; `None` when it holds no latencies. Windows cut at other bounds than the last are left out.
    pub fn new(history: &History) -> Option<Self> {
        let newest = history.windows().iter().rev().find_map(Arm::latency)?;
        let bounds = newest.bounds().as_slice().to_vec();
        let mut tail = Self { slower: vec![0.0; bounds.len()], bounds, requests: 0.0 };
        for window in history.windows().iter().filter_map(Arm::latency) {
            if tail.fits(window) {
                tail.add(1.0, window);
            }
        }
        (tail.requests > 0.0).then_some(tail)
    }

    /// True when the histogram was cut at the same bounds.
    pub fn fits(&self, histogram: &Histogram) -> bool {
        self.bounds == histogram.bounds().as_slice()
    }

    /// Fades what is known by the window's length and adds the window.
    pub fn learn(&mut self, histogram: &Histogram, length: WindowLength) {
        self.add(DECAY.powf(length.minutes()), histogram);
    }

    fn add(&mut self, kept: f64, histogram: &Histogram) {
        for (place, slower) in self.slower.iter_mut().enumerate() {
            *slower = kept * *slower + histogram.above(place);
        }
        self.requests = kept * self.requests + histogram.total();
    }

    /// The bound at a place, in milliseconds.
    pub fn bound(&self, place: usize) -> Option<f64> {
        self.bounds.get(place).copied()
    }

    /// The plain part of requests slower than each bound.
    pub fn fractions(&self) -> impl Iterator<Item = f64> {
        self.slower.iter().map(|slower| slower / self.requests)
    }

    /// S at every bound: never zero, never rising.
    pub fn curve(&self) -> Curve<'_> {
        let mut ceiling = 1.0_f64;
        let values = self.slower.iter().map(|slower| {
            ceiling = ceiling.min((slower + 0.5) / (self.requests + 1.0));
            ceiling
        });
        Curve { bounds: &self.bounds, values: values.collect() }
    }

    /// True for any state that can come about; a stored one may have been damaged.
    pub fn is_sound(&self) -> bool {
        let count = |value: &f64| value.is_finite() && *value >= 0.0;
        let mut below = 0.0;
        let rising =
            self.bounds.iter().all(|bound| bound.is_finite() && *bound > std::mem::replace(&mut below, *bound));
        rising && self.bounds.len() == self.slower.len() && self.slower.iter().all(count) && count(&self.requests)
    }
}

/// S(x), the part of stable's requests slower than x.
#[derive(Debug)]
pub(super) struct Curve<'a> {
    bounds: &'a [f64],
    values: Vec<f64>,
}

impl Curve<'_> {
    /// S at the bound of a place.
    pub fn at_place(&self, place: usize) -> Option<f64> {
        self.values.get(place).copied()
    }

    /// S anywhere: ln S runs straight between bounds, from S(0) = 1, and stays flat above the last.
    pub fn at(&self, x: f64) -> f64 {
        let (mut left, mut left_ln) = (0.0, 0.0);
        for (bound, value) in self.bounds.iter().zip(&self.values) {
            let value_ln = value.ln();
            if x <= *bound {
                return (left_ln + (value_ln - left_ln) * (x - left) / (bound - left)).exp();
            }
            (left, left_ln) = (*bound, value_ln);
        }
        left_ln.exp()
    }

    /// S(T / tolerance) / S(T): how much more often stable would exceed T if it were slower by the tolerance.
    pub fn stretch(&self, place: usize, tolerance: f64) -> Option<f64> {
        let (bound, value) = (self.bounds.get(place)?, self.at_place(place)?);
        Some(self.at(bound / tolerance) / value)
    }
}
