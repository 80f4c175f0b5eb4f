//! What the judge hears of a look: numbers only when all of them are there.

use super::*;
use domain::{Timestamp, judge::Reading};
use std::collections::BTreeMap;

fn at() -> Timestamp {
    Timestamp::from_timestamp(1_790_000_000, 0).expect("an instant")
}

fn value<T>(value: T) -> Measured<T> {
    Measured::Value { value, at: at() }
}

fn part(service: &str, arm: Arm, requests: Measured<f64>, errors: Measured<f64>) -> Part {
    let latency = Buckets { bounds: vec![10.0, 20.0], counts: vec![1.0, 2.0, 3.0] };
    Part { service: service.to_owned(), arm, requests, errors, latency: value(latency), gauges: BTreeMap::default() }
}

fn look(parts: Vec<Part>) -> Look {
    Look { parts, ..Look::new(at()) }
}

#[test]
fn services_of_an_arm_are_counted_together() {
    let look = look(vec![
        part("web", Arm::Canary, value(100.0), value(1.0)),
        part("api", Arm::Canary, value(50.0), value(0.0)),
        part("web", Arm::Stable, value(900.0), value(9.0)),
    ]);
    let Reading::Counts(canary) = look.reading(Arm::Canary) else { panic!("counts") };
    assert_eq!((canary.requests(), canary.errors()), (150.0, 1.0));
    assert!((canary.latency().expect("latency").total() - 12.0).abs() < 1e-9);
    assert!(look.why_not(Arm::Stable).is_none());
}

#[test]
fn one_service_without_data_leaves_the_arm_without_data() {
    for (missing, heard) in [
        (Missing::absent("no series"), Reading::Missing),
        (Missing::failed("answered 500"), Reading::Failed),
        (Missing::not_asked("not set"), Reading::Missing),
    ] {
        let look = look(vec![
            part("web", Arm::Canary, value(100.0), value(1.0)),
            part("api", Arm::Canary, Measured::Missing(missing.clone()), value(0.0)),
        ]);
        assert_eq!(look.reading(Arm::Canary), heard);
        assert_eq!(look.why_not(Arm::Canary), Some(missing));
        assert_eq!(look.reading(Arm::Stable), Reading::Missing, "nobody asked about it");
    }
}

#[test]
fn a_failed_latency_query_fails_the_window_and_an_absent_one_does_not() {
    let with = |latency: Measured<Buckets>| {
        let part = Part { latency, ..part("web", Arm::Canary, value(100.0), value(1.0)) };
        look(vec![part]).reading(Arm::Canary)
    };
    assert_eq!(with(Measured::Missing(Missing::failed("timeout"))), Reading::Failed);
    let Reading::Counts(arm) = with(Measured::Missing(Missing::absent("none"))) else { panic!("counts") };
    assert!(arm.latency().is_none());
    let broken = Buckets { bounds: vec![20.0, 10.0], counts: vec![1.0, 2.0, 3.0] };
    assert_eq!(with(value(broken)), Reading::Failed, "bounds that do not rise");
}

#[test]
fn a_few_more_errors_than_requests_are_all_of_them_and_many_more_make_no_sense() {
    let of = |errors| look(vec![part("web", Arm::Canary, value(100.0), value(errors))]).reading(Arm::Canary);
    let Reading::Counts(arm) = of(102.0) else { panic!("counts") };
    assert!((arm.errors() - 100.0).abs() < 1e-9);
    assert_eq!(of(120.0), Reading::Failed);
}
