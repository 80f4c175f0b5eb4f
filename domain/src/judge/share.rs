//! The configured share of traffic that the canary gets.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::exact;
use super::invalid::Invalid;

/// Shares closer than this are the same share: 1 − 0.95 is 0.05 to a person, not to a computer.
const SAME: f64 = 1e-6;

/// A share of traffic from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share(f64);

impl Share {
    /// All traffic: no control arm remains.
    pub const ALL: Self = Self(1.0);

    /// Accepts 0 to 1.
    pub fn new(value: f64) -> Result<Self, Invalid> {
        if (0.0..=1.0).contains(&value) {
            return Ok(Self(value + 0.0));
        }
        Err(Invalid::new("share", value, "a number from 0 to 1"))
    }

    /// The share as a number from 0 to 1.
    pub fn get(self) -> f64 {
        self.0
    }

    /// What the other arm gets.
    #[must_use]
    pub fn rest(self) -> Self {
        Self(1.0 - self.0)
    }

    /// True when no control arm remains.
    pub fn is_all(self) -> bool {
        self.same_as(Self::ALL)
    }

    /// True when the two differ by rounding only.
    pub fn same_as(self, other: Self) -> bool {
        (self.0 - other.0).abs() <= SAME
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        exact::serialize(&self.0, to)
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::new(exact::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}
