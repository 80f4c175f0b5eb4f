//! The rules of a calendar, checked: trains, windows that close, windows that open, notice.

use super::clock_time::ClockTime;
use super::draft::RuleDraft;
use super::schedule::Schedule;
use super::scope::Scope;
use crate::Refusal;
use crate::slug::RuleId;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a rule is, as people file it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Departures: who is concerned ships then and not between.
    Train,
    Freeze,
    Blackout,
    Maintenance,
    CompanyEvent,
    /// May close some days before already.
    Holiday,
    /// A low-traffic window: who is concerned ships inside of one only.
    Opening,
    /// So many hours must pass after stakeholders were told.
    Notice,
}

impl Kind {
    pub const ALL: [Self; 8] = [
        Self::Train,
        Self::Freeze,
        Self::Blackout,
        Self::Maintenance,
        Self::CompanyEvent,
        Self::Holiday,
        Self::Opening,
        Self::Notice,
    ];

    /// As people read it: “company event”.
    pub fn words(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Freeze => "freeze",
            Self::Blackout => "blackout",
            Self::Maintenance => "maintenance",
            Self::CompanyEvent => "company event",
            Self::Holiday => "holiday",
            Self::Opening => "low-traffic window",
            Self::Notice => "notice",
        }
    }

    /// Whether it is a window in which nothing ships.
    pub fn is_window(self) -> bool {
        !matches!(self, Self::Train | Self::Opening | Self::Notice)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

/// One rule; made from a [`RuleDraft`], which is also how it is written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RuleDraft", into = "RuleDraft")]
pub struct Rule {
    pub(super) id: RuleId,
    pub(super) title: String,
    pub(super) note: Option<String>,
    pub(super) scope: Scope,
    pub(super) body: Body,
}

/// What the rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    Train(Train),
    Window(Window),
    Opening(Schedule),
    /// Elapsed hours.
    Notice {
        hours: u16,
    },
}

/// Departures; the gate stays open for the schedule's length after each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Train {
    pub(super) schedule: Schedule,
    pub(super) cut_off: Option<CutOff>,
}

/// When the code freeze of a departure begins, on the local clock: “the day before at 18:00”.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CutOff {
    pub days_before: u16,
    pub at: ClockTime,
}

/// A time in which nothing ships, or which is only shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    pub(super) kind: Kind,
    pub(super) schedule: Schedule,
    /// Closed from local midnight this many dates before; holidays only.
    pub(super) days_before: u16,
    pub(super) closes: bool,
}

impl Rule {
    pub fn id(&self) -> &RuleId {
        &self.id
    }

    pub fn title(&self) -> &str {
        &self.title
    }

    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    pub fn body(&self) -> &Body {
        &self.body
    }

    pub fn kind(&self) -> Kind {
        match &self.body {
            Body::Train(_) => Kind::Train,
            Body::Window(window) => window.kind,
            Body::Opening(_) => Kind::Opening,
            Body::Notice { .. } => Kind::Notice,
        }
    }

    /// Everything but notice has one.
    pub fn schedule(&self) -> Option<&Schedule> {
        match &self.body {
            Body::Train(train) => Some(&train.schedule),
            Body::Window(window) => Some(&window.schedule),
            Body::Opening(schedule) => Some(schedule),
            Body::Notice { .. } => None,
        }
    }

    /// Whether its windows keep releases in port.
    pub fn closes(&self) -> bool {
        matches!(&self.body, Body::Window(window) if window.closes)
    }

    pub fn cut_off(&self) -> Option<CutOff> {
        match &self.body {
            Body::Train(train) => train.cut_off,
            _ => None,
        }
    }

    pub fn days_before(&self) -> u16 {
        match &self.body {
            Body::Window(window) => window.days_before,
            _ => 0,
        }
    }
}

impl TryFrom<RuleDraft> for Rule {
    type Error = Refusal;

    /// The first refusal only; [`RuleDraft::check`] has them all.
    fn try_from(draft: RuleDraft) -> Result<Self, Refusal> {
        draft.check().map_err(|refusals| {
            refusals.into_iter().next().unwrap_or_else(|| Refusal::invalid("rule", "something", "a rule"))
        })
    }
}
