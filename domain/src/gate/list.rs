//! Checklists of a release: their items, when they are due, and whether they are complete.

use super::{
    finding::Finding,
    item::{ItemState, ItemStatus, is_open, status},
    scene::Scene,
    status::Act,
};
use crate::{
    Refusal, Timestamp,
    playbook::{Checklist, ChecklistId, Due, PartId, Playbook, TimeOfDay},
    release::{Mark, Release},
    slug::TypeId,
};
use chrono::{Datelike, Days, NaiveTime};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListStatus {
    pub id: ChecklistId,
    pub due: Option<Timestamp>,
    pub items: Vec<ItemStatus>,
}

impl ListStatus {
    pub fn open(&self) -> usize {
        self.items.iter().filter(|item| item.state == ItemState::Open).count()
    }
}

/// Every checklist of the playbook that concerns the release.
pub fn lists(scene: &Scene<'_>) -> Vec<ListStatus> {
    concerning(scene.playbook, &scene.release.contents.kind).map(|list| of(scene, list)).collect()
}

fn concerning<'a>(playbook: &'a Playbook, kind: &'a TypeId) -> impl Iterator<Item = &'a Checklist> {
    playbook.checklists.iter().filter(move |list| list.types.is_empty() || list.types.contains(kind))
}

fn of(scene: &Scene<'_>, list: &Checklist) -> ListStatus {
    ListStatus {
        id: list.id.clone(),
        due: list.due.as_ref().and_then(|due| due_at(due, scene.release, scene.playbook)),
        items: list.items.iter().map(|item| status(scene, &list.id, &list.role, item)).collect(),
    }
}

pub(super) fn complete(scene: &Scene<'_>, id: &ChecklistId) -> Finding {
    let kind = &scene.release.contents.kind;
    let Some(list) = concerning(scene.playbook, kind).find(|list| &list.id == id) else {
        return Finding::met("The list does not concern releases of this type.");
    };
    let all = list.items.len();
    let mut open = list.items.iter().filter(|item| is_open(scene, &list.id, item));
    let Some(first) = open.next() else {
        return Finding::met(format!("{all} of {all} done or not applicable."));
    };
    let more = open.count();
    let why = format!("{} of {all} done; open: {}{}", all - more - 1, first.text, others(more));
    Finding::unmet(why, Act::Tick { list: id.clone() })
}

fn others(more: usize) -> String {
    match more {
        0 => ".".to_owned(),
        1 => " and one other.".to_owned(),
        n => format!(" and {n} others."),
    }
}

/// When something is due, reckoned from the planned deployment; nothing while none is planned.
/// Times of the week are those of the week in which it is planned, in UTC.
pub fn due_at(due: &Due, release: &Release, playbook: &Playbook) -> Option<Timestamp> {
    let planned = release.planned?.at;
    match due {
        Due::Before(span) => planned.checked_sub_signed(span.delta()),
        Due::Within(span) | Due::After(span) => planned.checked_add_signed(span.delta()),
        Due::Between(range) => planned.checked_add_signed(range.to.delta()),
        Due::AtOnce => Some(planned),
        Due::Weekly(weekly) => {
            let day: chrono::Weekday = weekly.day.into();
            let monday = planned
                .date_naive()
                .checked_sub_days(Days::new(u64::from(planned.weekday().num_days_from_monday())))?;
            let date = monday.checked_add_days(Days::new(u64::from(day.num_days_from_monday())))?;
            let time = match (weekly.time, playbook.calendar.end_of_day) {
                (TimeOfDay::At(time), _) | (TimeOfDay::EndOfDay, Some(TimeOfDay::At(time))) => time,
                (TimeOfDay::EndOfDay, _) => NaiveTime::from_hms_opt(23, 59, 0)?,
            };
            Some(date.and_time(time).and_utc())
        }
    }
}

/// Refused when the system watches the item: nobody ticks by hand what it can see for itself.
pub fn may_mark(scene: &Scene<'_>, list: &ChecklistId, item: &PartId, mark: &Mark) -> Result<(), Refusal> {
    if !matches!(mark, Mark::Done { .. }) {
        return Ok(());
    }
    let found = concerning(scene.playbook, &scene.release.contents.kind)
        .find(|l| &l.id == list)
        .and_then(|l| l.items.iter().find(|i| &i.id == item).map(|i| status(scene, &l.id, &l.role, i)));
    match found {
        Some(ItemStatus { watched: true, state: ItemState::Open, reason, .. }) => Err(Refusal::conflict(
            format!("Pilothouse sees to this item itself: {}", reason.unwrap_or_default()),
            "an item that a person ticks",
            "open",
        )),
        _ => Ok(()),
    }
}
