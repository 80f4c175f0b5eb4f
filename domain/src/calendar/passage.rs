//! When a voyage may go: the gate at an instant, its next opening, and the openings after that.

use super::book::Calendar;
use super::charted::Charted;
use super::gate::{Closure, Opening, State, Voyage, Why};
use super::interval_set::{difference, intersection, joined};
use super::occurrence::{Occurrence, Part, Stretch};
use super::period::Period;
use super::rule::{Body, Kind};
use super::zone::{wall, within};
use crate::Timestamp;
use chrono::Duration;

/// How far ahead an opening is looked for.
pub const HORIZON_DAYS: i64 = 3660;
/// The most openings that are listed at once.
pub const MOST_OPENINGS: usize = 100;
/// The first look ahead; each further one is twice as long.
const FIRST_LOOK_DAYS: i64 = 35;

/// Consecutive stretches from an instant to the horizon, growing.
fn looks(from: Timestamp) -> impl Iterator<Item = Stretch> {
    let horizon = later(from, HORIZON_DAYS * 24);
    let first = Stretch { starts: from, ends: later(from, FIRST_LOOK_DAYS * 24) };
    std::iter::successors(Some(first), move |look| {
        let twice = look.ends + (look.ends - look.starts) * 2;
        (look.ends < horizon).then_some(Stretch { starts: look.ends, ends: twice.min(horizon) })
    })
}

fn later(at: Timestamp, hours: i64) -> Timestamp {
    at.checked_add_signed(Duration::hours(hours)).unwrap_or(at)
}

impl Calendar {
    /// Open means all of: inside a train's departure if trains concern the voyage, inside a low-traffic window if
    /// such windows do, outside every closing window, and late enough after notice.
    pub fn state_at(&self, voyage: &Voyage, at: Timestamp) -> State {
        let at = within(at);
        let by = self.closures(voyage, at);
        if by.is_empty() { State::Open } else { State::Closed { by, until: self.next_opening(voyage, at) } }
    }

    /// The first instant at or after `from` at which the gate is open; `None` when there is none within ten years.
    pub fn next_opening(&self, voyage: &Voyage, from: Timestamp) -> Option<Timestamp> {
        looks(within(from)).find_map(|look| self.open_within(voyage, look).first().map(|open| open.starts))
    }

    /// The next `n` openings (at most 100); the first begins at `from` when the gate is open then.
    pub fn openings(&self, voyage: &Voyage, from: Timestamp, n: usize) -> Vec<Opening> {
        let (from, n) = (within(from), n.min(MOST_OPENINGS));
        let mut open: Vec<Stretch> = Vec::new();
        for look in looks(from) {
            // What is still open where one look ends goes on in the next.
            open = joined([open, self.open_within(voyage, look)].concat());
            if open.iter().filter(|s| s.ends < look.ends).count() >= n {
                break;
            }
        }
        let zone_name = self.home_zone(voyage);
        let Ok(zone) = zone_name.resolve() else { return Vec::new() };
        let horizon = later(from, HORIZON_DAYS * 24);
        let mut offset_before = wall(zone, from).1;
        let told = open.into_iter().take(n).map(|stretch| {
            let (local_starts, offset_minutes) = wall(zone, stretch.starts);
            let clocks_changed = offset_minutes != offset_before;
            offset_before = offset_minutes;
            Opening {
                starts: stretch.starts,
                ends: Some(stretch.ends).filter(|ends| *ends < horizon),
                zone: zone_name.clone(),
                local_starts,
                offset_minutes,
                clocks_changed,
            }
        });
        told.collect()
    }

    /// Every stretch of the period in which the gate is open, in order.
    pub fn open_during(&self, voyage: &Voyage, period: &Period) -> Vec<Stretch> {
        self.open_within(voyage, period.stretch())
    }

    fn open_within(&self, voyage: &Voyage, range: Stretch) -> Vec<Stretch> {
        let (mut from, mut closed, mut departures, mut low_traffic) = (range.starts, Vec::new(), None, None);
        for charted in self.concerning(voyage) {
            let happenings = || charted.happenings(range);
            match charted.rule.body() {
                Body::Window(window) if window.closes => closed.extend(happenings().map(|h| h.closed())),
                Body::Window(_) => {}
                Body::Train(_) => departures
                    .get_or_insert_with(Vec::new)
                    .extend(happenings().filter(|h| h.takes(voyage.ready_at)).map(|h| h.span)),
                Body::Opening(_) => low_traffic.get_or_insert_with(Vec::new).extend(happenings().map(|h| h.span)),
                Body::Notice { hours } => {
                    from = from.max(voyage.told_at.map_or(from, |told| later(within(told), i64::from(*hours))));
                }
            }
        }
        let mut open = joined(vec![Stretch { starts: from, ends: range.ends }]);
        for condition in [departures, low_traffic].into_iter().flatten() {
            open = intersection(&open, &joined(condition));
        }
        difference(&open, &joined(closed))
    }

    /// The closing window that an environment is in: what a page shows as “frozen”.
    pub fn frozen_at(&self, voyage: &Voyage, at: Timestamp) -> Option<Closure> {
        let at = within(at);
        self.concerning(voyage).find_map(|charted| charted.window_closure(at))
    }

    /// The code freeze of the voyage's train: its cut-off has passed, it has not left.
    pub fn code_freeze_at(&self, voyage: &Voyage, at: Timestamp) -> Option<Occurrence> {
        let now = instantaneous(within(at));
        let mut found = Vec::new();
        for charted in self.concerning(voyage) {
            charted.happenings(now).for_each(|happening| charted.parts(&happening, now, &mut found));
        }
        found.into_iter().filter(|o| o.part == Part::CodeFreeze).min_by_key(|o| o.ends)
    }

    fn closures(&self, voyage: &Voyage, at: Timestamp) -> Vec<Closure> {
        let mut by: Vec<Closure> = self.concerning(voyage).filter_map(|c| c.window_closure(at)).collect();
        by.extend(self.awaiting(voyage, at, Kind::Train));
        by.extend(self.awaiting(voyage, at, Kind::Opening));
        by.extend(self.concerning(voyage).filter_map(|charted| {
            let Body::Notice { hours } = charted.rule.body() else { return None };
            let until = later(within(voyage.told_at?), i64::from(*hours));
            (at < until).then(|| charted.closure(Why::Notice, Some(until)))
        }));
        by
    }

    /// What is waited for when rules of this kind concern the voyage and none lets it pass now.
    fn awaiting(&self, voyage: &Voyage, at: Timestamp, kind: Kind) -> Option<Closure> {
        let of_kind = || self.concerning(voyage).filter(|c| c.rule.kind() == kind);
        let first = of_kind().next()?;
        let (mut missed, now) = (false, instantaneous(at));
        for happening in of_kind().flat_map(|c| c.happenings(now)).filter(|h| h.span.contains(at)) {
            if happening.takes(voyage.ready_at) {
                return None;
            }
            missed = true;
        }
        let next = looks(at).find_map(|look| {
            let starts = of_kind().flat_map(|c| c.happenings(look).map(move |h| (h, c)));
            let starts =
                starts.filter(|(h, _)| h.takes(voyage.ready_at) && h.span.starts >= at && h.span.starts < look.ends);
            starts.map(|(h, c)| (h.span.starts, c)).min_by_key(|(starts, _)| *starts)
        });
        let why = match kind {
            Kind::Train if missed => Why::MissedCutOff,
            Kind::Train => Why::BetweenTrains,
            _ => Why::OutsideOpening,
        };
        Some(next.map_or_else(|| first.closure(why, None), |(starts, charted)| charted.closure(why, Some(starts))))
    }
}

/// The shortest stretch that holds an instant.
pub(super) fn instantaneous(at: Timestamp) -> Stretch {
    Stretch { starts: at, ends: at.checked_add_signed(Duration::nanoseconds(1)).unwrap_or(at) }
}

impl Charted {
    fn window_closure(&self, at: Timestamp) -> Option<Closure> {
        if !self.rule.closes() {
            return None;
        }
        let now = self.happenings(instantaneous(at)).max_by_key(|h| h.span.ends)?;
        let why = if at < now.span.starts { Why::DaysBefore } else { Why::Window };
        Some(self.closure(why, Some(now.span.ends)))
    }

    fn closure(&self, why: Why, until: Option<Timestamp>) -> Closure {
        Closure {
            rule: self.rule.id().clone(),
            kind: self.rule.kind(),
            title: self.rule.title().to_owned(),
            why,
            until,
        }
    }
}
