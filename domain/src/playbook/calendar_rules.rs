//! A playbook's calendar as rules of the engine in [`crate::calendar`], so that gates and pages know one model only.
//!
//! What has no time of its own gives no rule: a blackout “while the company meets” comes about when the meeting is
//! entered. A train without a time may leave all day. One with a time leaves until what follows it begins on that day,
//! or for two hours. Anchors are what weeks are counted from, so departures before them are told as well.

use super::{
    Playbook,
    calendar::{CutOffKind, Train},
    closure::{Blackout, Cause, Holiday, Maintenance},
    gate::Needs,
    zoned::{TimeOfDay, Weekday, Zone},
};
use crate::calendar::{ClockTime, CutOff, FIRST_YEAR, Kind, LAST_YEAR, LONGEST_DAYS, Rrule, Rule, RuleDraft, ZoneName};
use crate::slug::{EnvName, RuleId, TypeId};
use chrono::{Datelike as _, Days, NaiveDate, Timelike as _, Weekday as Day};
use std::collections::BTreeSet;

/// How long a train may leave when nothing says more.
const DEPARTURE: &str = "2h";
/// The first year that is told of rules without a beginning.
const SINCE: i32 = 2020;
/// The longest notice that the engine knows, in hours.
const MOST_NOTICE: u32 = 90 * 24;
const LONGEST_TITLE: usize = 120;

impl Playbook {
    /// The rules that its calendar stands for: trains, holidays with the days before them, blackouts with dates,
    /// maintenance, notice. They concern the environments that a calendar gate stands before, else production.
    pub fn calendar_rules(&self) -> Vec<Rule> {
        let calendar = &self.calendar;
        let mut made = Made { playbook: self, ids: BTreeSet::new(), rules: Vec::new() };
        calendar.trains.iter().for_each(|train| made.train(train));
        calendar.blackouts.iter().for_each(|blackout| made.blackout(blackout));
        calendar.holidays.iter().for_each(|holiday| made.holiday(holiday));
        calendar.maintenance.iter().for_each(|window| made.maintenance(window));
        made.notice();
        made.rules
    }
}

struct Made<'a> {
    playbook: &'a Playbook,
    ids: BTreeSet<RuleId>,
    rules: Vec<Rule>,
}

impl Made<'_> {
    fn keep(&mut self, draft: RuleDraft) {
        // Whatever a playbook can say makes a rule; only dates beyond the engine's years make none.
        self.rules.extend(draft.check().ok());
    }

    fn draft(&mut self, noun: &str, name: &str, kind: Kind, title: &str) -> RuleDraft {
        let mut draft = RuleDraft::new(self.id(noun, name), kind, &shortened(title, kind));
        draft.envs = self.environments(|needs| matches!(needs, Needs::Calendar(_)));
        draft.zone = Some(zone_name(&self.playbook.calendar.zone));
        draft
    }

    /// `train-weekly`: trains, windows and holidays may bear the same name.
    fn id(&mut self, noun: &str, name: &str) -> RuleId {
        let plain = |c: char| if c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' { c } else { '-' };
        let name: String = name.to_ascii_lowercase().chars().map(plain).collect();
        let whole: String = format!("{noun}-{name}").trim_end_matches('-').chars().take(36).collect();
        let numbered = (1_u32..).map(|n| if n == 1 { whole.clone() } else { format!("{whole}-{n}") });
        let free = numbered.filter_map(|text| text.parse::<RuleId>().ok()).find(|id| !self.ids.contains(id));
        let id = free.unwrap_or_else(|| unreachable!("a noun, a hyphen and a number make a name"));
        self.ids.insert(id.clone());
        id
    }

    /// The environments before which such gates stand.
    fn environments(&self, asks: impl Fn(&Needs) -> bool) -> BTreeSet<EnvName> {
        let gates = self.playbook.gates.iter().filter(|gate| asks(&gate.needs));
        let named: BTreeSet<EnvName> = gates.flat_map(|gate| gate.environments.iter().cloned()).collect();
        if named.is_empty() { [EnvName::production()].into() } else { named }
    }

    fn any_day(&self) -> BTreeSet<TypeId> {
        self.playbook.calendar.any_day.iter().cloned().collect()
    }

    fn time(&self, time: TimeOfDay) -> ClockTime {
        let end_of_day = match self.playbook.calendar.end_of_day {
            Some(TimeOfDay::At(time)) => Some(time),
            _ => None,
        };
        let told = match time {
            TimeOfDay::At(time) => Some(time),
            TimeOfDay::EndOfDay => end_of_day,
        };
        let clock = told.and_then(|t| ClockTime::new(t.hour().try_into().ok()?, t.minute().try_into().ok()?));
        clock.or(ClockTime::new(18, 0)).unwrap_or(ClockTime::MIDNIGHT)
    }

    fn train(&mut self, train: &Train) {
        let mut draft = self.draft("train", train.id.as_str(), Kind::Train, &train.title);
        draft.note = Some(train.reasons.join(" ")).filter(|note| !note.is_empty() && note.chars().count() <= 2000);
        draft.types = train.types.iter().cloned().collect();
        if draft.types.is_empty() {
            draft.except_types = self.any_day();
        }
        if let Some(zone) = &train.zone {
            draft.zone = Some(zone_name(zone));
        }
        let at = train.time.map(|time| self.time(time));
        draft.at = Some(at.unwrap_or(ClockTime::MIDNIGHT));
        let follows = train.cut_offs.iter().filter(|c| c.kind == CutOffKind::FollowUp && c.at.day == train.day);
        let until = follows.map(|c| self.time(c.at.time)).filter(|end| Some(*end) > at).min();
        match (at, until) {
            (None, _) => draft.lasts = Some("1d".to_owned()),
            (Some(_), Some(end)) => draft.ends_at = Some(end),
            (Some(_), None) => draft.lasts = Some(DEPARTURE.to_owned()),
        }
        weekly(&mut draft, train.every.amount, train.day, train.anchor);
        let freezes = train.cut_offs.iter().filter(|c| c.kind == CutOffKind::Freeze);
        let freezes = freezes.map(|c| before(train.day, at, c.at.day, self.time(c.at.time)));
        draft.cut_off = freezes.max_by_key(|c| (c.days_before, std::cmp::Reverse(c.at)));
        self.keep(draft);
    }

    fn blackout(&mut self, blackout: &Blackout) {
        let (Cause::OneOff, Some(from), Some(to)) = (blackout.cause, blackout.from, blackout.to) else { return };
        let ahead = Days::new(blackout.days_before.unwrap_or(0).into());
        let mut starts = from.checked_sub_days(ahead).unwrap_or(from);
        // The engine's windows are bounded; a longer blackout is several, one after the other.
        while starts <= to && (FIRST_YEAR..=LAST_YEAR).contains(&starts.year()) {
            let days = ((to - starts).num_days() + 1).min(i64::from(LONGEST_DAYS));
            let mut draft = self.draft("blackout", blackout.id.as_str(), Kind::Blackout, &blackout.title);
            draft.starts = Some(starts);
            draft.lasts = Some(format!("{days}d"));
            self.keep(draft);
            let Some(next) = starts.checked_add_days(Days::new(days.unsigned_abs())) else { return };
            starts = next;
        }
    }

    /// Closed when a blackout speaks of major holidays and this is one; else only shown.
    fn holiday(&mut self, holiday: &Holiday) {
        let blackouts = self.playbook.calendar.blackouts.iter().filter(|b| b.cause == Cause::MajorHoliday);
        let before = blackouts.map(|b| u16::from(b.days_before.unwrap_or(0))).max().filter(|_| holiday.major);
        let mut draft = self.draft("holiday", &holiday.title, Kind::Holiday, &holiday.title);
        draft.lasts = Some("1d".to_owned());
        draft.closes = before.is_none().then_some(false);
        draft.days_before = before.map(|days| days.min(60)).filter(|days| *days > 0);
        draft.starts = holiday.date;
        if let Some(on) = holiday.on {
            let of = |year: i32| NaiveDate::from_ymd_opt(year, on.month.into(), on.day.into());
            draft.starts = (SINCE..SINCE + 9).find_map(of);
            draft.rrule = "FREQ=YEARLY".parse::<Rrule>().ok();
        }
        self.keep(draft);
    }

    fn maintenance(&mut self, window: &Maintenance) {
        let mut draft = self.draft("maintenance", window.id.as_str(), Kind::Maintenance, &window.title);
        if let Some(zone) = &window.zone {
            draft.zone = Some(zone_name(zone));
        }
        draft.at = Some(self.time(window.from));
        draft.ends_at = Some(self.time(window.to));
        weekly(&mut draft, window.every.amount, window.day, window.anchor);
        self.keep(draft);
    }

    /// Types that may go on any day are told of no earlier, unless a gate asks them for it.
    fn notice(&mut self) {
        let Some(notice) = self.playbook.calendar.notice else { return };
        let mut draft = self.draft("notice", "", Kind::Notice, "Those concerned know in time");
        draft.zone = None;
        draft.envs = self.environments(|needs| matches!(needs, Needs::Notice(_)));
        let gates: Vec<_> = self.playbook.gates.iter().filter(|g| matches!(g.needs, Needs::Notice(_))).collect();
        if gates.is_empty() {
            draft.except_types = self.any_day();
        } else if gates.iter().all(|gate| !gate.types.is_empty()) {
            draft.types = gates.iter().flat_map(|gate| gate.types.iter().cloned()).collect();
        }
        let hours = notice.seconds().div_ceil(3600).clamp(1, MOST_NOTICE);
        draft.hours = u16::try_from(hours).ok();
        self.keep(draft);
    }
}

/// Every so many weeks on a weekday, counted from the anchor and told since [`SINCE`].
fn weekly(draft: &mut RuleDraft, weeks: u32, day: Weekday, anchor: Option<NaiveDate>) {
    let weeks = u16::try_from(weeks).unwrap_or(u16::MAX).clamp(1, 400);
    let since = NaiveDate::from_ymd_opt(SINCE, 1, 1).unwrap_or_default();
    let step = 7 * i64::from(weeks);
    let back = anchor.map_or(0, |anchor| (anchor - since).num_days().div_euclid(step) * step);
    draft.starts = Some(anchor.map_or(since, |anchor| anchor - chrono::Duration::days(back.max(0))));
    draft.every_weeks = Some(weeks);
    draft.weekday = Some(day.into());
}

/// A time of the week as a cut-off before a departure: the last one that does not come after it.
fn before(departs: Weekday, at: Option<ClockTime>, day: Weekday, time: ClockTime) -> CutOff {
    let (departs, day): (Day, Day) = (departs.into(), day.into());
    let days = (departs.num_days_from_monday() + 7 - day.num_days_from_monday()) % 7;
    let days = if days == 0 && at.is_none_or(|at| time >= at) { 7 } else { days };
    CutOff { days_before: u16::try_from(days).unwrap_or_default(), at: time }
}

fn zone_name(zone: &Zone) -> ZoneName {
    zone.as_str().parse().unwrap_or_else(|_| ZoneName::utc())
}

/// Titles of playbooks may be longer than those of rules.
fn shortened(title: &str, kind: Kind) -> String {
    let plain: String = title.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_TITLE).collect();
    if plain.trim().is_empty() { kind.words().to_owned() } else { plain }
}
