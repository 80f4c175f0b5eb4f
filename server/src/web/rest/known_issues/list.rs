//! Known issues as they are found: by product, version, audience, severity, state and words; and those of a release.

use crate::web::{
    Web,
    credential::Caller,
    rest::{
        Problem, ProblemBody, json,
        page::{Page, Paging},
        path,
    },
};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
};
use control::{Control, Sight, known_issues::Wanted};
use domain::{
    Refusal, Timestamp,
    known_issue::{self, Affected, KnownIssue},
    playbook::Audience,
    release::Version,
    slug::TypeId,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::{IntoParams, ToSchema};

/// A version that brought a fix, and when that was said.
#[derive(Debug, Serialize, ToSchema)]
pub struct FixShown {
    version: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

/// Why it is not shown any more although nothing was fixed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClosureShown {
    reason: String,
    by: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct KnownIssueShown {
    pub id: String,
    product: String,
    title: String,
    /// Markdown, as is the workaround.
    description: String,
    workaround: Option<String>,
    /// `all`, or a range such as `>= 1.2.0, <= 1.4.2`.
    #[schema(value_type = String)]
    affected: Affected,
    #[schema(value_type = String)]
    severity: TypeId,
    /// Where the work on it is followed.
    tracking: Option<String>,
    #[schema(value_type = Vec<String>)]
    audience: BTreeSet<Audience>,
    /// `open`, `fixed` or `closed`.
    #[schema(value_type = String)]
    state: known_issue::State,
    fixes: Vec<FixShown>,
    closed: Option<ClosureShown>,
    reported_by: Option<String>,
    reported_by_name: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    reported_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    changed_at: Timestamp,
    /// The page of it.
    page: String,
}

impl KnownIssueShown {
    pub fn of(issue: &KnownIssue, control: &Control) -> Self {
        let details = issue.details.clone();
        let closed = issue.closed.as_ref().map(|closed| ClosureShown {
            reason: closed.reason.clone(),
            by: closed.by.map(|id| id.to_string()),
            at: closed.at,
        });
        Self {
            id: issue.id.to_string(),
            product: issue.product.to_string(),
            title: details.title,
            description: details.description,
            workaround: details.workaround,
            affected: details.affected,
            severity: details.severity,
            tracking: details.tracking,
            audience: details.audience,
            state: issue.state(),
            fixes: issue.fixes.iter().map(|(version, at)| FixShown { version: version.to_string(), at: *at }).collect(),
            closed,
            reported_by: issue.reported_by.map(|id| id.to_string()),
            reported_by_name: issue.reported_by.map(|id| control.name(id)),
            reported_at: issue.reported_at,
            changed_at: issue.changed_at,
            page: format!("/{}/issues/{}", issue.product, issue.id),
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// Those that this version has.
    #[serde(default)]
    version: Option<String>,
    /// `support`, `customers`, …
    #[serde(default)]
    audience: Option<String>,
    #[serde(default)]
    severity: Option<String>,
    /// `open`, `fixed` or `closed`.
    #[serde(default)]
    state: Option<String>,
    /// Words of it; one slip in each is forgiven.
    #[serde(default)]
    q: Option<String>,
    /// 1 to 200; 50 when left out.
    #[serde(default)]
    limit: Option<String>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
}

impl Filter {
    fn wanted(&self) -> Result<Wanted, Refusal> {
        let severity = |text: &String| {
            text.parse().map_err(|_| Refusal::invalid("severity", format!("“{text}”"), "a severity such as sev1"))
        };
        Ok(Wanted {
            product: None,
            version: self
                .version
                .as_ref()
                .map(|text| text.parse::<Version>())
                .transpose()
                .map_err(|no| no.on("version"))?,
            audience: self.audience.as_deref().map(known_issue::audience_named).transpose()?,
            severity: self.severity.as_ref().map(severity).transpose()?,
            state: self.state.as_deref().map(known_issue::state_named).transpose()?,
            words: self.q.clone().unwrap_or_default(),
        })
    }
}

/// The known issues of a product, the last reported first.
#[utoipa::path(get, path = "/products/{product}/known-issues", tag = "known issues",
    params(("product" = String, Path), Filter),
    responses((status = 200, body = Page<KnownIssueShown>), (status = "default", body = ProblemBody)))]
pub async fn list(
    State(web): State<Web>,
    caller: Caller,
    Path(product): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<Page<KnownIssueShown>>, Problem> {
    let product = path::product(&product)?;
    caller.viewing(&web, &product)?;
    let filter: Filter = json::read_query(query.as_deref())?;
    let wanted = Wanted { product: Some(product), ..filter.wanted()? };
    let paging = Paging { limit: filter.limit, cursor: filter.cursor };
    let found = web.control.known_issues(&Sight::of(&web.control, caller.0), &wanted);
    let key = |issue: &std::sync::Arc<KnownIssue>| format!("{:020} {}", issue.reported_at.timestamp_millis(), issue.id);
    Ok(Json(paging.cut(found.into_iter(), key, |issue| KnownIssueShown::of(&issue, &web.control))?))
}

/// One known issue.
#[utoipa::path(get, path = "/products/{product}/known-issues/{issue}", tag = "known issues",
    params(("product" = String, Path), ("issue" = String, Path)),
    responses((status = 200, body = KnownIssueShown), (status = "default", body = ProblemBody)))]
pub async fn show(
    State(web): State<Web>,
    caller: Caller,
    Path((product, issue)): Path<(String, String)>,
) -> Result<Json<KnownIssueShown>, Problem> {
    let product = path::product(&product)?;
    let (world, _) = caller.viewing(&web, &product)?;
    let id = path::known_issue(&issue)?;
    let issue = world.known_issue(&product, id).ok_or_else(|| Refusal::not_found(format!("known issue “{id}”")))?;
    Ok(Json(KnownIssueShown::of(issue, &web.control)))
}

/// What a release still has, and what it mends.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfRelease {
    /// The gravest first; carried from release to release until they are fixed or closed.
    open: Vec<KnownIssueShown>,
    fixed: Vec<KnownIssueShown>,
}

/// The known issues of a release.
#[utoipa::path(get, path = "/products/{product}/releases/{version}/known-issues", tag = "known issues",
    params(("product" = String, Path), ("version" = String, Path)),
    responses((status = 200, body = OfRelease), (status = "default", body = ProblemBody)))]
pub async fn of_release(
    State(web): State<Web>,
    caller: Caller,
    Path((product, version)): Path<(String, String)>,
) -> Result<Json<OfRelease>, Problem> {
    let id = path::release(&product, &version)?;
    let (world, _) = caller.viewing(&web, &id.product)?;
    world.release(&id).ok_or_else(|| Refusal::not_found(format!("release {id}")))?;
    let issues = || world.known_issues_of(&id.product).map(AsRef::as_ref);
    let shown = |issue: &KnownIssue| KnownIssueShown::of(issue, &web.control);
    Ok(Json(OfRelease {
        open: known_issue::carried(issues(), &id.version).into_iter().map(shown).collect(),
        fixed: known_issue::fixed_with(issues(), &id.version).into_iter().map(shown).collect(),
    }))
}
