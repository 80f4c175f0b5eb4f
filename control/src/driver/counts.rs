//! What a driver that carries the traffic itself has counted.

use domain::release::Version;
use serde::{Deserialize, Serialize};

/// Everything that one version has answered since its counting began: only ever more, until it begins anew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArmCounts {
    pub version: Version,
    pub requests: u64,
    /// Answers with 5xx, and requests without an answer.
    pub errors: u64,
    /// Upper bounds of the buckets in milliseconds, ascending.
    pub bounds: Vec<f64>,
    /// One for each bound, and one for everything above.
    pub buckets: Vec<u64>,
}
