//! What connecting a driver and connecting a monitor have in common.

use super::{
    Problem,
    answer::{Answer, Keyed},
    environments::known,
    path,
};
use crate::web::{Web, credential::Caller};
use axum::response::Response;
use control::{
    Order, Receipt,
    driver::{Field, FieldKind, Finding, Secret, Settings},
    rollout::Tried,
};
use domain::{Refusal, access::Permission, environment::EnvironmentId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What can be set.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldShown {
    name: &'static str,
    title: &'static str,
    help: &'static str,
    /// `text`, `number`, `secret`, `argv`, `pairs`, `switch` or `choice`. Secrets go into `secrets`, all others into
    /// `settings`.
    kind: &'static str,
    /// The words of a choice.
    #[serde(skip_serializing_if = "<[&str]>::is_empty")]
    words: &'static [&'static str],
    required: bool,
}

impl From<&Field> for FieldShown {
    fn from(field: &Field) -> Self {
        let (kind, words): (_, &[&str]) = match field.kind {
            FieldKind::Text => ("text", &[]),
            FieldKind::Number => ("number", &[]),
            FieldKind::Secret => ("secret", &[]),
            FieldKind::Argv => ("argv", &[]),
            FieldKind::Pairs => ("pairs", &[]),
            FieldKind::Switch => ("switch", &[]),
            FieldKind::Choice(words) => ("choice", words),
        };
        Self { name: field.name, title: field.title, help: field.help, kind, words, required: field.required }
    }
}

/// What a trial came to.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrialShown {
    /// Everything that was tried is as it should be.
    pub(super) good: bool,
    /// From now on it is in force.
    pub(super) kept: bool,
    /// It was kept although something was found wrong.
    pub(super) forced: bool,
    /// In the order in which it matters: what, good, said.
    #[schema(value_type = Vec<Object>)]
    pub(super) findings: Vec<Finding>,
}

impl TrialShown {
    /// Of a trial after which nothing is kept.
    pub(super) fn of(tried: Tried) -> Self {
        Self { good: tried.is_good(), kept: false, forced: false, findings: tried.findings }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Disconnection {
    pub(super) reason: String,
}

/// The environment, once it is clear that the caller may connect it.
pub(super) fn administered(web: &Web, caller: Caller, product: &str, env: &str) -> Result<EnvironmentId, Refusal> {
    let (world, by) = caller.on(web, &path::product(product)?)?;
    let id = known(&world, product, env)?;
    by.require(Permission::Administer, "connect environments")?;
    Ok(id)
}

/// The secrets, apart: one among the settings would be shown to everybody who looks.
pub(super) fn sealed(
    fields: &[Field],
    settings: &Settings,
    secrets: BTreeMap<String, String>,
) -> Result<BTreeMap<String, Secret>, Refusal> {
    let secret = |name: &str| fields.iter().any(|field| field.name == name && field.kind == FieldKind::Secret);
    if let Some(name) = settings.keys().find(|name| secret(name)) {
        let allowed = format!("the same under “secrets.{name}”, where it is sealed");
        return Err(Refusal::invalid(format!("settings.{name}"), "a secret", allowed));
    }
    if let Some(name) = secrets.keys().find(|name| !fields.is_empty() && !secret(name)) {
        let known: Vec<&str> = fields.iter().filter(|f| f.kind == FieldKind::Secret).map(|f| f.name).collect();
        let allowed = if known.is_empty() { "none with this kind".to_owned() } else { known.join(", ") };
        return Err(Refusal::invalid(format!("secrets.{name}"), "an unknown secret", allowed));
    }
    Ok(secrets.into_iter().map(|(name, text)| (name, Secret::new(text))).collect())
}

/// Keeps what was tried if everything is well, or if that is wanted all the same.
pub(super) async fn keep(
    web: &Web,
    tried: Tried,
    force: bool,
    order: impl Future<Output = Result<Order, Refusal>>,
    keyed: Option<Keyed>,
) -> Result<Response, Problem> {
    let good = tried.is_good();
    let findings = tried.findings;
    if !good && !force {
        return Err(not_kept(findings));
    }
    let kept = TrialShown { good, kept: true, forced: !good, findings };
    web.send(order.await?, keyed, move |_: &Receipt| Answer::ok(&kept)).await
}

fn not_kept(findings: Vec<Finding>) -> Problem {
    let wrong = findings.iter().find(|finding| !finding.good);
    let detail = wrong.map_or_else(String::new, |wrong| format!("{}: {}", wrong.what, wrong.said));
    let refusal = Refusal {
        detail: format!("It was not kept. {detail}"),
        ..Refusal::invalid("settings", "settings that do not work", "settings that do, or “force”: true")
    };
    Problem { findings, ..refusal.into() }
}
