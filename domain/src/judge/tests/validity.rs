//! Why the judge may look after every window: expectations that never exceed 1, whatever the baseline does.

use proptest::prelude::*;

use super::super::evidence::log_add;
use super::super::mixture::{Mixture, Opening};
use super::*;

/// Σ over all outcomes of P(outcome) · e^(η · log_e), Poisson counts with the given means.
fn expectation(mean_canary: f64, mean_stable: f64, evidence: impl Fn(f64, f64) -> f64) -> f64 {
    let log_pmf = |mean: f64| {
        let mut log = -mean;
        (0..60_u32).map(move |count| {
            if count > 0 {
                log += (mean / f64::from(count)).ln();
            }
            (f64::from(count), log)
        })
    };
    let mut sum = 0.0;
    for (canary, log_canary) in log_pmf(mean_canary) {
        for (stable, log_stable) in log_pmf(mean_stable) {
            sum += (log_canary + log_stable + evidence(canary, stable)).exp();
        }
    }
    sum
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_tolerated_canary_is_expected_to_gather_evidence(
        canary_requests in 10.0..500.0_f64,
        stable_requests in 10.0..500.0_f64,
        truth in 0.0005..0.02_f64,
        part in 0.0..1.0_f64,
        believed in 0.0005..0.02_f64,
        factor in 0.3..40.0_f64,
        eta in 0.1..1.0_f64,
        ratio in 1.0..3.0_f64,
        margin in 0.0001..0.006_f64,
    ) {
        let boundary = Boundary { ratio, margin };
        let supposed = factor * boundary.at(believed);
        // The alternative lies beyond the boundary for evidence of harm: within it the canary is at most at the boundary.
        prop_assume!(factor >= 1.0);
        let canary_rate = part * boundary.at(truth);
        let found = expectation(canary_requests * canary_rate, stable_requests * truth, |canary, stable| {
            let arm = |requests, bad| Exposure { requests, bad };
            eta * log_e(arm(canary_requests, canary), arm(stable_requests, stable), supposed, believed, boundary)
        });
        prop_assert!(found <= 1.0 + 1e-9, "expectation {found}");
    }

    #[test]
    fn no_harmful_canary_is_expected_to_earn_its_promotion(
        canary_requests in 10.0..500.0_f64,
        stable_requests in 10.0..500.0_f64,
        truth in 0.0005..0.02_f64,
        worse in 1.0..2.0_f64,
        believed in 0.0005..0.02_f64,
    ) {
        let boundary = Boundary { ratio: 1.1, margin: 0.005 };
        let canary_rate = worse * boundary.at(truth);
        let found = expectation(canary_requests * canary_rate, stable_requests * truth, |canary, stable| {
            let arm = |requests, bad| Exposure { requests, bad };
            log_e(arm(canary_requests, canary), arm(stable_requests, stable), believed, believed, boundary)
        });
        prop_assert!(found <= 1.0 + 1e-9, "expectation {found}");
    }

    #[test]
    fn evidence_is_finite_and_grows_with_traffic(
        canary in (0.0..1e15_f64, 0.0..1.0_f64),
        stable in (0.0..1e15_f64, 0.0..1.0_f64),
        rates in (1e-12..0.97_f64, 1e-12..0.97_f64),
        margin in 0.0..0.01_f64,
    ) {
        let arm = |(requests, part): (f64, f64), times: f64| Exposure { requests: times * requests, bad: times * requests * part };
        let boundary = Boundary { ratio: 1.1, margin };
        let once = log_e(arm(canary, 1.0), arm(stable, 1.0), rates.0, rates.1, boundary);
        let twice = log_e(arm(canary, 2.0), arm(stable, 2.0), rates.0, rates.1, boundary);
        prop_assert!(once.is_finite());
        prop_assert!((twice - 2.0 * once).abs() <= 1e-9 * (canary.0 + stable.0).max(1.0));
    }

    #[test]
    fn time_without_evidence_changes_nothing(lengths in proptest::collection::vec((1..=3600_u32, 0..3_u32), 1..200)) {
        let mut mixture = Mixture::new();
        for (seconds, opening) in lengths {
            let opening = [Opening::Rollout, Opening::Phase, Opening::Nothing][opening as usize];
            mixture.pass(opening, WindowLength::from_seconds(seconds).expect("a length"));
            prop_assert!(mixture.log_value().abs() < 1e-12);
            prop_assert!(mixture.is_sound());
        }
    }

    #[test]
    fn log_add_adds(a in -700.0..700.0_f64, b in -700.0..700.0_f64) {
        let (one, other) = (log_add(a, b), log_add(b, a));
        prop_assert_eq!(one.to_bits(), other.to_bits());
        prop_assert!((one - (a.exp() + b.exp()).ln()).abs() < 1e-9);
        prop_assert_eq!(log_add(a, f64::NEG_INFINITY).to_bits(), a.to_bits());
    }
}
