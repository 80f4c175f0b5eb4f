//! Who may approve or reject what, and the answer to a gate's own question.

use super::{
    super::{Decision, Event, Release, Verdict},
    Given, open, stale,
};
use crate::{
    Refusal,
    access::{Authority, HeldRole, Permission},
    person::PersonId,
    playbook::{Gate, GateId, Playbook},
    slug::{EnvName, RoleId},
    text,
};

pub(super) fn decided(release: &Release, decision: Decision, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    let by = given.by;
    let held = match &decision.gate {
        None => may_decide(release, &decision.role, by)?,
        Some(gate) => may_sign(release, given.playbook, gate, &decision.env, &decision.role, by)?,
    };
    let held = held.clone();
    let comment = text::bounded("comment", &decision.comment, 2000)?;
    if decision.verdict == Verdict::Reject && comment.is_empty() {
        return Err(Refusal::invalid("comment", "nothing", "a reason: a rejection needs one"));
    }
    open(release, "decided on")?;
    if decision.seen != release.digest {
        return Err(stale(release, &decision.seen));
    }
    let mine = release
        .standing()
        .find(|a| Some(a.by) == by.actor.person() && a.env == decision.env && a.gate == decision.gate);
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
        gate: decision.gate,
    }])
}

/// The role that lets `by` decide here, or why they may not. The page asks the same question to show the button.
pub fn may_decide<'a>(release: &Release, role: &RoleId, by: &'a Authority) -> Result<&'a HeldRole, Refusal> {
    let wanted: Vec<&RoleId> = release.contents.approvals_needed.iter().map(|r| &r.role).collect();
    as_one_of(&wanted, role, by)?;
    not_own_work(release, role, by)
}

/// The role that lets `by` answer the question of a gate before `env`, or why they may not.
pub fn may_sign<'a>(
    release: &Release,
    playbook: &Playbook,
    gate: &GateId,
    env: &EnvName,
    role: &RoleId,
    by: &'a Authority,
) -> Result<&'a HeldRole, Refusal> {
    let asking: Vec<&Gate> =
        playbook.gates_before(env, &release.contents.kind).filter(|g| g.signers().is_some()).collect();
    let Some(found) = asking.iter().find(|g| &g.id == gate) else {
        by.require(Permission::Approve, "approve")?;
        let known: Vec<&str> = asking.iter().map(|g| g.id.as_str()).collect();
        let allowed = if known.is_empty() {
            format!("nothing: no gate before {env} asks people")
        } else {
            format!("one of {}", known.join(", "))
        };
        return Err(Refusal::invalid("gate", format!("“{gate}”"), allowed));
    };
    let wanted: Vec<&RoleId> = found.signers().into_iter().flatten().collect();
    as_one_of(&wanted, role, by)?;
    if playbook.approval.author_may_approve_in.contains(env) {
        return as_holder(role, by);
    }
    not_own_work(release, role, by)
}

fn as_one_of(wanted: &[&RoleId], role: &RoleId, by: &Authority) -> Result<(), Refusal> {
    if wanted.contains(&role) {
        return Ok(());
    }
    // Someone without any say here is told so before being told which roles would have one.
    by.require(Permission::Approve, "approve")?;
    let wanted: Vec<&str> = wanted.iter().map(|r| r.as_str()).collect();
    Err(Refusal::invalid("role", format!("“{role}”"), format!("one of {}", wanted.join(", "))))
}

fn as_holder<'a>(role: &RoleId, by: &'a Authority) -> Result<&'a HeldRole, Refusal> {
    // Asked for every release in a list: words are put together only where they are said.
    let holder = || format!("A {}", role.words());
    let Some(held) = by.holds(role) else {
        return Err(Refusal::forbidden(format!("You do not hold the role {} here.", role.words()), holder()));
    };
    if !by.may(Permission::Approve) {
        return Err(Refusal::forbidden("What you signed in with does not cover approving.", holder()));
    }
    if by.actor.person().is_none() {
        return Err(Refusal::forbidden("Only a person approves.", holder()));
    }
    Ok(held)
}

fn not_own_work<'a>(release: &Release, role: &RoleId, by: &'a Authority) -> Result<&'a HeldRole, Refusal> {
    let held = as_holder(role, by)?;
    let another = || format!("Another {}", role.words());
    if by.actor.person().is_some_and(|person| release.authors.contains(&person)) {
        return Err(Refusal::forbidden(
            "You created or edited this release; nobody approves their own work.",
            another(),
        ));
    }
    if held.for_absent.is_some_and(|absent| release.authors.contains(&absent)) {
        return Err(Refusal::forbidden("You stand in for somebody who created or edited this release.", another()));
    }
    if by.token_issuer.is_some_and(|issuer| release.authors.contains(&issuer)) {
        return Err(Refusal::forbidden(
            "This token was issued by somebody who created or edited this release.",
            another(),
        ));
    }
    Ok(held)
}

/// Whether `by` created or edited the release, came with a token that such a person issued, or has `permission` only
/// by standing in for one.
pub(super) fn is_own_work(release: &Release, playbook: &Playbook, permission: Permission, by: &Authority) -> bool {
    let author = |person: Option<PersonId>| person.is_some_and(|person| release.authors.contains(&person));
    let gives = |held: &&HeldRole| {
        playbook.roles.iter().any(|role| role.id == held.role && role.permissions.contains(&permission))
    };
    let mut giving = by.roles.iter().filter(gives).peekable();
    let lent = giving.peek().is_some() && giving.all(|held| author(held.for_absent));
    author(by.actor.person()) || author(by.token_issuer) || lent
}
