//! How an item of a checklist stands: ticked by a person, by the system, or open.

use super::{
    condition::applies,
    scene::Scene,
    verified::{Sight, see, sees},
};
use crate::{
    Timestamp,
    person::PersonId,
    playbook::{ChecklistId, Item, PartId},
    release::Mark,
    slug::RoleId,
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    Open,
    Done,
    NotApplicable,
}

impl ItemState {
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::NotApplicable => "not_applicable",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemStatus {
    pub id: PartId,
    pub state: ItemState,
    pub role: RoleId,
    pub by: Option<PersonId>,
    pub at: Option<Timestamp>,
    /// Why it does not apply, or what the system saw or misses.
    pub reason: Option<String>,
    pub evidence: Option<String>,
    /// The system watches it: nobody ticks it by hand.
    pub watched: bool,
}

pub(super) fn status(scene: &Scene<'_>, list: &ChecklistId, role: &RoleId, item: &Item) -> ItemStatus {
    let mut status = ItemStatus {
        id: item.id.clone(),
        state: ItemState::Open,
        role: item.role.clone().unwrap_or_else(|| role.clone()),
        by: None,
        at: None,
        reason: None,
        evidence: None,
        watched: false,
    };
    let marked = scene.release.mark(list, &item.id);
    if let Some((mark, Mark::NotApplicable { reason })) = marked.map(|m| (m, &m.mark)) {
        (status.state, status.reason) = (ItemState::NotApplicable, Some(reason.clone()));
        (status.by, status.at) = (mark.by, Some(mark.at));
        return status;
    }
    if item.when.is_some_and(|condition| applies(condition, scene.release) == Some(false)) {
        status.state = ItemState::NotApplicable;
        status.reason = Some("Does not concern this release, by what its authors say of it.".to_owned());
        status.watched = true;
        return status;
    }
    match item.verified_by.map(|verified| see(scene, verified, item.message.as_ref())) {
        Some(Sight::Seen(how)) => {
            (status.state, status.reason, status.watched) = (ItemState::Done, Some(how), true);
            return status;
        }
        Some(Sight::NotYet(why)) => {
            (status.reason, status.watched) = (Some(why), true);
            return status;
        }
        Some(Sight::Blind) | None => {}
    }
    if let Some((mark, Mark::Done { evidence })) = marked.map(|m| (m, &m.mark)) {
        (status.state, status.evidence) = (ItemState::Done, evidence.clone());
        (status.by, status.at) = (mark.by, Some(mark.at));
    }
    status
}

/// Whether it is still to be done: the same answer as that of [`status`], without the words.
pub(super) fn is_open(scene: &Scene<'_>, list: &ChecklistId, item: &Item) -> bool {
    let mark = scene.release.mark(list, &item.id).map(|marked| &marked.mark);
    if matches!(mark, Some(Mark::NotApplicable { .. }))
        || item.when.is_some_and(|condition| applies(condition, scene.release) == Some(false))
    {
        return false;
    }
    let seen = item.verified_by.and_then(|verified| sees(scene, verified, item.message.as_ref()));
    seen.map_or_else(|| !matches!(mark, Some(Mark::Done { .. })), |seen| !seen)
}
