//! A restart changes nothing: whatever is stored and read back goes on with the very same numbers.

use proptest::prelude::*;

use super::*;
use crate::judge::replay::{PathLine, step};
use crate::judge::trace::Trace;

fn begin(trace: &Trace) -> Judge {
    Judge::new(Settings::default(), &trace.history, trace.minutes[0].share)
}

fn store(judge: &Judge) -> String {
    serde_json::to_string(judge).expect("JSON")
}

fn restore(stored: &str) -> Judge {
    serde_json::from_str(stored).expect("what was stored")
}

fn path(judge: &mut Judge, minutes: &[crate::judge::trace::TraceMinute]) -> Vec<PathLine> {
    minutes.iter().map(|minute| step(judge, minute)).collect()
}

#[test]
fn at_every_minute_of_every_trace() {
    for (name, text) in TRACES {
        let trace = Trace::parse(text).expect("a sound trace");
        let whole = path(&mut begin(&trace), &trace.minutes);
        let mut judge = begin(&trace);
        for (index, minute) in trace.minutes.iter().enumerate() {
            // The state before this minute, stored and read back, is the same state: so is all that follows from it.
            let stored = store(&judge);
            let restored = restore(&stored);
            assert_eq!(restored, judge, "{name}, minute {index}");
            assert_eq!(store(&restored), stored);
            assert!(stored.len() < 4096, "{} bytes", stored.len());
            judge = restored;
            assert_eq!(step(&mut judge, minute), whole[index], "{name}, minute {index}");
        }
    }
}

#[test]
fn a_phase_that_was_announced_but_not_seen_is_kept() {
    let mut judge = judge();
    judge.observe(&minute(arm(950.0, 2.0, 1.0), arm(50.0, 0.0, 1.0)));
    judge.start_phase(share(0.25));
    let mut restored = restore(&store(&judge));
    let window = minute(arm(750.0, 2.0, 1.0), arm(250.0, 1.0, 1.0));
    assert_eq!(judge.observe(&window), restored.observe(&window));
}

#[test]
fn damaged_states_are_refused() {
    let stored = store(&judge());
    for (from, to) in [
        (r#""rest":"1""#, r#""rest":"NaN""#),
        (r#""rest":"1""#, r#""rest":"2""#),
        (r#""rest":"1""#, r#""rest":1"#),
        (r#""-inf""#, r#""inf""#),
        (r#""overdispersion":"1""#, r#""overdispersion":"0""#),
        (r#""bounds":["25","#, r#""bounds":["#),
        (r#""promotion_place":"#, r#""promotion_place":9"#),
        (r#""share":"0.05""#, r#""share":"5""#),
        (r#""alpha":"0.02""#, r#""alpha":"0""#),
    ] {
        let damaged = stored.replacen(from, to, 1);
        assert_ne!(damaged, stored, "{from} is in {stored}");
        assert!(serde_json::from_str::<Judge>(&damaged).is_err(), "{to}");
    }
}

/// Any rollout at all, with gaps, failures and silence.
fn windows() -> impl Strategy<Value = Vec<(Window, Option<f64>)>> {
    let reading = prop_oneof![
        6 => (0..3000_u32, 0.0..1.0_f64, 0.5..4.0_f64).prop_map(|(requests, part, stretch)| {
            let requests = f64::from(requests);
            Reading::Counts(arm(requests, (requests * part * part * part).floor(), stretch))
        }),
        1 => Just(Reading::Missing),
        1 => Just(Reading::Failed),
        1 => (0.0..50.0_f64).prop_map(|requests| Reading::Counts(Arm::new(requests, 0.0, None).expect("an arm"))),
    ];
    let length = (1..=120_u32).prop_map(|seconds| WindowLength::from_seconds(seconds).expect("a length"));
    let window =
        (length, reading.clone(), reading).prop_map(|(length, stable, canary)| Window { length, stable, canary });
    let phase = proptest::option::weighted(0.1, prop_oneof![Just(0.0), Just(1.0), 0.0..1.0_f64]);
    proptest::collection::vec((window, phase), 1..40)
}

fn follow(judge: &mut Judge, (window, phase): &(Window, Option<f64>)) -> Verdict {
    if let Some(value) = phase {
        judge.start_phase(share(*value));
    }
    judge.observe(window)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_trace_cut_anywhere_ends_the_same(which in 0..3_usize, cut in 0..240_usize) {
        let trace = Trace::parse(TRACES[which].1).expect("a sound trace");
        let whole = path(&mut begin(&trace), &trace.minutes);
        let mut judge = begin(&trace);
        let (before, after) = trace.minutes.split_at(cut);
        let mut found = path(&mut judge, before);
        found.extend(path(&mut restore(&store(&judge)), after));
        prop_assert_eq!(found, whole);
    }

    #[test]
    fn so_does_any_rollout(windows in windows()) {
        let (mut steady, mut restarted) = (judge(), judge());
        for each in &windows {
            restarted = restore(&store(&restarted));
            let (one, other) = (follow(&mut steady, each), follow(&mut restarted, each));
            prop_assert!(one.log_e.is_finite() && one.promotion_errors.is_finite() && one.promotion_latency.is_finite());
            prop_assert_eq!(one, other);
            prop_assert_eq!(steady.facts(), restarted.facts());
            prop_assert!(!steady.facts().to_string().is_empty());
        }
    }
}
