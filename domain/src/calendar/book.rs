//! A calendar: the rules of a product or environment together, with the clocks of their zones.

use super::charted::{Charted, Happening};
use super::gate::Voyage;
use super::occurrence::{Occurrence, Part, Stretch};
use super::passage::instantaneous;
use super::period::Period;
use super::rule::{Kind, Rule};
use super::zone::{wall, within};
use super::zone_name::ZoneName;
use crate::slug::RuleId;
use crate::{Refusal, Timestamp};
use std::collections::BTreeSet;

/// The most rules one calendar holds.
pub const MOST_RULES: usize = 500;

/// Rules that are known to happen, in zones that exist, under ids that differ.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    pub(super) rules: Vec<Charted>,
}

impl Calendar {
    /// All refusals at once; their fields begin with the rule's id: `friday_train.zone`.
    pub fn new(rules: impl IntoIterator<Item = Rule>) -> Result<Self, Vec<Refusal>> {
        let (mut charted, mut refusals, mut ids) = (Vec::new(), Vec::new(), BTreeSet::new());
        for rule in rules {
            if charted.len() == MOST_RULES {
                let allowed = format!("at most {MOST_RULES} rules");
                refusals.push(Refusal::invalid("rules", format!("more than {MOST_RULES}"), allowed));
                break;
            }
            if !ids.insert(rule.id().clone()) {
                refusals.push(Refusal::invalid(format!("{}.id", rule.id()), "the same id twice", "an id of its own"));
                continue;
            }
            match Charted::new(rule) {
                Ok(rule) => charted.push(rule),
                Err(refusal) => refusals.push(refusal),
            }
        }
        if refusals.is_empty() { Ok(Self { rules: charted }) } else { Err(refusals) }
    }

    /// This calendar with one rule more, or with the rule of that id replaced.
    pub fn with(&self, rule: Rule) -> Result<Self, Vec<Refusal>> {
        let others = self.rules().filter(|other| other.id() != rule.id()).cloned().collect::<Vec<_>>();
        Self::new(others.into_iter().chain([rule]))
    }

    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().map(|charted| &charted.rule)
    }

    pub fn rule(&self, id: &RuleId) -> Option<&Rule> {
        self.rules().find(|rule| rule.id() == id)
    }

    /// The rules of some kinds only.
    #[must_use]
    pub fn only(&self, wanted: impl Fn(Kind) -> bool) -> Self {
        Self { rules: self.rules.iter().filter(|c| wanted(c.rule.kind())).cloned().collect() }
    }

    /// Whether a train can be missed by being ready too late.
    pub fn has_cut_offs(&self) -> bool {
        self.rules().any(|rule| rule.cut_off().is_some())
    }

    /// The cut-offs that have passed of departures that are not over, in order: between two of them it makes no
    /// difference when something was ready.
    pub fn passed_cut_offs(&self, at: Timestamp) -> Vec<Timestamp> {
        let now = instantaneous(within(at));
        let trains = self.rules.iter().filter(|charted| charted.rule.cut_off().is_some());
        let mut passed: Vec<Timestamp> =
            trains.flat_map(|charted| charted.happenings(now)).filter_map(|h| h.cut_off).collect();
        passed.sort_unstable();
        passed.dedup();
        passed
    }

    /// All that happens in the period, for month, week and agenda views; in order of start, then of rule id.
    pub fn occurrences(&self, period: &Period) -> Vec<Occurrence> {
        let range = period.stretch();
        let mut found = Vec::new();
        for charted in &self.rules {
            for happening in charted.happenings(range) {
                charted.parts(&happening, range, &mut found);
            }
        }
        found.sort_by(|a, b| (a.starts, &a.rule, a.part).cmp(&(b.starts, &b.rule, b.part)));
        found
    }

    /// The rules that concern a voyage.
    pub(super) fn concerning<'a>(&'a self, voyage: &'a Voyage) -> impl Iterator<Item = &'a Charted> {
        self.rules.iter().filter(|c| c.rule.scope().covers(&voyage.kind, &voyage.env))
    }

    /// The zone in which a voyage's times are best told: its trains', else its windows', else UTC.
    pub(super) fn home_zone(&self, voyage: &Voyage) -> ZoneName {
        let scheduled = || self.concerning(voyage).filter(|c| c.rule.schedule().is_some());
        let rule = scheduled().min_by_key(|c| match c.rule.kind() {
            Kind::Train => 0,
            Kind::Opening => 1,
            _ => 2,
        });
        rule.and_then(|c| c.rule.schedule()).map_or_else(ZoneName::utc, |s| s.zone().clone())
    }
}

/// What a calendar says against one of its rules, as said to somebody who has that rule alone before them: `zone`
/// instead of `friday_train.zone`.
pub fn about_rule(refusal: Refusal, id: &RuleId) -> Refusal {
    let field = refusal.field.as_deref().and_then(|field| field.strip_prefix(id.as_str())?.strip_prefix('.'));
    match (field, &refusal.found, &refusal.allowed) {
        (Some(field), Some(found), Some(allowed)) => Refusal::invalid(field, found, allowed),
        _ => refusal,
    }
}

impl Charted {
    /// The parts of one happening that lie in the range.
    pub(super) fn parts(&self, happening: &Happening, range: Stretch, found: &mut Vec<Occurrence>) {
        let span = happening.span;
        let closes = self.rule.closes();
        let until_start = |starts: Timestamp| Stretch { starts, ends: span.starts };
        let parts = [
            (Part::DaysBefore, until_start(happening.closes_from), closes),
            (Part::CodeFreeze, until_start(happening.cut_off.unwrap_or(span.starts)), false),
            (Part::Itself, span, closes),
        ];
        for (part, stretch, closes) in parts {
            if stretch.starts < stretch.ends && stretch.overlaps(&range) {
                found.extend(self.occurrence(happening, part, stretch, closes));
            }
        }
    }

    fn occurrence(&self, happening: &Happening, part: Part, stretch: Stretch, closes: bool) -> Option<Occurrence> {
        Some(Occurrence {
            rule: self.rule.id().clone(),
            kind: self.rule.kind(),
            part,
            title: self.rule.title().to_owned(),
            date: happening.date,
            starts: stretch.starts,
            ends: stretch.ends,
            zone: self.rule.schedule()?.zone().clone(),
            local_starts: wall(self.zone, stretch.starts).0,
            local_ends: wall(self.zone, stretch.ends).0,
            closes,
            moved: happening.moved && part == Part::Itself,
        })
    }
}
