//! Gates that wait for people: the approvals of the type, sign-offs, quorums.

use super::{
    assess::{concerns, next_environment},
    finding::Finding,
    scene::Scene,
    status::{Act, Proof},
};
use crate::{
    playbook::{Gate, GateId, Needs},
    release::{Approval, Phase, Verdict, slots, slots_in},
    slug::{EnvName, RoleId},
    text::{either, list},
};

/// A place that somebody in one of some roles fills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub roles: Vec<RoleId>,
    pub filled: Option<Approval>,
}

/// The places of a gate that asks people, filled ones first. One person fills one place.
pub fn places(scene: &Scene<'_>, gate: &Gate, env: &EnvName, roles: &[RoleId], needed: usize) -> Vec<Place> {
    let given: Vec<&Approval> = answers(scene, gate, env).filter(|a| a.verdict == Verdict::Approve).collect();
    let mut filled: Vec<&Approval> = Vec::new();
    for approval in given.into_iter().filter(|a| roles.contains(&a.role)) {
        // A quorum counts roles as well as people.
        if filled.iter().all(|other| other.by != approval.by && (needed == 1 || other.role != approval.role)) {
            filled.push(approval);
        }
    }
    let open: Vec<RoleId> =
        roles.iter().filter(|role| needed == 1 || filled.iter().all(|a| &a.role != *role)).cloned().collect();
    (0..needed).map(|n| Place { roles: open.clone(), filled: filled.get(n).map(|a| Approval::clone(a)) }).collect()
}

/// Whose word a release waits for: for its approval, or for the question of a gate before an environment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Awaited {
    pub role: RoleId,
    pub gate: Option<(GateId, EnvName)>,
}

/// The open places of a release's approval, and of the gates before its next environment that ask people. Nobody is
/// waited for while it is a draft or somebody's refusal stands.
pub fn awaited(scene: &Scene<'_>) -> Vec<Awaited> {
    let release = scene.release;
    if release.phase != Phase::Candidate || release.rejection().is_some() {
        return Vec::new();
    }
    let open = slots(release).into_iter().filter(|slot| slot.filled_by.is_none()).map(|slot| slot.role);
    let mut all: Vec<Awaited> = open.map(|role| Awaited { role, gate: None }).collect();
    if let Some(env) = next_environment(scene) {
        for gate in scene.playbook.gates_before(env, &release.contents.kind).filter(|gate| concerns(scene, gate)) {
            if answers(scene, gate, env).any(|answer| answer.verdict == Verdict::Reject) {
                continue;
            }
            let (signers, needed) = match &gate.needs {
                Needs::SignOff(sign_off) => (&sign_off.roles, 1),
                Needs::Approval(quorum) | Needs::BusinessApproval(quorum) => (&quorum.roles, quorum.needed()),
                _ => continue,
            };
            let places = places(scene, gate, env, signers, needed);
            let open = places.into_iter().filter(|place| place.filled.is_none()).flat_map(|place| place.roles);
            all.extend(open.map(|role| Awaited { role, gate: Some((gate.id.clone(), env.clone())) }));
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

fn answers<'b>(scene: &'b Scene<'_>, gate: &'b Gate, env: &'b EnvName) -> impl Iterator<Item = &'b Approval> {
    scene.release.standing().filter(move |a| &a.env == env && a.gate.as_ref() == Some(&gate.id))
}

pub(super) fn signed(scene: &Scene<'_>, gate: &Gate, env: &EnvName, roles: &[RoleId], needed: usize) -> Finding {
    let act = || Act::Sign { roles: roles.to_vec() };
    if let Some(no) = answers(scene, gate, env).find(|a| a.verdict == Verdict::Reject) {
        let why = format!("Refused by the {}: {}", no.role.words(), no.comment);
        return Finding::unmet(why, act()).proves(proof(no));
    }
    let places = places(scene, gate, env, roles, needed);
    let given: Vec<&Approval> = places.iter().filter_map(|place| place.filled.as_ref()).collect();
    let words: Vec<String> = places.first().map(|p| p.roles.iter().map(RoleId::words).collect()).unwrap_or_default();
    let found = if given.len() == needed {
        Finding::met(format!("Given by {}.", list(&given.iter().map(|a| a.role.words()).collect::<Vec<_>>())))
    } else if needed == 1 {
        Finding::unmet(format!("Waits for the {}.", either(&words)), act())
    } else {
        let missing = needed - given.len();
        Finding::unmet(format!("{} of {needed} given; waits for {missing} of {}.", given.len(), list(&words)), act())
    };
    given.into_iter().fold(found, |found, approval| found.proves(proof(approval)))
}

pub(super) fn approved(scene: &Scene<'_>, env: &EnvName) -> Finding {
    let release = scene.release;
    if let Some(no) = release.standing().find(|a| a.gate.is_none() && a.verdict == Verdict::Reject && &a.env == env) {
        let why = format!("Rejected by the {}: {}", no.role.words(), no.comment);
        return Finding::unmet(why, Act::Approve).proves(proof(no));
    }
    if release.phase == Phase::Draft {
        return Finding::unmet("It is a draft: nobody has been asked to approve it.", Act::AskForApproval);
    }
    let slots = slots_in(release, env);
    let mut missing: Vec<String> = Vec::new();
    for slot in slots.iter().filter(|slot| slot.filled_by.is_none()) {
        missing.push(slot.role.words());
    }
    let standing =
        release.standing().filter(|a| a.gate.is_none() && &a.env == env && a.verdict == Verdict::Approve).map(proof);
    let found = if slots.is_empty() {
        Finding::met("This type needs no approval.")
    } else if missing.is_empty() {
        Finding::met(format!("{} of {} given.", slots.len(), slots.len()))
    } else {
        let given = slots.len() - missing.len();
        let why = format!("{given} of {} given; waits for the {}.", slots.len(), list(&missing));
        Finding::unmet(why, Act::Approve)
    };
    standing.fold(found, Finding::proves)
}

fn proof(approval: &Approval) -> Proof {
    Proof { words: approval.role.words(), url: None, by: Some(approval.by), at: approval.at }
}
