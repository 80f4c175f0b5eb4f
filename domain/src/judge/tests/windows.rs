//! Windows, histories and shares: what is accepted, and that shorter windows forget as fast as longer ones.

use super::super::mixture::{Mixture, Opening};
use super::*;

#[test]
fn four_quarters_are_a_minute() {
    let quarter = WindowLength::from_seconds(15).expect("a length");
    let (mut short, mut long) = (judge(), judge());
    for _ in 0..4 {
        short.0.errors.learn(&arm(0.0, 0.0, 1.0), quarter);
    }
    long.0.errors.learn(&arm(0.0, 0.0, 1.0), WindowLength::MINUTE);
    agrees("the baseline fades by time", short.0.errors.rate(), long.0.errors.rate());

    let mut mixture = Mixture::new();
    mixture.pass(Opening::Rollout, quarter);
    agrees("the start is not scaled", mixture.rest(), 0.5);
    mixture.pass(Opening::Nothing, quarter);
    agrees("a quarter of rest/120", mixture.rest(), 0.5 - 0.5 / 480.0);
    mixture.pass(Opening::Phase, quarter);
    agrees("a phase is not scaled", mixture.rest(), 0.4 - 0.5 / 480.0);
}

#[test]
fn the_pseudo_requests_stay() {
    let mut judge = Judge::new(Settings::default(), &History::none(), share(0.05));
    agrees("no history", judge.0.errors.rate(), 0.001);
    for _ in 0..500 {
        judge.0.errors.learn(&arm(0.0, 0.0, 1.0), WindowLength::MINUTE);
    }
    agrees("no traffic", judge.0.errors.rate(), 0.001);
}

#[test]
fn prometheus_counts_become_buckets() {
    let bounds = || Bounds::new(vec![100.0, 250.0]).expect("bounds");
    let histogram = Histogram::from_cumulative(bounds(), &[3.0, 7.5, 10.0]).expect("a histogram");
    agrees("all", histogram.total(), 10.0);
    agrees("above 100", histogram.above(0), 7.0);
    agrees("above 250", histogram.above(1), 2.5);
    agrees("above nothing known", histogram.above(7), 0.0);
    // Rounding may let a count fall a little, a real fall is refused.
    let rounded = Histogram::from_cumulative(bounds(), &[3.0, 3.0 - 1e-9, 10.0]).expect("a histogram");
    agrees("all", rounded.total(), 10.0);
    for wrong in [&[3.0, 2.0, 10.0][..], &[3.0, 4.0], &[], &[f64::NAN, 4.0, 10.0], &[1.0, 2.0, f64::INFINITY]] {
        assert!(Histogram::from_cumulative(bounds(), wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn what_makes_no_sense_does_not_get_in() {
    for wrong in [f64::NAN, f64::INFINITY, -1.0, 2e15] {
        assert!(Arm::new(wrong, 0.0, None).is_err());
        assert!(Arm::new(10.0, wrong, None).is_err());
        assert!(Share::new(wrong).is_err());
        assert!(Alpha::new(wrong).is_err());
    }
    let refused = Arm::new(10.0, 11.0, None).expect_err("more errors than requests");
    assert_eq!(refused.to_string(), "errors: found 11, allowed: at most the 10 requests");
    for wrong in [vec![], vec![1.0], vec![0.0, 1.0], vec![2.0, 1.0], vec![1.0, f64::NAN], vec![1.0; 500]] {
        assert!(Bounds::new(wrong).is_err());
    }
    assert!(WindowLength::from_seconds(0).is_err() && WindowLength::from_seconds(3601).is_err());
    assert!(Alpha::new(0.0).is_err());
}

#[test]
fn overdispersion_needs_errors_and_tempers() {
    let windows = |errors: &[f64]| {
        History::new(WindowLength::MINUTE, errors.iter().map(|e| Arm::new(1000.0, *e, None).expect("an arm")).collect())
    };
    agrees("few errors", windows(&[9.0, 0.0, 0.0]).overdispersion(), 1.0);
    agrees("calm", windows(&[5.0, 5.0, 5.0]).overdispersion(), 1.0);
    agrees("one window", windows(&[50.0]).overdispersion(), 1.0);
    let bursty = windows(&[0.0, 30.0, 0.0]);
    agrees("bursty", bursty.overdispersion(), 30.0);
    let window = minute(arm(950.0, 2.0, 1.0), arm(50.0, 4.0, 1.0));
    let log_e = |history: &History| Judge::new(Settings::default(), history, share(0.05)).observe(&window).log_e;
    assert!(log_e(&bursty) < 0.1 * log_e(&windows(&[10.0, 10.0, 10.0])));
}
