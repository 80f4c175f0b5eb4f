//! The calendar's answers for many releases at one moment, each question worked out once.

use super::scene::Openings;
use crate::{
    Timestamp,
    calendar::{Calendar, Kind, State, Voyage},
    playbook::CalendarPart,
    slug::{EnvName, TypeId},
};
use std::cell::RefCell;

/// What was asked before, with the answer. Few enough that looking through them is faster than a hash.
#[derive(Debug)]
struct Answered {
    kind: TypeId,
    env: EnvName,
    parts: Vec<CalendarPart>,
    ready_at: Option<Timestamp>,
    now: Timestamp,
    state: State,
}

/// A calendar with the answers it gave.
#[derive(Debug)]
pub struct Almanac<'a> {
    calendar: &'a Calendar,
    answers: RefCell<Vec<Answered>>,
    /// The cut-offs that matter, and at which moment.
    cut_offs: RefCell<Option<(Timestamp, Vec<Timestamp>)>>,
}

impl<'a> Almanac<'a> {
    pub fn new(calendar: &'a Calendar) -> Self {
        Self { calendar, answers: RefCell::default(), cut_offs: RefCell::default() }
    }

    /// The latest time that the calendar does not tell from `ready_at`, so that releases share answers.
    fn as_good_as(&self, ready_at: Timestamp, now: Timestamp) -> Timestamp {
        let mut known = self.cut_offs.borrow_mut();
        let (_, passed) = match &mut *known {
            Some(known) if known.0 == now => known,
            other => other.insert((now, self.calendar.passed_cut_offs(now))),
        };
        // What is ready later than now has missed all that it could miss by then.
        if ready_at > now {
            return ready_at;
        }
        passed.get(passed.partition_point(|cut_off| *cut_off < ready_at)).copied().unwrap_or(now).min(now)
    }
}

impl Openings for Almanac<'_> {
    fn at(
        &self,
        kind: &TypeId,
        env: &EnvName,
        parts: &[CalendarPart],
        ready_at: Option<Timestamp>,
        now: Timestamp,
    ) -> State {
        // When something was ready matters to trains with a cut-off only.
        let trains = parts.contains(&CalendarPart::Train) && self.calendar.has_cut_offs();
        let ready_at = ready_at.filter(|_| trains).map(|ready_at| self.as_good_as(ready_at, now));
        let mut answers = self.answers.borrow_mut();
        let same = |a: &&Answered| {
            a.ready_at == ready_at && a.now == now && a.parts == parts && &a.kind == kind && &a.env == env
        };
        if let Some(known) = answers.iter().find(same) {
            return known.state.clone();
        }
        let of_parts = self.calendar.only(|rule| parts.contains(&part(rule)));
        let state = of_parts.state_at(&Voyage { kind: kind.clone(), env: env.clone(), ready_at, told_at: None }, now);
        let (kind, env, parts) = (kind.clone(), env.clone(), parts.to_vec());
        answers.push(Answered { kind, env, parts, ready_at, now, state: state.clone() });
        state
    }
}

/// Which part of the calendar a rule belongs to; notice is a gate of its own.
fn part(kind: Kind) -> CalendarPart {
    match kind {
        Kind::Train | Kind::Opening | Kind::Notice => CalendarPart::Train,
        Kind::Freeze => CalendarPart::Freeze,
        Kind::Blackout | Kind::CompanyEvent | Kind::Holiday => CalendarPart::Blackout,
        Kind::Maintenance => CalendarPart::Maintenance,
    }
}
