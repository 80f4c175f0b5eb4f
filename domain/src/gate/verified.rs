//! What the system sees for itself, and how it says so.

use super::{finding::Finding, reported, scene::Scene};
use crate::{
    playbook::{ChannelKind, Gate, Gravity, MessageId, Needs, Verified},
    release::{Report, slots},
    slug::EnvName,
};

/// What comes of looking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// It is so, and this is how one knows.
    Seen(String),
    /// It is not so yet; the system watches it.
    NotYet(String),
    /// The system cannot look there: a person ticks it.
    Blind,
}

/// `message` is the one that the item is about, where it is about one.
pub fn see(scene: &Scene<'_>, verified: Verified, message: Option<&MessageId>) -> Sight {
    match verified {
        Verified::ChecksGreen => all(scene, |needs| match needs {
            Needs::Checks(names) => Some(reported::checks(scene, names)),
            _ => None,
        }),
        Verified::ReviewsDone => all(scene, |needs| match needs {
            Needs::Reviews(wanted) => Some(reported::reviews(scene, *wanted)),
            _ => None,
        }),
        Verified::VersionSet => Sight::Seen(format!("The version is {}.", scene.release.id.version)),
        Verified::RollbackTargetKnown => rollback_target(scene),
        Verified::FlagsConfigured => from(&reported::flags(scene)),
        Verified::MigrationsApplied => migrations_applied(scene),
        Verified::StagingDeployed => deployed(scene, "staging"),
        Verified::ProductionDeployed => deployed(scene, "production"),
        Verified::ApprovalsComplete => approvals(scene),
        Verified::SignOffGiven => sign_offs(scene),
        Verified::MessageSent => {
            message.map_or(Sight::Blind, |id| from(&reported::told(scene, std::slice::from_ref(id))))
        }
        Verified::StatusPageUpdated => status_page(scene),
        Verified::ScanClean => scan_clean(scene),
        Verified::ArtifactsSigned => from(&reported::signed_artifacts(scene)),
        Verified::ChangeTicketLinked => from(&reported::ticket(scene)),
        Verified::AuditComplete => {
            Sight::Seen(format!("{} events of this release stand in the record.", scene.release.events))
        }
        Verified::WindowSet => match scene.release.planned {
            Some(planned) => Sight::Seen(format!("Planned for {}.", planned.at.format("%-d %B %Y %H:%M UTC"))),
            None => Sight::NotYet("No time is planned yet.".to_owned()),
        },
        Verified::OnCallKnown => on_call(scene),
        Verified::BackupTaken => from(&reported::backup(scene)),
        Verified::SloWithinBudget => from(&reported::slo_budget(scene)),
        // Looked at by parts of the house that do not report to a release yet.
        Verified::ChangelogPresent
        | Verified::NotesPresent
        | Verified::NotesPublished
        | Verified::KnownIssuesPresent
        | Verified::StagesComplete
        | Verified::TagExists
        | Verified::FreezeInEffect
        | Verified::ThresholdsKept
        | Verified::HealthGood
        | Verified::NoAlerts
        | Verified::RetrospectiveBooked => Sight::Blind,
    }
}

/// Whether [`see`] sees it, without the words; none where it is blind.
pub(super) fn sees(scene: &Scene<'_>, verified: Verified, message: Option<&MessageId>) -> Option<bool> {
    match verified {
        Verified::ChecksGreen => {
            let mut asked = gates(scene).filter_map(|gate| match &gate.needs {
                Needs::Checks(names) => Some(names),
                _ => None,
            });
            let first = asked.next()?;
            Some(reported::checks_pass(scene, first) && asked.all(|names| reported::checks_pass(scene, names)))
        }
        Verified::VersionSet | Verified::AuditComplete => Some(true),
        Verified::MessageSent => message.map(|id| scene.release.sent.iter().any(|sent| &sent.message == id)),
        Verified::WindowSet => Some(scene.release.planned.is_some()),
        other => match see(scene, other, message) {
            Sight::Seen(_) => Some(true),
            Sight::NotYet(_) => Some(false),
            Sight::Blind => None,
        },
    }
}

fn gates<'a>(scene: &Scene<'a>) -> impl Iterator<Item = &'a Gate> {
    let kind = &scene.release.contents.kind;
    scene.playbook.gates.iter().filter(move |gate| gate.types.is_empty() || gate.types.contains(kind))
}

fn from(found: &Finding) -> Sight {
    if found.met { Sight::Seen(found.why.clone()) } else { Sight::NotYet(found.why.clone()) }
}

/// Seen when every gate of the kind is met, wherever it stands; blind when there is none.
fn all(scene: &Scene<'_>, ask: impl Fn(&Needs) -> Option<Finding>) -> Sight {
    let mut first = None;
    for found in gates(scene).filter_map(|gate| ask(&gate.needs)) {
        if !found.met {
            return from(&found);
        }
        first = first.or(Some(found));
    }
    first.as_ref().map_or(Sight::Blind, from)
}

fn rollback_target(scene: &Scene<'_>) -> Sight {
    let production = scene.environment(&EnvName::production());
    match production.and_then(|environment| environment.rollback_target(&scene.release.id.version)) {
        Some(version) => Sight::Seen(format!("A rollback goes to {version}.")),
        None => Sight::NotYet("Nobody has recorded what runs in production.".to_owned()),
    }
}

fn migrations_applied(scene: &Scene<'_>) -> Sight {
    let found = scene.report(|report| match report {
        Report::Migrations { steps } => Some(steps),
        _ => None,
    });
    match found {
        Some((_, steps)) => match steps.iter().find(|step| !step.applied) {
            Some(step) => Sight::NotYet(format!("{} has not been applied.", step.name)),
            None => Sight::Seen(format!("{} migrations are applied.", steps.len())),
        },
        None => from(&reported::migrations(scene)),
    }
}

fn deployed(scene: &Scene<'_>, name: &str) -> Sight {
    let Ok(env) = name.parse::<EnvName>() else { return Sight::Blind };
    let version = &scene.release.id.version;
    match scene.environment(&env).and_then(|e| e.runs_of(version).next()) {
        Some(run) => Sight::Seen(format!("Deployed to {name} on {}.", run.since.format("%-d %B %Y %H:%M UTC"))),
        None => Sight::NotYet(format!("It has not been deployed to {name}.")),
    }
}

fn approvals(scene: &Scene<'_>) -> Sight {
    let slots = slots(scene.release);
    let open = slots.iter().filter(|slot| slot.filled_by.is_none()).count();
    if open == 0 {
        Sight::Seen(format!("{} of {} given.", slots.len(), slots.len()))
    } else {
        Sight::NotYet(format!("{} of {} given.", slots.len() - open, slots.len()))
    }
}

fn sign_offs(scene: &Scene<'_>) -> Sight {
    let mut asked = 0;
    for gate in gates(scene) {
        let Needs::SignOff(sign_off) = &gate.needs else { continue };
        for env in &gate.environments {
            asked += 1;
            let found = super::people::signed(scene, gate, env, &sign_off.roles, 1);
            if !found.met {
                return Sight::NotYet(found.why);
            }
        }
    }
    if asked == 0 { Sight::Blind } else { Sight::Seen("Every sign-off is given.".to_owned()) }
}

/// Seen when a message went to a status page; otherwise a person may have done it by other means.
fn status_page(scene: &Scene<'_>) -> Sight {
    let is_status = |id| scene.playbook.channels.iter().any(|c| &c.id == id && c.kind == ChannelKind::StatusPage);
    match scene.release.sent.iter().find(|sent| sent.channel.as_ref().is_some_and(is_status)) {
        Some(sent) => Sight::Seen(format!("Sent on {}.", sent.at.format("%-d %B %Y %H:%M UTC"))),
        None => Sight::Blind,
    }
}

fn scan_clean(scene: &Scene<'_>) -> Sight {
    let by_gates = all(scene, |needs| match needs {
        Needs::SecurityScan(gravities) => Some(reported::scan(scene, gravities)),
        _ => None,
    });
    match by_gates {
        Sight::Blind => from(&reported::scan(scene, &[Gravity::Critical, Gravity::High])),
        seen => seen,
    }
}

fn on_call(scene: &Scene<'_>) -> Sight {
    let Some(role) = scene.playbook.roles.iter().find(|role| role.id.as_str() == "on_call") else {
        return Sight::Blind;
    };
    if (scene.held)(&role.id) {
        Sight::Seen("Somebody holds the role on-call.".to_owned())
    } else {
        Sight::NotYet("Nobody holds the role on-call for this product.".to_owned())
    }
}
