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

#[cfg(test)]
mod tests {
    use super::{Matrix, Part, Pool};

    /// Few samples and many take different roads; both end at what sorting gives.
    #[test]
    fn few_and_many_give_the_same_median_and_ranks() {
        for (lanes, each) in [(1_u32, 700_u32), (1, 3_000), (1, 3_001), (7, 300), (7, 901), (7, 902), (40, 400)] {
            let noise = |lane: u32, at: u32| {
                let mixed = u64::from(lane * 7_919 + at + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
                i64::from(u32::try_from(mixed >> 40).expect("24 bits")) * 1_001 - 5_000_000_000
            };
            let columns: Vec<Vec<i64>> = (0..lanes).map(|lane| (0..each).map(|at| noise(lane, at)).collect()).collect();
            let matrices: Vec<Matrix> = columns.iter().map(|column| Matrix::new(column)).collect();
            let parts =
                columns.iter().zip(&matrices).map(|(samples, matrix)| Part { samples, matrix, from: 0, to: each });
            let pool = Pool::new(parts);
            let mut all: Vec<i64> = columns.concat();
            all.sort_unstable();
            let (lower, upper) = (all[(all.len() - 1) / 2], all[all.len() / 2]);
            let middle = f64::midpoint(super::seconds(lower), super::seconds(upper));
            assert_eq!(pool.median(), Some(middle), "{lanes} lanes of {each}");
            let ranked = pool.ranked();
            for k in [0, 1, all.len() / 3, all.len() - 1] {
                assert_eq!(ranked.nth(k as u64), Some(all[k]), "{lanes} lanes of {each}, place {k}");
                assert_eq!(ranked.below(all[k]), all.partition_point(|s| *s < all[k]) as u64, "{lanes} of {each}, {k}");
            }
        }
    }
}
