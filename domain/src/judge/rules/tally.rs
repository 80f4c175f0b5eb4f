//! What one arm did over a span of windows.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::Values;
use crate::judge::{Histogram, Reading};

/// Sums over windows; of gauges the mean.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Tally {
    /// Seconds in which requests were counted.
    pub counted: u32,
    pub requests: f64,
    pub errors: f64,
    latency: Option<Latency>,
    gauges: BTreeMap<String, Gauge>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Gauge {
    sum: f64,
    seconds: u32,
}

/// How many requests were slower than each bound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Latency {
    bounds: Vec<f64>,
    above: Vec<f64>,
    total: f64,
}

impl Tally {
    /// Adds a window; the counts only where `both` arms have them, so that the two stay comparable.
    pub fn add(&mut self, seconds: u32, values: &Values, both: bool) {
        if let (Reading::Counts(arm), true) = (&values.counts, both) {
            self.counted = self.counted.saturating_add(seconds);
            self.requests += arm.requests();
            self.errors += arm.errors();
            if let Some(histogram) = arm.latency() {
                self.add_latency(histogram);
            }
        }
        for (name, value) in values.gauges.iter().filter(|(_, value)| value.is_finite()) {
            let gauge = self.gauges.entry(name.clone()).or_default();
            gauge.sum += value * f64::from(seconds);
            gauge.seconds = gauge.seconds.saturating_add(seconds);
        }
    }

    pub fn gauge(&self, name: &str) -> Option<f64> {
        let gauge = self.gauges.get(name).filter(|gauge| gauge.seconds > 0)?;
        Some(gauge.sum / f64::from(gauge.seconds))
    }

    /// The time within which this part of the requests was answered; at most the last bound, as Prometheus has it.
    pub fn quantile(&self, part: f64) -> Option<f64> {
        let latency = self.latency.as_ref().filter(|latency| latency.total > 0.0)?;
        let wanted = latency.total * (1.0 - part);
        let (mut bound_below, mut above_below) = (0.0, latency.total);
        for (bound, above) in latency.bounds.iter().zip(&latency.above) {
            if *above <= wanted {
                let inside = above_below - above;
                let way = if inside > 0.0 { (above_below - wanted) / inside } else { 1.0 };
                return Some(bound_below + (bound - bound_below) * way);
            }
            (bound_below, above_below) = (*bound, *above);
        }
        latency.bounds.last().copied()
    }

    /// Requests that have a time.
    pub fn timed(&self) -> f64 {
        self.latency.as_ref().map_or(0.0, |latency| latency.total)
    }

    fn add_latency(&mut self, histogram: &Histogram) {
        let bounds = histogram.bounds().as_slice();
        let latency = self.latency.get_or_insert_with(|| Latency {
            bounds: bounds.to_vec(),
            above: vec![0.0; bounds.len()],
            total: 0.0,
        });
        // Of two kinds of buckets the first is kept: there is no honest sum.
        if latency.bounds == bounds {
            latency.total += histogram.total();
            for (place, above) in latency.above.iter_mut().enumerate() {
                *above += histogram.above(place);
            }
        }
    }
}
