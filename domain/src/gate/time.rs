//! Gates that time opens: the calendar, notice, soak in another environment, the clocks of vulnerabilities.

use super::{
    finding::Finding,
    scene::Scene,
    status::{Act, Proof},
};
use crate::{
    Timestamp, calendar,
    environment::Outcome,
    playbook::{Audience, CalendarPart, Mend, Moment, Score, Span, Stayed},
    release::Report,
    slug::EnvName,
};

pub(super) fn calendar(scene: &Scene<'_>, env: &EnvName, parts: &[CalendarPart]) -> Finding {
    // Ready now, if it is not yet: what would be so if everything else were done. What changed since was not ready then.
    let release = scene.release;
    let ready = Some(release.asked_at.map_or(scene.now, |asked| asked.max(release.edited_at.unwrap_or(asked))));
    match scene.openings.at(&scene.release.contents.kind, env, parts, ready, scene.now) {
        calendar::State::Open => Finding::met("The calendar is open."),
        calendar::State::Closed { by, until } => {
            let mut titles: Vec<String> =
                by.iter().map(|closure| format!("{} ({})", closure.title, reason(closure.why))).collect();
            titles.dedup();
            let why = match until {
                Some(_) => format!("Closed: {}.", titles.join("; ")),
                None => format!("Closed for as long as can be foreseen: {}.", titles.join("; ")),
            };
            Finding::unmet(why, Act::Wait).opens(until)
        }
    }
}

fn reason(why: calendar::Why) -> &'static str {
    use calendar::Why;
    match why {
        Why::Window => "nothing ships meanwhile",
        Why::DaysBefore => "in the days before it",
        Why::BetweenTrains => "no train leaves now",
        Why::MissedCutOff => "its cut-off was missed",
        Why::OutsideOpening => "outside its hours",
        Why::Notice => "told too recently",
    }
}

/// Those concerned must have known for so long: since the first message to stakeholders.
pub(super) fn notice(scene: &Scene<'_>, span: Span) -> Finding {
    let kind = &scene.release.contents.kind;
    let messages = scene.playbook.messages.iter().filter(|m| m.types.is_empty() || m.types.contains(kind));
    let to_stakeholders = messages.filter(|m| m.audience.contains(&Audience::Stakeholders) && announces(m.moment));
    let ids: Vec<_> = to_stakeholders.map(|m| &m.id).collect();
    let Some(told) = scene.release.sent.iter().filter(|sent| ids.contains(&&sent.message)).min_by_key(|sent| sent.at)
    else {
        let act = ids.first().map_or(Act::Wait, |id| Act::Send { message: (*id).clone() });
        return Finding::unmet(format!("Stakeholders have not been told; they need {span} of notice."), act);
    };
    let proof = Proof { words: told.message.to_string(), url: None, by: told.by, at: told.at };
    let opens = told.at + span.delta();
    if opens <= scene.now {
        Finding::met(format!("Stakeholders have known for {span} or longer.")).proves(proof)
    } else {
        Finding::unmet(format!("Stakeholders were told less than {span} ago."), Act::Wait)
            .opens(Some(opens))
            .proves(proof)
    }
}

/// Whether what is said at this moment speaks of a deployment to come.
fn announces(moment: Moment) -> bool {
    use Moment::{DayBefore, Freeze, HourBefore, Preparation, Readiness, ReleaseDay, Staging};
    matches!(moment, Preparation | Freeze | Readiness | DayBefore | HourBefore | Staging | ReleaseDay)
}

pub(super) fn deployed_in(scene: &Scene<'_>, stayed: &Stayed) -> Finding {
    let name = &stayed.environment;
    let version = &scene.release.id.version;
    let act = || Act::Deploy { env: name.clone() };
    let Some(environment) = scene.environment(name) else {
        return Finding::unmet(format!("It has not been deployed to {name}."), act());
    };
    let attempt = environment.attempt(version);
    let proof = |at: Timestamp| Proof {
        words: format!("deployment to {name}"),
        url: attempt.and_then(|a| a.url.clone()),
        by: attempt.and_then(|a| a.by),
        at,
    };
    // What was taken as running after a failure came there by other means.
    let since = environment.runs_of(version).next().map(|run| run.since);
    let last = attempt.filter(|a| a.outcome == Outcome::Failed && since.is_none_or(|since| since <= a.at));
    if let Some(failed) = last {
        return Finding::unmet(format!("The last deployment of it to {name} failed."), act()).proves(proof(failed.at));
    }
    let soak = stayed.soak.map_or(chrono::TimeDelta::zero(), Span::delta);
    let mut runs = environment.runs_of(version).peekable();
    let Some(newest) = runs.peek().copied() else {
        return Finding::unmet(format!("It has not been deployed to {name}."), act());
    };
    if let Some(run) = runs.find(|run| run.until.unwrap_or(scene.now) - run.since >= soak) {
        let how = stayed.soak.map_or(String::new(), |span| format!(" for {span} or longer"));
        return Finding::met(format!("It ran in {name}{how}.")).proves(proof(run.since));
    }
    let span = stayed.soak.map_or(String::new(), |span| span.to_string());
    if newest.until.is_some() {
        let why = format!("It was replaced in {name} before it had run there for {span}.");
        return Finding::unmet(why, act()).proves(proof(newest.since));
    }
    Finding::unmet(format!("It runs in {name}, for less than {span} so far."), Act::Wait)
        .opens(Some(newest.since + soak))
        .proves(proof(newest.since))
}

/// No vulnerability that this release mends is overdue; one that is has to be answered for.
pub(super) fn vulnerabilities(scene: &Scene<'_>) -> Finding {
    let known: Vec<_> = scene
        .reports(|report| match report {
            Report::Vulnerability { id, score, known_at } => Some((id, *score, *known_at)),
            _ => None,
        })
        .collect();
    if known.is_empty() {
        return Finding::met("It mends no vulnerability with a clock.");
    }
    let mut soonest: Option<(Timestamp, &str)> = None;
    for (reported, (id, score, known_at)) in &known {
        let Some(due) = due(scene, *score, *known_at) else { continue };
        if due <= scene.now {
            let why = format!("The clock of {id} ran out on {}; security decides.", due.format("%-d %B %H:%M UTC"));
            return Finding::unmet(why, Act::Wait).shows(reported);
        }
        if soonest.is_none_or(|(at, _)| due < at) {
            soonest = Some((due, id));
        }
    }
    let found = match soonest {
        Some((at, id)) => Finding::met(format!("{id} is due by {}.", at.format("%-d %B %H:%M UTC"))),
        None => Finding::met("What it mends goes with the next planned release."),
    };
    known.iter().fold(found, |found, (reported, _)| found.shows(reported))
}

/// When a vulnerability of this score must be mended, by the playbook's bands.
fn due(scene: &Scene<'_>, score: Score, known_at: Timestamp) -> Option<Timestamp> {
    let band = scene.playbook.vulnerabilities.iter().find(|v| (v.from..=v.to).contains(&score))?;
    let patch = match band.mend {
        Mend::PatchWithin(span) => Some(span),
        Mend::EmergencyPatch | Mend::NextScheduled => None,
    };
    patch.or(band.fixed_everywhere).map(|span| known_at + span.delta())
}
