//! What stands in a calendar: one occurrence, with its instants and what the wall shows then.

use super::rule::Kind;
use super::zone_name::ZoneName;
use crate::Timestamp;
use crate::slug::RuleId;
use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

/// One happening of one rule, ready to be drawn or listed; computed by the server, readable in the browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occurrence {
    pub rule: RuleId,
    pub kind: Kind,
    pub part: Part,
    pub title: String,
    /// The date the rule names, in its zone; with `rule` and `part` it identifies the occurrence for good.
    pub date: NaiveDate,
    pub starts: Timestamp,
    pub ends: Timestamp,
    pub zone: ZoneName,
    pub local_starts: NaiveDateTime,
    pub local_ends: NaiveDateTime,
    /// Nothing that the rule concerns ships from `starts` to `ends`.
    pub closes: bool,
    /// The local start does not exist on this date (clocks go forward); it was moved.
    pub moved: bool,
}

/// Which part of the rule's happening it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The days before a holiday.
    DaysBefore,
    /// The code freeze between a train's cut-off and its departure.
    CodeFreeze,
    /// The thing itself.
    Itself,
}

/// A half-open stretch of time, `starts` included and `ends` not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stretch {
    pub starts: Timestamp,
    pub ends: Timestamp,
}

impl Stretch {
    pub fn contains(&self, t: Timestamp) -> bool {
        self.starts <= t && t < self.ends
    }

    pub fn overlaps(&self, other: &Self) -> bool {
        self.starts < other.ends && other.starts < self.ends
    }
}
