//! What may be put on a release beside approvals: reports, ticks, holds, messages sent, the planned time.

use super::{
    super::{Event, Mark, Release, Report, report::address},
    Given,
    approval::is_own_work,
    open,
};
use crate::{
    Refusal, Timestamp,
    access::Permission,
    playbook::{ChannelId, ChecklistId, GateId, MessageId, PartId, Proof},
    slug::EnvName,
    text,
};
use chrono::TimeDelta;
use std::fmt;

/// How many different reports a release keeps.
const MOST_REPORTS: usize = 300;
/// How many holds it keeps, lifted ones included.
const MOST_HOLDS: usize = 200;
/// How many messages it keeps.
const MOST_SENT: usize = 200;
/// How far ahead a deployment is planned.
const FURTHEST_DAYS: i64 = 5 * 366;

pub(super) fn reported(release: &Release, report: Report, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    given.by.require(report.needs(), "report on releases")?;
    let report = report.checked()?;
    match &report {
        Report::Evidence { id, url, .. } => {
            known("id", id, given.playbook.evidence.iter().map(|e| &e.id))?;
            let proof = given.playbook.evidence.iter().find(|e| &e.id == id).and_then(|e| e.proof);
            if proof == Some(Proof::Link) && url.is_none() {
                return Err(Refusal::invalid("url", "nothing", "a link: this piece of evidence needs one"));
            }
        }
        // A clock that began in the future would never run out.
        Report::Vulnerability { known_at, .. } if *known_at > given.now => {
            return Err(Refusal::invalid("known_at", known_at.to_rfc3339(), "a time that has come"));
        }
        Report::Signature { artifact, .. } => {
            known("artifact", artifact, release.contents.artifacts.iter().map(|a| &a.name))?;
        }
        _ => {}
    }
    open(release, "reported on")?;
    let earlier = release.reports.iter().find(|r| r.report.key() == report.key());
    if earlier.is_some_and(|r| r.report == report && !release.is_outdated(r)) {
        return Ok(Vec::new());
    }
    if earlier.is_none() && release.reports.len() >= MOST_REPORTS {
        let found = format!("{} of them", release.reports.len() + 1);
        return Err(Refusal::invalid("name", found, format!("at most {MOST_REPORTS} different reports")));
    }
    Ok(vec![Event::Reported { report }])
}

pub(super) fn marked(
    release: &Release,
    list: ChecklistId,
    item: PartId,
    mark: Mark,
    given: Given<'_>,
) -> Result<Vec<Event>, Refusal> {
    given.by.require(Permission::Tick, "tick checklists")?;
    let kind = &release.contents.kind;
    let lists = || given.playbook.checklists.iter().filter(|l| l.types.is_empty() || l.types.contains(kind));
    known("list", &list, lists().map(|l| &l.id))?;
    let Some(found) = lists().find(|l| l.id == list) else { return Ok(Vec::new()) };
    known("item", &item, found.items.iter().map(|i| &i.id))?;
    let proof = found.item(item.as_str()).and_then(|i| i.proof);
    let mark = match mark {
        Mark::Open => Mark::Open,
        Mark::NotApplicable { reason } => Mark::NotApplicable { reason: text::required("reason", &reason, 500)? },
        Mark::Done { evidence } => Mark::Done { evidence: attached(evidence, proof)? },
    };
    open(release, "ticked")?;
    let now = release.mark(&list, &item).map(|m| &m.mark);
    if now == Some(&mark) || (now.is_none() && mark == Mark::Open) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::Marked { list, item, mark }])
}

/// What was attached, which has to be there when the item asks for it.
fn attached(evidence: Option<String>, proof: Option<Proof>) -> Result<Option<String>, Refusal> {
    let evidence = evidence.map(|e| text::bounded("evidence", &e, 2000)).transpose()?.filter(|e| !e.is_empty());
    let allowed = match proof {
        None => return Ok(evidence),
        Some(Proof::Link) => "a link: this item needs one",
        Some(Proof::Upload) => "where the upload lies: this item needs it",
        Some(Proof::Note) => "a note: this item needs one",
    };
    let Some(evidence) = evidence else { return Err(Refusal::invalid("evidence", "nothing", allowed)) };
    if proof == Some(Proof::Link) {
        address(Some(evidence.clone()))
            .map_err(|no| Refusal::invalid("evidence", no.found.unwrap_or_default(), allowed))?;
    }
    Ok(Some(evidence))
}

pub(super) fn held(release: &Release, env: EnvName, reason: &str, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    if !(given.playbook.approval.anyone_may_hold && given.by.may(Permission::View)) {
        given.by.require(Permission::Hold, "hold releases")?;
    }
    known("env", &env, given.playbook.environments.iter().map(|e| &e.name))?;
    let reason = text::required("reason", reason, 500)?;
    open(release, "held")?;
    if release.holds.len() >= MOST_HOLDS {
        return Err(Refusal::invalid("reason", "another hold", format!("at most {MOST_HOLDS} holds of one release")));
    }
    let hold = u32::try_from(release.holds.len()).unwrap_or(u32::MAX).saturating_add(1);
    Ok(vec![Event::Held { hold, env, reason }])
}

/// Whoever asked for more time may take it back; so may those who promote or approve.
pub(super) fn lifted(release: &Release, hold: u32, reason: &str, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    let Some(found) = release.holds.iter().find(|h| h.id == hold) else {
        return Err(Refusal::not_found(format!("hold {hold} on this release")));
    };
    let own = found.by.is_some() && found.by == given.by.actor.person();
    if !own && !given.by.may(Permission::Approve) {
        given.by.require(Permission::Promote, "release holds of others")?;
    }
    let reason = text::bounded("reason", reason, 500)?;
    if !own && reason.is_empty() {
        return Err(Refusal::invalid("reason", "nothing", "a reason: somebody else asked for this hold"));
    }
    if found.lifted.is_some() {
        return Err(Refusal::conflict(format!("Hold {hold} was released already."), "a standing hold", "released"));
    }
    Ok(vec![Event::Lifted { hold, reason }])
}

/// Only gates that apply under a condition can be set aside, and only with a reason.
pub(super) fn set_aside(
    release: &Release,
    gate: GateId,
    reason: Option<String>,
    given: Given<'_>,
) -> Result<Vec<Event>, Refusal> {
    given.by.require(Permission::Tick, "say which gates apply")?;
    let conditional = || given.playbook.gates.iter().filter(|g| g.when.is_some());
    known("gate", &gate, conditional().map(|g| &g.id))?;
    // Saying that nobody needs to look is a say of its own, and not the author's.
    if reason.is_some() && conditional().any(|g| g.id == gate && g.asks_people()) {
        given.by.require(Permission::Approve, "say that others need not look at a release")?;
        if is_own_work(release, given.playbook, Permission::Approve, given.by) {
            let why = format!("You created or edited this release; whether “{gate}” concerns it is for others to say.");
            return Err(Refusal::forbidden(why, "Somebody else who may approve"));
        }
    }
    let reason = reason.map(|r| text::required("reason", &r, 500)).transpose()?;
    open(release, "changed")?;
    let now = release.is_set_aside(&gate).map(|aside| aside.reason.as_str());
    if now == reason.as_deref() {
        return Ok(Vec::new());
    }
    Ok(vec![Event::SetAside { gate, reason }])
}

pub(super) fn sent(
    release: &Release,
    message: MessageId,
    channel: Option<ChannelId>,
    text: &str,
    given: Given<'_>,
) -> Result<Vec<Event>, Refusal> {
    given.by.require(Permission::Tick, "say that messages were sent")?;
    let kind = &release.contents.kind;
    let messages = || given.playbook.messages.iter().filter(|m| m.types.is_empty() || m.types.contains(kind));
    known("message", &message, messages().map(|m| &m.id))?;
    if let (Some(channel), Some(found)) = (&channel, messages().find(|m| m.id == message)) {
        known("channel", channel, found.channels.iter())?;
    }
    let text = text::required("text", text, 10_000)?;
    open(release, "told about")?;
    if release.sent.len() >= MOST_SENT {
        return Err(Refusal::invalid("message", "another message", format!("at most {MOST_SENT} of one release")));
    }
    Ok(vec![Event::Sent { message, channel, text }])
}

pub(super) fn planned(release: &Release, at: Option<Timestamp>, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    if !given.by.may(Permission::Author) {
        given.by.require(Permission::Promote, "plan deployments")?;
    }
    let latest = given.now + TimeDelta::days(FURTHEST_DAYS);
    if let Some(other) = at.filter(|at| *at < given.now || *at > latest) {
        let allowed = format!("a time to come, within {FURTHEST_DAYS} days");
        return Err(Refusal::invalid("at", other.to_rfc3339(), allowed));
    }
    open(release, "planned")?;
    if release.planned.map(|p| p.at) == at {
        return Ok(Vec::new());
    }
    Ok(vec![Event::Planned { at }])
}

/// Refused with everything that is known, when `found` is not among it.
pub(super) fn known<'a, T: PartialEq + fmt::Display + 'a>(
    field: &'static str,
    found: &T,
    all: impl Iterator<Item = &'a T>,
) -> Result<(), Refusal> {
    let all: Vec<&T> = all.collect();
    if all.contains(&found) {
        return Ok(());
    }
    let names: Vec<String> = all.iter().map(ToString::to_string).collect();
    let allowed = if names.is_empty() {
        "nothing: there is none here".to_owned()
    } else {
        format!("one of {}", names.join(", "))
    };
    Err(Refusal::invalid(field, format!("“{found}”"), allowed))
}
