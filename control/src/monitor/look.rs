//! What a monitor saw of one window, arm by arm, and what it was asked and answered for that.

use super::{Arm, Buckets, Lack, Measured, Missing, Totals};
use domain::{
    Timestamp,
    judge::{self, Reading, Window, WindowLength},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Failed requests may exceed all requests by this part: the two are read one after the other.
const APART: f64 = 0.05;

/// One window of everything that one monitor watches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Look {
    pub end: Timestamp,
    /// One for each service and arm that was asked about.
    pub parts: Vec<Part>,
    pub probes: Vec<Probe>,
    pub asked: Vec<Asked>,
}

/// One service of one arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    pub service: String,
    pub arm: Arm,
    /// Requests in the window.
    pub requests: Measured<f64>,
    /// Of these, those that failed.
    pub errors: Measured<f64>,
    pub latency: Measured<Buckets>,
    /// By the names of the playbook's signals: shares from 0 to 1, times in milliseconds, throughput per second.
    pub gauges: BTreeMap<String, Measured<f64>>,
}

/// How a service is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    Well(String),
    /// A wrong answer, a refusal or none in time: that is the service, and counts against it.
    Unwell(String),
    /// The probe itself could not be run: no data.
    NotRun(String),
}

/// One probe of one service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    pub service: String,
    /// None where the address leads to whichever arm the router picks.
    pub arm: Option<Arm>,
    pub health: Health,
    pub at: Timestamp,
}

/// One question to the source, for the page of the metric.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// `requests`, `errors`, `latency`, `health`, or the name of a gauge.
    pub metric: String,
    /// As it was sent.
    pub query: String,
    /// The beginning of the answer, or why there is none.
    pub answered: String,
    pub good: bool,
    pub at: Timestamp,
    pub took_ms: u64,
}

impl Look {
    /// Nothing seen yet.
    pub fn new(end: Timestamp) -> Self {
        Self { end, parts: Vec::new(), probes: Vec::new(), asked: Vec::new() }
    }

    /// Both arms as the judge hears them, all services together.
    pub fn window(&self, length: WindowLength) -> Window {
        Window { length, stable: self.reading(Arm::Stable), canary: self.reading(Arm::Canary) }
    }

    /// One arm, all its services together. A query that failed makes the whole window of it failed.
    pub fn reading(&self, arm: Arm) -> Reading {
        match self.sum(arm) {
            Ok(arm) => Reading::Counts(arm),
            Err(missing) if missing.lack == Lack::Failed => Reading::Failed,
            Err(_) => Reading::Missing,
        }
    }

    /// Why the judge hears nothing of this arm.
    pub fn why_not(&self, arm: Arm) -> Option<Missing> {
        self.sum(arm).err()
    }

    fn sum(&self, arm: Arm) -> Result<judge::Arm, Missing> {
        self.totals(arm)?.arm().map_err(|invalid| Missing::failed(format!("{arm}: {invalid}.")))
    }

    /// What one arm did, all its services together.
    pub fn totals(&self, arm: Arm) -> Result<Totals, Missing> {
        let parts: Vec<&Part> = self.parts.iter().filter(|part| part.arm == arm).collect();
        if parts.is_empty() {
            return Err(Missing::absent(format!("Nothing was asked about {arm}.")));
        }
        let counted = parts.iter().flat_map(|part| [part.requests.missing(), part.errors.missing()]).flatten();
        let failed = parts.iter().filter_map(|part| part.latency.missing()).filter(|lost| lost.lack == Lack::Failed);
        if let Some(worst) = counted.chain(failed).max_by_key(|missing| missing.lack) {
            return Err(worst.clone());
        }
        let (mut requests, mut errors) = (0.0, 0.0);
        for part in &parts {
            let of = |counted: &Measured<f64>| counted.value().copied().unwrap_or_default();
            let (all, bad) = (of(&part.requests), of(&part.errors));
            if bad > all * (1.0 + APART) {
                let why = format!("{}: more errors ({bad}) than requests ({all}) in one window.", part.service);
                return Err(Missing::failed(why));
            }
            requests += all;
            errors += bad.min(all);
        }
        let latency = together(parts.iter().map(|part| part.latency.value()));
        Ok(Totals { requests, errors, latency })
    }
}

/// The latencies of all services in one: none when one has none, or other bounds.
fn together<'a>(mut all: impl Iterator<Item = Option<&'a Buckets>>) -> Option<Buckets> {
    let mut sum = all.next()??.clone();
    for one in all {
        let one = one.filter(|one| one.bounds == sum.bounds && one.counts.len() == sum.counts.len())?;
        sum.counts.iter_mut().zip(&one.counts).for_each(|(sum, count)| *sum += count);
    }
    Some(sum)
}
