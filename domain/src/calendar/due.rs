//! When a moment of a planned deployment comes.

use super::book::Calendar;
use super::departure::{Departure, Due};
use super::gate::Voyage;
use super::moment::{Moment, Point};
use super::occurrence::Stretch;
use super::rule::Kind;
use super::zone::{days_after, days_before, instant, wall, within};
use crate::{Refusal, Timestamp};
use chrono::Duration;

impl Calendar {
    /// The departure that a deployment planned for an instant takes: the train leaving then, if trains concern it.
    pub fn departure(&self, voyage: &Voyage, planned: Timestamp) -> Departure {
        let planned = within(planned);
        let now = Stretch { starts: planned, ends: planned + Duration::nanoseconds(1) };
        let trains = self.concerning(voyage).filter(|c| c.rule.kind() == Kind::Train);
        let leaving = trains.flat_map(|c| c.happenings(now).map(move |h| (h, c)));
        let boarded = leaving
            .filter(|(h, _)| h.span.contains(planned) && h.takes(voyage.ready_at))
            .max_by_key(|(h, _)| h.span.starts);
        Departure {
            planned,
            zone: self.home_zone(voyage),
            train: boarded.map(|(_, c)| c.rule.id().clone()),
            freeze: boarded.and_then(|(h, _)| h.cut_off),
        }
    }
}

impl Departure {
    /// `None` for the freeze of a deployment that has none: that list is due with the deployment's own plan.
    pub fn due(&self, moment: Moment) -> Result<Option<Due>, Refusal> {
        let zone = self.zone.resolve()?;
        let planned = within(self.planned);
        let at = |point| match point {
            Point::Freeze => self.freeze,
            Point::Elapsed(minutes) => planned.checked_add_signed(Duration::minutes(i64::from(minutes))),
            Point::Days { days, at } => {
                let local = wall(zone, planned).0;
                let distance = u64::from(days.unsigned_abs());
                let date =
                    if days < 0 { days_before(local.date(), distance) } else { days_after(local.date(), distance) };
                Some(instant(zone, at.map_or(date.and_time(local.time()), |at| at.on(date))).0)
            }
        };
        let begins = moment.begins().map(at);
        Ok(match (begins, at(moment.due())) {
            (Some(None), _) | (_, None) => None,
            (begins, Some(due)) => Some(Due { begins: begins.flatten(), due }),
        })
    }
}
