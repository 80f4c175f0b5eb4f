//! Whether a condition of the playbook is so for a release.

use crate::{
    playbook::Condition,
    release::{Bump, Release, Report},
};

/// `None` when nobody has said so yet.
pub fn applies(condition: Condition, release: &Release) -> Option<bool> {
    if let Some(said) = release.contents.traits.get(&condition) {
        return Some(*said);
    }
    let contents = &release.contents;
    match condition {
        Condition::BreakingChange | Condition::MajorRelease if contents.bump == Bump::Major => Some(true),
        Condition::MajorRelease => Some(false),
        Condition::Flags => Some(!contents.flags.is_empty()),
        Condition::Migrations => release.reports.iter().rev().find_map(|reported| match &reported.report {
            Report::Migrations { steps } => Some(!steps.is_empty()),
            _ => None,
        }),
        Condition::HighRisk => contents.traits.get(&Condition::LowRisk).map(|low| !low),
        Condition::LowRisk => contents.traits.get(&Condition::HighRisk).map(|high| !high),
        _ => None,
    }
}
