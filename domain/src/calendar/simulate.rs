//! Tries a rule before it is saved: what would open when, and what would contradict what.

use super::book::Calendar;
use super::conflict::Simulation;
use super::gate::Voyage;
use super::period::Period;
use super::rule::Rule;
use super::zone::within;
use crate::{Refusal, Timestamp};
use chrono::Duration;

/// How far ahead conflicts are looked for, in days: past every holiday and both clock changes.
const LOOK_AHEAD_DAYS: i64 = 400;

impl Calendar {
    /// The next `n` openings with the rule and without it; refused when the rule does not fit the calendar.
    pub fn simulate(&self, rule: Rule, voyage: &Voyage, from: Timestamp, n: usize) -> Result<Simulation, Vec<Refusal>> {
        let from = within(from);
        let period = Period::new(from, from + Duration::days(LOOK_AHEAD_DAYS)).map_err(|no| vec![no])?;
        let id = rule.id().clone();
        let tried = self.with(rule)?;
        let conflicts = tried.conflicts(&period).into_iter().filter(|c| c.rules.contains(&id)).collect();
        Ok(Simulation {
            openings: tried.openings(voyage, from, n),
            openings_now: self.openings(voyage, from, n),
            conflicts,
        })
    }
}
