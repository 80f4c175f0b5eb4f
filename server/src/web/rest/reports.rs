//! What CI, scanners and people report about a release.

use super::{
    Problem, ProblemBody,
    answer::{Answer, Keyed},
    asked::Asked,
    releases::allowed,
    show::{ReportShown, gates_of},
};
use crate::web::{Web, credential::Caller};
use axum::{
    extract::{Path, State},
    response::Response,
};
use control::{Command, Receipt};
use domain::{
    Refusal,
    access::Permission,
    gate::findings_of_sarif,
    playbook::Gravity,
    release::{self, CheckState, ReleaseId, Report},
};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// How a check of CI stands.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCheck {
    name: String,
    /// `passed`, `failed` or `running`.
    #[schema(value_type = String)]
    state: CheckState,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    commit: Option<String>,
}

/// Findings of a scan: either a SARIF file, or counts by gravity.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewScan {
    /// Needed with `findings`; a SARIF file names its tool itself.
    #[serde(default)]
    tool: Option<String>,
    /// `{"critical": 0, "high": 2}`; what is left out was not found.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    findings: Option<BTreeMap<String, u32>>,
    /// A SARIF 2.1 file.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    sarif: Option<Map<String, Value>>,
    #[serde(default)]
    url: Option<String>,
}

impl NewScan {
    fn report(self) -> Result<Report, Refusal> {
        let url = self.url;
        match (self.findings, self.sarif) {
            (Some(findings), None) => {
                let tool = self.tool.ok_or_else(|| Refusal::invalid("tool", "nothing", "the name of the scanner"))?;
                Ok(Report::Scan { tool, findings: by_gravity(findings)?, url })
            }
            (None, Some(sarif)) => {
                let (tool, findings) = findings_of_sarif(&Value::Object(sarif))
                    .map_err(|fault| Refusal::invalid(format!("sarif.{}", fault.field), fault.found, fault.allowed))?;
                Ok(Report::Scan { tool: self.tool.unwrap_or(tool), findings, url })
            }
            (Some(_), Some(_)) => Err(Refusal::invalid("sarif", "both “findings” and “sarif”", "one of the two")),
            (None, None) => Err(Refusal::invalid("findings", "neither “findings” nor “sarif”", "one of the two")),
        }
    }
}

fn by_gravity(findings: BTreeMap<String, u32>) -> Result<BTreeMap<Gravity, u32>, Refusal> {
    let known = |name: &str| Gravity::ALL.iter().copied().find(|gravity| gravity.name() == name);
    let names = || Gravity::ALL.iter().map(|gravity| gravity.name()).collect::<Vec<_>>().join(", ");
    let odd = |name: &str| {
        let short: String = name.chars().take(40).collect();
        Refusal::invalid(format!("findings.{short}"), format!("“{short}”"), format!("one of {}", names()))
    };
    findings.into_iter().map(|(name, count)| Ok((known(&name).ok_or_else(|| odd(&name))?, count))).collect()
}

/// Reports a check of CI; a later report of the same name takes its place.
#[utoipa::path(post, path = "/products/{product}/releases/{version}/checks", tag = "gates",
    params(("product" = String, Path), ("version" = String, Path)), request_body = NewCheck,
    responses((status = 201, body = ReportShown), (status = "default", body = ProblemBody)))]
pub async fn check(
    State(web): State<Web>,
    caller: Caller,
    Path((product, version)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let id = allowed(&web, caller, (&product, &version), Permission::Author, "report on releases")?;
    let (NewCheck { name, state, url, commit }, keyed) = asked.read::<NewCheck>().await?;
    reported(&web, caller, id, Report::Check { name, state, url, commit }, keyed).await
}

/// Reports a scan, counted by gravity.
#[utoipa::path(post, path = "/products/{product}/releases/{version}/scans", tag = "gates",
    params(("product" = String, Path), ("version" = String, Path)), request_body = NewScan,
    responses((status = 201, body = ReportShown), (status = "default", body = ProblemBody)))]
pub async fn scan(
    State(web): State<Web>,
    caller: Caller,
    Path((product, version)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let id = allowed(&web, caller, (&product, &version), Permission::Author, "report on releases")?;
    let (scan, keyed) = asked.read::<NewScan>().await?;
    reported(&web, caller, id, scan.report()?, keyed).await
}

/// Reports anything else that a gate looks at; `about` says what.
///
/// `reviews` {approved, url?} · `branch` {up_to_date} · `commits` {total, nonconforming} · `ticket` {id, url} ·
/// `signature` {artifact, signer, url?} · `benchmarks` {met, note, url?} · `backup` {note} · `rollback_plan`
/// {plan, tested} · `migrations` {steps: [{name, step, change?, applied}]} · `flags_configured` {note} ·
/// `slo_budget` {left: "12 %"} · `vulnerability` {id, score, known_at} · `evidence` {id, note, url?}
#[utoipa::path(post, path = "/products/{product}/releases/{version}/reports", tag = "gates",
    params(("product" = String, Path), ("version" = String, Path)), request_body = Object,
    responses((status = 201, body = ReportShown), (status = "default", body = ProblemBody)))]
pub async fn report(
    State(web): State<Web>,
    caller: Caller,
    Path((product, version)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    // Which permission it takes depends on what is said; without either of them nothing is read.
    let to = "report on releases";
    let id = allowed(&web, caller, (&product, &version), Permission::Author, to)
        .or_else(|_| allowed(&web, caller, (&product, &version), Permission::Tick, to))?;
    let (report, keyed) = asked.read::<Report>().await?;
    allowed(&web, caller, (&product, &version), report.needs(), to)?;
    reported(&web, caller, id, report, keyed).await
}

async fn reported(
    web: &Web,
    caller: Caller,
    id: ReleaseId,
    report: Report,
    keyed: Option<Keyed>,
) -> Result<Response, Problem> {
    let control = web.control.clone();
    let about = report.words();
    let answer = move |receipt: &Receipt| {
        let shown = receipt.release.as_deref().map(|release| ReportShown {
            about: about.clone(),
            gates: gates_of(release, &control.world(), control.now()),
        });
        Answer::created(&shown)
    };
    web.order(caller.0, Command::Release(id, release::Command::Report(report)), keyed, answer).await
}
