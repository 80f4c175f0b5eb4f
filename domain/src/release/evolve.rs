//! How a release follows from what happened; the browser runs this very code on live events.

use super::{Approval, Event, Phase, Release, ReleaseId};
use crate::{Class, Refusal, Timestamp, access::Actor, digest};

/// The state after `event`. Fails only on a record that cannot be: a first event that is not `created`.
pub fn evolve(
    id: &ReleaseId,
    state: Option<Release>,
    event: &Event,
    actor: Actor,
    at: Timestamp,
) -> Result<Release, Refusal> {
    if let Event::Created { contents, digest } = event {
        return Ok(Release {
            id: id.clone(),
            phase: Phase::Draft,
            past: vec![(digest.clone(), contents.parts())],
            contents: contents.clone(),
            digest: digest.clone(),
            created_by: actor.person(),
            created_at: at,
            changed_at: at,
            authors: actor.person().into_iter().collect(),
            approvals: Vec::new(),
            events: 1,
        });
    }
    let mut release = state
        .ok_or_else(|| Refusal::new(Class::Unavailable, format!("The record of release {id} has no beginning.")))?;
    release.events += 1;
    release.changed_at = at;
    match event {
        Event::Created { .. } => {}
        Event::Edited { title, artifacts, plan, flags, changed, digest } => {
            let contents = &mut release.contents;
            replace(&mut contents.title, title.as_ref());
            replace(&mut contents.artifacts, artifacts.as_ref());
            replace(&mut contents.plan, plan.as_ref());
            replace(&mut contents.flags, flags.as_ref());
            release.authors.extend(actor.person());
            release.digest = digest.clone();
            release.past.push((digest.clone(), release.contents.parts()));
            let why = format!("{} changed", changed.join(", "));
            for approval in release.approvals.iter_mut().filter(|a| a.void.is_none()) {
                approval.void = Some(why.clone());
            }
        }
        Event::ApprovalRequested { .. } => release.phase = Phase::Candidate,
        Event::Decided { role, env, verdict, digest, comment, for_absent } => {
            let Some(by) = actor.person() else { return Ok(release) };
            if release.phase == Phase::Draft {
                release.phase = Phase::Candidate;
            }
            // One person has one say per environment: a new decision takes the place of their earlier one.
            for earlier in release.approvals.iter_mut().filter(|a| a.void.is_none() && a.by == by && &a.env == env) {
                earlier.void = Some("replaced by a later decision of the same person".to_owned());
            }
            release.approvals.push(Approval {
                role: role.clone(),
                env: env.clone(),
                by,
                for_absent: *for_absent,
                verdict: *verdict,
                digest: digest.clone(),
                comment: comment.clone(),
                at,
                void: None,
            });
        }
        Event::Cancelled { .. } => release.phase = Phase::Cancelled,
    }
    Ok(release)
}

fn replace<T: Clone>(place: &mut T, new: Option<&T>) {
    if let Some(new) = new {
        *place = new.clone();
    }
}

impl Release {
    /// What changed since `seen`; all parts when that was never a digest of this release.
    pub fn changed_since(&self, seen: &digest::Digest) -> Vec<String> {
        let now = self.contents.parts();
        match self.past.iter().find(|(digest, _)| digest == seen) {
            Some((_, parts)) => digest::changed_parts(parts, &now),
            None => now.into_keys().collect(),
        }
    }
}
