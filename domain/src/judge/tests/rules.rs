//! The rules around the core: warm-up, silence, the three errors, phases, 100 %, muting, window length.

use super::super::latency::LatencyEvidence;
use super::*;

const HOLD_NO_DATA: Decision = Decision::Hold { reason: HoldReason::NoData };

fn healthy() -> Window {
    minute(arm(950.0, 2.0, 1.0), arm(50.0, 0.0, 1.0))
}

/// Lets a judge see the same window up to so many times; the number of windows until it rolls back.
fn until_rollback(judge: &mut Judge, window: &Window, most: usize) -> Option<(usize, Metric)> {
    (0..most).find_map(|index| match judge.observe(window).decision {
        Decision::RollBack { metric } => Some((index, metric)),
        _ => None,
    })
}

#[test]
fn each_fault_is_named_by_its_metric() {
    let errors = minute(arm(950.0, 2.0, 1.0), arm(50.0, 3.0, 1.0));
    let slow = minute(arm(950.0, 2.0, 1.0), arm(50.0, 0.0, 3.0));
    let lost = minute(arm(950.0, 2.0, 1.0), arm(10.0, 0.0, 1.0));
    for (window, metric) in [(errors, Metric::Errors), (slow, Metric::Latency), (lost, Metric::Throughput)] {
        let (minutes, found) = until_rollback(&mut judge(), &window, 60).expect("a rollback");
        assert_eq!(found, metric);
        assert!(minutes < 20, "{metric:?} after {minutes} minutes");
    }
    assert_eq!(until_rollback(&mut judge(), &healthy(), 240), None);
}

#[test]
fn warm_up_hides_latency_and_throughput_but_not_errors() {
    let mut judge = judge();
    let cold = minute(arm(950.0, 2.0, 1.0), arm(10.0, 0.0, 4.0));
    for _ in 0..3 {
        let verdict = judge.observe(&cold);
        assert!(verdict.latency.abs() < 1e-12 && verdict.throughput.abs() < 1e-12);
        assert!(verdict.promotion_latency.abs() < 1e-12);
    }
    assert!(judge.observe(&cold).throughput > 0.1);
    // A later phase does not warm up again.
    judge.start_phase(share(0.25));
    let before = judge.0.throughput.log_value();
    judge.observe(&minute(arm(750.0, 2.0, 1.0), arm(20.0, 0.0, 1.0)));
    assert!(judge.0.throughput.log_value() > before + 1.0);
}

#[test]
fn warm_up_is_counted_in_time_and_the_playbook_sets_it() {
    let settings = Settings { warm_up_seconds: 30, ..Settings::default() };
    let mut judge = Judge::new(settings, &history(), share(0.05));
    let quarter = WindowLength::from_seconds(15).expect("a length");
    let lost = Window { length: quarter, ..minute(arm(240.0, 0.0, 1.0), arm(2.0, 0.0, 1.0)) };
    assert!(judge.observe(&lost).throughput.abs() < 1e-12);
    assert!(judge.observe(&lost).throughput.abs() < 1e-12);
    assert!(judge.observe(&lost).throughput > 0.0);
}

#[test]
fn no_data_is_neither_pass_nor_fail() {
    let window = |stable, canary| Window { length: WindowLength::MINUTE, stable, canary };
    let counts = |requests| Reading::Counts(arm(requests, 0.0, 1.0));
    let silent = [
        window(Reading::Missing, counts(50.0)),
        window(counts(950.0), Reading::Missing),
        window(Reading::Failed, counts(50.0)),
        window(counts(950.0), Reading::Failed),
        window(Reading::Missing, Reading::Missing),
        window(counts(0.0), counts(0.0)),
    ];
    let mut judge = judge();
    for _ in 0..30 {
        judge.observe(&healthy());
    }
    let verdict = judge.observe(&healthy());
    assert_eq!(verdict.decision, Decision::Promote);
    let tail = |judge: &Judge| judge.0.latency.as_ref().and_then(LatencyEvidence::ruled_out).map(|e| e.tail.to_bits());
    let (errors, tail_before) = (judge.0.errors.rate(), tail(&judge));
    for (window, minutes) in silent.iter().zip(1..) {
        let found = judge.observe(window);
        assert_eq!(found.decision, HOLD_NO_DATA);
        assert_eq!(found.silent_seconds, 60 * minutes);
        agrees("E unchanged", found.log_e, verdict.log_e);
        agrees("okE unchanged", found.promotion_errors, verdict.promotion_errors);
        agrees("okL unchanged", found.promotion_latency, verdict.promotion_latency);
        agrees("baseline unchanged", judge.0.errors.rate(), errors);
    }
    assert_eq!(tail(&judge), tail_before);
    let verdict = judge.observe(&healthy());
    assert_eq!((verdict.decision, verdict.silent_seconds), (Decision::Promote, 0));
}

/// 20/2/1/1 minutes at 10/100/1k/10k requests a minute, after the warm-up.
#[test]
fn a_canary_that_reports_zero_is_data() {
    for (per_minute, expected) in [(10.0, 20), (100.0, 2), (1000.0, 1), (10_000.0, 1)] {
        let history = History::new(WindowLength::MINUTE, vec![arm(per_minute, 0.0, 1.0); 60]);
        let mut judge = Judge::new(Settings::default(), &history, share(0.05));
        let good = minute(arm(0.95 * per_minute, 0.0, 1.0), arm(0.05 * per_minute, 0.0, 1.0));
        for _ in 0..3 {
            judge.observe(&good);
        }
        let silent = minute(arm(0.95 * per_minute, 0.0, 1.0), arm(0.0, 0.0, 1.0));
        let (index, metric) = until_rollback(&mut judge, &silent, 60).expect("a rollback");
        assert_eq!(metric, Metric::Throughput);
        // Measured with random traffic there, with steady traffic here.
        assert!((index + 1).abs_diff(expected) <= 1, "{} minutes at {per_minute} a minute", index + 1);
        assert!(judge.facts().split.off);
    }
}

#[test]
fn fewer_than_three_errors_never_roll_back() {
    let history = History::new(WindowLength::MINUTE, vec![arm(1000.0, 0.0, 1.0); 60]);
    let settings = Settings { alpha: Alpha::new(0.5).expect("alpha"), ..Settings::default() };
    let mut judge = Judge::new(settings, &history, share(0.05));
    let one = minute(arm(95.0, 0.0, 1.0), arm(5.0, 1.0, 1.0));
    assert_eq!(judge.observe(&one).decision, Decision::Hold { reason: HoldReason::TooFewErrors });
    assert_eq!(judge.observe(&one).decision, Decision::Hold { reason: HoldReason::TooFewErrors });
    assert_eq!(judge.observe(&one).decision, Decision::RollBack { metric: Metric::Errors });
}

#[test]
fn phases_restart_the_evidence_of_no_harm_only() {
    let mut judge = judge();
    for _ in 0..30 {
        judge.observe(&healthy());
    }
    let before = judge.log_e();
    judge.start_phase(share(0.25));
    judge.start_phase(share(0.25));
    agrees("E goes on", judge.log_e(), before);
    let first = judge.observe(&minute(arm(75.0, 0.0, 1.0), arm(25.0, 0.0, 1.0)));
    assert_eq!(first.decision, Decision::Hold { reason: HoldReason::Undecided });
    assert!(first.promotion_errors < 1.0 && first.promotion_latency < 1.0);
}

#[test]
fn suspicion_blocks_a_promotion() {
    let mut judge = judge();
    for _ in 0..60 {
        judge.observe(&healthy());
    }
    // Slow just long enough to be suspected, while the evidence of this phase still says "no harm".
    let slow = minute(arm(950.0, 2.0, 1.0), arm(50.0, 0.0, 1.9));
    let suspected = (0..200).map(|_| judge.observe(&slow)).find(|verdict| verdict.log_e >= 5.0_f64.ln());
    let suspected = suspected.expect("suspicion");
    assert_eq!(suspected.decision, Decision::Hold { reason: HoldReason::Suspicion });
}

#[test]
fn at_all_traffic_errors_are_held_against_the_past() {
    let mut judge = judge();
    for _ in 0..5 {
        judge.observe(&healthy());
    }
    judge.start_phase(Share::ALL);
    let alone = |requests, errors, stable| Window {
        length: WindowLength::MINUTE,
        stable,
        canary: Reading::Counts(arm(requests, errors, 3.0)),
    };
    let before = judge.0.errors.rate();
    for stable in [Reading::Missing, Reading::Failed, Reading::Counts(arm(0.0, 0.0, 1.0))] {
        let verdict = judge.observe(&alone(1000.0, 2.0, stable));
        assert_eq!(verdict.decision, Decision::Hold { reason: HoldReason::NoControl });
        assert!(!verdict.split_off);
    }
    agrees("the baseline stands still", judge.0.errors.rate(), before);
    let verdict = judge.observe(&alone(0.0, 0.0, Reading::Missing));
    assert_eq!(verdict.decision, HOLD_NO_DATA);
    let (minutes, metric) = until_rollback(&mut judge, &alone(1000.0, 22.0, Reading::Missing), 30).expect("a rollback");
    assert!(metric == Metric::Errors && minutes < 5, "{metric:?} after {minutes} minutes");
}

#[test]
fn a_muted_metric_watches_only() {
    let settings = Settings { muted: Some(Metric::Errors), ..Settings::default() };
    let mut judge = Judge::new(settings, &history(), share(0.05));
    let failing = minute(arm(950.0, 2.0, 1.0), arm(50.0, 25.0, 1.0));
    let verdict = (0..60).map(|_| judge.observe(&failing)).last().expect("a verdict");
    assert!(verdict.errors > 100.0 && verdict.log_e < 1.0);
    assert_eq!(verdict.decision, Decision::Promote);
    assert_ne!(verdict.leading, Metric::Errors);
}

#[test]
fn without_latencies_only_a_muted_latency_may_promote() {
    let bare = |requests| Arm::new(requests, 0.0, None).expect("an arm");
    let history = History::new(WindowLength::MINUTE, vec![bare(1000.0); 60]);
    for (muted, expected) in
        [(None, Decision::Hold { reason: HoldReason::Undecided }), (Some(Metric::Latency), Decision::Promote)]
    {
        let settings = Settings { muted, ..Settings::default() };
        let mut judge = Judge::new(settings, &history, share(0.05));
        assert!(!judge.judges_latency());
        let verdict = (0..60).map(|_| judge.observe(&minute(bare(950.0), bare(50.0)))).last().expect("a verdict");
        assert_eq!(verdict.decision, expected);
        assert!(verdict.latency.abs() < 1e-12);
    }
}

#[test]
fn foreign_buckets_say_nothing_about_latency() {
    let mut judge = judge();
    let bounds = Bounds::new(vec![10.0, 20.0]).expect("bounds");
    let other = Histogram::from_buckets(bounds, vec![0.0, 0.0, 50.0]).expect("a histogram");
    let canary = Arm::new(50.0, 0.0, Some(other)).expect("an arm");
    let verdict = (0..20).map(|_| judge.observe(&minute(arm(950.0, 2.0, 1.0), canary.clone()))).last();
    let verdict = verdict.expect("a verdict");
    assert!(verdict.latency.abs() < 1e-12 && verdict.promotion_latency.abs() < 1e-12);
    assert!(verdict.promotion_errors > 3.0);
}
