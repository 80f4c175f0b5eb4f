//! A wavelet matrix: samples in order of time that give the k-th smallest of any stretch without looking at each.
//!
//! Every level holds one bit of every sample, sorted stably by the bits above. How many samples of a stretch have a
//! zero there is the difference of two running counts, so the k-th smallest is found bit by bit, exactly. Matrices of
//! several lanes answer together: at each bit their counts are added. What all samples of a matrix have in common in
//! their upper bits needs no level.

use super::{instant::place, pool::Part};

/// Shifts samples, negative ones included, into numbers without a sign that sort alike.
const SHIFT: i64 = 1 << 60;

fn encode(sample: i64) -> u64 {
    u64::try_from(sample.saturating_add(SHIFT)).unwrap_or(0)
}

fn decode(code: u64) -> i64 {
    i64::try_from(code).unwrap_or(i64::MAX).saturating_sub(SHIFT)
}

/// Sixty-four bits and how many ones stand before them in their level.
#[derive(Debug, Clone, Copy, Default)]
struct Block {
    low: u32,
    high: u32,
    before: u32,
}

impl Block {
    fn bits(self) -> u64 {
        u64::from(self.high) << 32 | u64::from(self.low)
    }
}

#[derive(Debug, Clone, Default)]
pub(super) struct Matrix {
    len: u32,
    /// How many low bits differ among the samples.
    levels: u32,
    /// The bits above, which all samples share; zeros below.
    common: u64,
    /// Level by level, from the highest; each of `len / 64 + 1` blocks.
    blocks: Vec<Block>,
    /// For each level the number of zeros: where the ones of the next level begin.
    zeros: Vec<u32>,
}

impl Matrix {
    pub(super) fn new(samples: &[i64]) -> Self {
        let Some(first) = samples.first().map(|s| encode(*s)) else { return Self::default() };
        let mut codes: Vec<u64> = samples.iter().map(|s| encode(*s)).collect();
        let differing = codes.iter().fold(0, |all, code| all | (code ^ first));
        let levels = u64::BITS - differing.leading_zeros();
        let common = first.checked_shr(levels).and_then(|c| c.checked_shl(levels)).unwrap_or(0);
        let each = codes.len() / 64 + 1;
        let mut blocks = vec![Block::default(); each * levels as usize];
        let mut zeros = Vec::with_capacity(levels as usize);
        let mut ones = Vec::with_capacity(codes.len());
        for (level, bit) in (0..levels).rev().enumerate() {
            let row = &mut blocks[level * each..(level + 1) * each];
            let mut before = 0;
            for (block, chunk) in row.iter_mut().zip(codes.chunks(64).chain([&[][..]])) {
                let bits = chunk.iter().enumerate().fold(0, |bits, (i, code)| bits | ((code >> bit & 1) << i));
                *block = Block { low: (bits & 0xffff_ffff) as u32, high: (bits >> 32) as u32, before };
                before += bits.count_ones();
            }
            ones.clear();
            codes.retain(|code| {
                let zero = code >> bit & 1 == 0;
                if !zero {
                    ones.push(*code);
                }
                zero
            });
            zeros.push(place(codes.len()));
            codes.extend_from_slice(&ones);
        }
        Self { len: place(samples.len()), levels, common, blocks, zeros }
    }

    /// How many of the first `to` samples of this bit's level have a one there.
    fn ones(&self, level: u32, to: u32) -> u32 {
        let each = self.len as usize / 64 + 1;
        let block = self.blocks[level as usize * each + to as usize / 64];
        block.before + (block.bits() & ((1 << (to % 64)) - 1)).count_ones()
    }

    fn zeros(&self, level: u32) -> u32 {
        self.zeros[level as usize]
    }

    pub(super) fn bytes(&self) -> usize {
        self.blocks.capacity() * size_of::<Block>() + self.zeros.capacity() * 4
    }
}

/// The sample at place `k` of all parts together, counted from 0 in order of size; nothing beyond the last.
pub(super) fn select(parts: &[Part<'_>], k: u64) -> Option<i64> {
    let mut parts: Vec<Part<'_>> = parts.iter().copied().filter(|part| part.from < part.to).collect();
    let first = parts.first()?.matrix.common;
    if k >= parts.iter().map(|part| u64::from(part.to - part.from)).sum() {
        return None;
    }
    let top = parts.iter().fold(0, |top, part| {
        let differing = u64::BITS - (part.matrix.common ^ first).leading_zeros();
        top.max(differing).max(part.matrix.levels)
    });
    let mut code = first.checked_shr(top).and_then(|c| c.checked_shl(top)).unwrap_or(0);
    let mut k = k;
    // Where each part's ones begin and end, kept between counting and moving.
    let mut ones: Vec<(u32, u32)> = Vec::with_capacity(parts.len());
    for bit in (0..top).rev() {
        ones.clear();
        let mut zeros = 0;
        for part in &parts {
            let Part { matrix, from, to, .. } = *part;
            let pair = if bit < matrix.levels {
                let level = matrix.levels - 1 - bit;
                (matrix.ones(level, from), matrix.ones(level, to))
            } else if matrix.common >> bit & 1 == 1 {
                (from, to)
            } else {
                (0, 0)
            };
            zeros += u64::from((to - from) - (pair.1 - pair.0));
            ones.push(pair);
        }
        let one = k >= zeros;
        if one {
            k -= zeros;
            code |= 1 << bit;
        }
        for (part, (before, until)) in parts.iter_mut().zip(&ones) {
            if bit < part.matrix.levels {
                let begin = part.matrix.zeros(part.matrix.levels - 1 - bit);
                let moved = |at: u32, ones: u32| if one { begin + ones } else { at - ones };
                (part.from, part.to) = (moved(part.from, *before), moved(part.to, *until));
            } else if (part.matrix.common >> bit & 1 == 1) != one {
                part.to = part.from;
            }
        }
        parts.retain(|part| part.from < part.to);
    }
    Some(decode(code))
}

/// How many samples of all parts are smaller than `limit`.
pub(super) fn below(parts: &[Part<'_>], limit: i64) -> u64 {
    parts.iter().map(|part| u64::from(below_in(*part, encode(limit)))).sum()
}

fn below_in(part: Part<'_>, limit: u64) -> u32 {
    let Part { matrix, mut from, mut to, .. } = part;
    if from >= to {
        return 0;
    }
    let upper = |code: u64| code.checked_shr(matrix.levels).unwrap_or(0);
    match upper(limit).cmp(&upper(matrix.common)) {
        std::cmp::Ordering::Less => return 0,
        std::cmp::Ordering::Greater => return to - from,
        std::cmp::Ordering::Equal => {}
    }
    let mut smaller = 0;
    for bit in (0..matrix.levels).rev() {
        let level = matrix.levels - 1 - bit;
        let (before, until) = (matrix.ones(level, from), matrix.ones(level, to));
        if limit >> bit & 1 == 1 {
            smaller += (to - from) - (until - before);
            (from, to) = (matrix.zeros(level) + before, matrix.zeros(level) + until);
        } else {
            (from, to) = (from - before, to - until);
        }
        if from >= to {
            break;
        }
    }
    smaller
}

#[cfg(test)]
mod tests {
    use super::{Matrix, below, select};
    use crate::dora::pool::{Part, Pool};

    fn noise(seed: u64) -> impl FnMut() -> u64 {
        let mut state = seed;
        move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 33
        }
    }

    #[test]
    fn any_stretches_of_several_matrices_give_what_sorting_gives() {
        for seed in 0..300 {
            let mut next = noise(seed);
            let (few, size) = (next() % 5 + 1, [1, 2, 63, 64, 65, 200][usize::try_from(next() % 6).expect("small")]);
            let range = [1, 2, 1_000, 1 << 40][usize::try_from(next() % 4).expect("small")];
            let middle = if next().is_multiple_of(2) { 0 } else { range / 2 };
            let lanes: Vec<Vec<i64>> = (0..few)
                .map(|lane| {
                    let base = if next().is_multiple_of(3) { i64::try_from(lane).expect("small") << 45 } else { 0 };
                    (0..size).map(|_| i64::try_from(next() << 10).expect("small") % range - middle + base).collect()
                })
                .collect();
            let matrices: Vec<Matrix> = lanes.iter().map(|lane| Matrix::new(lane)).collect();
            let mut raw = Vec::new();
            let parts: Vec<Part<'_>> = lanes
                .iter()
                .zip(&matrices)
                .map(|(lane, matrix)| {
                    let (a, b) = (next() % (size + 1), next() % (size + 1));
                    let (from, to) = (a.min(b), a.max(b));
                    let samples = &lane[usize::try_from(from).expect("small")..usize::try_from(to).expect("small")];
                    raw.extend_from_slice(samples);
                    let place = |at: u64| u32::try_from(at).expect("small");
                    Part { samples, matrix, from: place(from), to: place(to) }
                })
                .collect();
            raw.sort_unstable();
            for (k, sample) in raw.iter().enumerate() {
                assert_eq!(select(&parts, k as u64), Some(*sample), "seed {seed}, place {k}");
                let smaller = raw.partition_point(|other| other < sample) as u64;
                assert_eq!(below(&parts, *sample), smaller, "seed {seed}, below {sample}");
                let upto = raw.partition_point(|other| other <= sample) as u64;
                assert_eq!(below(&parts, sample + 1), upto, "seed {seed}, up to {sample}");
            }
            assert_eq!(select(&parts, raw.len() as u64), None);
            let pool = Pool::new(parts.iter().copied());
            let ranked = pool.ranked();
            for (k, sample) in raw.iter().enumerate() {
                assert_eq!(ranked.nth(k as u64), Some(*sample), "seed {seed}, place {k}, few");
            }
        }
    }
}
