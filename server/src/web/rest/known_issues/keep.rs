//! The life of a known issue: reported, edited, fixed in a version, closed, opened again.

use super::list::KnownIssueShown;
use crate::web::{
    Web,
    credential::Caller,
    rest::{Problem, ProblemBody, answer::Answer, asked::Asked, path},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use control::{Command, Receipt};
use domain::{
    Refusal,
    known_issue::{self, Affected, Edit, KnownIssueId, Report, may_keep},
    playbook::Audience,
    release::Version,
    slug::ProductSlug,
};
use serde::Deserialize;
use utoipa::ToSchema;

/// A known issue as it is reported.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKnownIssue {
    /// One line.
    title: String,
    /// Markdown, as is the workaround.
    description: String,
    /// What helps meanwhile.
    #[serde(default)]
    workaround: Option<String>,
    /// The versions that have it: `all`, `1.2.0`, `>= 1.2.0`, `<= 1.4.2`, or `>= 1.2.0, <= 1.4.2`.
    affected: String,
    /// `sev1` to `sev3`, or one of the playbook's own.
    severity: String,
    /// An address where the work on it is followed.
    #[serde(default)]
    tracking: Option<String>,
    /// Who is shown it.
    #[schema(value_type = Vec<String>)]
    audience: Vec<Audience>,
}

/// Any of these; what is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KnownIssueEdit {
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    description: Option<String>,
    /// Empty takes it out.
    #[serde(default)]
    workaround: Option<String>,
    #[serde(default)]
    affected: Option<String>,
    #[serde(default)]
    severity: Option<String>,
    /// Empty takes it out.
    #[serde(default)]
    tracking: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    audience: Option<Vec<Audience>>,
}

/// The version that brings a fix.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFix {
    version: String,
}

/// Why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    reason: String,
}

fn keeper(web: &Web, caller: Caller, product: &str) -> Result<ProductSlug, Refusal> {
    let product = path::product(product)?;
    let (_, by) = caller.on(web, &product)?;
    may_keep(&product, &by)?;
    Ok(product)
}

/// The product and the issue, if the caller may keep known issues there.
fn kept(web: &Web, caller: Caller, product: &str, issue: &str) -> Result<(ProductSlug, KnownIssueId), Refusal> {
    let product = keeper(web, caller, product)?;
    let id = path::known_issue(issue)?;
    let there = web.control.world().known_issue(&product, id).is_some();
    if there { Ok((product, id)) } else { Err(Refusal::not_found(format!("known issue “{id}”"))) }
}

fn affected(text: &str) -> Result<Affected, Refusal> {
    text.parse()
}

/// Reports a known issue. For whoever authors releases, ticks checklists or responds to incidents.
#[utoipa::path(post, path = "/products/{product}/known-issues", tag = "known issues",
    params(("product" = String, Path)), request_body = NewKnownIssue,
    responses((status = 201, body = KnownIssueShown), (status = "default", body = ProblemBody)))]
pub async fn report(
    State(web): State<Web>,
    caller: Caller,
    Path(product): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    let product = keeper(&web, caller, &product)?;
    let (new, keyed) = asked.read::<NewKnownIssue>().await?;
    let report = Report {
        title: new.title,
        description: new.description,
        workaround: new.workaround,
        affected: affected(&new.affected)?,
        severity: new.severity,
        tracking: new.tracking,
        audience: new.audience,
    };
    let id = web.control.fresh_known_issue_id();
    let command = Command::KnownIssue(product, id, known_issue::Command::Report(Box::new(report)));
    let answer = shown(&web, Answer::created);
    web.order(caller.0, command, keyed, answer).await
}

/// Says otherwise what is known of it.
#[utoipa::path(patch, path = "/products/{product}/known-issues/{issue}", tag = "known issues",
    params(("product" = String, Path), ("issue" = String, Path)), request_body = KnownIssueEdit,
    responses((status = 200, body = KnownIssueShown), (status = "default", body = ProblemBody)))]
pub async fn edit(
    State(web): State<Web>,
    caller: Caller,
    Path((product, issue)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let (product, id) = kept(&web, caller, &product, &issue)?;
    let (edit, keyed) = asked.read::<KnownIssueEdit>().await?;
    let edit = Edit {
        title: edit.title,
        description: edit.description,
        workaround: edit.workaround,
        affected: edit.affected.as_deref().map(affected).transpose()?,
        severity: edit.severity,
        tracking: edit.tracking,
        audience: edit.audience,
    };
    let command = Command::KnownIssue(product, id, known_issue::Command::Edit(Box::new(edit)));
    web.order(caller.0, command, keyed, shown(&web, Answer::ok)).await
}

/// Says which version brings the fix; a fix carried back to an older line is a second one.
#[utoipa::path(post, path = "/products/{product}/known-issues/{issue}/fixes", tag = "known issues",
    params(("product" = String, Path), ("issue" = String, Path)), request_body = NewFix,
    responses((status = 201, body = KnownIssueShown), (status = "default", body = ProblemBody)))]
pub async fn fix(
    State(web): State<Web>,
    caller: Caller,
    Path((product, issue)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let (product, id) = kept(&web, caller, &product, &issue)?;
    let (NewFix { version }, keyed) = asked.read::<NewFix>().await?;
    let version: Version = version.parse()?;
    let command = Command::KnownIssue(product, id, known_issue::Command::Fix { version });
    web.order(caller.0, command, keyed, shown(&web, Answer::created)).await
}

/// Takes it out of what is shown, without a fix.
#[utoipa::path(post, path = "/products/{product}/known-issues/{issue}/closure", tag = "known issues",
    params(("product" = String, Path), ("issue" = String, Path)), request_body = Closing,
    responses((status = 201, body = KnownIssueShown), (status = "default", body = ProblemBody)))]
pub async fn close(
    State(web): State<Web>,
    caller: Caller,
    Path((product, issue)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let (product, id) = kept(&web, caller, &product, &issue)?;
    let (Closing { reason }, keyed) = asked.read::<Closing>().await?;
    let command = Command::KnownIssue(product, id, known_issue::Command::Close { reason });
    web.order(caller.0, command, keyed, shown(&web, Answer::created)).await
}

/// Opens it again: the fix did not hold, or it was closed by mistake.
#[utoipa::path(post, path = "/products/{product}/known-issues/{issue}/reopening", tag = "known issues",
    params(("product" = String, Path), ("issue" = String, Path)), request_body = Closing,
    responses((status = 201, body = KnownIssueShown), (status = "default", body = ProblemBody)))]
pub async fn reopen(
    State(web): State<Web>,
    caller: Caller,
    Path((product, issue)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let (product, id) = kept(&web, caller, &product, &issue)?;
    let (Closing { reason }, keyed) = asked.read::<Closing>().await?;
    let command = Command::KnownIssue(product, id, known_issue::Command::Reopen { reason });
    web.order(caller.0, command, keyed, shown(&web, Answer::created)).await
}

/// Answers with the issue as the order left it.
fn shown(
    web: &Web,
    answer: fn(&KnownIssueShown) -> Answer,
) -> impl Fn(&Receipt) -> Answer + Send + Sync + 'static + use<> {
    let control = web.control.clone();
    move |receipt| match &receipt.known_issue {
        Some(issue) => answer(&KnownIssueShown::of(issue, &control)),
        None => Answer::nothing(),
    }
}
