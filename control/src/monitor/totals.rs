//! What one arm did in one window, in numbers.

use super::Buckets;
use domain::judge;
use serde::{Deserialize, Serialize};

/// The normal quantile of an interval that holds 95 times in 100.
const SURE: f64 = 1.96;

/// What one arm did in one window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Totals {
    pub requests: f64,
    pub errors: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency: Option<Buckets>,
}

impl Totals {
    /// In the terms of the judge, which checks them once more.
    pub fn arm(&self) -> Result<judge::Arm, judge::Invalid> {
        let latency = self.latency.as_ref().map(Buckets::histogram).transpose()?;
        judge::Arm::new(self.requests, self.errors, latency)
    }

    /// The share of requests that failed; none without any.
    pub fn failed(&self) -> Option<f64> {
        (self.requests > 0.0).then(|| self.errors / self.requests)
    }

    /// Between what the share of failing requests lies, 95 times in 100 (Wilson).
    pub fn failed_between(&self) -> Option<(f64, f64)> {
        let (rate, n) = (self.failed()?, self.requests);
        let square = SURE * SURE;
        let middle = (rate + square / (2.0 * n)) / (1.0 + square / n);
        let half = SURE / (1.0 + square / n) * (rate * (1.0 - rate) / n + square / (4.0 * n * n)).max(0.0).sqrt();
        Some(((middle - half).max(0.0), (middle + half).min(1.0)))
    }

    /// The milliseconds within which this part of the requests was answered; at most the last bound.
    pub fn within(&self, part: f64) -> Option<f64> {
        let Buckets { bounds, counts } = self.latency.as_ref()?;
        let total: f64 = counts.iter().sum();
        let wanted = total * part;
        let (mut below, mut reached) = (0.0, 0.0);
        for (bound, count) in bounds.iter().zip(counts) {
            if *count > 0.0 && reached + count >= wanted {
                return Some(below + (bound - below) * ((wanted - reached) / count).clamp(0.0, 1.0));
            }
            (below, reached) = (*bound, reached + count);
        }
        bounds.last().copied().filter(|_| total > 0.0)
    }

    /// Together with what came after it.
    pub(crate) fn add(&mut self, other: &Self) {
        self.requests += other.requests;
        self.errors += other.errors;
        match (&mut self.latency, &other.latency) {
            (Some(own), Some(other)) if own.bounds == other.bounds => {
                own.counts.iter_mut().zip(&other.counts).for_each(|(own, other)| *own += other);
            }
            (own @ None, Some(other)) => *own = Some(other.clone()),
            // Of two kinds of buckets the first is kept: there is no honest sum.
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Buckets, Totals};

    #[test]
    fn rates_have_an_interval_and_nothing_has_none() {
        let totals = |requests, errors| Totals { requests, errors, latency: None };
        assert_eq!(totals(0.0, 0.0).failed_between(), None);
        let (low, high) = totals(200.0, 4.0).failed_between().expect("an interval");
        assert!((low - 0.007_8).abs() < 0.000_5 && (high - 0.050_3).abs() < 0.000_5, "{low} {high}");
        let (low, high) = totals(50.0, 0.0).failed_between().expect("an interval");
        assert!(low.abs() < 1e-12 && (0.06..0.08).contains(&high), "{low} {high}");
    }

    #[test]
    fn quantiles_lie_within_their_bucket() {
        let latency = Buckets { bounds: vec![50.0, 100.0, 250.0], counts: vec![90.0, 6.0, 3.0, 1.0] };
        let totals = Totals { requests: 100.0, errors: 0.0, latency: Some(latency) };
        let within = |part| totals.within(part).expect("a time");
        assert!((within(0.45) - 25.0).abs() < 1e-9 && (within(0.95) - 91.666).abs() < 0.01, "{}", within(0.95));
        assert!((within(0.999) - 250.0).abs() < 1e-9);
        assert_eq!(Totals { requests: 1.0, errors: 0.0, latency: None }.within(0.5), None);
    }
}
