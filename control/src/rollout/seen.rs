//! What was seen while a rollout was judged, window by window, for charts and as evidence.

use super::judging::ArmSeen;
use crate::{Control, monitor::Totals};
use domain::{
    Refusal, Timestamp,
    judge::{
        rules::Ruling,
        trace_text::{self, TraceRow},
    },
    rollout::{Opinion, RolloutId},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const MINUTE: i64 = 60;

/// Everything that is kept of one rollout, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    pub windows: Vec<SeenWindow>,
}

/// One window.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeenWindow {
    /// When it ended.
    pub at: Timestamp,
    #[serde(flatten)]
    pub kept: Kept,
}

/// As it was kept; what the judges go on from is left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// How long it was.
    pub seconds: u32,
    /// The new version's share of traffic.
    pub share: f64,
    /// None once no traffic is left on what ran before.
    pub stable: Option<ArmSeen>,
    pub canary: Option<ArmSeen>,
    #[serde(default)]
    pub signs: Vec<String>,
    #[serde(default)]
    pub opinion: Option<Opinion>,
    /// The numbers of the sequential judge.
    #[serde(default)]
    pub verdict: serde_json::Value,
    /// What the playbook's rules came to.
    #[serde(default)]
    pub ruling: Option<Ruling>,
    pub said: String,
    /// Over this window and the hash of the one before it.
    pub hash: String,
}

impl Control {
    /// What is kept of a rollout. A window that this version cannot read is left out, as one that was never looked at.
    pub async fn seen(&self, id: RolloutId) -> Result<Seen, Refusal> {
        let rows = self.journal().samples(id).await?;
        let read = |(at, body): (Timestamp, Vec<u8>)| match serde_json::from_slice(&body) {
            Ok(kept) => Some(SeenWindow { at, kept }),
            Err(error) => {
                tracing::warn!(rollout = %id, %at, %error, "a sample cannot be read");
                None
            }
        };
        Ok(Seen { windows: rows.into_iter().filter_map(read).collect() })
    }
}

impl SeenWindow {
    pub fn stable(&self) -> Option<&Totals> {
        self.kept.stable.as_ref()?.totals.as_ref()
    }

    pub fn canary(&self) -> Option<&Totals> {
        self.kept.canary.as_ref()?.totals.as_ref()
    }
}

impl Seen {
    /// Minute by minute, as `pilothouse judge replay` reads it. Minutes without numbers have no rows; what ran before the
    /// rollout is not kept with it, so there is no history.
    pub fn trace(&self) -> String {
        let bounds = self.windows.iter().flat_map(|window| [window.stable(), window.canary()]).flatten();
        let bounds = bounds.filter_map(|totals| totals.latency.as_ref()).map(|latency| latency.bounds.clone()).next();
        let bounds = bounds.unwrap_or_default();
        let begin = |window: &SeenWindow| window.at.timestamp() - i64::from(window.kept.seconds);
        let first = self.windows.first().map(begin).unwrap_or_default();
        let mut minutes: BTreeMap<i32, (f64, [Option<Totals>; 2])> = BTreeMap::new();
        for window in &self.windows {
            let Ok(minute) = i32::try_from((begin(window) - first).div_euclid(MINUTE)) else { continue };
            let (share, arms) = minutes.entry(minute).or_insert((window.kept.share, [None, None]));
            *share = window.kept.share;
            for (own, seen) in arms.iter_mut().zip([window.stable(), window.canary()]) {
                match (own, seen) {
                    (Some(own), Some(seen)) => own.add(seen),
                    (own @ None, Some(seen)) => *own = Some(seen.clone()),
                    (_, None) => {}
                }
            }
        }
        let rows = minutes.into_iter().flat_map(|(minute, (share, arms))| {
            arms.into_iter().zip([false, true]).filter_map(move |(totals, canary)| {
                let Totals { requests, errors, latency } = totals?;
                let share = if canary { share } else { 1.0 - share };
                Some((TraceRow { minute, canary, share, requests, errors, buckets: Vec::new() }, latency))
            })
        });
        let rows = rows.map(|(row, latency)| {
            let buckets = latency.filter(|latency| latency.bounds == bounds).map(|latency| latency.counts);
            TraceRow { buckets: buckets.unwrap_or_default(), ..row }
        });
        trace_text::write(&bounds, &rows.collect::<Vec<_>>())
    }
}

#[cfg(test)]
mod tests {
    use super::{Kept, Seen, SeenWindow};
    use domain::{
        Timestamp,
        judge::{Alpha, replay},
    };
    use serde_json::json;

    fn window(seconds_in: i64, share: f64, requests: f64, errors: f64) -> SeenWindow {
        let arm = |errors: f64| {
            json!({ "version": "1.5.0", "source": "router", "totals": {
                "requests": requests, "errors": errors,
                "latency": { "bounds": [50, 100, 250], "counts": [requests - 10.0, 6, 3, 1] },
            }})
        };
        let kept = json!({
            "seconds": 15, "share": share, "stable": arm(1.0), "canary": arm(errors), "said": "", "hash": "",
            "panel": { "whatever": "the judges go on from" },
        });
        let at = Timestamp::from_timestamp(1_763_726_400 + seconds_in, 0).expect("a time");
        SeenWindow { at, kept: serde_json::from_value::<Kept>(kept).expect("a window") }
    }

    #[test]
    fn a_trace_of_what_was_seen_is_judged_as_it_was() {
        // given ten minutes at a quarter of the traffic in which the canary fails a third of its requests
        let windows = (1..=40).map(|n| window(n * 15, 0.25, 100.0, 33.0)).collect();
        // when they are replayed
        let trace = Seen { windows }.trace();
        let replay = replay::run(&trace, Alpha::new(0.02).expect("alpha")).expect("a trace");
        // then ten minutes of four windows are found, and the judge rolls back
        assert_eq!(replay.path.len(), 10);
        assert!(
            trace.lines().nth(1).is_some_and(|line| line.starts_with("0,stable,0.75,400,4,360,24,12,4")),
            "{trace}"
        );
        let summary = serde_json::to_value(replay.summary).expect("json");
        assert_eq!(summary["verdict"], "rollback", "{summary}");
    }

    #[test]
    fn a_window_without_numbers_is_a_minute_without_rows() {
        let mut silent = window(90, 0.25, 0.0, 0.0);
        silent.kept.canary = None;
        silent.kept.stable.as_mut().expect("stable").totals = None;
        let windows = vec![window(15, 0.25, 100.0, 1.0), silent, window(150, 0.25, 100.0, 1.0)];
        let trace = Seen { windows }.trace();
        let minutes: Vec<&str> = trace.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
        assert_eq!(minutes, ["0", "0", "2", "2"]);
    }
}
