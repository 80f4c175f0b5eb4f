//! How a known issue follows from what happened.

use super::{Closed, Event, KnownIssue, KnownIssueId};
use crate::{Class, Refusal, Timestamp, access::Actor};
use std::collections::BTreeMap;

/// The state after `event`. Fails only on a record that cannot be: a first event that is not `reported`.
pub fn evolve(
    id: KnownIssueId,
    state: Option<KnownIssue>,
    event: &Event,
    by: Actor,
    at: Timestamp,
) -> Result<KnownIssue, Refusal> {
    if let Event::Reported { product, details } = event {
        return Ok(KnownIssue {
            id,
            product: product.clone(),
            details: (**details).clone(),
            fixes: BTreeMap::new(),
            closed: None,
            reported_by: by.person(),
            reported_at: at,
            changed_at: at,
        });
    }
    let mut issue = state
        .ok_or_else(|| Refusal::new(Class::Unavailable, format!("The record of known issue {id} has no beginning.")))?;
    issue.changed_at = at;
    match event {
        Event::Reported { .. } => {}
        Event::Edited { details } => issue.details = (**details).clone(),
        Event::Fixed { version } => drop(issue.fixes.insert(version.clone(), at)),
        Event::Closed { reason } => {
            issue.closed = Some(Closed { reason: reason.clone(), by: by.person(), at });
        }
        Event::Reopened { .. } => {
            issue.closed = None;
            issue.fixes.clear();
        }
    }
    Ok(issue)
}
