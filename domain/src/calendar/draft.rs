//! A rule as it is written down, in a playbook's TOML or a REST body, before it is checked.

use super::clock_time::ClockTime;
use super::length::{LONGEST_DAYS, Length};
use super::rrule::Rrule;
use super::rule::{Body, CutOff, Kind, Rule, Train, Window};
use super::schedule::{Repeats, Schedule, first_on};
use super::scope::Scope;
use super::zone_name::ZoneName;
use crate::slug::{EnvName, RuleId, TypeId};
use crate::{Refusal, text};
use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The longest notice: 90 days.
const MOST_NOTICE: u16 = 90 * 24;
/// The furthest that a cut-off or a holiday reaches back.
const MOST_DAYS_BEFORE: u16 = 60;

/// All fields any kind of rule may have; which ones belong together is [`RuleDraft::check`]'s business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleDraft {
    pub id: RuleId,
    pub kind: Kind,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Release types concerned; empty: all.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub types: BTreeSet<TypeId>,
    /// Release types not concerned.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub except_types: BTreeSet<TypeId>,
    /// Environments concerned; empty: all.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub envs: BTreeSet<EnvName>,
    /// First local date, and what “every n weeks” counts from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<NaiveDate>,
    /// Local start time; midnight when left out of a window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<ClockTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<ZoneName>,
    /// `2h`, `1h30m` elapse; `3d` are local dates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lasts: Option<String>,
    /// Local end time, instead of `lasts`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<ClockTime>,
    /// Dates between start and `ends_at`; left out: the next time the clock shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_after_days: Option<u16>,
    /// With `weekday`, the short form of a weekly `rrule`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every_weeks: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weekday: Option<chrono::Weekday>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rrule: Option<Rrule>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub except_dates: BTreeSet<NaiveDate>,
    /// Trains only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_off: Option<CutOff>,
    /// Holidays only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_before: Option<u16>,
    /// Windows only; `false` shows it and closes nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes: Option<bool>,
    /// Notice only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<u16>,
}

impl RuleDraft {
    /// A draft with nothing but a name.
    pub fn new(id: RuleId, kind: Kind, title: &str) -> Self {
        Self {
            id,
            kind,
            title: title.to_owned(),
            note: None,
            types: BTreeSet::new(),
            except_types: BTreeSet::new(),
            envs: BTreeSet::new(),
            starts: None,
            at: None,
            zone: None,
            lasts: None,
            ends_at: None,
            ends_after_days: None,
            every_weeks: None,
            weekday: None,
            rrule: None,
            except_dates: BTreeSet::new(),
            cut_off: None,
            days_before: None,
            closes: None,
            hours: None,
        }
    }

    /// From one local time to another, to the minute; the first of all when it repeats.
    pub fn between(mut self, from: NaiveDateTime, to: NaiveDateTime) -> Result<Self, Refusal> {
        let (at, ends_at) = (ClockTime::of(from), ClockTime::of(to));
        let days = (to.date() - from.date()).num_days();
        let sound = ends_at.on(to.date()) > at.on(from.date()) && (0..=i64::from(LONGEST_DAYS)).contains(&days);
        if !sound {
            let allowed = format!("a time after {}, at most {LONGEST_DAYS} days later", from.format("%Y-%m-%dT%H:%M"));
            return Err(Refusal::invalid("to", to.format("%Y-%m-%dT%H:%M").to_string(), allowed));
        }
        self.starts = Some(from.date());
        self.at = Some(at);
        self.ends_at = Some(ends_at);
        self.ends_after_days = u16::try_from(days).ok();
        Ok(self)
    }

    /// The rule, or everything that is wrong with the draft.
    pub fn check(self) -> Result<Rule, Vec<Refusal>> {
        let mut refusals = self.misplaced();
        let mut keep = |refusal| refusals.push(refusal);
        let title = text::required("title", &self.title, 120).map_err(&mut keep).ok();
        let note = match &self.note {
            Some(note) => text::bounded("note", note, 2000).map_err(&mut keep).ok().filter(|n| !n.is_empty()),
            None => None,
        };
        let body = self.body(&mut refusals);
        let scope = Scope::new(self.types, self.except_types, self.envs).map_err(|no| refusals.push(no)).ok();
        match (title, scope, body) {
            (Some(title), Some(scope), Some(body)) if refusals.is_empty() => {
                Ok(Rule { id: self.id, title, note, scope, body })
            }
            _ => Err(refusals),
        }
    }

    /// Fields that this kind does not have: one ignored in silence would be believed.
    fn misplaced(&self) -> Vec<Refusal> {
        let (kind, notice) = (self.kind, self.kind == Kind::Notice);
        let fields = [
            ("cut_off", self.cut_off.is_some(), kind == Kind::Train),
            ("days_before", self.days_before.is_some(), kind == Kind::Holiday),
            ("closes", self.closes.is_some(), kind.is_window()),
            ("hours", self.hours.is_some(), notice),
            ("starts", self.starts.is_some(), !notice),
            ("at", self.at.is_some(), !notice),
            ("zone", self.zone.is_some(), !notice),
            ("lasts", self.lasts.is_some(), !notice),
            ("ends_at", self.ends_at.is_some(), !notice),
            ("ends_after_days", self.ends_after_days.is_some(), self.ends_at.is_some()),
            ("every_weeks", self.every_weeks.is_some(), !notice),
            ("weekday", self.weekday.is_some(), !notice),
            ("rrule", self.rrule.is_some(), !notice),
            ("except_dates", !self.except_dates.is_empty(), self.rrule.is_some() || self.weekday.is_some()),
        ];
        let wrong = fields.into_iter().filter(|(_, given, allowed)| *given && !allowed);
        wrong.map(|(field, ..)| Refusal::invalid(field, "a value", misplacement(field, kind))).collect()
    }

    fn body(&self, refusals: &mut Vec<Refusal>) -> Option<Body> {
        if self.kind == Kind::Notice {
            let hours = self.hours.unwrap_or(0);
            if (1..=MOST_NOTICE).contains(&hours) {
                return Some(Body::Notice { hours });
            }
            let found = self.hours.map_or("nothing".to_owned(), |h| h.to_string());
            refusals.push(Refusal::invalid("hours", found, format!("1 to {MOST_NOTICE} hours")));
            return None;
        }
        for (field, days) in [("days_before", self.days_before), ("cut_off", self.cut_off.map(|c| c.days_before))] {
            if let Some(days) = days.filter(|d| *d > MOST_DAYS_BEFORE) {
                let allowed = format!("at most {MOST_DAYS_BEFORE} days before");
                refusals.push(Refusal::invalid(field, format!("{days} days before"), allowed));
            }
        }
        let schedule = self.schedule(refusals)?;
        if let Some(cut_off) = self.cut_off.filter(|c| c.days_before == 0 && c.at >= schedule.at()) {
            let found = format!("{} on the day itself", cut_off.at);
            refusals.push(Refusal::invalid("cut_off", found, format!("a time before {}", schedule.at())));
        }
        Some(match self.kind {
            Kind::Train => Body::Train(Train { schedule, cut_off: self.cut_off }),
            Kind::Opening => Body::Opening(schedule),
            kind => Body::Window(Window {
                kind,
                schedule,
                days_before: self.days_before.unwrap_or(0),
                closes: self.closes.unwrap_or(true),
            }),
        })
    }

    fn schedule(&self, refusals: &mut Vec<Refusal>) -> Option<Schedule> {
        let before = refusals.len();
        let mut missing = |field, allowed: &str| refusals.push(Refusal::invalid(field, "nothing", allowed));
        let mut starts = self.starts.or_else(|| {
            missing("starts", "a date such as 2027-01-08");
            None
        })?;
        let zone = self.zone.clone().or_else(|| {
            missing("zone", "an IANA time zone such as “Europe/London” or “UTC”");
            None
        });
        if self.at.is_none() && matches!(self.kind, Kind::Train | Kind::Opening) {
            missing("at", "a local time such as “12:00”");
        }
        let at = self.at.unwrap_or(ClockTime::MIDNIGHT);
        let lasts = match (&self.lasts, self.ends_at) {
            (Some(lasts), None) => Length::parse("lasts", lasts, at),
            (None, Some(end)) => {
                let days = self.ends_after_days.unwrap_or(u16::from(end <= at));
                Ok(Length::Wall { days, end })
            }
            (None, None) => Err(Refusal::invalid("lasts", "nothing", "“lasts” such as “2h”, or “ends_at”")),
            (Some(_), Some(_)) => Err(Refusal::invalid("ends_at", "both “lasts” and “ends_at”", "one of the two")),
        };
        let rule = match (&self.rrule, self.every_weeks, self.weekday) {
            (None, None, None) => Ok(None),
            (Some(rule), None, None) => Ok(Some(rule.clone())),
            (None, weeks, Some(day)) => {
                starts = first_on(starts, day);
                Rrule::weekly(weeks.unwrap_or(1), day).map(Some).map_err(|no| no.on("every_weeks"))
            }
            (None, Some(_), None) => {
                Err(Refusal::invalid("weekday", "nothing", "the weekday that “every_weeks” means"))
            }
            (Some(_), ..) => {
                Err(Refusal::invalid("rrule", "“rrule” beside “weekday” or “every_weeks”", "one of the two"))
            }
        };
        let lasts = lasts.map_err(|no| refusals.push(no)).ok();
        let rule = rule.map_err(|no| refusals.push(no)).ok();
        if refusals.len() > before {
            return None;
        }
        let repeats = rule?.map(|rule| Repeats { rule, except: self.except_dates.clone() });
        Schedule::new(starts, at, zone?, lasts?, repeats).map_err(|no| refusals.push(no)).ok()
    }
}

fn misplacement(field: &str, kind: Kind) -> String {
    match field {
        "cut_off" => format!("only with kind “train”, not “{kind}”"),
        "days_before" => format!("only with kind “holiday”, not “{kind}”"),
        "closes" => format!("only with a window that closes, not “{kind}”"),
        "hours" => format!("only with kind “notice”, not “{kind}”"),
        "ends_after_days" => "only beside “ends_at”".to_owned(),
        "except_dates" => "only with a repetition".to_owned(),
        _ => format!("nothing: a {kind} has no schedule"),
    }
}

impl From<Rule> for RuleDraft {
    fn from(rule: Rule) -> Self {
        use super::scope::Types;
        let mut draft = Self::new(rule.id.clone(), rule.kind(), &rule.title);
        draft.note.clone_from(&rule.note);
        match rule.scope.types() {
            Types::All => {}
            Types::Only(only) => draft.types.clone_from(only),
            Types::Except(except) => draft.except_types.clone_from(except),
        }
        draft.envs.clone_from(rule.scope.envs());
        draft.cut_off = rule.cut_off();
        draft.days_before = Some(rule.days_before()).filter(|d| *d > 0);
        match &rule.body {
            Body::Window(window) => draft.closes = (!window.closes).then_some(false),
            Body::Notice { hours } => draft.hours = Some(*hours),
            Body::Train(_) | Body::Opening(_) => {}
        }
        let Some(schedule) = rule.schedule() else { return draft };
        draft.starts = Some(schedule.starts());
        draft.at = Some(schedule.at());
        draft.zone = Some(schedule.zone().clone());
        match schedule.lasts() {
            length @ Length::Elapsed(_) => draft.lasts = Some(length.to_string()),
            Length::Wall { days, end } if end == schedule.at() => draft.lasts = Some(format!("{days}d")),
            Length::Wall { days, end } => {
                draft.ends_at = Some(end);
                draft.ends_after_days = Some(days).filter(|d| *d != u16::from(end <= schedule.at()));
            }
        }
        if let Some(repeats) = schedule.repeats() {
            draft.rrule = Some(repeats.rule.clone());
            draft.except_dates.clone_from(&repeats.except);
        }
        draft
    }
}
