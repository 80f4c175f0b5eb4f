//! The name of an IANA time zone; only native code knows what its clocks do.

use super::clock_time::quoted;
use crate::Refusal;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// `Europe/London`, `UTC`: well-formed here, checked against the database when a calendar is built.
///
/// Reading does not consult the database, so that a stored rule stays readable whatever the database's edition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ZoneName(String);

impl ZoneName {
    pub fn utc() -> Self {
        Self("UTC".to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ZoneName {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let sound = (1..=64).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+'));
        if sound {
            Ok(Self(text.to_owned()))
        } else {
            Err(Refusal::invalid("zone", quoted(text), "an IANA time zone such as “Europe/London” or “UTC”"))
        }
    }
}

impl TryFrom<String> for ZoneName {
    type Error = Refusal;

    fn try_from(text: String) -> Result<Self, Refusal> {
        text.parse()
    }
}

impl From<ZoneName> for String {
    fn from(zone: ZoneName) -> Self {
        zone.0
    }
}

impl fmt::Display for ZoneName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
