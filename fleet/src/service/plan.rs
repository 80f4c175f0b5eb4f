//! What a service should be like once an order is carried out: pure, from what it is like now.

use crate::{
    protocol::{Action, Order},
    router::WHOLE,
    state::{Desired, DesiredArm},
};

/// How many of a version's instances must be well before traffic moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wait {
    All,
    /// Safety does not wait for the last one.
    Any,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) arms: Vec<DesiredArm>,
    pub(super) waits: Vec<(String, Wait)>,
    /// Whether the order is carried out only when those that leave have ended.
    pub(super) until_ended: bool,
}

/// The plan, or why it cannot be.
pub(super) fn plan(now: &Desired, order: &Order) -> Result<Plan, String> {
    let version = order.version.as_str();
    match order.action {
        Action::Deploy => {
            let mut arms = now.arms.clone();
            grow(&mut arms, order, order.spec.instances);
            Ok(Plan { arms, waits: vec![(version.to_owned(), Wait::All)], until_ended: false })
        }
        Action::Weight { share } => {
            let mut arms = now.arms.clone();
            let partner = partner(&arms, order);
            share_out(&mut arms, order, partner.as_deref(), share)?;
            let waits = those_that_gain(now, &arms);
            Ok(Plan { arms, waits, until_ended: false })
        }
        Action::Promote => {
            let mut arms = now.arms.clone();
            share_out(&mut arms, order, None, WHOLE)?;
            let waits = those_that_gain(now, &arms);
            Ok(Plan { arms, waits, until_ended: false })
        }
        Action::Retire => {
            let mut arms = now.arms.clone();
            arms.retain(|arm| arm.version == version);
            share_out(&mut arms, order, None, WHOLE)?;
            let waits = those_that_gain(now, &arms);
            Ok(Plan { arms, waits, until_ended: true })
        }
        Action::RollBack => {
            let mut arms = now.arms.clone();
            arms.retain(|arm| arm.version == version);
            grow(&mut arms, order, order.spec.instances);
            share_out(&mut arms, order, None, WHOLE)?;
            Ok(Plan { arms, waits: vec![(version.to_owned(), Wait::Any)], until_ended: false })
        }
        Action::Replace { share } => Ok(replace(now, order, share)),
    }
}

/// Those that grow do so first, so there are never fewer instances than the full number.
fn replace(now: &Desired, order: &Order, share: u32) -> Plan {
    let (version, all) = (order.version.as_str(), order.spec.instances);
    let mut arms = now.arms.clone();
    let partner = partner(&arms, order);
    let new = match &partner {
        Some(_) => part_of(all, share),
        None => all,
    };
    let before = |name: &str| now.arms.iter().find(|arm| arm.version == name).map_or(0, |arm| arm.instances);
    let mut waits = Vec::new();
    if new > 0 {
        set(&mut arms, order, version, new);
        waits.push((version.to_owned(), if new > before(version) { Wait::All } else { Wait::Any }));
    }
    if let Some(partner) = &partner {
        let old = all - new;
        if old > 0 {
            set(&mut arms, order, partner, old);
            waits.push((partner.clone(), if old > before(partner) { Wait::All } else { Wait::Any }));
        }
    }
    let gone = |arm: &DesiredArm| {
        (arm.version == version && new == 0) || (Some(&arm.version) == partner.as_ref() && new == all)
    };
    arms.retain(|arm| !gone(arm));
    for arm in &mut arms {
        let ours = arm.version == version || Some(&arm.version) == partner.as_ref();
        arm.weight = if ours { weight(arm.instances, all) } else { 0 };
    }
    Plan { arms, waits, until_ended: true }
}

/// So many of so many, in parts of the whole.
fn weight(some: u32, all: u32) -> u32 {
    u32::try_from(u64::from(some) * u64::from(WHOLE) / u64::from(all.max(1))).unwrap_or(WHOLE).min(WHOLE)
}

/// The nearest number of instances; at least one when it is anything at all.
fn part_of(all: u32, share: u32) -> u32 {
    let nearest = (u64::from(all) * u64::from(share.min(WHOLE)) + u64::from(WHOLE / 2)) / u64::from(WHOLE);
    let nearest = u32::try_from(nearest).unwrap_or(all);
    if share == 0 { 0 } else { nearest.max(1) }
}

/// The other one of the two, where it runs.
fn partner(arms: &[DesiredArm], order: &Order) -> Option<String> {
    let other = order.other.as_ref().filter(|other| **other != order.version)?;
    arms.iter().any(|arm| arm.version == *other).then(|| other.clone())
}

fn grow(arms: &mut Vec<DesiredArm>, order: &Order, instances: u32) {
    set(arms, order, &order.version, instances);
}

/// A version that is new comes last, with the settings of now; one that runs keeps its own.
fn set(arms: &mut Vec<DesiredArm>, order: &Order, version: &str, instances: u32) {
    match arms.iter_mut().find(|arm| arm.version == version) {
        Some(arm) => arm.instances = instances,
        None => arms.push(DesiredArm { version: version.to_owned(), instances, weight: 0, spec: order.spec.clone() }),
    }
}

fn share_out(arms: &mut [DesiredArm], order: &Order, partner: Option<&str>, share: u32) -> Result<(), String> {
    if !arms.iter().any(|arm| arm.version == order.version) {
        return Err(format!("{} does not run here: deploy it first", order.version));
    }
    // Where there is nobody to share with, all is one's own.
    let share = if partner.is_some() { share.min(WHOLE) } else { WHOLE };
    for arm in arms {
        arm.weight = if arm.version == order.version {
            share
        } else if Some(arm.version.as_str()) == partner {
            WHOLE - share
        } else {
            0
        };
    }
    Ok(())
}

/// Whoever is to have more traffic must be well. Whoever is to have less may be as it is: often that is the reason.
fn those_that_gain(now: &Desired, arms: &[DesiredArm]) -> Vec<(String, Wait)> {
    let before = |name: &str| now.arms.iter().find(|arm| arm.version == name).map_or(0, |arm| arm.weight);
    let gains = |arm: &&DesiredArm| arm.weight > before(&arm.version);
    arms.iter().filter(gains).map(|arm| (arm.version.clone(), Wait::Any)).collect()
}
