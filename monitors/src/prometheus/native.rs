//! Native histograms have other buckets in every window; the judge compares the same ones. So their buckets are laid into
//! a ladder of bounds that stays: four to each doubling, where every schema from 2 on has a bound as well, so that nothing
//! is divided. A coarser bucket lies where its upper bound does.

use crate::number::sound;
use control::monitor::{Buckets, Missing};

/// 2^(k/4) seconds: from about 1 ms to 64 s.
const SECONDS: std::ops::RangeInclusive<i32> = -40..=24;
/// The same in milliseconds, where the source measures in them.
const MILLISECONDS: std::ops::RangeInclusive<i32> = 0..=64;
/// Bounds that differ by rounding only are the same.
const SAME: f64 = 1e-9;

pub fn ladder(what: &str, buckets: &[(f64, f64)], unit: f64) -> Result<Buckets, Missing> {
    let steps = if unit > 1.0 { SECONDS } else { MILLISECONDS };
    let bounds: Vec<f64> = steps.map(|k| (f64::from(k) / 4.0).exp2()).collect();
    let mut counts = vec![0.0; bounds.len() + 1];
    for (upper, count) in buckets {
        if upper.is_nan() {
            return Err(Missing::failed(format!("{what} has a bound that is no number.")));
        }
        let place = bounds.partition_point(|bound| *bound * (1.0 + SAME) < *upper);
        counts[place] += sound(what, *count)?;
    }
    Ok(Buckets { bounds: bounds.into_iter().map(|bound| bound * unit).collect(), counts })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bucket_lies_whole_below_one_bound() {
        // Schema 3: eight to each doubling.
        let bucket = |k: i32| ((f64::from(k) / 8.0).exp2(), 1.0);
        let all: Vec<(f64, f64)> = (-16..0).map(bucket).collect();
        let laid = ladder("it", &all, 1_000.0).expect("buckets");
        let filled: Vec<(f64, f64)> =
            laid.bounds.iter().copied().zip(laid.counts.iter().copied()).filter(|(_, count)| *count > 0.0).collect();
        // 2^-2 s takes the one at its bound; each bound above it takes two; the last one has lost its partner.
        assert_eq!(filled.len(), 9);
        assert_eq!(filled[0], (250.0, 1.0));
        assert!(filled[1..8].iter().all(|(_, count)| (*count - 2.0).abs() < 1e-9), "{filled:?}");
        assert_eq!(filled[8], (1_000.0, 1.0));
    }

    #[test]
    fn what_is_outside_lies_at_the_ends_and_nonsense_is_a_reason() {
        let laid = ladder("it", &[(1e-9, 2.0), (1e9, 3.0)], 1_000.0).expect("buckets");
        assert_eq!((laid.counts.first(), laid.counts.last()), (Some(&2.0), Some(&3.0)));
        assert!(ladder("it", &[(f64::NAN, 2.0)], 1_000.0).is_err());
        assert!(ladder("it", &[(1.0, -2.0)], 1_000.0).is_err());
        assert!(ladder("it", &[(1.0, f64::NAN)], 1_000.0).is_err());
    }
}
