//! The three recorded rollouts give their truth, to the minute and to 1e-9.

use serde_json::Value;

use super::*;
use crate::judge::replay::{Ending, Replay, run};
use crate::judge::trace::Trace;

fn truth(name: &str) -> Value {
    let all: Value = serde_json::from_str(include_str!("../testdata/traces/truth.json")).expect("JSON");
    let traces = all["traces"].as_array().expect("traces");
    traces.iter().find(|trace| trace["file"] == name).expect("this trace").clone()
}

/// The first minute in which evidence suffices for a promotion.
fn first(replay: &Replay, evidence: impl Fn(&Verdict) -> f64) -> Option<i64> {
    let enough = 20.0_f64.ln();
    replay.path.iter().find(|line| evidence(&line.verdict) >= enough).map(|line| i64::from(line.minute))
}

#[test]
fn truths() {
    for (name, text) in TRACES {
        let truth = truth(name);
        let replay = run(text, Alpha::DEFAULT).expect("a sound trace");
        let found = serde_json::to_value(replay.summary).expect("JSON");
        let verdict = &truth["reference_verdict"];
        assert_eq!(found["verdict"], verdict["verdict"], "{name}");
        assert_eq!(found["minute"], verdict["minute"], "{name}");
        assert_eq!(found["metric"], verdict["metric"], "{name}");

        let last = replay.summary.minute.unwrap_or(239);
        let line = replay.path.iter().find(|line| line.minute == last).expect("the minute of the verdict");
        let logs = &truth["log_E_at_verdict"];
        let log = |field: &str| logs[field].as_f64().expect("a number");
        agrees(name, replay.summary.log_e, log("global_"));
        agrees(name, line.verdict.errors, log("errors"));
        agrees(name, line.verdict.latency, log("latency"));
        agrees(name, line.verdict.throughput, log("throughput"));
        let most = replay.path.iter().map(|line| line.verdict.log_e).fold(f64::NEG_INFINITY, f64::max);
        agrees(name, most, truth["max_log_E_global"].as_f64().expect("a number"));

        let errors = first(&replay, |verdict| verdict.promotion_errors);
        assert_eq!(errors, truth["first_minute_okE_ge_ln20"].as_i64(), "{name}");
        let latency = first(&replay, |verdict| verdict.promotion_latency);
        assert_eq!(latency, truth["first_minute_okL_ge_ln20"].as_i64(), "{name}");

        let history = Trace::parse(text).expect("a sound trace").history;
        agrees(name, history.overdispersion(), truth["info"]["phi_err"].as_f64().expect("a number"));
    }
}

#[test]
fn one_line_as_the_contract_has_it() {
    let replay = run(TRACES[1].1, Alpha::DEFAULT).expect("a sound trace");
    let line = serde_json::to_string(&replay.summary).expect("JSON");
    assert!(line.starts_with(r#"{"verdict":"rollback","minute":0,"metric":"errors","log_e":4.19959969"#), "{line}");
    let replay = run(TRACES[0].1, Alpha::DEFAULT).expect("a sound trace");
    let line = serde_json::to_string(&replay.summary).expect("JSON");
    assert!(line.starts_with(r#"{"verdict":"no_rollback","minute":null,"metric":null,"log_e":-12.0367"#), "{line}");
}

#[test]
fn a_healthy_rollout_earns_its_promotions_and_a_gap_holds() {
    let replay = run(TRACES[0].1, Alpha::DEFAULT).expect("a sound trace");
    for end_of_phase in [79, 159, 239] {
        let line = &replay.path[end_of_phase];
        assert_eq!(line.verdict.decision, Decision::Promote, "minute {end_of_phase}");
    }
    let replay = run(TRACES[2].1, Alpha::LOW_TRAFFIC).expect("a sound trace");
    assert_eq!(replay.summary.verdict, Ending::NoRollback);
    for line in &replay.path[20..35] {
        assert_eq!(line.verdict.decision, Decision::Hold { reason: HoldReason::NoData });
        agrees("E unchanged", line.verdict.log_e, replay.path[19].verdict.log_e);
    }
    assert_eq!(replay.path[34].verdict.silent_seconds, 15 * 60);
    assert_eq!(replay.path[35].verdict.silent_seconds, 0);
}
