//! Whether a condition of the playbook is so for a release.

use crate::{
    playbook::Condition,
    release::{Bump, Release, Report},
};

/// `None` when nobody has said so yet. What is there to be seen outweighs what is said.
pub fn applies(condition: Condition, release: &Release) -> Option<bool> {
    let contents = &release.contents;
    let said = || contents.traits.get(&condition).copied();
    match condition {
        Condition::IfApplicable | Condition::IfNeeded => None,
        Condition::MajorRelease => Some(contents.bump == Bump::Major),
        Condition::BreakingChange => said().or((contents.bump == Bump::Major).then_some(true)),
        Condition::Flags if contents.flags.is_empty() => said().or(Some(false)),
        Condition::Flags => Some(true),
        Condition::Migrations => match migrations(release) {
            Some(0) => said().or(Some(false)),
            Some(_) => Some(true),
            None => said(),
        },
        Condition::HighRisk => said().or_else(|| contents.traits.get(&Condition::LowRisk).map(|low| !low)),
        Condition::LowRisk => said().or_else(|| contents.traits.get(&Condition::HighRisk).map(|high| !high)),
        _ => said(),
    }
}

/// How many were reported.
fn migrations(release: &Release) -> Option<usize> {
    release.reports.iter().rev().find_map(|reported| match &reported.report {
        Report::Migrations { steps } => Some(steps.len()),
        _ => None,
    })
}
