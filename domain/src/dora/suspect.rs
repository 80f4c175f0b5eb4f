//! Which deployments may have caused an incident. Nearness in time only suggests: a link is made by a person or a rule.

use super::{
    book::Book,
    facts::Kind,
    instant::{micros, place, timestamp},
    lane::before,
};
use crate::{
    Timestamp,
    slug::{EnvName, ProductSlug},
};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// A deployment that ended shortly before trouble began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspect {
    pub deployment: String,
    pub version: String,
    pub kind: Kind,
    pub finished_at: Timestamp,
    /// From its end to the beginning of the trouble.
    pub seconds_before: i64,
}

impl Book {
    /// The nearest first, at most `most`.
    pub fn suspects(
        &self,
        product: &ProductSlug,
        env: &EnvName,
        trouble_at: Timestamp,
        within: TimeDelta,
        most: usize,
    ) -> Vec<Suspect> {
        let Some(lane) = self.lane(product, env) else { return Vec::new() };
        let at = micros(trouble_at);
        let earliest = trouble_at.checked_sub_signed(within).map_or(i64::MIN, micros);
        let (from, to) = (before(&lane.finished, earliest), before(&lane.finished, at.saturating_add(1)));
        let ended = lane.finished.iter().zip(&lane.kinds).enumerate().take(to as usize).skip(from as usize);
        let suspects = ended.map(|(here, (finished, kind))| Suspect {
            deployment: lane.ids.get(place(here)).to_owned(),
            version: lane.versions.get(place(here)).to_owned(),
            kind: *kind,
            finished_at: timestamp(*finished),
            seconds_before: (at - finished) / super::instant::SECOND,
        });
        suspects.rev().take(most).collect()
    }
}
