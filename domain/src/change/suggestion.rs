//! Which part of the number the changes raise, and why, in words.

use super::{Changes, Rules};
use crate::{
    playbook::CommitType,
    release::{Bump, Version},
    text,
};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// None when nothing in it asks for a release.
    pub bump: Option<Bump>,
    /// “minor: 3 features, no breaking change”
    pub reason: String,
}

/// The bump that these changes ask for. `running` is the last release before them.
pub fn suggest(changes: &Changes, rules: &Rules, running: Option<&Version>) -> Suggestion {
    let initial = rules.is_initial(running);
    let breaking = changes.items.iter().filter(|item| item.message.breaking.is_some()).count();
    let unknown = (!changes.nonconforming.is_empty()).then_some(Bump::Patch);
    let raised = changes.items.iter().filter_map(|item| {
        let broken = item.message.breaking.is_some().then(|| rules.breaking(initial));
        broken.max(rules.raises(item.known_type(), initial))
    });
    let Some(bump) = raised.chain(unknown).max() else {
        return Suggestion { bump: None, reason: nothing(changes) };
    };
    let mut reason = format!("{}: {}", bump.name(), counted(changes, rules, initial, breaking));
    if breaking > 0 && initial && rules.breaking(true) != rules.breaking(false) {
        let (now, later) = (rules.breaking(true).name(), rules.breaking(false).name());
        let _ = write!(reason, "; before 1.0.0 the playbook raises {now} instead of {later} for what breaks");
    }
    Suggestion { bump: Some(bump), reason }
}

fn counted(changes: &Changes, rules: &Rules, initial: bool, breaking: usize) -> String {
    let of = |kind: CommitType| changes.items.iter().filter(|item| item.is(kind)).count();
    let (features, fixes) = (of(CommitType::Feat), of(CommitType::Fix));
    let others = changes.items.iter().filter(|item| {
        let kind = item.known_type();
        !matches!(kind, Some(CommitType::Feat | CommitType::Fix)) && rules.raises(kind, initial).is_some()
    });
    let mut parts = Vec::new();
    if breaking > 0 {
        parts.push(amount(breaking, "breaking change", "breaking changes"));
    }
    if features > 0 {
        parts.push(amount(features, "feature", "features"));
    }
    if fixes > 0 {
        parts.push(amount(fixes, "fix", "fixes"));
    }
    let others = others.count();
    if others > 0 {
        parts.push(amount(others, "other change", "other changes"));
    }
    if !changes.nonconforming.is_empty() {
        parts.push(amount(changes.nonconforming.len(), "commit", "commits") + " outside of the convention");
    }
    if features == 0 && breaking == 0 {
        parts.push("no feature".to_owned());
    }
    if breaking == 0 {
        parts.push("no breaking change".to_owned());
    }
    parts.join(", ")
}

fn nothing(changes: &Changes) -> String {
    if changes.items.is_empty() {
        return "none: nothing changed".to_owned();
    }
    let kinds = CommitType::ALL.iter().filter_map(|kind| {
        let count = changes.items.iter().filter(|item| item.is(*kind)).count();
        (count > 0).then(|| format!("{count} {kind}"))
    });
    format!("none: only changes that raise nothing ({})", text::list(&kinds.collect::<Vec<_>>()))
}

fn amount(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
