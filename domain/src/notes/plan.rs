//! Which sections the notes have: the playbook's template, or what it tells this audience, or the usual ones.

use super::{Source, topic::Topic};
use crate::{
    outline::Slot,
    playbook::{BriefingPhase, Condition, Section},
};

/// A section with what the machine knows of it.
#[derive(Debug, Clone)]
pub(super) struct Planned {
    pub(super) slot: Slot,
    pub(super) topic: Topic,
    /// What people are asked to say there.
    pub(super) asks: Vec<String>,
    pub(super) stock: Option<String>,
}

pub(super) fn sections(source: &Source<'_>) -> Vec<Planned> {
    let mut planned = match &source.playbook.notes {
        Some(notes) if !notes.sections.is_empty() => {
            notes.sections.iter().filter_map(|section| of_template(section, source)).collect()
        }
        _ => briefed(source),
    };
    planned.retain(|section| section.topic.is_for(source.audience));
    let mut add = |key: &str, title: &str, topic: Topic, unless: &[Topic]| {
        if !planned.iter().any(|section| unless.contains(&section.topic)) && topic.is_for(source.audience) {
            planned.push(plain(key, title, topic, false));
        }
    };
    // What nobody may miss has a place even where the template has none.
    add("breaking_changes", "Breaking changes", Topic::Breaking, &[Topic::Breaking, Topic::Migration]);
    add("known_issues", "Known issues", Topic::KnownIssues, &[Topic::KnownIssues]);
    add("other_changes", "Other changes", Topic::Others, &[Topic::Others]);
    planned
}

fn of_template(section: &Section, source: &Source<'_>) -> Option<Planned> {
    // Unknown is left to people: it is there once something stands in it.
    let applies = section.when.map_or(Some(true), |condition| holds(condition, source));
    if applies == Some(false) {
        return None;
    }
    let stock = section.stock.as_ref().filter(|stock| holds(stock.when, source) == Some(true));
    let mut planned = plain(section.id.as_str(), &section.title, Topic::of(section.id.as_str(), &section.title), false);
    planned.slot.numbered = section.numbered;
    planned.slot.always = applies == Some(true);
    planned.asks.clone_from(&section.asks);
    planned.stock = stock.map(|stock| stock.text.clone());
    Some(planned)
}

/// What a playbook without a template tells this audience before a release.
fn briefed(source: &Source<'_>) -> Vec<Planned> {
    let before = |phase: BriefingPhase| matches!(phase, BriefingPhase::Before | BriefingPhase::Always);
    let briefings = source.playbook.briefings.iter();
    let covered =
        briefings.filter(|one| one.audience == source.audience && before(one.phase)).flat_map(|one| &one.covers);
    let mut planned: Vec<Planned> = Vec::new();
    for title in covered {
        let key = title.to_lowercase();
        if !planned.iter().any(|section| section.slot.key == key) {
            planned.push(plain(&key, title, Topic::of(&key, title), true));
        }
    }
    if planned.is_empty() {
        planned.push(plain("features", "Features", Topic::Features, false));
        planned.push(plain("fixes", "Fixes", Topic::Fixes, false));
    }
    planned
}

fn plain(key: &str, title: &str, topic: Topic, always: bool) -> Planned {
    let slot = Slot { key: key.to_owned(), title: title.to_owned(), numbered: false, always };
    Planned { slot, topic, asks: Vec::new(), stock: None }
}

/// Whether it is so of this release, as far as its changes tell or its authors say.
fn holds(condition: Condition, source: &Source<'_>) -> Option<bool> {
    let breaking = source.changes.items.iter().any(|change| change.message.breaking.is_some());
    let said = source.traits.get(&condition).copied();
    match condition {
        Condition::BreakingChange => Some(breaking || said == Some(true)),
        Condition::Compatible => Some(said.unwrap_or(!breaking)),
        Condition::Migrations => said.or((!source.changes.migrations().is_empty()).then_some(true)),
        Condition::MajorRelease => {
            let number = &source.version.0;
            Some(said.unwrap_or(number.minor == 0 && number.patch == 0 && number.major > 0))
        }
        _ => said,
    }
}
