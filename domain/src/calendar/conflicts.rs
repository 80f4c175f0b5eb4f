//! Finds the contradictions of a calendar in a period.

use super::book::Calendar;
use super::charted::{Charted, Happening};
use super::conflict::{Conflict, ConflictKind};
use super::interval_set::{difference, intersection, joined};
use super::occurrence::Stretch;
use super::period::Period;
use super::rule::{Body, Kind};
use super::zone::wall;
use crate::slug::RuleId;
use chrono::Duration;

/// The most contradictions that are listed; nobody reads more, and mending the first mends most.
pub const MOST_CONFLICTS: usize = 1000;

/// One happening with its rule.
type Placed<'a> = (Happening, &'a Charted);

/// Happenings in order of their closed stretch, with what a search backwards needs to know.
struct Shelf<'a> {
    placed: Vec<Placed<'a>>,
    longest: Duration,
}

impl<'a> Shelf<'a> {
    fn new(calendar: &'a Calendar, range: Stretch, fits: impl Fn(&Charted) -> bool) -> Self {
        let rules = calendar.rules.iter().filter(|c| fits(c));
        let mut placed: Vec<Placed> = rules.flat_map(|c| c.happenings(range).map(move |h| (h, c))).collect();
        placed.sort_by_key(|(h, _)| h.closed());
        let longest = placed.iter().map(|(h, _)| h.span.ends - h.closes_from).max().unwrap_or_default();
        Self { placed, longest }
    }

    /// What overlaps the stretch and could concern the same release.
    fn meeting(&self, stretch: Stretch, rule: &'a Charted) -> impl Iterator<Item = &Placed<'a>> {
        let earliest = stretch.starts.checked_sub_signed(self.longest).unwrap_or(stretch.starts);
        let first = self.placed.partition_point(|(h, _)| h.closes_from < earliest);
        let near = self.placed.iter().skip(first).take_while(move |(h, _)| h.closes_from < stretch.ends);
        near.filter(move |(h, c)| h.closed().overlaps(&stretch) && c.rule.scope().meets(rule.rule.scope()))
    }
}

impl Calendar {
    /// The contradictions that begin in the period, in order of time, at most [`MOST_CONFLICTS`].
    pub fn conflicts(&self, period: &Period) -> Vec<Conflict> {
        let range = period.stretch();
        // A freeze at the period's end may belong to a train just after it.
        let wide = Stretch { starts: range.starts, ends: range.ends + Duration::days(2) };
        let trains = Shelf::new(self, wide, |c| c.rule.kind() == Kind::Train);
        let closing = Shelf::new(self, wide, |c| c.rule.closes());
        let openings = Shelf::new(self, wide, |c| c.rule.kind() == Kind::Opening);
        let mut found = Vec::new();
        for (n, train) in trains.placed.iter().enumerate() {
            blocked(train, &closing, &mut found);
            self.outside_opening(train, &openings, &mut found);
            together(train, trains.placed.get(n + 1..).unwrap_or_default(), ConflictKind::TrainsTogether, &mut found);
        }
        let of_kind = |kind| closing.placed.iter().filter(move |(_, c)| c.rule.kind() == kind);
        let maintenance: Vec<Placed> = of_kind(Kind::Maintenance).copied().collect();
        for (n, window) in maintenance.iter().enumerate() {
            together(
                window,
                maintenance.get(n + 1..).unwrap_or_default(),
                ConflictKind::MaintenanceOverlaps,
                &mut found,
            );
        }
        of_kind(Kind::Freeze).for_each(|freeze| self.without_train(freeze, &trains, &mut found));
        for (happening, charted) in [&trains, &closing, &openings].into_iter().flat_map(|s| &s.placed) {
            if happening.moved {
                found.push(charted.moved(happening));
            }
        }
        found.retain(|c| range.contains(c.starts));
        found.sort_by(|a, b| (a.starts, a.kind, &a.rules).cmp(&(b.starts, b.kind, &b.rules)));
        found.truncate(MOST_CONFLICTS);
        found
    }

    fn outside_opening(&self, (train, charted): &Placed, openings: &Shelf, found: &mut Vec<Conflict>) {
        let concerned = |c: &&Charted| c.rule.kind() == Kind::Opening && c.rule.scope().meets(charted.rule.scope());
        let mut rules = self.rules.iter().filter(concerned).peekable();
        if rules.peek().is_none() {
            return;
        }
        let open = joined(openings.meeting(train.span, charted).map(|(h, _)| h.span).collect());
        if intersection(&[train.span], &open).is_empty() {
            let sentence = format!("{} departs outside every low-traffic window.", charted.named(train));
            let causes = rules.collect::<Vec<_>>();
            found.push(conflict(ConflictKind::TrainOutsideOpening, train.span, charted, &causes, sentence));
        }
    }

    fn without_train(&self, (freeze, charted): &Placed, trains: &Shelf, found: &mut Vec<Conflict>) {
        let concerned =
            |c: &Charted| matches!(c.rule.body(), Body::Train(_)) && c.rule.scope().meets(charted.rule.scope());
        // A calendar without trains may freeze for its own reasons.
        if !self.rules.iter().any(concerned) {
            return;
        }
        let mut served = freeze.closed();
        served.ends = served.ends.checked_add_signed(Duration::days(1)).unwrap_or(served.ends);
        if trains.meeting(served, charted).next().is_none() {
            let sentence = format!("No train departs during {} or in the day after it.", charted.named(freeze));
            found.push(conflict(ConflictKind::FreezeWithoutTrain, freeze.closed(), charted, &[], sentence));
        }
    }
}

fn blocked((train, charted): &Placed, closing: &Shelf, found: &mut Vec<Conflict>) {
    let windows: Vec<&Placed> = closing.meeting(train.span, charted).collect();
    if windows.is_empty() {
        return;
    }
    let open = difference(&[train.span], &joined(windows.iter().map(|(h, _)| h.closed()).collect()));
    let mut causes: Vec<&Charted> = windows.iter().map(|(_, c)| *c).collect();
    causes.sort_by_key(|c| c.rule.id());
    causes.dedup_by_key(|c| c.rule.id());
    let titles =
        causes.iter().map(|c| format!("“{}” ({})", c.rule.title(), c.rule.kind())).collect::<Vec<_>>().join(", ");
    let (kind, sentence) = match open.first() {
        None => (ConflictKind::TrainBlocked, format!("{} cannot depart: closed by {titles}.", charted.named(train))),
        Some(rest) => {
            let from = wall(charted.zone, rest.starts).0.format("%Y-%m-%d %H:%M");
            let until = wall(charted.zone, rest.ends).0.format("%H:%M");
            let sentence =
                format!("{} is open from {from} until {until} only, because of {titles}.", charted.named(train));
            (ConflictKind::TrainShortened, sentence)
        }
    };
    found.push(conflict(kind, train.span, charted, &causes, sentence));
}

/// Those of the later ones that begin before this one ends; the first of each rule, so that a window which repeats
/// faster than it ends does not tell the same thing hundreds of times.
fn together((one, charted): &Placed, later: &[Placed], kind: ConflictKind, found: &mut Vec<Conflict>) {
    let mut told: Vec<&RuleId> = Vec::new();
    for (other, its) in later.iter().take_while(|(h, _)| h.closes_from < one.span.ends) {
        if its.rule.scope().meets(charted.rule.scope()) && !told.contains(&its.rule.id()) {
            told.push(its.rule.id());
            let at = Stretch { starts: other.span.starts, ends: other.span.ends.min(one.span.ends) };
            let sentence = format!("{} and {} are at the same time.", charted.named(one), its.named(other));
            found.push(conflict(kind, at, charted, &[its], sentence));
        }
    }
}

fn conflict(kind: ConflictKind, at: Stretch, of: &Charted, causes: &[&Charted], sentence: String) -> Conflict {
    let rules = std::iter::once(of).chain(causes.iter().copied()).map(|c| c.rule.id().clone()).collect();
    Conflict { kind, rules, starts: at.starts, ends: at.ends, sentence }
}

impl Charted {
    /// “Friday train” on 2027-01-08 at 12:00 (UTC).
    fn named(&self, happening: &Happening) -> String {
        let at = wall(self.zone, happening.span.starts).0.format("%Y-%m-%d at %H:%M");
        format!("“{}” on {at} ({})", self.rule.title(), self.zone)
    }

    fn moved(&self, happening: &Happening) -> Conflict {
        let planned = self.rule.schedule().map(|s| s.at().to_string()).unwrap_or_default();
        let sentence = format!("{} was planned for {planned}, which the clocks jump over.", self.named(happening));
        conflict(ConflictKind::MovedByClocks, happening.span, self, &[], sentence)
    }
}
