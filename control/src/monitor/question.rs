//! What a monitor is asked: one window, and the versions that stand in it.

use domain::{Timestamp, judge::WindowLength, release::Version};
use serde::{Deserialize, Serialize};
use std::fmt;

/// One of the two that are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arm {
    /// What ran before.
    Stable,
    /// What comes in.
    Canary,
}

impl fmt::Display for Arm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stable => "stable",
            Self::Canary => "canary",
        })
    }
}

/// An arm, with the version that stands in it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    pub arm: Arm,
    pub version: Version,
}

/// One window. The same end for every environment, so that one query can serve them all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub arms: Vec<Asking>,
    pub end: Timestamp,
    pub window: WindowLength,
}
