//! What was seen of one window, and what was said of it: evidence, and where the judges go on from.

use crate::{
    driver::ArmCounts,
    monitor::{Buckets, Lack, Missing, Totals},
};
use domain::{
    digest::sha256_hex,
    judge::{Arm, Ground, Panel, Reading, rules::Values},
    release::Version,
    rollout::Opinion,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One version in one window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArmSeen {
    pub version: Version,
    /// Who counted: `router`, or the kind of the monitor.
    pub source: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totals: Option<Totals>,
    /// Why there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Missing>,
    /// By the names of the playbook's signals.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub gauges: BTreeMap<String, f64>,
}

/// One window of one rollout, as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sample {
    pub seconds: u32,
    /// The new version's share of traffic.
    pub share: f64,
    /// None once no traffic is left on it.
    pub stable: Option<ArmSeen>,
    pub canary: ArmSeen,
    /// Services that were not well, and what fired.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signs: Vec<String>,
    pub opinion: Opinion,
    pub ground: Ground,
    /// Nothing was measured for longer than the playbook puts up with.
    #[serde(default)]
    pub silent: bool,
    /// The numbers of the sequential judge.
    pub verdict: serde_json::Value,
    /// What the playbook's rules came to.
    pub ruling: domain::judge::rules::Ruling,
    /// The numbers behind it as a sentence.
    pub said: String,
    /// Over this sample and the hash of the one before it.
    pub hash: String,
    pub(super) panel: Panel,
}

impl Sample {
    /// The hash that it should have, after the sample of this hash.
    pub fn hashed(&self, before: &str) -> String {
        let body = serde_json::to_vec(&Self { hash: String::new(), ..self.clone() }).unwrap_or_default();
        sha256_hex(&[before.as_bytes(), &body].concat())
    }
}

impl ArmSeen {
    pub(super) fn new(version: &Version, source: impl Into<String>, totals: Result<Totals, Missing>) -> Self {
        // Numbers that make no sense to the judge are none.
        let sound = totals.and_then(|totals| match totals.arm() {
            Ok(_) => Ok(totals),
            Err(invalid) => Err(Missing::failed(format!("{version}: {invalid}."))),
        });
        let (totals, missing) = match sound {
            Ok(totals) => (Some(totals), None),
            Err(missing) => (None, Some(missing)),
        };
        Self { version: version.clone(), source: source.into(), totals, missing, gauges: BTreeMap::new() }
    }

    /// What the judges hear of it.
    pub fn reading(&self) -> Reading {
        match (self.arm(), &self.missing) {
            (Some(arm), _) => Reading::Counts(arm),
            (None, Some(missing)) if missing.lack == Lack::Failed => Reading::Failed,
            (None, _) => Reading::Missing,
        }
    }

    pub(super) fn arm(&self) -> Option<Arm> {
        self.totals.as_ref()?.arm().ok()
    }

    pub(super) fn values(&self) -> Values {
        Values { counts: self.reading(), gauges: self.gauges.clone() }
    }
}

/// What was counted between two looks; a count that fell has begun anew, and what came in between is not known.
#[expect(clippy::cast_precision_loss, reason = "nobody serves 2^52 requests in a window")]
pub(super) fn difference(now: &ArmCounts, before: Option<&ArmCounts>) -> Result<Totals, Missing> {
    let none = ArmCounts { requests: 0, errors: 0, buckets: vec![0; now.buckets.len()], ..now.clone() };
    let before = before.unwrap_or(&none);
    if before.bounds != now.bounds || before.buckets.len() != now.buckets.len() {
        return Err(Missing::absent("The buckets of the latency have changed."));
    }
    let buckets: Option<Vec<u64>> = now.buckets.iter().zip(&before.buckets).map(|(n, b)| n.checked_sub(*b)).collect();
    let requests = now.requests.checked_sub(before.requests);
    let errors = now.errors.checked_sub(before.errors);
    let (Some(requests), Some(errors), Some(buckets)) = (requests, errors, buckets) else {
        return Err(Missing::absent("Counting has begun anew."));
    };
    let latency = (!now.bounds.is_empty())
        .then(|| Buckets { bounds: now.bounds.clone(), counts: buckets.iter().map(|count| *count as f64).collect() });
    Ok(Totals { requests: requests as f64, errors: errors as f64, latency })
}
