//! How a release follows from what happened; the browser runs this very code on live events.

use super::{
    Approval, Cancelled, Event, Hold, Lifted, Mark, Marked, Phase, Planned, Release, ReleaseId, Reported, Sent,
    SetAside, Waiver,
};
use crate::{Class, Refusal, Timestamp, access::Actor, digest};
use std::collections::BTreeMap;

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
            reports: Vec::new(),
            marks: BTreeMap::new(),
            holds: Vec::new(),
            waivers: Vec::new(),
            set_aside: Vec::new(),
            sent: Vec::new(),
            planned: None,
            cancelled: None,
            edited_at: None,
            asked_at: None,
            events: 1,
        });
    }
    let mut release = state
        .ok_or_else(|| Refusal::new(Class::Unavailable, format!("The record of release {id} has no beginning.")))?;
    release.events += 1;
    release.changed_at = at;
    match event {
        Event::Created { .. } => {}
        Event::Edited { title, artifacts, plan, flags, traits, changed, digest } => {
            let unknown = release.contents.artifacts.is_empty();
            let contents = &mut release.contents;
            replace(&mut contents.title, title.as_ref());
            replace(&mut contents.artifacts, artifacts.as_ref());
            replace(&mut contents.plan, plan.as_ref());
            replace(&mut contents.flags, flags.as_ref());
            replace(&mut contents.traits, traits.as_ref());
            release.authors.extend(actor.person());
            release.digest = digest.clone();
            release.edited_at = Some(at);
            release.past.push((digest.clone(), release.contents.parts()));
            if unknown && artifacts.is_some() {
                // What was reported before any artifact was listed speaks of those listed first.
                let listed = digest::part(&release.contents.artifacts);
                for reported in release.reports.iter_mut().filter(|r| r.artifacts.is_none()) {
                    reported.artifacts = Some(listed.clone());
                }
            }
            release.waivers.iter_mut().for_each(|waiver| waiver.void = true);
            release.set_aside.iter_mut().for_each(|aside| aside.before_edit = true);
            let why = format!("{} changed", changed.join(", "));
            for approval in release.approvals.iter_mut().filter(|a| a.void.is_none()) {
                approval.void = Some(why.clone());
            }
        }
        Event::ApprovalRequested { .. } => {
            release.phase = Phase::Candidate;
            release.asked_at = Some(at);
        }
        Event::Decided { role, env, verdict, digest, comment, for_absent, gate } => {
            let Some(by) = actor.person() else { return Ok(release) };
            if release.phase == Phase::Draft && gate.is_none() {
                release.phase = Phase::Candidate;
                release.asked_at = Some(at);
            }
            // One person has one say on each question: a new decision takes the place of their earlier one.
            let same = |a: &&mut Approval| a.void.is_none() && a.by == by && &a.env == env && &a.gate == gate;
            for earlier in release.approvals.iter_mut().filter(same) {
                earlier.void = Some("replaced by a later decision of the same person".to_owned());
            }
            release.approvals.push(Approval {
                role: role.clone(),
                env: env.clone(),
                gate: gate.clone(),
                by,
                for_absent: *for_absent,
                verdict: *verdict,
                digest: digest.clone(),
                comment: comment.clone(),
                at,
                void: None,
            });
        }
        Event::Cancelled { reason } => {
            release.phase = Phase::Cancelled;
            release.cancelled = Some(Cancelled { by: actor.person(), at, reason: reason.clone() });
        }
        Event::Moved { .. } => super::moving::evolve(&mut release, event, actor, at),
        other => record(&mut release, other, actor, at),
    }
    Ok(release)
}

/// What is put on a release without changing what it is.
fn record(release: &mut Release, event: &Event, actor: Actor, at: Timestamp) {
    let by = actor.person();
    match event {
        Event::Reported { report } => {
            release.reports.retain(|earlier| earlier.report.key() != report.key());
            let artifacts = &release.contents.artifacts;
            let artifacts = (!artifacts.is_empty()).then(|| digest::part(artifacts));
            release.reports.push(Reported { report: report.clone(), by, at, artifacts });
        }
        Event::Marked { list, item, mark: Mark::Open } => {
            if let Some(marks) = release.marks.get_mut(list) {
                marks.remove(item);
            }
        }
        Event::Marked { list, item, mark } => {
            let marked = Marked { mark: mark.clone(), by, at };
            release.marks.entry(list.clone()).or_default().insert(item.clone(), marked);
        }
        Event::Held { hold, env, reason } => {
            let (env, reason) = (env.clone(), reason.clone());
            release.holds.push(Hold { id: *hold, env, reason, by, at, lifted: None });
        }
        Event::Lifted { hold, reason } => {
            if let Some(hold) = release.holds.iter_mut().find(|h| h.id == *hold) {
                hold.lifted = Some(Lifted { by, at, reason: reason.clone() });
            }
        }
        Event::GlassBroken { env, gates, reason, until, digest } => release.waivers.push(Waiver {
            env: env.clone(),
            gates: gates.clone(),
            reason: reason.clone(),
            by,
            at,
            until: *until,
            digest: digest.clone(),
            void: false,
        }),
        Event::SetAside { gate, reason } => {
            release.set_aside.retain(|aside| &aside.gate != gate);
            if let Some(reason) = reason {
                let (gate, reason) = (gate.clone(), reason.clone());
                release.set_aside.push(SetAside { gate, reason, by, at, before_edit: false });
            }
        }
        Event::Sent { message, channel, text } => {
            let (message, channel, text) = (message.clone(), channel.clone(), text.clone());
            release.sent.push(Sent { message, channel, text, by, at });
        }
        Event::Planned { at: planned } => release.planned = planned.map(|to_be| Planned { at: to_be, since: at }),
        Event::Created { .. }
        | Event::Edited { .. }
        | Event::Moved { .. }
        | Event::ApprovalRequested { .. }
        | Event::Decided { .. }
        | Event::Cancelled { .. } => {}
    }
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
