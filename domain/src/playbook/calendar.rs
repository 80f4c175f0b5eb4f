//! When releases may go out: trains, cut-offs, blackouts, freezes, maintenance, notice. Data only.

use super::{
    closure::{Blackout, Holiday, Maintenance},
    moment::WeeklyTime,
    names::{PartId, TrainId},
    read::{Reader, Value, record, words},
    span::{Period, PeriodUnit, Span},
    zoned::{TimeOfDay, Weekday, Zone},
};
use crate::slug::TypeId;
use chrono::NaiveDate;

words! {
    /// What a cut-off does.
    pub enum CutOffKind {
        /// From then on nothing is committed until the train has arrived.
        Freeze = "freeze",
        /// The staging deployment.
        StagingDeployment = "staging_deployment",
        /// Quality assurance begins.
        QaBegins = "qa_begins",
        /// What follows the train begins.
        FollowUp = "follow_up",
    }
}

record! {
    /// A moment of the train's week.
    pub struct CutOff {
        pub id: PartId,
        pub title: String,
        pub kind: CutOffKind,
        pub at: WeeklyTime,
    }
}

record! {
    /// A regular departure.
    pub struct Train {
        pub id: TrainId,
        pub title: String,
        /// Which types leave with it; all when empty.
        pub types: Vec<TypeId> => Type,
        pub every: Period,
        pub day: Weekday,
        /// When it leaves; at any time of the day when left out.
        pub time: Option<TimeOfDay>,
        /// The zone of its times; the calendar's when left out.
        pub zone: Option<Zone>,
        /// A departure from which the others are counted.
        pub anchor: Option<NaiveDate>,
        pub cut_offs: Vec<CutOff> as "cut_off",
        /// Why then and not at another time.
        pub reasons: Vec<String>,
    }
    check Train::sound;
}

impl Train {
    fn sound(&self, value: &Value<'_>, reader: &mut Reader) {
        use chrono::Datelike as _;
        let weeks = self.every.unit == PeriodUnit::Week;
        if !weeks {
            reader.contradiction(
                value,
                "every",
                format!("does not go with a weekday ({}); write it in weeks", self.day),
            );
        } else if self.every.amount > 1 && self.anchor.is_none() {
            let what = format!("is missing: from which {} are the {} counted?", self.day, self.every);
            reader.contradiction(value, "anchor", what);
        }
        if let Some(anchor) = self.anchor.filter(|date| date.weekday() != self.day.into()) {
            reader.contradiction(
                value,
                "anchor",
                format!("is a {}, and the train leaves on {}", anchor.format("%A"), self.day),
            );
        }
    }
}

record! {
    /// What certain weekdays are for.
    pub struct WeekPart {
        pub days: Vec<Weekday>,
        pub what: String,
    }
}

words! {
    /// When traffic is low enough.
    pub enum Traffic {
        /// Low-traffic hours are preferred and pointed out.
        LowPreferred = "low_preferred",
    }
}

record! {
    /// When releases may go out.
    pub struct Calendar {
        /// The zone of all times that name none.
        pub zone: Zone = Zone::utc(),
        /// What "end of day" means.
        pub end_of_day: Option<TimeOfDay>,
        pub trains: Vec<Train> as "train",
        pub blackouts: Vec<Blackout> as "blackout",
        pub holidays: Vec<Holiday> as "holiday",
        pub maintenance: Vec<Maintenance>,
        /// Those concerned are told so long before.
        pub notice: Option<Span>,
        /// Types that may go on any day.
        pub any_day: Vec<TypeId> => Type,
        pub week: Vec<WeekPart>,
        pub traffic: Option<Traffic>,
    }
    check Calendar::sound;
}

impl Calendar {
    /// A calendar that is always open.
    pub(super) fn open() -> Self {
        Self {
            zone: Zone::utc(),
            end_of_day: None,
            trains: Vec::new(),
            blackouts: Vec::new(),
            holidays: Vec::new(),
            maintenance: Vec::new(),
            notice: None,
            any_day: Vec::new(),
            week: Vec::new(),
            traffic: None,
        }
    }

    fn sound(&self, value: &Value<'_>, reader: &mut Reader) {
        let of_trains = self.trains.iter().filter_map(|t| t.time);
        let of_cut_offs = self.trains.iter().flat_map(|t| &t.cut_offs).map(|c| c.at.time);
        let asked = of_trains.chain(of_cut_offs).any(|time| time == TimeOfDay::EndOfDay);
        if self.end_of_day == Some(TimeOfDay::EndOfDay) || (asked && self.end_of_day.is_none()) {
            reader.contradiction(value, "end_of_day", "says no time, though a rule speaks of the end of the day");
        }
        for train in &self.trains {
            if train.types.iter().any(|kind| self.any_day.contains(kind)) {
                let what = format!("holds a type that is bound to the train “{}”", train.id);
                reader.contradiction(value, "any_day", what);
            }
        }
    }
}
