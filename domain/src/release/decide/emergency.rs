//! Breaking glass: gates waived in an emergency, by its own permission, with a reason, for a while.

use super::{
    super::{Event, Release},
    Given,
    approval::is_own_work,
    open,
    record::known,
    stale,
};
use crate::{Refusal, Timestamp, access::Permission, digest::Digest, playbook::GateId, slug::EnvName, text};
use chrono::TimeDelta;

/// How many times glass can be broken for one release.
const MOST_WAIVERS: usize = 100;
/// The longest that a waiver lasts.
const LONGEST_HOURS: i64 = 24;

pub(super) fn glass_broken(
    release: &Release,
    env: EnvName,
    gates: Vec<GateId>,
    reason: &str,
    until: Timestamp,
    seen: &Digest,
    given: Given<'_>,
) -> Result<Vec<Event>, Refusal> {
    let (by, playbook) = (given.by, given.playbook);
    by.require(Permission::BreakGlass, "break glass")?;
    if by.actor.person().is_none() {
        return Err(Refusal::forbidden("Only a person breaks glass.", "Somebody with the permission"));
    }
    known("env", &env, playbook.environments.iter().map(|e| &e.name))?;
    let kind = &release.contents.kind;
    let standing = || playbook.gates_before(&env, kind);
    for gate in &gates {
        known("gates", gate, standing().map(|g| &g.id))?;
    }
    // An emergency is no way around the rule that nobody waves themselves through.
    let own = is_own_work(release, playbook, Permission::BreakGlass, by);
    let asks_people = |gate: &GateId| standing().any(|g| &g.id == gate && g.asks_people());
    if let Some(gate) = gates.iter().find(|gate| own && asks_people(gate)) {
        let why = format!("You created or edited this release; you cannot waive “{gate}”, which asks others about it.");
        return Err(Refusal::forbidden(why, "Somebody else who may break glass"));
    }
    if gates.is_empty() {
        return Err(Refusal::invalid("gates", "none", "at least one gate to waive"));
    }
    let reason = text::required("reason", reason, 2000)?;
    let latest = given.now + TimeDelta::hours(LONGEST_HOURS);
    if until <= given.now || until > latest {
        return Err(Refusal::invalid(
            "until",
            until.to_rfc3339(),
            format!("a time within the next {LONGEST_HOURS} hours"),
        ));
    }
    if release.waivers.len() >= MOST_WAIVERS {
        let allowed = format!("at most {MOST_WAIVERS} waivers of one release");
        return Err(Refusal::invalid("reason", "another waiver", allowed));
    }
    open(release, "waved through")?;
    if seen != &release.digest {
        return Err(stale(release, seen));
    }
    Ok(vec![Event::GlassBroken { env, gates, reason, until, digest: seen.clone() }])
}
