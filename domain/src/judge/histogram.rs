//! Latency as monitors give it: counts per bucket between fixed bounds.

use std::sync::Arc;

use super::invalid::{Invalid, count};

/// More buckets than this is no histogram but a mistake; the judge's state must stay small.
const MOST_BOUNDS: usize = 400;

/// Rounding of a rate may let a cumulative count fall by this part of the total.
const JITTER: f64 = 1e-6;

/// Upper bounds of the finite buckets, in milliseconds, ascending; one more bucket holds everything above.
#[derive(Debug, Clone, PartialEq)]
pub struct Bounds(Arc<[f64]>);

impl Bounds {
    /// Accepts 2 to 400 positive, finite, strictly ascending bounds.
    pub fn new(bounds: Vec<f64>) -> Result<Self, Invalid> {
        if !(2..=MOST_BOUNDS).contains(&bounds.len()) {
            let found = format!("{} bounds", bounds.len());
            return Err(Invalid::new("buckets", found, "2 to 400 finite bounds"));
        }
        let mut below = 0.0;
        for bound in &bounds {
            if !(bound.is_finite() && *bound > below) {
                let allowed = format!("finite bounds in ascending order, here above {below}");
                return Err(Invalid::new("buckets", bound, allowed));
            }
            below = *bound;
        }
        Ok(Self(bounds.into()))
    }

    /// The bounds, ascending.
    pub fn as_slice(&self) -> &[f64] {
        &self.0
    }
}

/// One arm's latencies in one window.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    bounds: Bounds,
    /// One count per bound and one for everything above the last.
    counts: Vec<f64>,
}

impl Histogram {
    /// From counts per bucket, the last one being everything above the last bound.
    pub fn from_buckets(bounds: Bounds, counts: Vec<f64>) -> Result<Self, Invalid> {
        let wanted = bounds.as_slice().len() + 1;
        if counts.len() != wanted {
            let found = format!("{} counts", counts.len());
            return Err(Invalid::new("buckets", found, format!("{wanted} counts, one per bound and one above")));
        }
        for value in &counts {
            count("buckets", *value)?;
        }
        Ok(Self { bounds, counts })
    }

    /// From cumulative counts as classic Prometheus buckets give them, `+Inf` last.
    pub fn from_cumulative(bounds: Bounds, cumulative: &[f64]) -> Result<Self, Invalid> {
        let total = cumulative.last().copied().unwrap_or_default();
        let mut below = 0.0_f64;
        let mut counts = Vec::with_capacity(cumulative.len());
        for value in cumulative {
            count("buckets", *value)?;
            if *value < below - total.max(below) * JITTER {
                return Err(Invalid::new("buckets", value, format!("cumulative counts, here at least {below}")));
            }
            counts.push((value - below).max(0.0));
            below = below.max(*value);
        }
        Self::from_buckets(bounds, counts)
    }

    /// The bounds that the counts belong to.
    pub fn bounds(&self) -> &Bounds {
        &self.bounds
    }

    /// All requests in the histogram.
    pub fn total(&self) -> f64 {
        self.counts.iter().sum()
    }

    /// Requests slower than the bound at this place (0 is the lowest bound).
    pub fn above(&self, place: usize) -> f64 {
        self.counts.iter().skip(place + 1).sum()
    }
}
