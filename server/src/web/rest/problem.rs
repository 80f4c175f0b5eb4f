//! Refusals as `application/problem+json` (RFC 9457).

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use control::driver::Finding;
use domain::{Class, Refusal, playbook::Fault};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

/// A refusal on its way out.
#[derive(Debug, Clone)]
pub struct Problem {
    pub refusal: Refusal,
    /// For what has no class of its own: wrong method, too large, broken inside.
    pub status: Option<StatusCode>,
    /// What is wrong with a text, line by line.
    pub faults: Vec<Fault>,
    /// What a test of a connection found.
    pub findings: Vec<Finding>,
    /// Lines of an import that are wrong.
    pub rejected: Box<[Rejected]>,
}

/// A line of an import that is wrong.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Rejected {
    pub line: u64,
    pub field: String,
    /// What was found and what is allowed.
    pub why: String,
}

impl Rejected {
    pub fn of(fault: &domain::dora::import::Fault) -> Self {
        Self { line: fault.line, field: fault.field.clone(), why: fault.why() }
    }
}

/// Why something was refused and what to do about it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// `urn:pilothouse:problem:` and the kind of refusal.
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    detail: String,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    who_can_help: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actual: Option<String>,
    /// The named parts that changed since the asker looked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changed: Vec<String>,
    /// The gates that stand in the way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    gates: Vec<String>,
    /// Everything that is wrong with a playbook: line, key, what, found, allowed, did_you_mean.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    faults: Vec<Fault>,
    /// What a test of a connection found: what, good, said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    findings: Vec<Finding>,
    /// Of an import: how many facts were taken, which is none when it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<u64>,
    /// Of an import: the lines that are wrong, the first of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rejected: Vec<Rejected>,
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, status: None, faults: Vec::new(), findings: Vec::new(), rejected: Box::default() }
    }
}

impl Problem {
    /// One without a class: the protocol itself was misused, or something broke.
    pub fn plain(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status: Some(status), ..Refusal::new(Class::Invalid, detail).into() }
    }

    /// A playbook that cannot be published as it is written.
    pub fn of_faults(faults: Vec<Fault>) -> Self {
        let count = if faults.len() == 1 { "1 fault".to_owned() } else { format!("{} faults", faults.len()) };
        let first = faults.first().map(ToString::to_string).unwrap_or_default();
        let refusal = Refusal {
            detail: format!("The playbook has {count}; the first: {first}"),
            ..Refusal::invalid("text", count, "a playbook without faults")
        };
        Self { faults, ..refusal.into() }
    }

    pub fn status(&self) -> StatusCode {
        let by_class = || StatusCode::from_u16(app::status(self.refusal.class));
        self.status.or_else(|| by_class().ok()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// In a word or two.
    pub fn title(&self) -> &'static str {
        match self.status {
            Some(status) => status.canonical_reason().unwrap_or("Refused"),
            None => title(self.refusal.class),
        }
    }

    pub fn body(&self) -> ProblemBody {
        let refusal = self.refusal.clone();
        let kind = self.status.map_or_else(|| name(refusal.class), |status| status.as_str().to_owned());
        ProblemBody {
            kind: format!("urn:pilothouse:problem:{kind}"),
            title: self.title(),
            detail: refusal.detail,
            status: self.status().as_u16(),
            field: refusal.field,
            found: refusal.found,
            allowed: refusal.allowed,
            who_can_help: refusal.who_can_help,
            expected: refusal.expected,
            actual: refusal.actual,
            changed: refusal.changed,
            gates: refusal.gates,
            faults: self.faults.clone(),
            findings: self.findings.clone(),
            accepted: (!self.rejected.is_empty()).then_some(0),
            rejected: self.rejected.to_vec(),
        }
    }
}

fn name(class: Class) -> String {
    serde_json::to_value(class).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn title(class: Class) -> &'static str {
    match class {
        Class::Unauthenticated => "Not signed in",
        Class::Forbidden => "Not allowed",
        Class::NotFound => "Not found",
        Class::Invalid => "Invalid input",
        Class::Conflict => "Conflict",
        Class::Blocked => "Blocked",
        Class::Throttled => "Too many tries",
        Class::Unavailable => "Not available",
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status(), Json(self.body())).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.status() == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"pilothouse\""));
        }
        if let Some(seconds) = self.refusal.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        // For browsers it is told as a page, by the middleware `readable`.
        response.extensions_mut().insert(self);
        response
    }
}
