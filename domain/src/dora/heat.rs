//! When deployments end: weekday by hour on the wall of a zone.

use super::{
    book::Book,
    instant::{HOUR, SECOND, timestamp},
    lane::Lane,
    measure::Sight,
    report::Query,
};
use crate::{Refusal, calendar::ZoneName};
use serde::{Deserialize, Serialize};

/// Seven rows from Monday, each of 24 hours.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heat {
    pub deployments: [[u64; 24]; 7],
    pub failed: [[u64; 24]; 7],
}

impl Book {
    /// Of the deployments of the query's window.
    pub fn heat(&self, query: &Query, zone: &ZoneName) -> Result<Heat, Refusal> {
        let lanes: Vec<&Lane> = self.lanes(query).map(|(_, lane)| lane).collect();
        let sight = Sight::new(lanes.clone(), query);
        let (mut heat, mut wall) = (Heat::default(), Wall { zone, hour: i64::MIN, offset: None });
        for (at, lane) in lanes.iter().enumerate() {
            let (from, to) = sight.places(at).0.deployments;
            for place in from..to {
                let finished = lane.finished.get(place as usize).copied().unwrap_or_default();
                let (day, hour) = wall.read(finished)?;
                heat.deployments[day][hour] += 1;
                heat.failed[day][hour] += u64::from(lane.failed.has(place));
            }
        }
        Ok(heat)
    }
}

/// A wall that remembers by how much it is ahead of UTC in the hour it was read last.
struct Wall<'a> {
    zone: &'a ZoneName,
    hour: i64,
    /// Nothing when it changes within that hour.
    offset: Option<i64>,
}

impl Wall<'_> {
    /// The weekday from Monday and the hour.
    fn read(&mut self, at: i64) -> Result<(usize, usize), Refusal> {
        let hour = at.div_euclid(HOUR);
        if hour != self.hour {
            let (begin, end) = (self.offset(hour * HOUR)?, self.offset(hour * HOUR + HOUR - 1)?);
            (self.hour, self.offset) = (hour, (begin == end).then_some(begin));
        }
        let offset = self.offset.map_or_else(|| self.offset(at), Ok)?;
        let local = (at + offset).div_euclid(HOUR);
        // 1 January 1970 was a Thursday.
        let day = (local.div_euclid(24) + 3).rem_euclid(7);
        Ok((usize::try_from(day).unwrap_or_default(), usize::try_from(local.rem_euclid(24)).unwrap_or_default()))
    }

    fn offset(&self, at: i64) -> Result<i64, Refusal> {
        let at = timestamp(at);
        let shown = self.zone.wall(at)?.0.and_utc();
        Ok((shown - at).num_seconds() * SECOND)
    }
}
