//! Who has a rotating duty when, with the hand-overs of the rotation's zone.

use super::clock_time::ClockTime;
use super::interval_set::difference;
use super::occurrence::Stretch;
use super::period::Period;
use super::rotation::{Override, Rotation, Turn};
use super::rrule::LAST_DAY;
use super::zone::{days_after, instant, wall, within};
use crate::person::PersonId;
use crate::{Refusal, Timestamp};
use chrono::Duration;
use chrono_tz::Tz;

/// A rotation whose zone is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    rotation: Rotation,
    zone: Tz,
}

impl Roster {
    pub fn new(rotation: Rotation) -> Result<Self, Refusal> {
        let zone = rotation.draft().zone.resolve()?;
        Ok(Self { rotation, zone })
    }

    pub fn rotation(&self) -> &Rotation {
        &self.rotation
    }

    /// `None` before the first hand-over, unless somebody stands in.
    pub fn holder_at(&self, at: Timestamp) -> Option<Turn> {
        let at = within(at);
        let day = Stretch { starts: at, ends: at + Duration::nanoseconds(1) };
        self.turns_in(day).into_iter().find(|turn| turn.starts <= at && at < turn.ends)
    }

    /// The turns that overlap the period, in order, substitutions cut out of the regular ones.
    pub fn turns(&self, period: &Period) -> Vec<Turn> {
        self.turns_in(period.stretch())
    }

    fn turns_in(&self, range: Stretch) -> Vec<Turn> {
        let overrides = self.rotation.draft().overrides.iter().map(|o| (self.stretch(o), o));
        let overrides: Vec<(Stretch, &Override)> = overrides.filter(|(s, _)| s.starts < s.ends).collect();
        let taken: Vec<Stretch> = overrides.iter().map(|(stretch, _)| *stretch).collect();
        let mut turns = Vec::new();
        for (whole, holder) in self.regular(range) {
            let pieces = difference(&[whole], &taken).into_iter();
            turns.extend(pieces.map(|s| Turn { holder, starts: s.starts, ends: s.ends, instead_of: None }));
        }
        for (stretch, stand_in) in overrides {
            let moment = Stretch { starts: stretch.starts, ends: stretch.starts + Duration::nanoseconds(1) };
            let instead_of = self.regular(moment).next().map(|(_, holder)| holder);
            turns.push(Turn { holder: stand_in.holder, starts: stretch.starts, ends: stretch.ends, instead_of });
        }
        turns.retain(|turn| turn.starts < range.ends && range.starts < turn.ends);
        turns.sort_by_key(|turn| turn.starts);
        turns
    }

    /// The regular turns that overlap the range.
    fn regular(&self, range: Stretch) -> impl Iterator<Item = (Stretch, PersonId)> + '_ {
        let draft = self.rotation.draft();
        let week = 7 * i64::from(draft.every_weeks);
        let local = wall(self.zone, within(range.starts)).0.date();
        let first = ((local - draft.starts).num_days() / week - 1).max(0);
        let turns = (u32::try_from(first).unwrap_or(u32::MAX)..u32::MAX).map_while(move |turn| {
            let whole = Stretch { starts: self.hand_over(turn)?, ends: self.hand_over(turn.checked_add(1)?)? };
            (whole.starts < range.ends).then_some((whole, self.member(turn)?))
        });
        turns.filter(move |(whole, _)| whole.overlaps(&range))
    }

    /// Whose turn the n-th one is.
    fn member(&self, turn: u32) -> Option<PersonId> {
        let members = &self.rotation.draft().members;
        members.get(usize::try_from(turn).ok()?.checked_rem(members.len())?).copied()
    }

    /// `None` once the calendar has ended.
    fn hand_over(&self, turn: u32) -> Option<Timestamp> {
        let draft = self.rotation.draft();
        let date = days_after(draft.starts, u64::from(turn) * 7 * u64::from(draft.every_weeks));
        (date <= LAST_DAY).then(|| instant(self.zone, draft.at.on(date)).0)
    }

    fn stretch(&self, stand_in: &Override) -> Stretch {
        let midnight = |date| instant(self.zone, ClockTime::MIDNIGHT.on(date)).0;
        Stretch { starts: midnight(stand_in.from), ends: midnight(days_after(stand_in.to, 1)) }
    }
}
