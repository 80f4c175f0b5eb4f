//! What may be done to a release, and by whom.

use super::{Artifact, Bump, Command, Contents, Create, Decision, Event, Release, Verdict, Version};
use crate::{
    Class, Refusal,
    access::{Authority, HeldRole, Permission},
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
    };
    let digest = contents.digest();
    Ok(vec![Event::Created { contents, digest }])
}

/// Events that follow from `command`, or why not.
pub fn decide(release: &Release, command: Command, by: &Authority) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Edit { title, artifacts, plan, flags, seen } => {
            by.require(Permission::Author, "edit releases")?;
            let title = title.map(|t| text::bounded("title", &t, 200)).transpose()?;
            let artifacts = artifacts.map(checked_artifacts).transpose()?;
            plan.iter().try_for_each(|plan| small("plan", plan))?;
            flags.iter().try_for_each(|flags| small("flags", flags))?;
            open(release, "edited")?;
            if let Some(seen) = seen.filter(|seen| seen != &release.digest) {
                return Err(stale(release, &seen));
            }
            Ok(edited(release, title, artifacts, plan, flags))
        }
        Command::RequestApproval => {
            by.require(Permission::Author, "ask for approval")?;
            open(release, "put up for approval")?;
            let asked = release.phase != super::Phase::Draft;
            Ok(if asked { vec![] } else { vec![Event::ApprovalRequested { digest: release.digest.clone() }] })
        }
        Command::Decide(decision) => decided(release, decision, by),
        Command::Cancel { reason } => cancel(release, &reason, by),
    }
}

/// Only what really differs is recorded; nothing when nothing does.
fn edited(
    release: &Release,
    title: Option<String>,
    artifacts: Option<Vec<Artifact>>,
    plan: Option<Map<String, Value>>,
    flags: Option<Map<String, Value>>,
) -> Vec<Event> {
    let now = &release.contents;
    let title = title.filter(|t| t != &now.title);
    let artifacts = artifacts.filter(|a| a != &now.artifacts);
    let plan = plan.filter(|p| p != &now.plan);
    let flags = flags.filter(|f| f != &now.flags);
    let mut after = now.clone();
    after.title = title.clone().unwrap_or(after.title);
    after.artifacts = artifacts.clone().unwrap_or(after.artifacts);
    after.plan = plan.clone().unwrap_or(after.plan);
    after.flags = flags.clone().unwrap_or(after.flags);
    let changed = digest::changed_parts(&now.parts(), &after.parts());
    if changed.is_empty() {
        return Vec::new();
    }
    vec![Event::Edited { title, artifacts, plan, flags, changed, digest: after.digest() }]
}

fn decided(release: &Release, decision: Decision, by: &Authority) -> Result<Vec<Event>, Refusal> {
    let held = may_decide(release, &decision.role, by)?.clone();
    let comment = text::bounded("comment", &decision.comment, 2000)?;
    if decision.verdict == Verdict::Reject && comment.is_empty() {
        return Err(Refusal::invalid("comment", "nothing", "a reason: a rejection needs one"));
    }
    open(release, "decided on")?;
    if decision.seen != release.digest {
        return Err(stale(release, &decision.seen));
    }
    let mine = release.standing().find(|a| Some(a.by) == by.actor.person() && a.env == decision.env);
    if let Some(earlier) = mine.filter(|a| a.verdict == decision.verdict) {
        let word = if earlier.verdict == Verdict::Approve { "approved" } else { "rejected" };
        return Err(Refusal::conflict(
            format!("You have already {word} this as {}; one person fills one place.", earlier.role.words()),
            "no decision of yours",
            format!("{word} as {}", earlier.role),
        ));
    }
    Ok(vec![Event::Decided {
        role: decision.role,
        env: decision.env,
        verdict: decision.verdict,
        digest: decision.seen,
        comment,
        for_absent: held.for_absent,
    }])
}

/// The role that lets `by` decide here, or why they may not. The page asks the same question to show the button.
pub fn may_decide<'a>(
    release: &Release,
    role: &crate::slug::RoleId,
    by: &'a Authority,
) -> Result<&'a HeldRole, Refusal> {
    let wanted: Vec<&str> = release.contents.approvals_needed.iter().map(|r| r.role.as_str()).collect();
    if !wanted.contains(&role.as_str()) {
        // Someone without any say here is told so before being told which roles would have one.
        by.require(Permission::Approve, "approve")?;
        return Err(Refusal::invalid("role", format!("“{role}”"), format!("one of {}", wanted.join(", "))));
    }
    let holder = format!("A {}", role.words());
    let Some(held) = by.holds(role) else {
        return Err(Refusal::forbidden(format!("You do not hold the role {} here.", role.words()), holder));
    };
    if !by.may(Permission::Approve) {
        return Err(Refusal::forbidden("What you signed in with does not cover approving.", holder));
    }
    let Some(person) = by.actor.person() else {
        return Err(Refusal::forbidden("Only a person approves.", holder));
    };
    let another = format!("Another {}", role.words());
    if release.authors.contains(&person) {
        return Err(Refusal::forbidden("You created or edited this release; nobody approves their own work.", another));
    }
    if held.for_absent.is_some_and(|absent| release.authors.contains(&absent)) {
        return Err(Refusal::forbidden("You stand in for somebody who created or edited this release.", another));
    }
    if by.token_issuer.is_some_and(|issuer| release.authors.contains(&issuer)) {
        return Err(Refusal::forbidden(
            "This token was issued by somebody who created or edited this release.",
            another,
        ));
    }
    Ok(held)
}

/// Withdraws the release for good.
pub fn cancel(release: &Release, reason: &str, by: &Authority) -> Result<Vec<Event>, Refusal> {
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

fn checked_artifacts(artifacts: Vec<Artifact>) -> Result<Vec<Artifact>, Refusal> {
    if artifacts.len() > 200 {
        return Err(Refusal::invalid("artifacts", format!("{} of them", artifacts.len()), "at most 200"));
    }
    let mut checked: Vec<Artifact> = Vec::with_capacity(artifacts.len());
    for (n, artifact) in artifacts.into_iter().enumerate() {
        let in_field = |mut refusal: Refusal| {
            let field = format!("artifacts[{n}].{}", refusal.field.unwrap_or_default());
            refusal.detail = format!(
                "“{field}”: found {}; allowed is {}.",
                refusal.found.as_deref().unwrap_or("?"),
                refusal.allowed.as_deref().unwrap_or("?")
            );
            refusal.field = Some(field);
            refusal
        };
        let name = text::required("name", &artifact.name, 200).map_err(in_field)?;
        let digest = text::required("digest", &artifact.digest, 200).map_err(in_field)?;
        let sound = digest.split_once(':').is_some_and(|(algorithm, hex)| {
            matches!((algorithm, hex.len()), ("sha256", 64) | ("sha384", 96) | ("sha512", 128))
                && hex.chars().all(|c| c.is_ascii_hexdigit())
        });
        if !sound {
            return Err(in_field(Refusal::invalid(
                "digest",
                format!("“{digest}”"),
                "“sha256:” and 64 hexadecimal digits (or sha384, sha512)",
            )));
        }
        if checked.iter().any(|a| a.name == name) {
            return Err(in_field(Refusal::invalid("name", format!("“{name}” twice"), "each name once")));
        }
        checked.push(Artifact { name, digest: digest.to_ascii_lowercase() });
    }
    Ok(checked)
}

fn small(field: &'static str, map: &Map<String, Value>) -> Result<(), Refusal> {
    let length = serde_json::to_string(map).map_or(0, |text| text.len());
    if length <= LONGEST_PLAN {
        Ok(())
    } else {
        Err(Refusal::invalid(field, format!("{length} characters of JSON"), format!("at most {LONGEST_PLAN}")))
    }
}
