//! Orders concerning rollouts, held against the release, its gates and what the driver can do.

use super::{decide::known_environment, order::StartRollout};
use crate::world::{World, no_driver};
use domain::{
    Class, Refusal, Timestamp,
    access::{Authority, Permission},
    environment::{Environment, EnvironmentId},
    gate::Status,
    journal::{Fact, Stream},
    release::ReleaseId,
    rollout::{self, Command, Given, Report, Rollout, Start},
};

type Followed = (Stream, Vec<Fact>);

/// Wrong input is said first, then what has moved on, then what stands in the way.
pub(super) fn start(world: &World, wish: StartRollout, by: &Authority, now: Timestamp) -> Result<Followed, Refusal> {
    by.require(Permission::Promote, "promote")?;
    let StartRollout { place, id, version, choice, digest, reason, speed } = wish;
    let release_id = ReleaseId { product: place.product.clone(), version: version.clone() };
    let release = world.release(&release_id).ok_or_else(|| Refusal::not_found(format!("release {release_id}")))?;
    let playbook = world
        .playbook_at(&release.contents.playbook, release.contents.playbook_revision)
        .ok_or_else(|| Refusal::not_found(format!("playbook {}", release.contents.playbook)))?;
    known_environment(playbook, &place.env)?;
    // What no driver is needed for comes first: the rest is asked once it is known that nothing else is under way.
    let prospect = world.prospect(release, &place, &choice, speed);
    if let Err(wrong) = &prospect
        && wrong.class == Class::Invalid
    {
        return Err(wrong.clone());
    }
    if let Some(seen) = digest.filter(|seen| seen != &release.digest) {
        let detail = "The release has changed since you looked; look again at what you promote.";
        return Err(Refusal::conflict(detail, seen.to_string(), release.digest.to_string()).on("digest"));
    }
    let environment = state_of(world, &place);
    let steps = prospect.as_ref().map(|p| p.steps.clone()).unwrap_or_default();
    let start = Start {
        id,
        version,
        strategy: match &prospect {
            Ok(prospect) => prospect.strategy.clone(),
            Err(_) => {
                playbook.strategies.first().map(|s| s.id.clone()).ok_or_else(|| Refusal::not_found("strategy"))?
            }
        },
        revision: release.contents.playbook_revision,
        digest: release.digest.clone(),
        driver: prospect.as_ref().map(|p| p.driver.clone()).unwrap_or_default(),
        monitored: prospect.as_ref().is_ok_and(|p| p.monitored),
        automatic: prospect.as_ref().is_ok_and(|p| p.automatic),
        steps,
        reason,
    };
    let events = rollout::decide(Command::Start(Box::new(start)), given(world, &environment, by, None))?;
    prospect?;
    let unmet = world.gates_unmet(release, &place, now);
    if !unmet.is_empty() {
        return Err(in_the_way(&unmet, &place));
    }
    Ok(followed(place, events))
}

pub(super) fn steer(
    world: &World,
    place: EnvironmentId,
    command: Command,
    by: &Authority,
    now: Timestamp,
) -> Result<Followed, Refusal> {
    if matches!(command, Command::Start(_)) {
        return Err(Refusal::new(Class::Invalid, "A rollout is started from its release."));
    }
    let environment = state_of(world, &place);
    let named = match &command {
        Command::Steer { id, .. } | Command::Resolve { id, .. } | Command::Report { id, .. } => {
            world.rollout(*id).filter(|rollout| rollout.place == place)
        }
        // The last way back there, so that asking for it once more is the same.
        Command::RollBack { .. } => environment.hold.as_ref().and_then(|held| world.rollout(held.rollout)),
        Command::Start(_) => None,
    };
    if let Command::RollBack { .. } = &command
        && environment.connection.is_none()
    {
        return Err(no_driver(&place));
    }
    let begins = matches!(&command, Command::Report { report: Report::Intended { .. }, .. });
    let events = rollout::decide(command, given(world, &environment, by, named))?;
    if let Some(rollout) = named.filter(|rollout| begins && !rollout.goes_back() && !rollout.has_begun()) {
        still_allowed(world, rollout, now)?;
    }
    Ok(followed(place, events))
}

/// Between the order and the first step an approval may have been taken back or the release edited.
fn still_allowed(world: &World, rollout: &Rollout, now: Timestamp) -> Result<(), Refusal> {
    let id = ReleaseId { product: rollout.place.product.clone(), version: rollout.version.clone() };
    let release = world.release(&id).ok_or_else(|| Refusal::not_found(format!("release {id}")))?;
    if rollout.digest.as_ref().is_some_and(|digest| digest != &release.digest) {
        return Err(Refusal::new(Class::Blocked, "The release was changed after the rollout was started."));
    }
    let unmet = world.gates_unmet(release, &rollout.place, now);
    if unmet.is_empty() { Ok(()) } else { Err(in_the_way(&unmet, &rollout.place)) }
}

fn state_of(world: &World, place: &EnvironmentId) -> Environment {
    world.environment(place).cloned().unwrap_or_else(|| Environment::new(place.clone()))
}

fn given<'a>(
    world: &'a World,
    environment: &'a Environment,
    by: &'a Authority,
    named: Option<&'a Rollout>,
) -> Given<'a> {
    let active = environment.lock.and_then(|id| world.rollout(id));
    let stopped = world.stopped(&environment.id.product).map(|stopped| stopped.reason.as_str());
    Given { by, environment, active, named, stopped }
}

fn followed(place: EnvironmentId, events: Vec<rollout::Event>) -> Followed {
    (Stream::Environment(place), events.into_iter().map(Fact::Rollout).collect())
}

fn in_the_way(unmet: &[Status], place: &EnvironmentId) -> Refusal {
    let first = &unmet[0];
    let others = match unmet.len() {
        1 => String::new(),
        2 => " One more gate is not met.".to_owned(),
        n => format!(" {} more gates are not met.", n - 1),
    };
    Refusal {
        gates: unmet.iter().map(|status| status.id.to_string()).collect(),
        who_can_help: Some(format!("The {}", first.owner.words())),
        ..Refusal::new(Class::Blocked, format!("“{}” before {}: {}{others}", first.title, place.env, first.why))
    }
}
