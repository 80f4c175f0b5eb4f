//! What may be done concerning a known issue, and by whom.

use super::{Command, Details, Edit, Event, KnownIssue, Report, State, affected::above};
use crate::{
    Refusal,
    access::{Authority, Permission},
    playbook::{Audience, Playbook},
    release::address,
    slug::{ProductSlug, TypeId},
    text,
};

const LONGEST_TITLE: usize = 200;
const LONGEST_TEXT: usize = 8_000;
const LONGEST_REASON: usize = 500;
/// They hold everywhere, whatever a playbook calls its own.
const SEVERITIES: [&str; 3] = ["sev1", "sev2", "sev3"];

/// What a decision rests on beside the issue itself.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    pub by: &'a Authority,
    pub product: &'a ProductSlug,
    /// The revision that the product follows.
    pub playbook: &'a Playbook,
}

/// Events that follow from `command`, or why not.
pub fn decide(state: Option<&KnownIssue>, command: Command, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    may_keep(given.product, given.by)?;
    match (state, command) {
        (None, Command::Report(report)) => {
            let details = Box::new(reported(*report, given.playbook)?);
            Ok(vec![Event::Reported { product: given.product.clone(), details }])
        }
        (Some(issue), Command::Report(_)) => {
            let found = format!("known issue {}", issue.id);
            Err(Refusal::conflict("This known issue is reported already.", "an id not in use", found))
        }
        (Some(issue), _) if &issue.product != given.product => Err(Refusal::not_found("known issue with this id")),
        (None, _) => Err(Refusal::not_found("known issue with this id")),
        (Some(issue), Command::Edit(edit)) => {
            let details = edited(&issue.details, *edit, given.playbook)?;
            let same = details == issue.details;
            Ok(if same { vec![] } else { vec![Event::Edited { details: Box::new(details) }] })
        }
        (Some(issue), Command::Fix { version }) => {
            open(issue)?;
            let before = issue.details.affected.from().filter(|first| above(first, &version));
            if let Some(first) = before {
                let allowed = format!("a version from {first} on, which is where it begins");
                return Err(Refusal::invalid("version", version.to_string(), allowed));
            }
            let same = issue.fixes.contains_key(&version);
            Ok(if same { vec![] } else { vec![Event::Fixed { version }] })
        }
        (Some(issue), Command::Close { reason }) => {
            let reason = text::required("reason", &reason, LONGEST_REASON)?;
            Ok(if issue.closed.is_some() { vec![] } else { vec![Event::Closed { reason }] })
        }
        (Some(issue), Command::Reopen { reason }) => {
            let reason = text::required("reason", &reason, LONGEST_REASON)?;
            let is_open = issue.closed.is_none() && issue.fixes.is_empty();
            Ok(if is_open { vec![] } else { vec![Event::Reopened { reason }] })
        }
    }
}

/// Whoever authors releases, ticks checklists or responds to incidents.
pub fn may_keep(product: &ProductSlug, by: &Authority) -> Result<(), Refusal> {
    let may = [Permission::Author, Permission::Tick, Permission::Respond];
    if may.into_iter().any(|permission| by.may(permission)) {
        return Ok(());
    }
    by.require(Permission::Author, "keep known issues")
        .map_err(|no| Refusal { who_can_help: Some(format!("An engineer or support of {product}")), ..no })
}

/// The audience of this name.
pub fn audience_named(name: &str) -> Result<Audience, Refusal> {
    let known = Audience::ALL.iter().copied().find(|audience| audience.name() == name);
    known.ok_or_else(|| {
        let names: Vec<&str> = Audience::ALL.iter().map(|one| one.name()).collect();
        Refusal::invalid("audience", format!("“{name}”"), format!("one of {}", names.join(", ")))
    })
}

/// The state of this name.
pub fn state_named(name: &str) -> Result<State, Refusal> {
    let known = State::ALL.into_iter().find(|state| state.name() == name);
    known.ok_or_else(|| Refusal::invalid("state", format!("“{name}”"), "one of open, fixed, closed"))
}

/// What a known issue can be called in severity: those that hold everywhere, then the playbook's own, each with its title.
pub fn severities(playbook: &Playbook) -> Vec<(String, String)> {
    let everywhere = SEVERITIES.map(|id| (id.to_owned(), id.to_uppercase()));
    let own = playbook.severities.iter().map(|severity| (severity.id.to_string(), severity.title.clone()));
    let own: Vec<_> = own.filter(|(id, _)| !SEVERITIES.contains(&id.as_str())).collect();
    everywhere.into_iter().chain(own).collect()
}

fn open(issue: &KnownIssue) -> Result<(), Refusal> {
    match &issue.closed {
        None => Ok(()),
        Some(closed) => Err(Refusal {
            who_can_help: Some("Whoever reopens it first".to_owned()),
            ..Refusal::conflict(format!("It was closed: {}", closed.reason), "an open known issue", "a closed one")
        }),
    }
}

fn reported(report: Report, playbook: &Playbook) -> Result<Details, Refusal> {
    Ok(Details {
        title: title(&report.title)?,
        description: text::required("description", &report.description, LONGEST_TEXT)?,
        workaround: optional("workaround", report.workaround)?,
        affected: report.affected,
        severity: severity(&report.severity, playbook)?,
        tracking: tracking(report.tracking)?,
        audience: audience(report.audience)?,
    })
}

fn edited(before: &Details, edit: Edit, playbook: &Playbook) -> Result<Details, Refusal> {
    let mut after = before.clone();
    if let Some(text) = edit.title {
        after.title = title(&text)?;
    }
    if let Some(text) = edit.description {
        after.description = text::required("description", &text, LONGEST_TEXT)?;
    }
    if edit.workaround.is_some() {
        after.workaround = optional("workaround", edit.workaround)?;
    }
    if let Some(affected) = edit.affected {
        after.affected = affected;
    }
    if let Some(id) = edit.severity {
        after.severity = severity(&id, playbook)?;
    }
    if edit.tracking.is_some() {
        after.tracking = tracking(edit.tracking)?;
    }
    if let Some(shown) = edit.audience {
        after.audience = audience(shown)?;
    }
    Ok(after)
}

/// One line.
fn title(text: &str) -> Result<String, Refusal> {
    let title = text::required("title", text, LONGEST_TITLE)?;
    if title.contains(['\n', '\r']) {
        return Err(Refusal::invalid("title", "more than one line", "one line; the rest belongs to the description"));
    }
    Ok(title)
}

fn optional(field: &'static str, text: Option<String>) -> Result<Option<String>, Refusal> {
    let text = text.map(|text| text::bounded(field, &text, LONGEST_TEXT)).transpose()?;
    Ok(text.filter(|text| !text.is_empty()))
}

fn tracking(url: Option<String>) -> Result<Option<String>, Refusal> {
    address(url)
        .map_err(|no| Refusal::invalid("tracking", no.found.unwrap_or_default(), no.allowed.unwrap_or_default()))
}

fn severity(id: &str, playbook: &Playbook) -> Result<TypeId, Refusal> {
    let known: Vec<String> = severities(playbook).into_iter().map(|(id, _)| id).collect();
    let found = || Refusal::invalid("severity", format!("“{id}”"), format!("one of {}", known.join(", ")));
    if known.iter().any(|one| one == id) { id.parse().map_err(|_| found()) } else { Err(found()) }
}

fn audience(shown: Vec<Audience>) -> Result<std::collections::BTreeSet<Audience>, Refusal> {
    if shown.is_empty() {
        let known: Vec<&str> = Audience::ALL.iter().map(|one| one.name()).collect();
        return Err(Refusal::invalid("audience", "nobody", format!("at least one of {}", known.join(", "))));
    }
    Ok(shown.into_iter().collect())
}
