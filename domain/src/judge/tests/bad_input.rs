//! A trace that makes no sense is refused with line, field, found and allowed; nothing makes the judge panic.

use proptest::prelude::*;

use super::*;
use crate::judge::replay::{Ending, run};
use crate::judge::trace::Trace;

const HEADER: &str = "minute,arm,share,requests,errors,le_100ms,le_250ms,le_inf\n";

fn refused(text: &str) -> TraceError {
    run(text, Alpha::DEFAULT).expect_err("a refusal")
}

#[track_caller]
fn check(rows: &str, line: usize, field: &str, found: &str) {
    let error = refused(&format!("{HEADER}{rows}"));
    assert_eq!((error.line, error.field.as_str(), error.found.as_str()), (line, field, found), "{error}");
    assert!(!error.allowed.is_empty());
}

#[test]
fn rows() {
    check("0,stable,0.95,NaN,0,0,0,0", 2, "requests", "NaN");
    check("0,stable,0.95,10,0,inf,0,0", 2, "le_100ms", "inf");
    check("0,stable,0.95,-1,0,0,0,0", 2, "requests", "-1");
    check("0,stable,0.95,10,0,1,2,-0.5", 2, "le_inf", "-0.5");
    check("0,stable,0.95,10,11,1,2,3", 2, "errors", "11");
    check("0,stable,0.95,1e300,0,1,2,3", 2, "requests", "1e300");
    check("0,stable,0.95,,0,1,2,3", 2, "requests", "");
    check("0,stable,1.5,10,0,1,2,3", 2, "share", "1.5");
    check("0,stable,nan,10,0,1,2,3", 2, "share", "nan");
    check("0,stable,0.95,10,0,1,2", 2, "row", "7 fields");
    check("0,stable,0.95,10,0,1,2,3,4", 2, "row", "9 fields");
    check("0,Stable,0.95,10,0,1,2,3", 2, "arm", "Stable");
    check("0.5,stable,0.95,10,0,1,2,3", 2, "minute", "0.5");
    check("99999999999,stable,0.95,10,0,1,2,3", 2, "minute", "99999999999");
    check("2000000,stable,0.95,10,0,1,2,3", 2, "minute", "2000000");
    check("-1,canary,0.05,10,0,1,2,3", 2, "arm", "canary");
    check("1,stable,0.95,10,0,1,2,3\n0,stable,0.95,10,0,1,2,3", 3, "minute", "0");
    check("0,stable,0.95,10,0,1,2,3\n\n0,stable,0.95,10,0,1,2,3", 4, "arm", "stable twice in minute 0");
    check("0,stable,0.95,10,0,1,2,3\n0,canary,0.5,1,0,1,0,0", 3, "share", "0.5 canary, 0.95 stable");
    check("-1,stable,0,10,0,1,2,3", 2, "minute", "history only");
    check("", 1, "minute", "no rows");
}

#[test]
fn headers() {
    let first = |header: &str| {
        let error = refused(&format!("{header}\n0,stable,0.95,10,0,1,2,3"));
        assert_eq!(error.line, 1);
        (error.field, error.found)
    };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(first("minute,arm,share,requests,le_1ms,le_2ms,le_inf"), pair("errors", "no such column"));
    assert_eq!(first("minute,arm,share,requests,errors,le_1ms,le_2ms"), pair("le_inf", "no such column"));
    assert_eq!(first("minute,arm,share,requests,errors,le_inf"), pair("buckets", "0 bounds"));
    assert_eq!(first("minute,arm,share,requests,errors,le_2ms,le_1ms,le_inf"), pair("buckets", "1"));
    assert_eq!(first("minute,arm,share,requests,errors,errors,le_1ms,le_2ms,le_inf"), pair("errors", "errors"));
    assert_eq!(first("minute,arm,share,requests,errors,le_1s,le_2ms,le_inf"), pair("header", "le_1s"));
    assert_eq!(first("minute,arm,share,requests,errors,le_NaNms,le_2ms,le_inf"), pair("buckets", "NaN"));
    assert_eq!(first(""), pair("header", "nothing"));
    assert_eq!(refused("").line, 1);
    let long = refused(&"x".repeat(500));
    assert!(long.found.chars().count() <= 61, "{long}");
}

#[test]
fn messages_are_for_people() {
    let error = refused(&format!("{HEADER}0,stable,0.95,-3,0,1,2,3"));
    assert_eq!(error.to_string(), r#"line 2, field requests: found "-3", allowed: a number from 0 to 1e15"#);
}

#[test]
fn what_is_harmless_is_read() {
    let rows = "\u{feff}arm, minute,share,requests,errors,le_100ms,le_250ms,le_inf\r\nstable,2, 0.95,10,0,1,2,3\r\n\r\ncanary,2,0.05,1.5,0.5,1,0,0\r\n";
    let trace = Trace::parse(rows).expect("a trace");
    assert_eq!(trace.minutes.len(), 3);
    assert!(trace.minutes.iter().all(|minute| minute.share == share(0.05)));
    assert!(trace.minutes[1].window.canary == Reading::Missing);
    assert!(trace.history.windows().is_empty());
    let replay = run(rows, Alpha::DEFAULT).expect("a replay");
    assert_eq!(replay.summary.verdict, Ending::NoRollback);
    // A canary that is missing leaves the phase to stable's share.
    let rows = format!("{HEADER}0,stable,0.95,10,0,1,2,3\n1,stable,0.75,10,0,1,2,3\n2,canary,0.25,10,0,1,2,3");
    let trace = Trace::parse(&rows).expect("a trace");
    assert!(trace.minutes[0].share.same_as(share(0.05)));
    assert_eq!(trace.minutes[1].share, trace.minutes[2].share);
}

/// Text that nearly is a trace.
fn nearly() -> impl Strategy<Value = String> {
    let cell = prop_oneof![
        4 => (0..200_u32).prop_map(|number| number.to_string()),
        1 => any::<f64>().prop_map(|number| number.to_string()),
        1 => Just("1e15".to_owned()),
        1 => "[a-z0-9,.\\-+ eE\"]{0,6}",
    ];
    let arm = prop_oneof![6 => Just("stable"), 6 => Just("canary"), 1 => Just("both")];
    let share = prop_oneof![4 => Just("0.5"), 1 => Just("1"), 1 => Just("0"), 1 => Just("-1")];
    let row = (-3..9_i32, arm, share, proptest::collection::vec(cell, 5))
        .prop_map(|(minute, arm, share, cells)| format!("{minute},{arm},{share},{}\n", cells.join(",")));
    let sorted = proptest::collection::vec(row, 0..12).prop_map(|mut rows| {
        rows.sort_by_key(|row| row.split(',').next().and_then(|minute| minute.parse::<i32>().ok()));
        format!("{HEADER}{}", rows.concat())
    });
    prop_oneof![sorted, any::<String>().prop_map(|text| format!("{HEADER}{text}")), any::<String>()]
}

/// A sound trace whose counts may be as large as they may be at all.
fn extreme() -> impl Strategy<Value = String> {
    let count = prop_oneof![Just(0.0), Just(1e15), 0.0..1e15_f64, 0.0..5.0_f64];
    let one_arm = (count.clone(), 0.0..=1.0_f64, proptest::collection::vec(count, 3));
    let row = |minute: usize, arm: &str, (requests, part, buckets): &(f64, f64, Vec<f64>)| {
        let share = if minute < 4 { 0.5 } else { f64::from(u8::from(arm == "canary")) };
        let buckets: Vec<String> = buckets.iter().map(f64::to_string).collect();
        format!("{minute},{arm},{share},{requests},{},{}\n", requests * part, buckets.join(","))
    };
    proptest::collection::vec((one_arm.clone(), one_arm), 7).prop_map(move |minutes| {
        let mut text = HEADER.to_owned();
        for (index, (stable, _)) in minutes.iter().enumerate().take(3) {
            text += &row(0, "stable", stable).replacen('0', &format!("-{}", 3 - index), 1);
        }
        for (index, (stable, canary)) in minutes.iter().enumerate() {
            text += &row(index, "stable", stable);
            text += &row(index, "canary", canary);
        }
        text
    })
}

proptest! {
    #[test]
    fn nothing_panics(text in nearly(), alpha in 0.001..0.5_f64) {
        match run(&text, Alpha::new(alpha).expect("alpha")) {
            Ok(replay) => prop_assert!(replay.path.iter().all(|line| line.verdict.log_e.is_finite())),
            Err(error) => prop_assert!(error.line >= 1 && !error.allowed.is_empty()),
        }
    }

    #[test]
    fn extremes_stay_finite(text in extreme()) {
        let replay = run(&text, Alpha::DEFAULT).expect("a sound trace");
        for line in &replay.path {
            prop_assert!(line.verdict.log_e.is_finite(), "{line:?}");
            prop_assert!(line.verdict.promotion_latency.is_finite() && line.verdict.promotion_errors.is_finite());
        }
        prop_assert!(!replay.facts.to_string().contains("NaN"));
    }

    #[test]
    fn a_damaged_trace_is_refused_or_read(which in 0..3_usize, at in 0.0..1.0_f64, put in "[a-z0-9,.\n-]{0,3}") {
        let text = TRACES[which].1;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a small text")]
        let at = (at * text.len() as f64) as usize;
        let damaged = format!("{}{put}{}", &text[..at], &text[(at + 1).min(text.len())..]);
        // Reading it all would be slow for so many cases; reading is where damage can do harm.
        if let Err(error) = Trace::parse(&damaged) {
            prop_assert!(error.line >= 1 && !error.allowed.is_empty());
        }
    }
}
