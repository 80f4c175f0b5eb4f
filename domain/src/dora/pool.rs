//! Samples of several stretches taken together. Few are copied and looked at; of many the matrices are asked. Both are
//! exact.

use super::{
    instant::seconds,
    matrix::{Matrix, below, select},
};

/// A stretch of a series: its samples as they stand, and the matrix over all of the series.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) samples: &'a [i64],
    pub(super) matrix: &'a Matrix,
    pub(super) from: u32,
    pub(super) to: u32,
}

/// To walk one matrix costs as much as to look at about a thousand samples; of many matrices the walks overlap.
const FEW: usize = 1_024;
const FEW_EACH: usize = 256;

pub(super) struct Pool<'a> {
    parts: Vec<Part<'a>>,
    n: usize,
}

impl<'a> Pool<'a> {
    pub(super) fn new(parts: impl Iterator<Item = Part<'a>>) -> Self {
        let parts: Vec<Part<'a>> = parts.filter(|part| !part.samples.is_empty()).collect();
        let n = parts.iter().map(|part| part.samples.len()).sum();
        Self { parts, n }
    }

    pub(super) fn n(&self) -> u64 {
        self.n as u64
    }

    fn are_few(&self) -> bool {
        self.n <= FEW + FEW_EACH * self.parts.len()
    }

    fn gathered(&self) -> Vec<i64> {
        let mut all = Vec::with_capacity(self.n);
        self.parts.iter().for_each(|part| all.extend_from_slice(part.samples));
        all
    }

    /// The middle sample, or the mean of the two middle ones, in seconds.
    pub(super) fn median(&self) -> Option<f64> {
        let middle = self.n / 2;
        let even = self.n.is_multiple_of(2);
        if self.n == 0 {
            return None;
        }
        let (lower, upper) = if self.are_few() {
            let mut all = self.gathered();
            let (smaller, upper, _) = all.select_nth_unstable(middle);
            (if even { smaller.iter().copied().max() } else { None }, *upper)
        } else {
            let lower = if even { select(&self.parts, middle as u64 - 1) } else { None };
            (lower, select(&self.parts, middle as u64)?)
        };
        Some(lower.map_or(seconds(upper), |lower| f64::midpoint(seconds(lower), seconds(upper))))
    }

    /// Answers to: which is the k-th smallest, counted from 0; how many are below a limit.
    pub(super) fn ranked(&self) -> Ranked<'_> {
        if !self.are_few() {
            return Ranked::Many(&self.parts);
        }
        let mut all = self.gathered();
        all.sort_unstable();
        Ranked::Few(all)
    }
}

pub(super) enum Ranked<'a> {
    Few(Vec<i64>),
    Many(&'a [Part<'a>]),
}

impl Ranked<'_> {
    pub(super) fn nth(&self, k: u64) -> Option<i64> {
        match self {
            Self::Few(all) => all.get(usize::try_from(k).ok()?).copied(),
            Self::Many(parts) => select(parts, k),
        }
    }

    pub(super) fn below(&self, limit: i64) -> u64 {
        match self {
            Self::Few(all) => all.partition_point(|sample| *sample < limit) as u64,
            Self::Many(parts) => below(parts, limit),
        }
    }
}
