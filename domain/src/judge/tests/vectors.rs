//! All of `vectors.json` to 1e-9.

use serde_json::Value;

use super::super::errors::{ErrorEvidence, TOLERATED};
use super::super::interval::{Prior, ratio_of, theta_interval};
use super::super::latency::LatencyEvidence;
use super::super::mixture::{Mixture, Opening};
use super::super::one_sample::log_e_alone;
use super::super::tail::Tail;
use super::super::throughput::{log_ratio, part_after};
use super::*;

fn vectors(name: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("../testdata/vectors.json")).expect("JSON");
    all[name].as_array().expect("a list").clone()
}

fn number(case: &Value, name: &str) -> f64 {
    case[name].as_f64().unwrap_or_else(|| panic!("{name} in {case}"))
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(|each| each.as_f64().expect("a number")).collect()
}

fn exposure(case: &Value, requests: &str, bad: &str) -> Exposure {
    Exposure { requests: number(case, requests), bad: number(case, bad) }
}

#[test]
fn the_core() {
    for case in vectors("log_e") {
        let boundary = Boundary { ratio: number(&case, "r0"), margin: number(&case, "delta") };
        let (canary, stable) = (exposure(&case, "n_c", "e_c"), exposure(&case, "n_b", "e_b"));
        let found = log_e(canary, stable, number(&case, "l1c"), number(&case, "l1b"), boundary);
        agrees("log_e", found, number(&case, "expect"));
    }
}

#[test]
fn one_sample() {
    for case in vectors("log_e_ref") {
        let found = log_e_alone(exposure(&case, "n", "e"), number(&case, "l1"), number(&case, "l0"));
        agrees("log_e_ref", found, number(&case, "expect"));
    }
}

#[test]
fn throughput() {
    for case in vectors("ratio_lr") {
        let (share, drop) = (share(number(&case, "share")), number(&case, "drop"));
        agrees("q0", part_after(number(&case, "d"), share), number(&case, "q0"));
        agrees("q1", part_after(drop, share), number(&case, "q1"));
        let found = log_ratio(number(&case, "x_c"), number(&case, "x_b"), share, drop);
        agrees("ratio_lr", found, number(&case, "expect"));
    }
}

#[test]
fn intervals() {
    for case in vectors("beta_binomial_logbf") {
        let (canary, stable) = (number(&case, "e_c"), number(&case, "e_b"));
        let (mean, concentration) = (number(&case, "theta0"), number(&case, "conc"));
        let factor = log_bayes_factor(canary, stable, mean, concentration);
        agrees("logbf", factor, number(&case, "expect_logbf"));
        if canary + stable > 0.0 {
            let (low, high) = theta_interval(canary, stable, Prior { mean, concentration });
            let theta = numbers(&case["cs95_theta"]);
            agrees("low θ", low, theta[0]);
            agrees("high θ", high, theta[1]);
            let ratio = numbers(&case["cs95_rate_ratio"]);
            agrees("low ratio", ratio_of(low, mean).expect("a ratio"), ratio[0]);
            agrees("high ratio", ratio_of(high, mean).expect("a ratio"), ratio[1]);
        }
    }
}

#[test]
fn quantile_bands() {
    for case in vectors("bounds") {
        let (t, alpha) = (number(&case, "t"), number(&case, "alpha"));
        let found = match case["kind"].as_str() {
            Some("hr_dkw") => dkw_band(t, alpha),
            Some("hr_fixed_quantile") => quantile_band(number(&case, "p"), t, alpha),
            other => panic!("unknown bound {other:?}"),
        };
        agrees("bounds", found.expect("a band"), number(&case, "expect"));
    }
}

#[test]
fn histograms() {
    for case in vectors("hist") {
        let bounds = Bounds::new(numbers(&case["bounds"])).expect("bounds");
        let histogram = Histogram::from_buckets(bounds, numbers(&case["bucket_counts"])).expect("a histogram");
        let arm = Arm::new(histogram.total(), 0.0, Some(histogram.clone())).expect("an arm");
        let history = History::new(WindowLength::MINUTE, vec![arm]);
        if let Some(picks) = case["expect_pick"].as_object() {
            let found = LatencyEvidence::new(&history).expect("bounds worth watching").picks();
            assert_eq!(found.len(), picks.len());
            for (bound, weight) in found {
                agrees("pick", weight, picks[&bound.to_string()].as_f64().expect("a weight"));
            }
            continue;
        }
        let tail = Tail::new(&history).expect("a tail");
        let curve = tail.curve();
        let (bound, tolerance) = (number(&case, "bound"), number(&case, "tol"));
        let place = numbers(&case["bounds"]).iter().position(|each| *each >= bound).expect("a place");
        agrees("tail", histogram.above(place), number(&case, "tail"));
        agrees("S_k", curve.at_place(place).expect("S"), number(&case, "S_k"));
        agrees("S between", curve.at(bound / tolerance), number(&case, "expect_S_at_bound_over_tol"));
        agrees("r0", curve.stretch(place, tolerance).expect("r"), number(&case, "expect_r0"));
    }
}

#[test]
fn overdispersion() {
    for case in vectors("phi") {
        let windows = numbers(&case["n"]).into_iter().zip(numbers(&case["e"]));
        let windows = windows.map(|(n, e)| Arm::new(n, e, None).expect("an arm")).collect();
        agrees("phi", History::new(WindowLength::MINUTE, windows).overdispersion(), number(&case, "expect"));
    }
}

#[test]
fn the_mixture() {
    let all: Value = serde_json::from_str(include_str!("../testdata/vectors.json")).expect("JSON");
    let process = &all["eprocess"];
    let mut mixture = Mixture::new();
    for (index, step) in process["steps"].as_array().expect("steps").iter().enumerate() {
        let opening = match (index, step["phase_start"].as_bool()) {
            (0, _) => Opening::Rollout,
            (_, Some(true)) => Opening::Phase,
            _ => Opening::Nothing,
        };
        let rate = number(step, "l1b");
        let (canary, stable) = (exposure(step, "n_c", "e_c"), exposure(step, "n_b", "e_b"));
        let log_es = ErrorEvidence::alternatives(TOLERATED.at(rate))
            .map(|supposed| log_e(canary, stable, supposed, rate, TOLERATED));
        mixture.step(opening, WindowLength::MINUTE, number(process, "eta"), &log_es);
        agrees("rest", mixture.rest(), number(step, "rest_after"));
        agrees("logE", mixture.log_value(), number(step, "expect_logE"));
        for (found, expected) in mixture.wealth().iter().zip(numbers(&step["logA"])) {
            agrees("logA", *found, expected);
        }
    }
}

#[test]
fn the_configuration_is_the_one_that_was_measured() {
    let all: Value = serde_json::from_str(include_str!("../testdata/vectors.json")).expect("JSON");
    let weights = &all["config"]["w"];
    agrees("alpha", Alpha::DEFAULT.get(), number(&all["config"], "alpha"));
    for (metric, name) in Metric::ALL.into_iter().zip(["err", "lat", "thr"]) {
        agrees(name, metric.weight(), number(weights, name));
    }
    agrees("warm-up", f64::from(Settings::default().warm_up_seconds) / 60.0, number(&all["config"], "warm"));
}
