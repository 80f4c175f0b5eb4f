//! What a release still has, and what it mends: carried from release to release until it is fixed.

use super::rows::rows;
use crate::{asking::asking, components::Markup, icons::Icon};
use domain::{
    Refusal,
    known_issue::{KnownIssue, carried, fixed_with, may_keep},
    release::ReleaseId,
};
use leptos::prelude::*;
use std::sync::Arc;

/// The known issues of one release.
#[derive(Debug, Clone)]
pub(crate) struct OfRelease {
    id: ReleaseId,
    /// The gravest first.
    open: Vec<Arc<KnownIssue>>,
    fixed: Vec<Arc<KnownIssue>>,
    may_keep: bool,
}

impl OfRelease {
    pub(crate) fn of(id: ReleaseId) -> Result<Self, Refusal> {
        let asking = asking()?;
        let (_, by) = asking.seen(&id.product)?;
        let world = asking.control.world();
        let issues = || world.known_issues_of(&id.product).map(AsRef::as_ref);
        let shared = |found: Vec<&KnownIssue>| {
            found.into_iter().filter_map(|issue| world.known_issue(&id.product, issue.id).cloned()).collect()
        };
        let (open, fixed) = (shared(carried(issues(), &id.version)), shared(fixed_with(issues(), &id.version)));
        Ok(Self { open, fixed, may_keep: may_keep(&id.product, &by).is_ok(), id })
    }
}

#[component]
pub(crate) fn OfReleaseSection(issues: OfRelease) -> impl IntoView {
    let OfRelease { id, open, fixed, may_keep } = issues;
    let all = format!("/{}/issues?version={}", id.product, id.version.to_string().replace('+', "%2B"));
    let count = open.len();
    let body = if open.is_empty() {
        Markup::new().html("<p class=\"aside\">").icon(Icon::CIRCLE_CHECK).html("<span>None is known.</span></p>")
    } else {
        rows(Markup::new(), &open, false)
    };
    let mended = (!fixed.is_empty()).then(|| {
        view! { <h3>"Fixed with it"</h3> {rows(Markup::new(), &fixed, false).view()} }
    });
    let report = may_keep.then(|| {
        let href = format!("/{}/issues?affected={}#report", id.product, id.version.to_string().replace('+', "%2B"));
        view! { <a href=href>"Report one"</a> }
    });
    view! {
        <section id="known-issues" class="stack" data-live="known_issue" aria-labelledby="known-issues-title">
            <div class="section-head">
                <h2 id="known-issues-title">"Known issues"</h2> <span class="count">{count}</span>
                <a href=all>"Search and filter"</a> {report}
            </div>
            {body.view()}
            {mended}
        </section>
    }
}
