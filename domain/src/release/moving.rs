//! Moving a release to a newer revision of its playbook: what was approved under the old one no longer counts.

use super::{Event, Release};
use crate::{
    Class, Refusal, Timestamp,
    access::{Actor, Authority, Permission},
    digest,
    playbook::{Playbook, Published, Requirement, Revision},
};

/// The event that moves `release`, or why not. `published` are the revisions of its playbook.
pub fn move_to(
    release: &Release,
    revision: Revision,
    published: Option<&Published>,
    by: &Authority,
) -> Result<Vec<Event>, Refusal> {
    by.require(Permission::Author, "move releases to another revision of the playbook")?;
    let now = release.contents.playbook_revision;
    let known = published.map(Published::known).unwrap_or_default();
    let Some(then) = published.and_then(|published| published.at(revision)) else {
        return Err(Refusal::invalid("revision", revision.to_string(), format!("one of {known}")));
    };
    if revision < now {
        let found = format!("{revision}, which is older than {now}");
        return Err(Refusal::invalid("revision", found, "a newer revision than the one it follows"));
    }
    if !release.is_open() {
        let state = release.state().name();
        let detail = format!("This release is {state}; it can no longer be moved.");
        return Err(Refusal::conflict(detail, "draft, candidate or approved", state));
    }
    if revision == now {
        return Ok(Vec::new());
    }
    let obstacles = obstacles(release, published.and_then(|published| published.at(now)), then);
    if !obstacles.is_empty() {
        return Err(Refusal {
            who_can_help: Some("An administrator, who can publish a revision that has what is missing,".to_owned()),
            ..Refusal::new(Class::Blocked, format!("Revision {revision} does not fit: {}.", obstacles.join("; ")))
        }
        .on("revision"));
    }
    let mut after = release.contents.clone();
    after.playbook_revision = revision;
    after.approvals_needed = needed(release, then).to_vec();
    let changed = digest::changed_parts(&release.contents.parts(), &after.parts());
    let digest = after.digest();
    Ok(vec![Event::Moved { revision, approvals_needed: after.approvals_needed, changed, digest }])
}

/// What `release`, which follows `now`, would miss in `then`: without it there is no way on.
pub fn obstacles(release: &Release, now: Option<&Playbook>, then: &Playbook) -> Vec<String> {
    let kind = &release.contents.kind;
    let mut missing = Vec::new();
    if !then.types.iter().any(|t| &t.id == kind) {
        missing.push(format!("it has no release type “{kind}”"));
    }
    let environments = now.into_iter().flat_map(|now| &now.environments).map(|env| &env.name);
    missing.extend(
        environments.filter(|env| !then.has_environment(env)).map(|env| format!("it has no environment “{env}”")),
    );
    missing
}

fn needed<'a>(release: &Release, then: &'a Playbook) -> &'a [Requirement] {
    then.types.iter().find(|t| t.id == release.contents.kind).map(|t| t.approvals.as_slice()).unwrap_or_default()
}

/// What moving does to a release: whoever moved it counts among its authors, as after any change.
pub(super) fn evolve(release: &mut Release, event: &Event, actor: Actor, at: Timestamp) {
    let Event::Moved { revision, approvals_needed, changed, digest } = event else { return };
    release.contents.playbook_revision = *revision;
    release.contents.approvals_needed.clone_from(approvals_needed);
    release.authors.extend(actor.person());
    release.digest = digest.clone();
    release.edited_at = Some(at);
    release.past.push((digest.clone(), release.contents.parts()));
    // Gates were waived and set aside in another procedure.
    release.waivers.iter_mut().for_each(|waiver| waiver.void = true);
    release.set_aside.iter_mut().for_each(|aside| aside.before_edit = true);
    let why = format!("{} changed", changed.join(", "));
    for approval in release.approvals.iter_mut().filter(|a| a.void.is_none()) {
        approval.void = Some(why.clone());
    }
}

#[cfg(test)]
mod tests;
