//! What came of the requests that went to one version, since the fleet started.

use serde::{Deserialize, Serialize};
use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

/// Upper bounds of the latency buckets, in microseconds; one more bucket holds everything above.
pub const BOUNDS: [u64; 24] = [
    1_000, 2_000, 3_000, 5_000, 7_500, 10_000, 15_000, 20_000, 30_000, 50_000, 75_000, 100_000, 150_000, 200_000,
    300_000, 500_000, 750_000, 1_000_000, 1_500_000, 2_000_000, 3_000_000, 5_000_000, 7_500_000, 10_000_000,
];

/// A reading of the counters. They only ever rise while the fleet lives, and begin again at nothing when it starts anew.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// All requests that were given to the version.
    pub requests: u64,
    /// Answers of 500 and above, no answer at all, and answers that broke off.
    pub errors: u64,
    /// Requests whose customer left before the answer came; they are in `requests` and in the buckets.
    pub abandoned: u64,
    /// Time to the head of the answer, in microseconds, together.
    pub micros: u64,
    /// Upper bounds in microseconds.
    pub bounds: Vec<u64>,
    /// How many requests fell into each bucket, not added up; one longer than `bounds`.
    pub buckets: Vec<u64>,
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    requests: AtomicU64,
    errors: AtomicU64,
    abandoned: AtomicU64,
    micros: AtomicU64,
    buckets: [AtomicU64; BOUNDS.len() + 1],
}

impl Counters {
    pub(super) fn answered(&self, after: Duration, failed: bool) {
        let micros = u64::try_from(after.as_micros()).unwrap_or(u64::MAX);
        let bucket = BOUNDS.partition_point(|bound| *bound < micros);
        if let Some(bucket) = self.buckets.get(bucket) {
            bucket.fetch_add(1, Relaxed);
        }
        self.micros.fetch_add(micros, Relaxed);
        self.requests.fetch_add(1, Relaxed);
        if failed {
            self.errors.fetch_add(1, Relaxed);
        }
    }

    pub(super) fn abandoned(&self, after: Duration) {
        self.abandoned.fetch_add(1, Relaxed);
        self.answered(after, false);
    }

    /// An answer that began well and broke off.
    pub(super) fn broke_off(&self) {
        self.errors.fetch_add(1, Relaxed);
    }

    pub(crate) fn read(&self) -> Counts {
        Counts {
            requests: self.requests.load(Relaxed),
            errors: self.errors.load(Relaxed),
            abandoned: self.abandoned.load(Relaxed),
            micros: self.micros.load(Relaxed),
            bounds: BOUNDS.to_vec(),
            buckets: self.buckets.iter().map(|bucket| bucket.load(Relaxed)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_falls_into_the_first_bucket_that_holds_it() {
        let counters = Counters::default();
        for micros in [0, 1_000, 1_001, 10_000_000, 10_000_001] {
            counters.answered(Duration::from_micros(micros), micros == 1_001);
        }
        let counts = counters.read();
        assert_eq!((counts.requests, counts.errors), (5, 1));
        assert_eq!((counts.buckets[0], counts.buckets[1]), (2, 1));
        assert_eq!((counts.buckets[23], counts.buckets[24]), (1, 1));
    }
}
