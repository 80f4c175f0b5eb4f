//! What can be made to go wrong, at start or while it runs.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, path::Path};

#[derive(Debug, Clone, Copy, PartialEq, clap::Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Fault {
    /// Share of requests that fail, 0 to 1.
    #[arg(long, default_value_t = 0.0)]
    pub error_rate: f64,
    /// Time that every request takes, in milliseconds.
    #[arg(long, default_value_t = 5)]
    pub latency_ms: u64,
    /// Says that it is unhealthy.
    #[arg(long)]
    pub unhealthy: bool,
    /// Ends the process at the next request.
    #[arg(long)]
    pub crash: bool,
    /// Share of requests that are lost, 0 to 1: their answers break off and are not counted.
    #[arg(long, default_value_t = 0.0)]
    pub lost_rate: f64,
}

impl Default for Fault {
    fn default() -> Self {
        Self { error_rate: 0.0, latency_ms: 5, unhealthy: false, crash: false, lost_rate: 0.0 }
    }
}

impl Fault {
    pub fn check(&self) -> Result<(), String> {
        for (name, rate) in [("error_rate", self.error_rate), ("lost_rate", self.lost_rate)] {
            if !(0.0..=1.0).contains(&rate) {
                return Err(format!("{name}: found {rate}; allowed is 0 to 1"));
            }
        }
        if self.latency_ms > 60_000 {
            return Err(format!("latency_ms: found {}; allowed is 0 to 60000", self.latency_ms));
        }
        Ok(())
    }

    /// Whether the `nth` request fails: spread evenly, so that the share holds over short stretches too.
    pub fn strikes(&self, nth: u64) -> bool {
        falls_on(self.error_rate, nth)
    }

    /// Whether the `nth` request is lost.
    pub fn loses(&self, nth: u64) -> bool {
        falls_on(self.lost_rate, nth)
    }
}

fn falls_on(share: f64, nth: u64) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "a demo serves far fewer than 2^52 requests")]
    let (now, next) = (nth as f64 * share, (nth + 1) as f64 * share);
    next.floor() > now.floor()
}

/// The faults of this version, as a file gives them while the service runs: `{"1.5.0": {"error_rate": 0.05}}`. A version that
/// is not in it has none.
pub fn from_file(file: &Path, version: &str) -> Result<Fault, String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let all: BTreeMap<String, Fault> =
        serde_json::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?;
    let fault = all.get(version).copied().unwrap_or_default();
    fault.check().map(|()| fault)
}

#[cfg(test)]
mod tests {
    use super::Fault;

    #[test]
    fn the_share_of_failures_is_the_one_asked_for() {
        for (rate, expected) in [(0.0, 0), (0.02, 20), (0.5, 500), (1.0, 1_000)] {
            let fault = Fault { error_rate: rate, ..Fault::default() };
            assert_eq!((0..1_000).filter(|n| fault.strikes(*n)).count(), expected, "at {rate}");
        }
    }

    #[test]
    fn nonsense_is_refused_by_name() {
        let fault = Fault { error_rate: 1.5, ..Fault::default() };
        assert!(fault.check().expect_err("more than all").contains("error_rate"));
    }
}
