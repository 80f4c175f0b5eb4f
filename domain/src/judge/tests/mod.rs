//! Proof that the judge is the one that `judge.md` defines: reference values, recorded rollouts, and properties.

mod bad_input;
mod panel;
mod people;
mod restart;
mod rules;
mod traces;
mod validity;
mod vectors;
mod windows;

use super::*;

/// The three recorded rollouts.
pub(super) const TRACES: [(&str, &str); 3] = [
    ("t1_healthy_1000rpm.csv", include_str!("../testdata/traces/t1_healthy_1000rpm.csv")),
    ("t2_errors_plus2pp.csv", include_str!("../testdata/traces/t2_errors_plus2pp.csv")),
    ("t5_low_traffic_gaps_10rpm.csv", include_str!("../testdata/traces/t5_low_traffic_gaps_10rpm.csv")),
];

/// Agreement to 1e-9, relative; values below 1e-3 are compared to 1e-12 absolutely, where rounding is all there is.
#[track_caller]
pub(super) fn agrees(name: &str, found: f64, expected: f64) {
    let allowed = (1e-9 * expected.abs()).max(1e-12);
    assert!((found - expected).abs() <= allowed, "{name}: found {found}, expected {expected}");
}

/// A share that tests state by hand.
pub(super) fn share(value: f64) -> Share {
    Share::new(value).expect("a share")
}

/// Latencies around 100 ms: a bell over a few buckets.
pub(super) fn latencies(requests: f64, stretch: f64) -> Histogram {
    let bounds = Bounds::new(vec![25.0, 50.0, 75.0, 100.0, 250.0, 500.0, 1000.0]).expect("bounds");
    let parts = [0.02, 0.10, 0.28, 0.35, 0.22, 0.02, 0.007];
    let slow: f64 = parts.iter().skip(4).sum::<f64>() + 0.003;
    let shift = (slow * stretch).min(0.9) / slow;
    let fast = (1.0 - slow * shift) / (1.0 - slow);
    let mut counts: Vec<f64> =
        parts.iter().zip(0..).map(|(part, place)| requests * part * if place < 4 { fast } else { shift }).collect();
    counts.push(requests * 0.003 * shift);
    Histogram::from_buckets(bounds, counts).expect("a histogram")
}

/// An arm with so many requests and errors, its latencies stretched.
pub(super) fn arm(requests: f64, errors: f64, stretch: f64) -> Arm {
    Arm::new(requests, errors, Some(latencies(requests, stretch))).expect("an arm")
}

/// A minute in which both arms answered.
pub(super) fn minute(stable: Arm, canary: Arm) -> Window {
    Window { length: WindowLength::MINUTE, stable: Reading::Counts(stable), canary: Reading::Counts(canary) }
}

/// An hour of 1 000 requests a minute with 0.2 % errors.
pub(super) fn history() -> History {
    History::new(WindowLength::MINUTE, vec![arm(1000.0, 2.0, 1.0); 60])
}

/// A judge at 5 %.
pub(super) fn judge() -> Judge {
    Judge::new(Settings::default(), &history(), share(0.05))
}
