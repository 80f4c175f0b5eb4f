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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{protocol::Spec, router::Sticky};
    use std::net::Ipv4Addr;

    fn spec(instances: u32) -> Spec {
        Spec {
            product: "shop".into(),
            env: "production".into(),
            listen: (Ipv4Addr::LOCALHOST, 80).into(),
            run: vec!["shop".into()],
            environment: std::collections::BTreeMap::default(),
            health: "/".into(),
            instances,
            sticky: Sticky::Nothing,
            grace_seconds: 1,
            start_seconds: 1,
        }
    }

    /// Versions with instances and weight in percent.
    fn now(arms: &[(&str, u32, u32)]) -> Desired {
        let arm = |(version, instances, percent): &(&str, u32, u32)| DesiredArm {
            version: (*version).to_owned(),
            instances: *instances,
            weight: percent * 1000,
            spec: spec(4),
        };
        Desired { last_order: 0, spec: spec(4), arms: arms.iter().map(arm).collect(), running: None }
    }

    fn order(action: Action, version: &str, other: Option<&str>) -> Order {
        let other = other.map(str::to_owned);
        let (service, version) = ("production@shop".to_owned(), version.to_owned());
        Order { key: uuid::Uuid::nil(), order: 1, service, action, version, other, spec: spec(4) }
    }

    fn planned(now: &Desired, order: &Order) -> Vec<(String, u32, u32)> {
        let plan = plan(now, order).expect("it can be planned");
        plan.arms.into_iter().map(|arm| (arm.version, arm.instances, arm.weight / 1000)).collect()
    }

    fn arms(arms: &[(&str, u32, u32)]) -> Vec<(String, u32, u32)> {
        arms.iter().map(|(version, instances, percent)| ((*version).to_owned(), *instances, *percent)).collect()
    }

    #[test]
    fn a_rollout_step_by_step() {
        let deploy = order(Action::Deploy, "2", Some("1"));
        assert_eq!(planned(&now(&[("1", 4, 100)]), &deploy), arms(&[("1", 4, 100), ("2", 4, 0)]));
        assert_eq!(planned(&now(&[]), &order(Action::Deploy, "1", None)), arms(&[("1", 4, 0)]));
        let both = now(&[("1", 4, 95), ("2", 4, 5)]);
        let weight = order(Action::Weight { share: 25_000 }, "2", Some("1"));
        assert_eq!(planned(&both, &weight), arms(&[("1", 4, 75), ("2", 4, 25)]));
        assert_eq!(planned(&both, &order(Action::Promote, "2", Some("1"))), arms(&[("1", 4, 0), ("2", 4, 100)]));
        assert_eq!(planned(&both, &order(Action::Retire, "2", Some("1"))), arms(&[("2", 4, 100)]));
        assert_eq!(planned(&both, &order(Action::RollBack, "1", Some("2"))), arms(&[("1", 4, 100)]));
        assert_eq!(planned(&both, &order(Action::RollBack, "0", Some("2"))), arms(&[("0", 4, 100)]));
    }

    #[test]
    fn a_third_version_gets_nothing_and_one_alone_gets_all() {
        let three = now(&[("0", 4, 50), ("1", 4, 50), ("2", 4, 0)]);
        let weight = order(Action::Weight { share: 5_000 }, "2", Some("1"));
        assert_eq!(planned(&three, &weight), arms(&[("0", 4, 0), ("1", 4, 95), ("2", 4, 5)]));
        let alone = order(Action::Weight { share: 5_000 }, "2", None);
        assert_eq!(planned(&now(&[("2", 4, 0)]), &alone), arms(&[("2", 4, 100)]));
        assert!(plan(&now(&[]), &alone).is_err(), "nothing of it runs");
    }

    #[test]
    fn only_whoever_gains_must_be_well() {
        let both = now(&[("1", 4, 50), ("2", 4, 50)]);
        let less = order(Action::Weight { share: 5_000 }, "2", Some("1"));
        assert_eq!(plan(&both, &less).expect("a plan").waits, [("1".to_owned(), Wait::Any)]);
    }

    #[test]
    fn a_replacement_keeps_the_full_number() {
        for (percent, new) in [(0, 0), (1, 1), (25, 1), (50, 2), (60, 2), (75, 3), (100, 4)] {
            let replace = order(Action::Replace { share: percent * 1000 }, "2", Some("1"));
            let found = planned(&now(&[("1", 4, 100)]), &replace);
            assert_eq!(found.iter().map(|(_, instances, _)| instances).sum::<u32>(), 4, "{percent} %: {found:?}");
            assert_eq!(found.iter().map(|(_, _, weight)| weight).sum::<u32>(), 100, "{percent} %: {found:?}");
            let seen = found.iter().find(|(version, ..)| version == "2").map_or(0, |(_, instances, _)| *instances);
            assert_eq!(seen, new, "{percent} %");
        }
    }
}
