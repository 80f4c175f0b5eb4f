//! Gates that look at what CI, scanners and people reported. What nobody reported is never taken for good.

use super::{
    condition::applies,
    finding::Finding,
    scene::Scene,
    status::{Act, Proof},
    verified::{Sight, see},
};
use crate::{
    playbook::{Condition, Gravity, MessageId, MigrationStep},
    release::{CheckState, Migration, Report, Reported},
    text::list,
};
use std::collections::BTreeMap;

fn report(about: &str) -> Act {
    Act::Report { about: about.to_owned() }
}

pub(super) fn checks(scene: &Scene<'_>, names: &[String]) -> Finding {
    let mut troubles = Vec::new();
    let mut seen: Vec<&Reported> = Vec::with_capacity(names.len());
    for name in names {
        let found = scene.report(|report| match report {
            Report::Check { name: reported, state, .. } if reported == name => Some(*state),
            _ => None,
        });
        let Some((reported, state)) = found else {
            troubles.push(format!("{name} has not been reported"));
            continue;
        };
        seen.push(reported);
        match state {
            _ if scene.release.is_outdated(reported) => {
                troubles.push(format!("{name} was reported for earlier artifacts"));
            }
            CheckState::Passed => {}
            CheckState::Failed => troubles.push(format!("{name} failed")),
            CheckState::Running => troubles.push(format!("{name} is running")),
        }
    }
    let found = if troubles.is_empty() {
        Finding::met(format!("{} passed.", list(names)))
    } else {
        Finding::unmet(format!("{}.", troubles.join("; ")), report("check"))
    };
    found.shows_all(seen.into_iter())
}

/// Whether [`checks`] would say that all have passed, without its words.
pub(super) fn checks_pass(scene: &Scene<'_>, names: &[String]) -> bool {
    names.iter().all(|name| {
        let found = scene.report(|report| match report {
            Report::Check { name: reported, state, .. } if reported == name => Some(*state),
            _ => None,
        });
        found.is_some_and(|(reported, state)| state == CheckState::Passed && !scene.release.is_outdated(reported))
    })
}

pub(super) fn reviews(scene: &Scene<'_>, wanted: u8) -> Finding {
    let of_type = scene.playbook.types.iter().find(|t| t.id == scene.release.contents.kind).and_then(|t| t.reviewers);
    let wanted = of_type.unwrap_or(wanted);
    let found = scene.report(|report| match report {
        Report::Reviews { approved, .. } => Some(*approved),
        _ => None,
    });
    match found {
        Some((reported, approved)) if approved >= wanted => {
            Finding::met(format!("{approved} of {wanted} reviewers approved.")).shows(reported)
        }
        Some((reported, approved)) => {
            Finding::unmet(format!("{approved} of {wanted} reviewers approved."), report("reviews")).shows(reported)
        }
        None => Finding::unmet(format!("No review has been reported; it needs {wanted}."), report("reviews")),
    }
}

pub(super) fn branch(scene: &Scene<'_>) -> Finding {
    let found = scene.report(|report| match report {
        Report::Branch { up_to_date } => Some(*up_to_date),
        _ => None,
    });
    match found {
        Some((reported, true)) => Finding::met("The branch holds everything its target does.").shows(reported),
        Some((reported, false)) => {
            Finding::unmet("The branch lacks changes of its target.", report("branch")).shows(reported)
        }
        None => Finding::unmet("Nobody reported whether the branch is up to date.", report("branch")),
    }
}

pub(super) fn commits(scene: &Scene<'_>) -> Finding {
    let found = scene.report(|report| match report {
        Report::Commits { total, nonconforming } => Some((*total, nonconforming)),
        _ => None,
    });
    match found {
        Some((reported, (total, odd))) if odd.is_empty() => {
            Finding::met(format!("All {total} commits follow the convention.")).shows(reported)
        }
        Some((reported, (total, odd))) => {
            let first: Vec<&String> = odd.iter().take(3).collect();
            let why = format!("{} of {total} commits do not follow the convention: {}.", odd.len(), list(&first));
            Finding::unmet(why, report("commits")).shows(reported)
        }
        None => Finding::unmet("No commits have been reported.", report("commits")),
    }
}

pub(super) fn ticket(scene: &Scene<'_>) -> Finding {
    let found = scene.report(|report| match report {
        Report::Ticket { id, .. } => Some(id),
        _ => None,
    });
    match found {
        Some((reported, id)) => Finding::met(format!("Ticket {id}.")).shows(reported),
        None => Finding::unmet("No change ticket is linked.", report("ticket")),
    }
}

pub(super) fn told(scene: &Scene<'_>, messages: &[MessageId]) -> Finding {
    let missing: Vec<&MessageId> =
        messages.iter().filter(|id| !scene.release.sent.iter().any(|sent| &sent.message == *id)).collect();
    let title = |id: &MessageId| {
        let found = scene.playbook.messages.iter().find(|m| &m.id == id);
        found.map_or_else(|| id.to_string(), |message| format!("“{}”", message.title))
    };
    let found = match missing.first() {
        None => Finding::met("Sent."),
        Some(first) => {
            let titles: Vec<String> = missing.iter().map(|id| title(id)).collect();
            Finding::unmet(format!("Not sent yet: {}.", list(&titles)), Act::Send { message: (*first).clone() })
        }
    };
    let sent = scene.release.sent.iter().filter(|sent| messages.contains(&sent.message));
    sent.fold(found, |found, sent| {
        found.proves(Proof { words: title(&sent.message), url: None, by: sent.by, at: sent.at })
    })
}

pub(super) fn slo_budget(scene: &Scene<'_>) -> Finding {
    let found = scene.report(|report| match report {
        Report::SloBudget { left } => Some(*left),
        _ => None,
    });
    match found {
        Some((reported, left)) if left.amount().thousandths() > 0 => {
            Finding::met(format!("{left} of the error budget is left.")).shows(reported)
        }
        Some((reported, _)) => Finding::unmet("The error budget is used up.", report("slo_budget")).shows(reported),
        None => Finding::unmet("Nobody reported how much error budget is left.", report("slo_budget")),
    }
}

pub(super) fn migrations(scene: &Scene<'_>) -> Finding {
    let found = scene.report(|report| match report {
        Report::Migrations { steps } => Some(steps),
        _ => None,
    });
    let Some((reported, steps)) = found else {
        return match applies(Condition::Migrations, scene.release) {
            Some(false) => Finding::met("It brings no migrations."),
            _ => Finding::unmet("Nobody reported which migrations it brings.", report("migrations")),
        };
    };
    let trouble = if let Some(contract) = contract_with_its_expand(steps) {
        Some(format!("{contract} takes away what an expand of this very release brings; ship it in a later one"))
    } else {
        out_of_order(steps).map(|name| format!("{name} is applied, though an earlier one is not"))
    };
    match trouble {
        Some(why) => Finding::unmet(format!("{why}."), report("migrations")).shows(reported),
        None if steps.is_empty() => Finding::met("It brings no migrations.").shows(reported),
        None => Finding::met(format!("{} migrations, in order.", steps.len())).shows(reported),
    }
}

/// A contract whose expand comes in the same release: the version before could not live with it.
fn contract_with_its_expand(steps: &[Migration]) -> Option<&str> {
    let expands = || steps.iter().filter(|s| s.step == MigrationStep::Expand);
    let same = |a: &Migration, b: &Migration| match (&a.change, &b.change) {
        (Some(a), Some(b)) => a == b,
        // Without a name of what they belong to, they may belong together.
        _ => true,
    };
    let contracts = steps.iter().filter(|s| s.step == MigrationStep::Contract);
    contracts.into_iter().find(|contract| expands().any(|expand| same(contract, expand))).map(|s| s.name.as_str())
}

fn out_of_order(steps: &[Migration]) -> Option<&str> {
    let waiting = steps.iter().position(|step| !step.applied)?;
    steps.iter().skip(waiting).find(|step| step.applied).map(|step| step.name.as_str())
}

pub(super) fn flags(scene: &Scene<'_>) -> Finding {
    let found = scene.report(|report| match report {
        Report::FlagsConfigured { note } => Some(note),
        _ => None,
    });
    match found {
        Some((reported, _)) => Finding::met("Every flag it needs is set up.").shows(reported),
        None if applies(Condition::Flags, scene.release) == Some(false) => Finding::met("It changes no flags."),
        None => Finding::unmet("Nobody said that its flags are set up.", report("flags_configured")),
    }
}

pub(super) fn scan(scene: &Scene<'_>, gravities: &[Gravity]) -> Finding {
    type Scan<'a> = (&'a String, &'a BTreeMap<Gravity, u32>);
    let scans: Vec<(&Reported, Scan<'_>)> = scene
        .reports(|report| match report {
            Report::Scan { tool, findings, .. } => Some((tool, findings)),
            _ => None,
        })
        .collect();
    if scans.is_empty() {
        return Finding::unmet("No scan has been reported.", report("scan"));
    }
    let mut troubles = Vec::new();
    for (reported, (tool, findings)) in &scans {
        if scene.release.is_outdated(reported) {
            troubles.push(format!("{tool} looked at earlier artifacts"));
            continue;
        }
        for gravity in gravities {
            match findings.get(gravity) {
                None | Some(0) => {}
                Some(n) => troubles.push(format!("{tool} found {n} {gravity}")),
            }
        }
    }
    let found = if troubles.is_empty() {
        let words: Vec<String> = gravities.iter().map(ToString::to_string).collect();
        Finding::met(format!("Nothing {} was found.", crate::text::either(&words)))
    } else {
        Finding::unmet(format!("{}.", troubles.join("; ")), report("scan"))
    };
    scans.iter().fold(found, |found, (reported, _)| found.shows(reported))
}

pub(super) fn signed_artifacts(scene: &Scene<'_>) -> Finding {
    let artifacts = &scene.release.contents.artifacts;
    if artifacts.is_empty() {
        return Finding::unmet("It has no artifacts that could be signed.", report("signature"));
    }
    let signatures: Vec<(&Reported, &String)> = scene
        .reports(|report| match report {
            Report::Signature { artifact, .. } => Some(artifact),
            _ => None,
        })
        .filter(|(reported, _)| !scene.release.is_outdated(reported))
        .collect();
    let missing: Vec<&str> = artifacts
        .iter()
        .map(|artifact| artifact.name.as_str())
        .filter(|name| !signatures.iter().any(|(_, signed)| signed == name))
        .collect();
    let found = if missing.is_empty() {
        Finding::met("All artifacts are signed.")
    } else {
        Finding::unmet(format!("Without a signature: {}.", list(&missing)), report("signature"))
    };
    signatures.iter().fold(found, |found, (reported, _)| found.shows(reported))
}

pub(super) fn evidence(scene: &Scene<'_>) -> Finding {
    let mut missing = Vec::new();
    let mut proofs = Vec::new();
    for piece in &scene.playbook.evidence {
        let attached = scene.report(|report| match report {
            Report::Evidence { id, .. } if id == &piece.id => Some(()),
            _ => None,
        });
        let seen = piece.verified_by.is_some_and(|verified| matches!(see(scene, verified, None), Sight::Seen(_)));
        match attached {
            Some((reported, ())) => proofs.push(reported),
            None if seen => {}
            None => missing.push(piece.title.as_str()),
        }
    }
    let found = if missing.is_empty() {
        Finding::met("Every piece of evidence is there.")
    } else {
        Finding::unmet(format!("Missing: {}.", missing.join("; ")), report("evidence"))
    };
    proofs.into_iter().fold(found, Finding::shows)
}

pub(super) fn backup(scene: &Scene<'_>) -> Finding {
    let found = scene.report(|report| match report {
        Report::Backup { note } => Some(note),
        _ => None,
    });
    match found {
        Some((reported, note)) => Finding::met(format!("Taken: {note}")).shows(reported),
        None => Finding::unmet("No backup has been reported.", report("backup")),
    }
}

pub(super) fn rollback_plan(scene: &Scene<'_>, must_be_tested: bool) -> Finding {
    let found = scene.report(|report| match report {
        Report::RollbackPlan { tested, .. } => Some(*tested),
        _ => None,
    });
    match found {
        Some((reported, true)) => Finding::met("Written down and tried.").shows(reported),
        Some((reported, false)) if !must_be_tested => Finding::met("Written down.").shows(reported),
        Some((reported, false)) => {
            Finding::unmet("The way back is written down and has not been tried.", report("rollback_plan"))
                .shows(reported)
        }
        None => Finding::unmet("Nobody wrote down the way back.", report("rollback_plan")),
    }
}

pub(super) fn benchmarks(scene: &Scene<'_>) -> Finding {
    let found = scene.report(|report| match report {
        Report::Benchmarks { met, note, .. } => Some((*met, note)),
        _ => None,
    });
    match found {
        Some((reported, _)) if scene.release.is_outdated(reported) => {
            Finding::unmet("They were run on earlier artifacts.", report("benchmarks")).shows(reported)
        }
        Some((reported, (true, _))) => Finding::met("Benchmarks are met.").shows(reported),
        Some((reported, (false, note))) => {
            Finding::unmet(format!("Benchmarks are not met: {note}"), report("benchmarks")).shows(reported)
        }
        None => Finding::unmet("No benchmarks have been reported.", report("benchmarks")),
    }
}
