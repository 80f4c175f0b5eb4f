//! When nothing goes out: blackouts, holidays, maintenance.

use super::{
    names::{PartId, TrainId},
    read::{Reader, Value, record, words},
    span::{Period, PeriodUnit},
    zoned::{TimeOfDay, Weekday, YearDay, Zone},
};
use chrono::{Datelike as _, NaiveDate};

words! {
    /// What a blackout goes with.
    pub enum Cause {
        /// A major holiday of the list.
        MajorHoliday = "major_holiday",
        /// A meeting of the whole company, entered when it is planned.
        AllHands = "all_hands",
        /// A planned maintenance window.
        Maintenance = "maintenance",
        /// Dates given here.
        OneOff = "one_off",
    }
}

record! {
    /// Times in which nothing is released.
    pub struct Blackout {
        pub id: PartId,
        pub title: String,
        pub cause: Cause,
        /// It begins so many days before its cause.
        pub days_before: Option<u8>,
        /// First day of a one-off.
        pub from: Option<NaiveDate>,
        /// Last day of a one-off.
        pub to: Option<NaiveDate>,
    }
    check Blackout::sound;
}

impl Blackout {
    fn sound(&self, value: &Value<'_>, reader: &mut Reader) {
        match (self.cause, self.from, self.to) {
            (Cause::OneOff, Some(from), Some(to)) if from > to => {
                reader.contradiction(value, "to", format!("lies before {from}, when it begins"));
            }
            (Cause::OneOff, Some(_), Some(_)) => {}
            (Cause::OneOff, ..) => reader.contradiction(value, "from", "and “to” are needed for a one-off"),
            (_, None, None) => {}
            _ => reader.contradiction(value, "from", format!("and “to” go with a one-off, not with {}", self.cause)),
        }
    }
}

record! {
    /// A holiday: a day of every year, or one date.
    pub struct Holiday {
        pub title: String,
        /// Every year.
        pub on: Option<YearDay>,
        /// In one year.
        pub date: Option<NaiveDate>,
        /// Blackouts before major holidays look at these.
        pub major: bool,
    }
    check Holiday::sound;
}

impl Holiday {
    fn sound(&self, value: &Value<'_>, reader: &mut Reader) {
        if self.on.is_some() == self.date.is_some() {
            reader.contradiction(value, "on", "or “date” is needed, one of them");
        }
    }
}

record! {
    /// A regular window kept for maintenance.
    pub struct Maintenance {
        pub id: TrainId,
        pub title: String,
        pub every: Period,
        pub day: Weekday,
        pub from: TimeOfDay,
        pub to: TimeOfDay,
        pub zone: Option<Zone>,
        /// A day from which the others are counted.
        pub anchor: Option<NaiveDate>,
    }
    check Maintenance::sound;
}

impl Maintenance {
    fn sound(&self, value: &Value<'_>, reader: &mut Reader) {
        if self.from >= self.to {
            reader.contradiction(value, "to", format!("is not after {}, when it begins", self.from));
        }
        if self.every.unit != PeriodUnit::Week {
            reader.contradiction(value, "every", "does not go with a weekday; write it in weeks");
        } else if self.every.amount > 1 && self.anchor.is_none() {
            reader.contradiction(value, "anchor", format!("is missing: from which {} are they counted?", self.day));
        }
        if let Some(anchor) = self.anchor.filter(|date| date.weekday() != self.day.into()) {
            reader.contradiction(
                value,
                "anchor",
                format!("is a {}, and the window is on {}", anchor.format("%A"), self.day),
            );
        }
    }
}
