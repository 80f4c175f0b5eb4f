//! Writes a recorded rollout in the format that [`super::trace`] reads.

use std::fmt::Write as _;

/// Where nobody counted latencies: the format wants buckets, and these stay empty.
const NO_BOUNDS: [f64; 2] = [100.0, 1_000.0];

/// One arm in one minute.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceRow {
    /// Since the rollout began; below 0 it is history, of stable alone.
    pub minute: i32,
    pub canary: bool,
    /// The arm's own share of traffic.
    pub share: f64,
    pub requests: f64,
    pub errors: f64,
    /// One count for each bound and one for everything above; anything else counts as none.
    pub buckets: Vec<f64>,
}

/// Rows in order of time, with latencies between these bounds in milliseconds.
pub fn write(bounds: &[f64], rows: &[TraceRow]) -> String {
    let bounds = if bounds.len() < NO_BOUNDS.len() { &NO_BOUNDS } else { bounds };
    let mut text = String::from("minute,arm,share,requests,errors");
    for bound in bounds {
        let _ = write!(text, ",le_{bound}ms");
    }
    text.push_str(",le_inf\n");
    for row in rows {
        let TraceRow { minute, canary, share, requests, errors, buckets } = row;
        let arm = if *canary { "canary" } else { "stable" };
        let _ = write!(text, "{minute},{arm},{share},{requests},{errors}");
        for place in 0..=bounds.len() {
            let count = buckets.get(place).filter(|_| buckets.len() == bounds.len() + 1);
            let _ = write!(text, ",{}", count.unwrap_or(&0.0));
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{TraceRow, write};
    use crate::judge::trace::Trace;

    fn row(minute: i32, canary: bool, share: f64, buckets: &[f64]) -> TraceRow {
        TraceRow { minute, canary, share, requests: 120.5, errors: 2.25, buckets: buckets.to_vec() }
    }

    #[test]
    fn what_is_written_is_read() {
        // given two minutes with latencies, a gap, and a minute without
        let rows = [
            row(0, false, 0.95, &[100.0, 20.0, 0.5]),
            row(0, true, 0.05, &[100.0, 20.5, 0.0]),
            row(3, false, 0.75, &[]),
            row(3, true, 0.25, &[1.0]),
        ];
        // when they are written and read
        let trace = Trace::parse(&write(&[0.25, 250.0], &rows)).expect("a trace");
        // then the numbers are the same, and the gap is a gap
        assert_eq!(trace.minutes.len(), 4);
        let arm = trace.minutes[0].window.canary.counts().expect("counts");
        assert!((arm.requests() - 120.5).abs() < 1e-12 && (arm.errors() - 2.25).abs() < 1e-12);
        let latency = arm.latency().expect("latencies");
        assert_eq!((latency.bounds().as_slice(), latency.total(), latency.above(0)), (&[0.25, 250.0][..], 120.5, 20.5));
        assert!(trace.minutes[1].window.canary.counts().is_none());
        assert!((trace.minutes[3].share.get() - 0.25).abs() < 1e-12);
        let nothing =
            trace.minutes[3].window.stable.counts().and_then(|arm| arm.latency().map(crate::judge::Histogram::total));
        assert_eq!(nothing, Some(0.0));
    }

    #[test]
    fn without_latencies_it_is_a_trace_as_well() {
        let trace = Trace::parse(&write(&[], &[row(0, false, 0.5, &[]), row(0, true, 0.5, &[])])).expect("a trace");
        assert_eq!(trace.minutes.len(), 1);
    }
}
