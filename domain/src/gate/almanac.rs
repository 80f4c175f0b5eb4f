//! The calendar's answers for many releases at one moment, each question worked out once.

use super::scene::Openings;
use crate::{
    Timestamp,
    calendar::{Calendar, Kind, State, Voyage},
    playbook::CalendarPart,
    slug::{EnvName, TypeId},
};
use std::{cell::RefCell, collections::HashMap};

type Question = (TypeId, EnvName, Vec<CalendarPart>, Option<Timestamp>, Timestamp);

/// A calendar with the answers it gave.
#[derive(Debug)]
pub struct Almanac<'a> {
    calendar: &'a Calendar,
    answers: RefCell<HashMap<Question, State>>,
}

impl<'a> Almanac<'a> {
    pub fn new(calendar: &'a Calendar) -> Self {
        Self { calendar, answers: RefCell::default() }
    }

    fn work_out(&self, (kind, env, parts, ready_at, now): &Question) -> State {
        let of_parts = self.calendar.only(|rule| parts.contains(&part(rule)));
        let voyage = Voyage { kind: kind.clone(), env: env.clone(), ready_at: *ready_at, told_at: None };
        of_parts.state_at(&voyage, *now)
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
        let ready_at = ready_at.filter(|_| parts.contains(&CalendarPart::Train) && self.calendar.has_cut_offs());
        let question = (kind.clone(), env.clone(), parts.to_vec(), ready_at, now);
        if let Some(known) = self.answers.borrow().get(&question) {
            return known.clone();
        }
        let answer = self.work_out(&question);
        self.answers.borrow_mut().insert(question, answer.clone());
        answer
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
