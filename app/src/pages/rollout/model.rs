//! One rollout as its page shows it, with what the playbook has to say about it.

use super::charts::{Charts, Part};
use crate::asking::{Asking, asking};
use control::World;
use domain::{
    Refusal, Timestamp,
    access::Permission,
    automation::Stopped,
    environment::{Environment, Held},
    journal::{Envelope, Fact, Seq, Stream},
    person::PersonId,
    playbook::{Clock, Decision, Message, Playbook, Procedure, ProcedureKind, Troubleshooting},
    release::{Release, ReleaseId, Report, Sent},
    rollout::{Event, Purpose, Rollout, RolloutId, State},
    slug::ProductSlug,
};
use std::time::Duration;

/// How many events are read at once while looking for where a rollout began, and how often.
const PAGE: u64 = 500;
const PAGES: usize = 20;
/// The log that is shown.
const LINES: usize = 200;
/// A log that does not come within this is not waited for.
const PATIENCE: Duration = Duration::from_secs(3);

#[derive(Debug, Clone)]
pub struct Deployment {
    pub rollout: Rollout,
    pub state: State,
    pub now: Timestamp,
    pub product_name: String,
    pub may_promote: bool,
    /// Of those who appear in it, by id.
    pub names: Vec<(PersonId, String)>,
    pub hold: Option<Held>,
    pub stopped: Option<Stopped>,
    /// The release has a page.
    pub has_release: bool,
    /// Something is set for the environment that shows whether what runs is well.
    pub checks: bool,
    /// The release that goes, or would go, when it goes back.
    pub gone: Option<Gone>,
    pub playbook: Option<Advice>,
    /// Only when asked for: it costs a call to the driver.
    pub log: Option<Result<Vec<String>, String>>,
    /// The newest first.
    pub lines: Vec<Line>,
    pub charts: Charts,
}

/// What the playbook says about going back.
#[derive(Debug, Clone)]
pub struct Advice {
    pub name: String,
    pub clocks: Vec<Clock>,
    pub procedures: Vec<Procedure>,
    pub decisions: Vec<Decision>,
    pub troubles: Vec<Troubleshooting>,
    pub messages: Vec<Message>,
}

/// What a release says about going back.
#[derive(Debug, Clone)]
pub struct Gone {
    /// How one gets back from it, as somebody wrote it down.
    pub plan: Option<String>,
    /// The messages that were sent about it.
    pub sent: Vec<Sent>,
}

/// One event of the rollout.
#[derive(Debug, Clone)]
pub struct Line {
    pub seq: Seq,
    pub at: Timestamp,
    pub by: String,
    pub event: Event,
}

impl Deployment {
    pub async fn of(product: &str, id: &str, with_log: bool, part: Part) -> Result<Self, Refusal> {
        let asking = asking()?;
        let nothing = || Refusal::not_found(format!("deployment “{id}” of “{product}”"));
        let slug: ProductSlug = product.parse().map_err(|_| nothing())?;
        let id: RolloutId = id.parse().map_err(|_| nothing())?;
        let (product, by) = asking.seen(&slug)?;
        let world = asking.control.world();
        let rollout = world.rollout(id).filter(|rollout| rollout.place.product == slug).ok_or_else(nothing)?.clone();
        let log = if with_log { Some(log(&asking, &rollout).await) } else { None };
        let lines = lines(&asking, &rollout).await?;
        let charts = Charts::of(&asking, &rollout, playbook(&world, &rollout), part).await?;
        let release = ReleaseId { product: slug.clone(), version: rollout.version.clone() };
        let goes = if rollout.purpose == Purpose::Rollback { rollout.from.as_ref() } else { Some(&rollout.version) };
        let goes = goes.map(|version| ReleaseId { product: slug.clone(), version: version.clone() });
        let gone = goes.and_then(|id| world.release(&id));
        let people = [
            rollout.started_by,
            rollout.paused.as_ref().and_then(|stop| stop.by),
            rollout.turned.as_ref().and_then(|turn| turn.by),
            world.stopped(&slug).and_then(|stopped| stopped.by),
        ];
        Ok(Self {
            state: world.rollout_state(&rollout),
            now: asking.control.now(),
            product_name: product.name.clone(),
            may_promote: by.may(Permission::Promote),
            names: people.into_iter().flatten().map(|id| (id, asking.control.name(id))).collect(),
            hold: world.environment(&rollout.place).and_then(|environment: &Environment| environment.hold.clone()),
            stopped: world.stopped(&slug).cloned(),
            has_release: world.release(&release).is_some(),
            checks: world.connection(&rollout.place).is_some_and(|c| !c.smoke.is_empty() || c.health.is_some()),
            gone: gone.map(|release| Gone { plan: plan(release), sent: release.sent.clone() }),
            playbook: playbook(&world, &rollout).map(Advice::of),
            log,
            lines,
            charts,
            rollout,
        })
    }

    pub fn name(&self, person: Option<PersonId>) -> String {
        let known = self.names.iter().find(|(id, _)| Some(*id) == person).map(|(_, name)| name.clone());
        known.unwrap_or_else(|| "Pilothouse".to_owned())
    }
}

impl Advice {
    fn of(playbook: &Playbook) -> Self {
        Self {
            name: playbook.name.to_string(),
            clocks: playbook.clocks.iter().filter(|clock| clock.rollback).cloned().collect(),
            procedures: playbook.procedures.iter().filter(|p| p.kind == ProcedureKind::Rollback).cloned().collect(),
            decisions: playbook.decisions.clone(),
            troubles: playbook.troubleshooting.clone(),
            messages: playbook.messages.clone(),
        }
    }
}

/// The newest that was written down.
fn plan(release: &Release) -> Option<String> {
    release.reports.iter().rev().find_map(|reported| match &reported.report {
        Report::RollbackPlan { plan, .. } => Some(plan.clone()),
        _ => None,
    })
}

/// The revision that the release follows; for a way back the one that the product follows now.
pub(crate) fn playbook<'a>(world: &'a World, rollout: &Rollout) -> Option<&'a Playbook> {
    let version = rollout.version.clone();
    let release = world.release(&ReleaseId { product: rollout.place.product.clone(), version });
    let own = release
        .zip(rollout.revision)
        .and_then(|(release, revision)| world.playbook_at(&release.contents.playbook, revision));
    own.or_else(|| world.playbook_of(world.product(&rollout.place.product)?))
}

async fn log(asking: &Asking, rollout: &Rollout) -> Result<Vec<String>, String> {
    match tokio::time::timeout(PATIENCE, asking.control.log_of(&rollout.place, LINES)).await {
        Ok(Ok(lines)) => Ok(lines),
        Ok(Err(refusal)) => Err(refusal.to_string()),
        Err(_) => Err(format!("The driver did not answer within {} s.", PATIENCE.as_secs())),
    }
}

/// Its events in the stream of its environment, back to its start.
async fn lines(asking: &Asking, rollout: &Rollout) -> Result<Vec<Line>, Refusal> {
    let stream = Stream::Environment(rollout.place.clone());
    let mut until = asking.control.world().version(&stream);
    let mut lines = Vec::new();
    for _ in 0..PAGES {
        let after = until.saturating_sub(PAGE);
        let limit = u32::try_from(until - after).unwrap_or_default();
        for row in asking.control.journal().read_stream(&stream, after, limit).await?.iter().rev() {
            let Envelope { seq, at, actor, fact, .. } = row.envelope()?;
            let Fact::Rollout(event) = fact else { continue };
            if event.id() != rollout.id {
                continue;
            }
            let begins = matches!(event, Event::Started { .. });
            let by = actor.person().map_or_else(|| "Pilothouse".to_owned(), |id| asking.control.name(id));
            lines.push(Line { seq, at, by, event });
            if begins {
                return Ok(lines);
            }
        }
        if after == 0 {
            break;
        }
        until = after;
    }
    Ok(lines)
}
