//! A duty that goes round: who is in the list, when it is handed over, and who stands in when.

use super::clock_time::ClockTime;
use super::rrule::{FIRST_YEAR, LAST_YEAR};
use super::schedule::first_on;
use super::zone_name::ZoneName;
use crate::person::PersonId;
use crate::slug::RotationId;
use crate::{Refusal, Timestamp};
use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

/// The most people in one list, and the most substitutions in one rotation.
const MOST_MEMBERS: usize = 100;
const MOST_OVERRIDES: usize = 400;

/// As it is written down; the same shape in TOML, REST and events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RotationDraft {
    pub id: RotationId,
    /// In order; the first takes over on the first hand-over day from `starts` on.
    pub members: Vec<PersonId>,
    pub starts: NaiveDate,
    #[serde(default = "weekly")]
    pub every_weeks: u16,
    pub weekday: Weekday,
    pub at: ClockTime,
    pub zone: ZoneName,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Override>,
}

fn weekly() -> u16 {
    1
}

/// Somebody stands in, from local midnight of the first date to the end of the last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub holder: PersonId,
}

/// A checked rotation: somebody is in it, and no two people stand in on the same date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RotationDraft", into = "RotationDraft")]
pub struct Rotation(RotationDraft);

/// Who has the duty from when to when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    pub holder: PersonId,
    pub starts: Timestamp,
    pub ends: Timestamp,
    /// Whose turn it would have been.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<PersonId>,
}

impl Rotation {
    pub fn draft(&self) -> &RotationDraft {
        &self.0
    }

    pub fn id(&self) -> &RotationId {
        &self.0.id
    }

    /// This rotation with somebody standing in; refused where somebody does already.
    pub fn overridden(self, turn: Override) -> Result<Self, Refusal> {
        let mut draft = self.0;
        draft.overrides.push(turn);
        draft.try_into()
    }
}

impl TryFrom<RotationDraft> for Rotation {
    type Error = Refusal;

    fn try_from(mut draft: RotationDraft) -> Result<Self, Refusal> {
        let people = draft.members.len();
        if !(1..=MOST_MEMBERS).contains(&people) {
            return Err(Refusal::invalid("members", format!("{people} people"), format!("1 to {MOST_MEMBERS} people")));
        }
        if !(1..=52).contains(&draft.every_weeks) {
            return Err(Refusal::invalid("every_weeks", draft.every_weeks.to_string(), "1 to 52"));
        }
        let allowed = format!("dates from {FIRST_YEAR} to {LAST_YEAR}");
        let sensible = |date: NaiveDate| (FIRST_YEAR..=LAST_YEAR).contains(&date.year());
        if !sensible(draft.starts) {
            return Err(Refusal::invalid("starts", draft.starts.to_string(), allowed));
        }
        let stand_ins = draft.overrides.len();
        if stand_ins > MOST_OVERRIDES {
            return Err(Refusal::invalid("overrides", stand_ins.to_string(), format!("at most {MOST_OVERRIDES}")));
        }
        draft.overrides.sort_by_key(|o| (o.from, o.to));
        for (n, one) in draft.overrides.iter().enumerate() {
            let dates = format!("{} to {}", one.from, one.to);
            if !sensible(one.from) || !sensible(one.to) {
                return Err(Refusal::invalid("overrides", dates, allowed));
            }
            if one.to < one.from {
                return Err(Refusal::invalid("overrides", dates, "a first date that is not after the last"));
            }
            if let Some(next) = draft.overrides.get(n + 1)
                && next.from <= one.to
            {
                let found = format!("{dates} and {} to {}", next.from, next.to);
                return Err(Refusal::invalid("overrides", found, "one person for each date"));
            }
        }
        draft.starts = first_on(draft.starts, draft.weekday);
        Ok(Self(draft))
    }
}

impl From<Rotation> for RotationDraft {
    fn from(rotation: Rotation) -> Self {
        rotation.0
    }
}
