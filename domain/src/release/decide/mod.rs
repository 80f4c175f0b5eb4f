//! What may be done to a release, and by whom.

mod approval;
mod artifacts;
mod emergency;
mod record;

pub use approval::{may_decide, may_sign};

use super::{Bump, Command, Contents, Create, Edit, Event, Release, Traits, Version};
use crate::{
    Class, Refusal, Timestamp,
    access::{Authority, Permission},
    digest,
    playbook::Playbook,
    product::Product,
    text,
};
use serde_json::{Map, Value};

/// Longest plan or flag plan, in characters of JSON.
const LONGEST_PLAN: usize = 64 * 1024;

/// The events of a new release under the number already chosen.
pub fn create(
    product: &Product,
    playbook: &Playbook,
    command: &Create,
    version: Version,
    bump: Bump,
    by: &Authority,
) -> Result<Vec<Event>, Refusal> {
    by.require(Permission::Author, "create releases")?;
    let kind = playbook.type_for(command.kind.as_ref(), bump).ok_or_else(|| {
        let known: Vec<_> = playbook.types.iter().map(|t| t.id.as_str()).collect();
        let found = command
            .kind
            .as_ref()
            .map_or_else(|| format!("a {} without a type of its own", bump.name()), |k| format!("“{k}”"));
        Refusal::invalid("kind", found, format!("one of {}", known.join(", ")))
    })?;
    let title = command.title.as_deref().unwrap_or_default();
    let contents = Contents {
        version,
        kind: kind.id.clone(),
        bump,
        title: text::bounded("title", title, 200)?,
        artifacts: Vec::new(),
        changes: Vec::new(),
        playbook: product.playbook.clone(),
        playbook_revision: product.playbook_revision,
        approvals_needed: kind.approvals.clone(),
        plan: Map::new(),
        flags: Map::new(),
        traits: Traits::new(),
    };
    let digest = contents.digest();
    Ok(vec![Event::Created { contents, digest }])
}

/// What a decision rests on beside the release itself.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    pub by: &'a Authority,
    /// The revision that the release stays on.
    pub playbook: &'a Playbook,
    pub now: Timestamp,
}

/// Events that follow from `command`, or why not.
pub fn decide(release: &Release, command: Command, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    let by = given.by;
    match command {
        Command::Edit(edit) => {
            by.require(Permission::Author, "edit releases")?;
            let edit = Edit {
                title: edit.title.map(|t| text::bounded("title", &t, 200)).transpose()?,
                artifacts: edit.artifacts.map(artifacts::checked).transpose()?,
                ..edit
            };
            edit.plan.iter().try_for_each(|plan| small("plan", plan))?;
            edit.plan.iter().try_for_each(|plan| known_strategy(plan, given.playbook))?;
            edit.flags.iter().try_for_each(|flags| small("flags", flags))?;
            edit.traits.iter().try_for_each(said)?;
            open(release, "edited")?;
            if let Some(seen) = edit.seen.as_ref().filter(|seen| **seen != release.digest) {
                return Err(stale(release, seen));
            }
            Ok(edited(release, edit))
        }
        Command::RequestApproval => {
            by.require(Permission::Author, "ask for approval")?;
            open(release, "put up for approval")?;
            let asked = release.phase != super::Phase::Draft;
            Ok(if asked { vec![] } else { vec![Event::ApprovalRequested { digest: release.digest.clone() }] })
        }
        Command::Decide(decision) => approval::decided(release, decision, given),
        Command::Cancel { reason } => cancel(release, &reason, by),
        // Whoever knows the revisions asks there.
        Command::Move { revision } => super::move_to(release, revision, None, by),
        Command::Report(report) => record::reported(release, report, given),
        Command::Mark { list, item, mark } => record::marked(release, list, item, mark, given),
        Command::Hold { env, reason } => record::held(release, env, &reason, given),
        Command::Lift { hold, reason } => record::lifted(release, hold, &reason, given),
        Command::BreakGlass { env, gates, reason, until, seen } => {
            emergency::glass_broken(release, env, gates, &reason, until, &seen, given)
        }
        Command::SetAside { gate, reason } => record::set_aside(release, gate, reason, given),
        Command::Send { message, channel, text } => record::sent(release, message, channel, &text, given),
        Command::Plan { at } => record::planned(release, at, given),
    }
}

/// Only what really differs is recorded; nothing when nothing does.
fn edited(release: &Release, edit: Edit) -> Vec<Event> {
    let now = &release.contents;
    let title = edit.title.filter(|t| t != &now.title);
    let artifacts = edit.artifacts.filter(|a| a != &now.artifacts);
    let plan = edit.plan.filter(|p| p != &now.plan);
    let flags = edit.flags.filter(|f| f != &now.flags);
    let traits = edit.traits.filter(|t| t != &now.traits);
    let mut after = now.clone();
    after.title = title.clone().unwrap_or(after.title);
    after.artifacts = artifacts.clone().unwrap_or(after.artifacts);
    after.plan = plan.clone().unwrap_or(after.plan);
    after.flags = flags.clone().unwrap_or(after.flags);
    after.traits = traits.clone().unwrap_or(after.traits);
    let changed = digest::changed_parts(&now.parts(), &after.parts());
    if changed.is_empty() {
        return Vec::new();
    }
    vec![Event::Edited { title, artifacts, plan, flags, traits, changed, digest: after.digest() }]
}

/// Withdraws the release for good.
fn cancel(release: &Release, reason: &str, by: &Authority) -> Result<Vec<Event>, Refusal> {
    by.require(Permission::Author, "cancel releases")?;
    let reason = text::required("reason", reason, 500)?;
    open(release, "cancelled")?;
    Ok(vec![Event::Cancelled { reason }])
}

fn open(release: &Release, verb: &str) -> Result<(), Refusal> {
    if release.is_open() {
        return Ok(());
    }
    let state = release.state().name();
    Err(Refusal::conflict(
        format!("This release is {state}; it can no longer be {verb}."),
        "draft, candidate or approved",
        state,
    ))
}

fn stale(release: &Release, seen: &digest::Digest) -> Refusal {
    let changed = release.changed_since(seen);
    Refusal {
        detail: format!("This release has changed since you looked: {}. Look again, then decide.", changed.join(", ")),
        expected: Some(seen.to_string()),
        actual: Some(release.digest.to_string()),
        changed,
        ..Refusal::new(Class::Conflict, "")
    }
}

/// A plan may name its strategy; it must be one that the playbook offers.
fn known_strategy(plan: &Map<String, Value>, playbook: &Playbook) -> Result<(), Refusal> {
    let Some(named) = plan.get("strategy") else { return Ok(()) };
    if named.as_str().is_some_and(|id| playbook.strategies.iter().any(|strategy| strategy.id.as_str() == id)) {
        return Ok(());
    }
    let known: Vec<&str> = playbook.strategies.iter().map(|strategy| strategy.id.as_str()).collect();
    Err(Refusal::invalid("plan.strategy", named.to_string(), format!("one of {}", known.join(", "))))
}

/// What is settled gate by gate cannot be said of the release as a whole.
fn said(traits: &Traits) -> Result<(), Refusal> {
    let by_gate = traits.keys().find(|condition| condition.is_settled_by_gate());
    by_gate.map_or(Ok(()), |condition| {
        let allowed = "what a release is or is not; whether a gate concerns it is said of that gate";
        Err(Refusal::invalid("traits", format!("“{condition}”"), allowed))
    })
}

fn small(field: &'static str, map: &Map<String, Value>) -> Result<(), Refusal> {
    let length = serde_json::to_string(map).map_or(0, |text| text.len());
    if length <= LONGEST_PLAN {
        Ok(())
    } else {
        Err(Refusal::invalid(field, format!("{length} characters of JSON"), format!("at most {LONGEST_PLAN}")))
    }
}
